import { beforeEach, expect, test, vi } from "vitest";

import "./desk-scanner";

let told = 0;

beforeEach(() => {
  told = 0;
  document.body.innerHTML = `<form><desk-scanner data-twice="{} is already there."
      data-long="{} is too long." data-full="{} does not fit.">
    <textarea data-scan-field></textarea>
    <p data-refused hidden></p>
    <ul data-scanned></ul>
    <template><li><input type="hidden" name="tag"><span data-tag></span>
      <button type="button" data-remove>Remove</button></li></template>
  </desk-scanner></form>`;
  document.querySelector("desk-scanner")?.addEventListener("scanned", () => (told += 1));
});

function field(): HTMLTextAreaElement {
  return document.querySelector("textarea") as HTMLTextAreaElement;
}

function type(text: string, key?: string): KeyboardEvent {
  field().value = text;
  field().dispatchEvent(new InputEvent("input", { bubbles: true }));
  const event = new KeyboardEvent("keydown", { key: key ?? "a", bubbles: true, cancelable: true });
  if (key) field().dispatchEvent(event);
  return event;
}

function scanned(): string[] {
  return [...document.querySelectorAll<HTMLInputElement>("[data-scanned] input")].map((i) => i.value);
}

function refusal(): HTMLElement {
  return document.querySelector("[data-refused]") as HTMLElement;
}

test("a scanner that ends with Enter or Tab adds one tag and empties the field", () => {
  type("AA1-3", "Enter");
  type("KS7QF2", "Tab");
  expect(scanned()).toEqual(["AA1-3", "KS7QF2"]);
  expect(field().value).toBe("");
  expect(told).toBe(2);
});

test("a pasted list becomes one tag per line, labels with spaces stay whole, told once", () => {
  type("AA1-3\nAA1-4\tYard gate 1,BX2\n");
  expect(scanned()).toEqual(["AA1-3", "AA1-4", "Yard gate 1", "BX2"]);
  expect(told).toBe(1);
});

test("a tag scanned twice is refused in words and nothing is sent", () => {
  type("aa1-3", "Enter");
  type("AA1-3", "Enter");
  expect(scanned()).toEqual(["aa1-3"]);
  expect(refusal().hidden).toBe(false);
  expect(refusal().textContent).toBe("AA1-3 is already there.");
  expect(told).toBe(1);
});

test("a tag that cannot be one is refused, and the next good one clears the refusal", () => {
  type("x".repeat(121), "Enter");
  expect(refusal().textContent).toContain("is too long.");
  type("AA1", "Enter");
  expect(refusal().hidden).toBe(true);
});

test("a tag taken off the list is told to the form", () => {
  type("AA1\nAA2\n");
  document.querySelector<HTMLElement>("[data-remove]")?.click();
  expect(scanned()).toEqual(["AA2"]);
  expect(told).toBe(2);
});

test("Enter in the empty field sends the form, Tab leaves it", () => {
  const send = vi.spyOn(HTMLFormElement.prototype, "requestSubmit").mockImplementation(() => {});
  expect(type("", "Tab").defaultPrevented).toBe(false);
  type("", "Enter");
  expect(send).toHaveBeenCalledOnce();
  send.mockRestore();
});
