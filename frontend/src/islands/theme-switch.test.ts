import { beforeEach, expect, test } from "vitest";

import "./theme-switch";

function button(value: string): HTMLButtonElement {
  const found = document.querySelector<HTMLButtonElement>(`button[value="${value}"]`);
  if (!found) throw new Error(value);
  return found;
}

beforeEach(() => {
  document.cookie = "theme=; Path=/; Max-Age=0";
  delete document.documentElement.dataset["theme"];
  document.body.innerHTML = `<theme-switch><form>
    <button name="theme" value="system" aria-pressed="true">System</button>
    <button name="theme" value="dark" aria-pressed="false">Dark</button>
  </form></theme-switch>`;
});

test("choosing dark changes the page at once and is kept in the cookie", () => {
  button("dark").click();
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(document.cookie).toContain("theme=dark");
  expect(button("dark").getAttribute("aria-pressed")).toBe("true");
  expect(button("system").getAttribute("aria-pressed")).toBe("false");
});

test("going back to the system's theme forgets the choice", () => {
  button("dark").click();
  button("system").click();
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
  expect(document.cookie).not.toContain("dark");
});

test("the form is not sent when the switch works in the page", () => {
  const click = new MouseEvent("click", { bubbles: true, cancelable: true });
  button("dark").dispatchEvent(click);
  expect(click.defaultPrevented).toBe(true);
});
