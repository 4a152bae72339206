import { expect, test } from "vitest";

import { namesIn, sprite } from "./sprite";

test("names are read from the tag, a component's parameter and a view", () => {
  const template = `{% icon "key-round" %} {% include "x.html" with icon="door-closed" only %}`;
  expect(namesIn(template)).toEqual(["key-round", "door-closed"]);
  expect(namesIn(`{"label": _("Lost"), "icon": "siren"}`)).toEqual(["siren"]);
});

test("each icon is in the sprite once, with nothing of its own frame", () => {
  const svg = sprite(["user", "key-round", "user"]);
  expect(svg.match(/<symbol /g)).toHaveLength(2);
  expect(svg).toContain('<symbol id="user" viewBox="0 0 24 24">');
  expect(svg).not.toContain("stroke-width");
});

test("a misspelt icon stops the build and is named", () => {
  expect(() => sprite(["key-rond"])).toThrow('"key-rond"');
});
