"""What people do with Keystead, from the first start to a lost key, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.keys import operations as keys
from keystead.keys import queries as keys_queries
from keystead.people import operations as people
from tests.cast import ANA, BO, PASSWORD, World
from tests.e2e.conftest import Visit

REGISTERS = Path(__file__).parents[1] / "data" / "registers"


def sign_in(visit: Visit, email: str) -> Page:
    """Sign in and stand on the first page."""
    visit.open("/")
    visit.page.fill("input[name=login]", email)
    visit.page.fill("input[name=password]", PASSWORD.reveal())
    visit.page.click("button[type=submit]")
    expect(visit.page.locator("h1")).to_be_visible()
    return visit.page


def heading(page: Page) -> str:
    """The page's answer."""
    return page.locator("h1").first.inner_text()


def test_the_first_owner_starts_a_household_and_sees_what_to_do(visit: Visit) -> None:
    page = visit.page
    visit.open("/")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("E-mail").fill(ANA)
    page.get_by_label("Password").fill(PASSWORD.reveal())
    page.get_by_label("Name of the workspace").fill("Maple Street 12")
    page.get_by_label(re.compile("time zone", re.IGNORECASE)).select_option("Europe/London")
    page.get_by_role("button", name="Start the register").click()
    expect(page.locator("h1")).to_have_text("Which keys do you have?")
    page.get_by_role("link", name="Add the first key").click()
    page.get_by_label(re.compile("^Name")).fill("Front door key")
    page.get_by_label("How many copies there are").fill("3")
    page.get_by_label("Front door", exact=True).check()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("h1")).to_contain_text("Front door key")
    visit.open("/start")
    expect(page.locator("main")).not_to_contain_text("Your name")


def test_a_copy_goes_out_at_the_desk_and_the_mistake_is_undone(world: World, visit: Visit) -> None:
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/desk")
    page.locator("[name=tags]").click()
    page.keyboard.type("AA 1")
    page.keyboard.press("Enter")
    page.locator("[name=holder]").fill("Bo")
    expect(page.locator("#holder_candidates")).to_contain_text("Bo")
    page.get_by_role("button", name=re.compile("Hand out")).first.click()
    expect(page.locator(".toasts")).to_contain_text("Bo")
    assert custody_queries.where_is(world.ana, world.copy).person_name == "Bo"
    page.get_by_role("button", name=re.compile("Undo")).click()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_timeout(300)
    assert custody_queries.where_is(world.ana, world.copy).state == "stored"


def test_without_javascript_a_copy_goes_out_and_comes_back(world: World, plain: Visit) -> None:
    page = sign_in(plain, ANA)
    plain.open(f"/w/{world.slug}/hand-out?copy={world.copy}")
    page.locator("[name=holder]").fill("Bo")
    page.get_by_role("button", name=re.compile("Hand out")).first.click()
    assert custody_queries.where_is(world.ana, world.copy).person_name == "Bo"
    plain.open(f"/w/{world.slug}/copies/{world.copy}")
    page.get_by_role("link", name=re.compile("Take back")).first.click()
    page.get_by_role("button", name=re.compile("Take back")).first.click()
    assert custody_queries.where_is(world.ana, world.copy).state == "stored"


def test_a_copy_that_is_out_is_refused_with_to_whom(world: World, visit: Visit) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/hand-out?copy={world.copy}")
    expect(page.locator("main")).to_contain_text("Bo")
    expect(page.locator("[name=holder]")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Hand out"))).to_have_count(0)
    assert custody_queries.where_is(world.ana, world.copy).person_name == "Bo"


def test_a_lost_key_shows_what_it_opens(world: World, visit: Visit) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/lost?copy={world.copy}")
    page.locator("textarea").first.fill("Bo noticed it on Tuesday on the bus")
    page.locator("main form button[type=submit]").last.click()
    stay = custody_queries.where_is(world.ana, world.copy)
    assert (stay.state, stay.reason) == ("missing", "lost")
    visit.open(f"/w/{world.slug}/copies/{world.copy}")
    expect(page.locator("main")).to_contain_text("Store door")
    expect(page.locator("main")).to_contain_text("Bo")


def test_one_field_finds_a_copy_as_one_types(world: World, visit: Visit) -> None:
    page = sign_in(visit, ANA)
    page.keyboard.press("/")
    page.keyboard.type("aa 2")
    page.get_by_role("option", name=re.compile("AA·2")).first.click()
    expect(page).to_have_url(re.compile(f"/copies/{world.other_copy}$"))


def test_the_board_shows_who_has_what_is_not_on_its_hook(world: World, visit: Visit) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/containers/{world.cabinet}")
    expect(page.locator("main")).to_contain_text("Bo")
    expect(page.locator("main")).to_contain_text("AA")


def test_an_invited_holder_sees_only_what_is_theirs(world: World, visit: Visit) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    page = sign_in(visit, BO)
    expect(page.locator("main")).to_contain_text("AA")
    for path in ("keys", "people", "journal", f"copies/{world.other_copy}", "members", "import"):
        answer = page.goto(f"{visit.address}/w/{world.slug}/{path}")
        assert answer is not None
        assert answer.status == 403, path


def test_two_people_edit_the_same_key_and_the_newer_version_is_shown(
    world: World, visit: Visit
) -> None:
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/keys/{world.key}/change")
    keys.change_key(world.ana, key_id=world.key, version=1, symbol="AB", name="Store")
    page.locator("[name=symbol]").fill("AC")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("AB")
    expect(page.locator("[name=symbol]")).to_have_value("AC")
    assert keys_queries.key(world.ana, world.key).label == "AB"


def test_a_family_puts_its_list_in(world: World, phone: Visit) -> None:
    page = sign_in(phone, ANA)
    phone.open(f"/w/{world.slug}/import")
    page.set_input_files("input[type=file]", REGISTERS / "family.csv")
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("main")).to_contain_text("14 copies")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("imported")
    assert custody_queries.total_balance(world.ana).cut == 16


def test_the_journal_says_that_every_entry_holds(world: World, visit: Visit) -> None:
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/journal")
    page.get_by_role("button", name="Check every entry").click()
    expect(page.locator("main")).to_contain_text(re.compile("entries hold|All .* hold"))


PAGES = (
    "",
    "desk",
    "out",
    "keys",
    "rings",
    "containers",
    "people",
    "places",
    "access-points",
    "codes",
    "incidents",
    "journal",
    "import",
    "members",
    "tokens",
    "settings",
    "me",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_phone(world: World, phone: Visit, scheme: str) -> None:
    people.add_person(world.ana, name="Wolfeschlegelsteinhausenbergerdorff Adolph " * 2)
    page = sign_in(phone, ANA)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    wide = []
    for path in PAGES:
        answer = page.goto(f"{phone.address}/w/{world.slug}/{path}")
        if answer is None or answer.status != 200:
            wide.append(f"{path}: {answer.status if answer else 'none'}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide.append(f"{path}: {width}")
    assert wide == []


def test_a_form_sent_twice_is_done_once(world: World, visit: Visit) -> None:
    page = sign_in(visit, ANA)
    visit.open(f"/w/{world.slug}/people/add")
    page.locator("[name=name]").fill("Dee Twice")
    page.evaluate(
        """async () => {
            const form = document.querySelector('main form[method=post]');
            const send = () => fetch(form.action || location.href,
                {method: 'POST', body: new FormData(form)});
            await send(); await send();
        }"""
    )
    from keystead.people import queries

    assert len(queries.persons(world.ana, text="Dee Twice")) == 1
