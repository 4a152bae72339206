import { beforeEach, expect, test, vi } from "vitest";

import "./copy-text";

const written: string[] = [];

function show(): HTMLButtonElement {
  const island = document.createElement("copy-text");
  island.innerHTML = `<input value="ks_1_secret" readonly>
    <button type="button" data-copy hidden><span data-copied="Copied">Copy</span></button>`;
  document.body.replaceChildren(island);
  const button = document.querySelector("button");
  if (!button) throw new Error("no button");
  return button;
}

beforeEach(() => {
  written.length = 0;
  vi.stubGlobal("navigator", {
    clipboard: {
      writeText: (text: string) => {
        written.push(text);
        return Promise.resolve();
      },
    },
  });
});

test("the button copies the text and says so", async () => {
  const button = show();
  expect(button.hidden).toBe(false);
  button.click();
  await Promise.resolve();
  expect(written).toEqual(["ks_1_secret"]);
  expect(button.textContent).toBe("Copied");
});

test("where the clipboard is closed to pages the button stays hidden", () => {
  vi.stubGlobal("navigator", {});
  expect(show().hidden).toBe(true);
});
