import { afterEach, beforeEach, expect, test, vi } from "vitest";

import "./undo-toast";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  document.body.innerHTML = "";
  vi.useRealTimers();
});

function toast(attributes: string): void {
  document.body.innerHTML = `<main id="main" tabindex="-1"></main>
    <undo-toast ${attributes}><p>Copy 3 is back.</p>
      <form data-undo><button>Undo (<span data-left>30</span>)</button></form>
      <button data-close>Close</button>
    </undo-toast>`;
}

test("the time left to undo is shown and counts down", () => {
  toast(`seconds="30"`);
  vi.advanceTimersByTime(4000);
  expect(document.querySelector("[data-left]")?.textContent).toBe("26");
});

test("after the last second undo is no longer offered", () => {
  toast(`seconds="3"`);
  vi.advanceTimersByTime(3000);
  expect(document.querySelector("form[data-undo]")).toBeNull();
});

test("the focus is not lost with a button that goes away", () => {
  toast(`seconds="2"`);
  document.querySelector<HTMLElement>("form button")?.focus();
  vi.advanceTimersByTime(2000);
  expect(document.activeElement?.id).toBe("main");
});

test("a message without a time stays until it is closed", () => {
  toast("");
  vi.advanceTimersByTime(600_000);
  expect(document.querySelector("undo-toast")).not.toBeNull();
  document.querySelector<HTMLElement>("[data-close]")?.click();
  expect(document.querySelector("undo-toast")).toBeNull();
});
