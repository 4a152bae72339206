import { beforeEach, expect, test } from "vitest";

import "./row-keys";

beforeEach(() => {
  document.body.innerHTML = `<input id="elsewhere">
    <row-keys><table><tbody>
      <tr data-row id="one"><td><input type="checkbox"></td><td><a data-open href="#1">AA 1</a></td></tr>
      <tr data-row id="two"><td><input type="checkbox"></td><td><a data-open href="#2">AA 2</a></td></tr>
    </tbody></table></row-keys>`;
});

function press(key: string, on: Element = document.activeElement ?? document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  on.dispatchEvent(event);
  return event;
}

function box(row: string): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`#${row} input`);
  if (!found) throw new Error(row);
  return found;
}

test("j and k walk the rows and stop at both ends", () => {
  press("j");
  expect(document.activeElement?.id).toBe("one");
  press("j");
  press("j");
  expect(document.activeElement?.id).toBe("two");
  press("k");
  press("k");
  expect(document.activeElement?.id).toBe("one");
});

test("Enter opens the row", () => {
  let opened = "";
  document.addEventListener("click", (event) => {
    opened = (event.target as Element).getAttribute("href") ?? "";
  });
  press("j");
  press("j");
  press("Enter");
  expect(opened).toBe("#2");
});

test("x ticks and unticks the row", () => {
  press("j");
  press("x");
  expect(box("one").checked).toBe(true);
  press("x");
  expect(box("one").checked).toBe(false);
});

test("letters typed into a field are left alone", () => {
  const field = document.getElementById("elsewhere") as HTMLInputElement;
  field.focus();
  const event = press("j", field);
  expect(event.defaultPrevented).toBe(false);
  expect(document.activeElement).toBe(field);
});

test("Enter outside a row is left alone", () => {
  expect(press("Enter", document.body).defaultPrevented).toBe(false);
});
