"""What a return says about where a thing was left and what its meter showed."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal.models import Entry, Remark
from tests.cast import World
from tests.transports.api.things import caller
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db

LEFT, METER = "car park B, row 4", "48 211 km"


def out_and_back(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy], left_at=LEFT, meter=METER)


def test_the_next_taker_is_told(world: World) -> None:
    out_and_back(world)
    note = queries.last_notes(world.ana, [world.copy])[world.copy]
    assert (note.text, note.left_at, note.meter) == ("", LEFT, METER)
    past = queries.history(world.ana, world.copy)[1]
    assert (past.left_at, past.meter) == (LEFT, METER)


def test_the_journal_keeps_hashes_and_the_words_can_be_erased(world: World) -> None:
    out_and_back(world)
    entry = Entry.objects.get(name="custody.copy-returned")
    assert LEFT not in entry.body
    assert METER not in entry.body
    assert "meter_remark_hash" in entry.body
    Remark.objects.all().delete()
    assert world.copy not in queries.last_notes(world.ana, [world.copy])


def test_undoing_the_return_takes_them_back(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    back = custody.return_copies(world.ana, copy_ids=[world.copy], left_at=LEFT, meter=METER)
    custody.undo(world.ana, handling=back.handling or 0)
    assert queries.last_notes(world.ana, [world.copy]) == {}


def test_the_api_takes_them(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    body = {"copy_ids": [world.copy], "left_at": LEFT, "meter": METER}
    assert caller(world)("POST", "/return", body).status_code == 200
    assert queries.last_notes(world.ana, [world.copy])[world.copy].meter == METER


def test_the_pages_take_and_show_them(world: World, ana_at: Pages) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    ana_at.post("take-back", {"copy": world.copy, "left_at": LEFT, "meter": METER})
    assert f"Left at: {LEFT}" in ana_at.get("hand-out", query={"copy": world.copy})
    assert f"Meter: {METER}" in ana_at.get("copy", copy_id=world.copy)
