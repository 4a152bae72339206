import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ago, span } from "./relative-time";

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-23T12:00:00Z") });
  document.documentElement.lang = "en";
});

afterEach(() => {
  document.body.innerHTML = "";
  vi.useRealTimers();
});

function show(at: string, words: string, late = ""): Element {
  document.body.innerHTML = `<relative-time at="${at}" ${late ? `late="${late}"` : ""}>
    <time><span data-words>${words}</span></time></relative-time>`;
  const element = document.querySelector("relative-time");
  if (!element) throw new Error("nothing shown");
  return element;
}

function words(): string {
  return document.querySelector("[data-words]")?.textContent ?? "";
}

test("the server's words stand until the span has changed", () => {
  show("2026-11-23T11:58:30Z", "moments ago");
  vi.advanceTimersByTime(20_000);
  expect(words()).toBe("moments ago");
  vi.advanceTimersByTime(MINUTE);
  expect(words()).toBe("2 minutes ago");
});

test("what becomes due while the page is open turns late", () => {
  const element = show("2026-11-23T12:01:00Z", "due today 12:01", "{} late");
  vi.advanceTimersByTime(MINUTE / 2);
  expect(words()).toBe("due today 12:01");
  expect(element.classList.contains("is-late")).toBe(false);
  vi.advanceTimersByTime(5 * MINUTE);
  expect(words()).toBe("4 minutes late");
  expect(element.classList.contains("is-late")).toBe(true);
});

test("spans use the largest unit, rounded down, in the page's language", () => {
  expect(span(59, "en")).toBe("1 minute");
  expect(span(3 * 86_400 + 5, "en")).toBe("3 days");
  expect(span(2 * 3_600, "de")).toBe("2 Stunden");
  expect(ago(3 * 86_400, "de")).toBe("vor 3 Tagen");
});

test("an unreadable instant leaves the server's words", () => {
  show("not a time", "long ago");
  vi.advanceTimersByTime(10 * MINUTE);
  expect(words()).toBe("long ago");
});
