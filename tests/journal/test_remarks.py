"""What free text may hold."""

import pytest

from keystead.custody import operations as custody
from keystead.journal import queries as journal
from keystead.kernel.errors import Invalid
from tests.cast import World

pytestmark = pytest.mark.db


@pytest.mark.parametrize("bad", ["bent\x00", "\ud800", "half \udfff of it"])
def test_a_remark_that_no_database_keeps_is_refused(world: World, bad: str) -> None:
    before = journal.seal(world.ana).sequence
    with pytest.raises(Invalid) as refusal:
        custody.report_damaged(world.ana, copy_id=world.copy, note=bad)
    assert refusal.value.data["field"] == "note"
    assert journal.seal(world.ana).sequence == before


def test_a_remark_may_have_lines_and_any_letter(world: World) -> None:
    incident = custody.report_damaged(world.ana, copy_id=world.copy, note="bent\n\tand 🗝 worn")
    assert incident
