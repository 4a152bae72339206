import { expect, test } from "vitest";

import { forgetRefusal, tellUnreachable } from "./answers";

test("a lost connection is told once, however many requests fail", () => {
  document.body.innerHTML = `
    <div id="toasts"></div>
    <template id="unreachable"><p data-unreachable>No answer.</p></template>`;
  tellUnreachable();
  tellUnreachable();
  expect(document.querySelectorAll("#toasts p")).toHaveLength(1);
});

test("a page without the template stays as it is", () => {
  document.body.innerHTML = `<div id="toasts"></div>`;
  tellUnreachable();
  expect(document.getElementById("toasts")?.childElementCount).toBe(0);
});

test("the next try takes the last refusal away", () => {
  document.body.innerHTML = `<div id="refused"><p>Copy 3 is with Bo.</p></div>`;
  forgetRefusal();
  expect(document.getElementById("refused")?.childElementCount).toBe(0);
});
