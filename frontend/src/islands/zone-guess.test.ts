import { expect, test, vi } from "vitest";

import "./zone-guess";

function shown(chosen: string, browser: string): string | undefined {
  vi.spyOn(Intl, "DateTimeFormat").mockImplementation(function () {
    return { resolvedOptions: () => ({ timeZone: browser }) } as Intl.DateTimeFormat;
  });
  const options = ["UTC", "Europe/Vienna", "Asia/Tokyo"].map((zone) => `<option>${zone}</option>`).join("");
  const island = document.createElement("zone-guess");
  island.innerHTML = `<select>${options}</select>`;
  const select = island.querySelector("select");
  if (select) select.value = chosen;
  document.body.replaceChildren(island);
  return document.querySelector("select")?.value;
}

test("the browser's zone is chosen where nothing is known", () => {
  expect(shown("UTC", "Europe/Vienna")).toBe("Europe/Vienna");
});

test("a choice already made stays", () => {
  expect(shown("Asia/Tokyo", "Europe/Vienna")).toBe("Asia/Tokyo");
});

test("a zone the browser calls by an older name is found", () => {
  vi.restoreAllMocks();
  const older = (zone?: string) => (zone === "Asia/Kolkata" ? "Asia/Calcutta" : (zone ?? "Asia/Calcutta"));
  vi.spyOn(Intl, "DateTimeFormat").mockImplementation(function (_locale?: unknown, asked?: Intl.DateTimeFormatOptions) {
    return { resolvedOptions: () => ({ timeZone: older(asked?.timeZone) }) } as Intl.DateTimeFormat;
  });
  const island = document.createElement("zone-guess");
  island.innerHTML = "<select><option>UTC</option><option>Asia/Kolkata</option></select>";
  document.body.replaceChildren(island);
  expect(document.querySelector("select")?.value).toBe("Asia/Kolkata");
});

test("a zone the server does not know changes nothing", () => {
  expect(shown("UTC", "Mars/Olympus")).toBe("UTC");
});
