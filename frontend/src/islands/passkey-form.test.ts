import { afterEach, expect, test, vi } from "vitest";

import { answer, bytes, prepared, text } from "./passkey-form";

const QUESTION = {
  publicKey: { challenge: "AQID_w", allowCredentials: [{ id: "BAU", type: "public-key" }] },
};

function buffer(...values: number[]): ArrayBuffer {
  return Uint8Array.from(values).buffer;
}

const CREDENTIAL = {
  id: "BAU",
  rawId: buffer(4, 5),
  type: "public-key",
  authenticatorAttachment: "platform",
  getClientExtensionResults: () => ({}),
  response: { clientDataJSON: buffer(1), signature: buffer(255, 254), userHandle: null },
};

function show(question?: unknown): HTMLElement {
  const island = document.createElement("passkey-form");
  island.hidden = true;
  if (question) island.setAttribute("question", JSON.stringify(question));
  island.innerHTML = `<form action="/confirm" method="post">
    <input type="hidden" name="credential" value=""><p data-trouble hidden>No</p>
    <button type="submit">Show it</button></form>`;
  const words = document.createElement("p");
  words.dataset["withoutPasskeys"] = "";
  document.body.replaceChildren(words, island);
  return island;
}

function browser(get: () => Promise<unknown>): void {
  vi.stubGlobal("PublicKeyCredential", class {});
  vi.stubGlobal("navigator", { credentials: { get } });
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

afterEach(() => vi.unstubAllGlobals());

test("base64url goes back and forth", () => {
  expect([...bytes("AQID_w")]).toEqual([1, 2, 3, 255]);
  expect(text(buffer(1, 2, 3, 255))).toBe("AQID_w");
});

test("a question becomes what the browser takes", () => {
  const asked = prepared(QUESTION) as { challenge: Uint8Array; allowCredentials: { id: Uint8Array }[] };
  expect([...asked.challenge]).toEqual([1, 2, 3, 255]);
  expect([...(asked.allowCredentials[0]?.id ?? [])]).toEqual([4, 5]);
});

test("an answer holds every part that is there", () => {
  const said = answer(CREDENTIAL as unknown as PublicKeyCredential);
  expect(said["rawId"]).toBe("BAU");
  expect(said["response"]).toEqual({ clientDataJSON: "AQ", signature: "__4" });
});

test("where there are no passkeys the form stays hidden and the page says so", () => {
  vi.stubGlobal("PublicKeyCredential", undefined);
  expect(show().hidden).toBe(true);
  expect(document.querySelector("[data-without-passkeys]")).not.toBeNull();
});

test("the button asks the browser and sends its answer", async () => {
  browser(() => Promise.resolve(CREDENTIAL));
  const island = show(QUESTION);
  const form = island.querySelector("form");
  if (!form) throw new Error("no form");
  form.submit = vi.fn();
  expect(island.hidden).toBe(false);
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
  expect(form.submit).toHaveBeenCalledOnce();
  expect(island.querySelector("input")?.value).toContain('"rawId":"BAU"');
});

test("a refusal of the browser is told and nothing is sent", async () => {
  browser(() => Promise.reject(new Error("cancelled")));
  const island = show(QUESTION);
  const form = island.querySelector("form");
  if (!form) throw new Error("no form");
  form.submit = vi.fn();
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
  expect(form.submit).not.toHaveBeenCalled();
  expect(island.querySelector<HTMLElement>("[data-trouble]")?.hidden).toBe(false);
});
