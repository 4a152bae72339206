"""People and firms: what they have, had and know, and that they leave."""

import pytest

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.people import operations as people
from keystead.people import queries
from tests.cast import World
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db


def test_everybody_is_listed_with_what_they_have(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=world.copies, person_id=world.bo_person)
    page = ana_at.get("people")
    assert "Ana" in page
    assert "2 keys" in page
    assert "Ana" not in ana_at.get("people", query={"q": "bo"}).partition("People by name")[2]
    assert "Nobody is called “zzz”." in ana_at.get("people", query={"q": "zzz"})
    assert "Nobody has left." in ana_at.get("people", query={"show": "left"})


def test_a_person_shows_what_they_have_had_and_know(world: World, ana_at: Pages) -> None:
    custody.check_out(
        world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="Inventory"
    )
    custody.check_out(world.ana, copy_ids=[world.other_copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.other_copy], note="Sticks")
    lock = hardware.add_lock(world.ana, name="Code lock", kind="keypad", access_point_id=world.door)
    code = hardware.record_code(world.ana, lock_id=lock, name="Store keypad")
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)
    custody.report_damaged(world.ana, copy_id=world.copy, note="Bent")
    page = ana_at.get("person", person_id=world.bo_person)
    assert "Bo has 1 key" in page
    assert "Inventory" in page
    assert "Had before" in page
    assert "“Sticks”" in page
    assert "Knows 1 Store keypad" in page
    assert "Incidents 1" in page


def test_a_person_is_added_corrected_and_shown_beside_the_newer_version(
    world: World, ana_at: Pages
) -> None:
    firm = people.add_firm(world.ana, name="Köhler")
    form = {"name": "M. Vogel", "firm_id": firm, "phone": "+43 1 555"}
    assert "M. Vogel is on the register." in ana_at.post("person-add", form)
    view = queries.persons(world.ana, text="Vogel")[0]
    assert (view.firm_name, view.phone) == ("Köhler", "+43 1 555")
    edit = {**form, "department": "Boilers", "version": view.version}
    ana_at.post("person-edit", edit, person_id=view.id)
    page = ana_at.post("person-edit", {**edit, "name": "V."}, person_id=view.id, status=409)
    assert "The newer version" in page
    assert "Boilers" in page
    assert "M. Vogel has no keys" in ana_at.get("person", person_id=view.id)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": " "}, "This field is required."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"name": "A\u202eB"}, "control characters"),
        ({"name": "Vogel", "email": "not an address"}, "This is not an e-mail address."),
        ({"name": "Vogel", "firm_id": "99"}, "Select a valid choice."),
    ],
)
def test_a_person_that_makes_no_sense_is_refused(
    world: World, ana_at: Pages, form: dict[str, str], sentence: str
) -> None:
    before = len(queries.persons(world.ana))
    assert sentence in ana_at.post("person-add", form, status=422)
    assert len(queries.persons(world.ana)) == before


def test_leaving_first_lists_keys_and_codes(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    lock = hardware.add_lock(world.ana, name="Code lock", kind="keypad", access_point_id=world.door)
    code = hardware.record_code(world.ana, lock_id=lock, name="Store keypad")
    hardware.note_code_told(world.ana, code_id=code, person_id=world.bo_person)
    page = ana_at.get("person-leave", person_id=world.bo_person)
    assert "Has Bo left?" in page
    assert "AA·1" in page
    assert "Store keypad" in page
    ana_at.post("person-leave", person_id=world.bo_person)
    page = ana_at.get("person", person_id=world.bo_person)
    assert "Bo has left and still has 1 key" in page
    assert "Bo" in ana_at.get("people", query={"show": "left"})
    assert "Bo is here again." in ana_at.post("person-back", person_id=world.bo_person)


def test_a_firm_shows_its_workers_and_what_they_have(world: World, ana_at: Pages) -> None:
    assert "Köhler is on the register." in ana_at.post("firm-add", {"name": "Köhler"})
    firm = queries.firms(world.ana)[0].id
    worker = people.add_person(world.ana, name="M. Vogel", firm_id=firm)
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=worker)
    page = ana_at.get("firm", firm_id=firm)
    assert "Köhler has 1 key" in page
    assert "M. Vogel" in page
    ana_at.post("firm-edit", {"name": "Köhler & Sohn"}, firm_id=firm)
    assert "Köhler & Sohn" in ana_at.get("people")
    page = ana_at.post("firm-add", {"name": "köhler & sohn"}, status=409)
    assert "There already is a firm called" in page
