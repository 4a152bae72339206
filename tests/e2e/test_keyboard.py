"""Everything people do, done without a mouse: where the focus is can be seen at every step."""

import re

import pytest
from playwright.sync_api import Page, expect

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.exchange import imports
from keystead.keys import queries as keys_queries
from tests.cast import ANA, PASSWORD, World
from tests.e2e.conftest import Visit

NAME = """() => {
  const at = document.activeElement;
  const words = at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || at.value || "";
  return words.replace(/\\s+/g, " ").trim();
}"""
HIDDEN = """() => {
  const at = document.activeElement;
  if (at === document.body) return "";
  const shown = at.matches("[type=radio]") ? at.closest("label") ?? at : at;
  const outlined = [at, shown].some((part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(part);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const name = `${at.tagName} ${at.className} ${at.name ?? ""} ${at.innerText ?? ""}`;
  if (!outlined) return `${name}: no outline`;
  const box = shown.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8], [0.1, 0.8], [0.9, 0.2]];
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (shown.contains(top) || top.contains(shown));
  });
  return seen ? "" : `${name}: covered or out of sight`;
}"""


class Hands:
    """Somebody at the keyboard. Whatever takes the focus has to show it and be in sight."""

    def __init__(self, page: Page) -> None:
        """Put the hands on the keys."""
        self.page = page

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type."""
        self.page.keyboard.type(text)

    def at(self) -> str:
        """What has the focus."""
        return str(self.page.evaluate(NAME))

    def go(self, name: str, key: str = "Tab") -> None:
        """Press Tab until something of this name has the focus."""
        met = []
        for _ in range(90):
            self.press(key)
            hidden = self.page.evaluate(HIDDEN)
            assert hidden == "", hidden
            met.append(self.at())
            if re.search(name, met[-1]):
                return
        pytest.fail(f"{name} is not reached: {met}")

    def use(self, name: str) -> None:
        """Go to a button or link and press it."""
        self.go(name)
        self.press("Enter")


def sign_in(visit: Visit) -> Hands:
    """Sign in by the keyboard alone."""
    hands = Hands(visit.page)
    visit.open("/")
    hands.go("^E-mail")
    hands.write(ANA)
    hands.go("^Password")
    hands.write(PASSWORD.reveal())
    hands.press("Enter")
    expect(visit.page.locator("nav.rail")).to_be_visible()
    return hands


def test_signing_in_and_skipping_to_the_page(world: World, visit: Visit) -> None:
    hands = sign_in(visit)
    hands.press("Tab")
    assert hands.at() == "Skip to the page"
    hands.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    hands.press("Tab")
    assert visit.page.evaluate("document.activeElement.closest('main') !== null")


def test_handing_out_at_the_desk_and_undoing_it(world: World, visit: Visit) -> None:
    hands = sign_in(visit)
    visit.open(f"/w/{world.slug}/desk")
    expect(visit.page.locator("[name=tags]")).to_be_focused()
    hands.write("AA 2")
    hands.press("Enter")
    expect(visit.page.locator("[name=tags]")).to_be_focused()
    hands.write("AA 1")
    hands.press("Enter")
    expect(visit.page.locator("#meaning")).to_contain_text("AA")
    hands.press("Tab")
    assert hands.at() == "Remove AA 2"
    hands.press("Enter")
    expect(visit.page.locator("[name=tags]")).to_be_focused()
    hands.go("^To whom")
    hands.write("B")
    candidates = visit.page.locator("#holder_candidates")
    expect(candidates.get_by_role("radio").first).to_be_visible()
    hands.press("Tab")
    assert "Bo" in hands.at()
    hands.press("Space")
    hands.go("today|tomorrow")
    hands.press("ArrowRight")
    assert visit.page.evaluate(HIDDEN) == ""
    expect(visit.page.locator("#meaning")).to_contain_text("Bo")
    hands.use("^Hand out")
    expect(visit.page.locator(".toasts")).to_contain_text("Bo")
    assert custody_queries.where_is(world.ana, world.copy).person_name == "Bo"
    assert custody_queries.where_is(world.ana, world.other_copy).state == "stored"
    hands.use("^Undo")
    expect(visit.page.locator(".toasts")).to_contain_text("Undone")
    assert custody_queries.where_is(world.ana, world.copy).state == "stored"


def test_taking_back_what_the_search_finds(world: World, visit: Visit) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    hands = sign_in(visit)
    hands.press("/")
    hands.write("aa 1")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    hands.press("ArrowDown")
    chosen = visit.page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_contain_text("AA·1")
    searched = visit.page.locator("#search")
    expect(searched).to_be_focused()
    assert searched.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert searched.get_attribute("aria-expanded") == "true"
    hands.press("Escape")
    assert searched.get_attribute("aria-expanded") == "false"
    hands.press("ArrowDown")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    hands.press("ArrowDown")
    hands.press("Enter")
    expect(visit.page).to_have_url(re.compile(f"/copies/{world.copy}$"))
    hands.use("^Take back")
    expect(visit.page).to_have_url(re.compile("/take-back"))
    hands.use("^Take back$")
    expect(visit.page.locator(".toasts")).to_be_visible()
    assert custody_queries.where_is(world.ana, world.copy).state == "stored"


def test_adding_a_key_with_copies(world: World, visit: Visit) -> None:
    hands = sign_in(visit)
    visit.open(f"/w/{world.slug}/keys")
    hands.use("^Add a key")
    expect(visit.page).to_have_url(re.compile("/keys/add"))
    hands.go("^Symbol")
    hands.write("BB")
    hands.go("^Name")
    hands.write("Boathouse")
    hands.go("^How many copies")
    hands.press("Control+a")
    hands.write("3")
    hands.go("Store door")
    hands.press("Space")
    hands.use("^Add it")
    expect(visit.page.locator("h1")).to_contain_text("BB")
    (key,) = keys_queries.keys(world.ana, text="BB")
    assert len(keys_queries.copies(world.ana, key_id=key.id)) == 3
    assert [door.id for door in keys_queries.opens(world.ana, {key.id})] == [world.door]


def test_answering_a_doubt_and_importing(world: World, visit: Visit) -> None:
    staged = imports.upload(world.ana, b"Key,Copy\nBB,1\nBB,1\n", "keys.csv")
    hands = sign_in(visit)
    visit.open(f"/w/{world.slug}/import/{staged}")
    hands.use("^Answer 1 question")
    hands.go("^What to do")
    hands.write("Keep the first")
    hands.use("^Keep these answers")
    expect(visit.page.locator("main")).not_to_contain_text("Answer 1 question")
    hands.go("^Skip to")
    hands.press("Enter")
    hands.use("^Import$")
    expect(visit.page.locator("main")).to_contain_text("imported")
    (key,) = keys_queries.keys(world.ana, text="BB")
    assert len(keys_queries.copies(world.ana, key_id=key.id)) == 1


def test_reporting_a_key_lost(world: World, visit: Visit) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    hands = sign_in(visit)
    visit.open(f"/w/{world.slug}/lost?copy={world.copy}")
    hands.go("^Lost|^Stolen|^Nobody")
    hands.press("ArrowDown")
    hands.go("^Who noticed it")
    hands.write("Bo, on the bus, on Tuesday")
    hands.use("^Report it")
    expect(visit.page).not_to_have_url(re.compile("/lost"))
    stay = custody_queries.where_is(world.ana, world.copy)
    assert (stay.state, stay.reason) == ("missing", "stolen")


def test_a_menu_opens_closes_and_gives_the_focus_back(world: World, visit: Visit) -> None:
    hands = sign_in(visit)
    hands.go("You are ana")
    button = visit.page.locator("[popovertarget=me-menu]")
    hands.press("Enter")
    expect(visit.page.locator("#me-menu")).to_be_visible()
    hands.press("Tab")
    assert visit.page.evaluate("document.activeElement.closest('#me-menu') !== null")
    hands.press("Escape")
    expect(visit.page.locator("#me-menu")).to_be_hidden()
    expect(button).to_be_focused()


def test_changing_the_theme(world: World, visit: Visit) -> None:
    hands = sign_in(visit)
    hands.go("You are ana")
    hands.press("Space")
    hands.use("^Dark$")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert visit.page.evaluate(HIDDEN) == ""
    assert visit.page.evaluate("document.activeElement.ariaPressed") == "true"
    visit.open(f"/w/{world.slug}/keys")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_what_an_act_needs_more_on_a_phone(world: World, phone: Visit) -> None:
    hands = Hands(phone.page)
    phone.open("/")
    hands.go("^E-mail")
    hands.write(ANA)
    hands.go("^Password")
    hands.write(PASSWORD.reveal())
    hands.press("Enter")
    expect(phone.page.locator("nav.bottom-bar")).to_be_visible()
    phone.open(f"/w/{world.slug}/copies/{world.copy}")
    hands.go("^More actions")
    hands.press("Enter")
    expect(phone.page.locator("#more-actions")).to_be_visible()
    hands.press("Tab")
    assert phone.page.evaluate("document.activeElement.closest('#more-actions') !== null")
    hands.press("Escape")
    expect(phone.page.locator("[popovertarget=more-actions]")).to_be_focused()


@pytest.mark.parametrize("page", ["", "keys", "out", "desk", "members", "journal", "import", "me"])
def test_the_focus_is_seen_all_the_way_through_a_page(
    world: World, visit: Visit, page: str
) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    hands = sign_in(visit)
    visit.open(f"/w/{world.slug}/{page}")
    visit.page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        hands.press("Tab")
        hidden = visit.page.evaluate(HIDDEN)
        assert hidden == "", hidden
        if visit.page.evaluate("document.activeElement === document.body"):
            break


def test_the_rows_of_a_list(world: World, visit: Visit) -> None:
    hands = sign_in(visit)
    visit.open(f"/w/{world.slug}/keys")
    hands.press("j")
    assert visit.page.evaluate(HIDDEN) == ""
    assert "AA" in hands.at()
    hands.press("Enter")
    expect(visit.page).to_have_url(re.compile(f"/keys/{world.key}$"))
