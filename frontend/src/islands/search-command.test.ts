import { beforeEach, expect, test } from "vitest";

import "./search-command";

let opened: string[] = [];

beforeEach(() => {
  opened = [];
  document.body.innerHTML = `<textarea id="note"></textarea>
    <search-command><form><input type="search" id="search" aria-expanded="false"></form>
      <div role="listbox"></div></search-command>`;
});

function input(): HTMLInputElement {
  return document.getElementById("search") as HTMLInputElement;
}

async function answer(...names: string[]): Promise<void> {
  const list = document.querySelector("[role=listbox]");
  const options = names.map((name) => `<a role="option" href="#${name}">${name}</a>`);
  if (list) list.innerHTML = options.join("");
  for (const option of document.querySelectorAll("a")) {
    option.addEventListener("click", () => opened.push(option.textContent ?? ""));
  }
  await new Promise((done) => setTimeout(done));
}

function press(key: string, on: Element): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  on.dispatchEvent(event);
  return event;
}

test("slash goes to the field, but not while somebody writes", () => {
  const note = document.getElementById("note") as HTMLTextAreaElement;
  note.focus();
  expect(press("/", note).defaultPrevented).toBe(false);
  expect(press("/", document.body).defaultPrevented).toBe(true);
  expect(document.activeElement).toBe(input());
});

test("the arrows walk the results in a circle and say which one is chosen", async () => {
  await answer("AA 3", "Boiler room");
  expect(input().getAttribute("aria-expanded")).toBe("true");
  press("ArrowUp", input());
  expect(input().getAttribute("aria-activedescendant")).toBe("search-option-1");
  press("ArrowDown", input());
  expect(document.querySelector("[aria-selected=true]")?.textContent).toBe("AA 3");
});

test("Enter opens the chosen result", async () => {
  await answer("AA 3", "Boiler room");
  press("ArrowDown", input());
  press("ArrowDown", input());
  expect(press("Enter", input()).defaultPrevented).toBe(true);
  expect(opened).toEqual(["Boiler room"]);
});

test("Enter with nothing chosen sends the form", async () => {
  await answer("AA 3");
  expect(press("Enter", input()).defaultPrevented).toBe(false);
  expect(opened).toEqual([]);
});

test("new results forget the old choice", async () => {
  await answer("AA 3", "AA 4");
  press("ArrowDown", input());
  await answer("Boiler room");
  expect(input().hasAttribute("aria-activedescendant")).toBe(false);
});

test("Escape and a press elsewhere close the results", async () => {
  await answer("AA 3");
  press("Escape", input());
  expect(document.querySelectorAll("[role=option]")).toHaveLength(0);
  await answer("AA 3");
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(document.querySelectorAll("[role=option]")).toHaveLength(0);
  expect(input().getAttribute("aria-expanded")).toBe("false");
});

test("the arrow down asks again after Escape, but not for nothing", async () => {
  const asked: string[] = [];
  input().addEventListener("reopen", () => asked.push(input().value));
  press("ArrowDown", input());
  input().value = "aa 3";
  press("ArrowUp", input());
  press("ArrowDown", input());
  expect(asked).toEqual(["aa 3"]);
  await answer("AA 3");
  press("ArrowDown", input());
  expect(asked).toHaveLength(1);
});
