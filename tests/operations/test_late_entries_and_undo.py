"""What was typed in later, and what was taken back at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.custody.errors import AlreadyRecorded, TooLateToUndo
from keystead.custody.models import Stay
from keystead.journal import queries as journal
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Invalid
from keystead.people import operations as people
from tests import cast
from tests.cast import World

pytestmark = pytest.mark.db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(actor: Actor, hours: float) -> Actor:
    return replace(actor, at=NOON + timedelta(hours=hours))


@pytest.fixture
def copy(demo: World) -> int:
    """A copy that came into stock at noon."""
    return custody.cut_copies(at(demo.ana, 0), key_id=demo.key, container_id=demo.cabinet)[0]


def story(demo: World, copy: int) -> list[tuple[str, float, float | None]]:
    def hours(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - NOON) / timedelta(hours=1)

    return [
        (stay.holder or stay.state, hours(stay.since) or 0, hours(stay.until))
        for stay in reversed(queries.history(demo.ana, copy))
    ]


def test_a_hand_out_typed_in_later_counts_from_when_it_happened(demo: World, copy: int) -> None:
    custody.check_out(
        at(demo.ana, 9),
        copy_ids=[copy],
        person_id=demo.bo_person,
        occurred_at=NOON + timedelta(hours=5),
    )
    assert story(demo, copy) == [("stored", 0, 5), ("Bo", 5, None)]
    assert queries.where_is(demo.ana, copy).is_late_entry


def test_what_was_known_before_a_late_entry_is_kept(demo: World, copy: int) -> None:
    custody.check_out(
        at(demo.ana, 9),
        copy_ids=[copy],
        person_id=demo.bo_person,
        occurred_at=NOON + timedelta(hours=5),
    )
    before = Stay.objects.get(copy_id=copy, superseded_seq__isnull=False)
    assert (before.state, before.valid_to) == ("stored", None)


def test_a_late_entry_cannot_contradict_the_log(demo: World, copy: int) -> None:
    custody.check_out(at(demo.ana, 2), copy_ids=[copy], person_id=demo.bo_person)
    custody.return_copies(at(demo.ana, 6), copy_ids=[copy])
    with pytest.raises(AlreadyRecorded):
        custody.check_out(
            at(demo.ana, 9),
            copy_ids=[copy],
            person_id=demo.ana_person,
            occurred_at=NOON + timedelta(hours=3),
        )


def test_a_late_entry_speaks_about_the_past(demo: World, copy: int) -> None:
    with pytest.raises(Invalid):
        custody.check_out(
            at(demo.ana, 1),
            copy_ids=[copy],
            person_id=demo.bo_person,
            occurred_at=NOON + timedelta(hours=2),
        )


def test_a_past_loan_is_put_between_what_was_known(demo: World, copy: int) -> None:
    custody.check_out(at(demo.ana, 8), copy_ids=[copy], person_id=demo.ana_person)
    custody.record_past_loan(
        at(demo.ana, 9),
        copy_id=copy,
        person_id=demo.bo_person,
        from_at=NOON + timedelta(hours=2),
        until_at=NOON + timedelta(hours=4),
        purpose="from the paper log",
    )
    assert story(demo, copy) == [
        ("stored", 0, 2),
        ("Bo", 2, 4),
        ("stored", 4, 8),
        ("Ana", 8, None),
    ]


def test_a_past_loan_across_another_one_is_refused(demo: World, copy: int) -> None:
    custody.check_out(at(demo.ana, 3), copy_ids=[copy], person_id=demo.ana_person)
    custody.return_copies(at(demo.ana, 5), copy_ids=[copy])
    for start, end in ((2, 4), (3.5, 4), (4, 6)):
        with pytest.raises(AlreadyRecorded):
            custody.record_past_loan(
                at(demo.ana, 9),
                copy_id=copy,
                person_id=demo.bo_person,
                from_at=NOON + timedelta(hours=start),
                until_at=NOON + timedelta(hours=end),
            )


def test_a_past_loan_ends_after_it_begins(demo: World, copy: int) -> None:
    with pytest.raises(Invalid):
        custody.record_past_loan(
            at(demo.ana, 9),
            copy_id=copy,
            person_id=demo.bo_person,
            from_at=NOON + timedelta(hours=4),
            until_at=NOON + timedelta(hours=4),
        )


def test_a_hand_out_can_be_undone_at_once(world: World) -> None:
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.undo(world.ana, handling=out.handling or 0)
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.state, stay.position_id) == ("stored", world.hooks[0])
    assert len(queries.history(world.ana, world.copy)) == 1


def test_a_return_can_be_undone_and_the_loan_goes_on(world: World) -> None:
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    back = custody.return_copies(world.ana, copy_ids=[world.copy], note="oops")
    custody.undo(world.ana, handling=back.handling or 0)
    stay = queries.where_is(world.ana, world.copy)
    assert (stay.person_name, stay.loan_id) == ("Bo", out.loan_ids[0])
    assert queries.last_notes(world.ana, [world.copy]) == {}


def test_undoing_twice_changes_nothing(world: World) -> None:
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.undo(world.ana, handling=out.handling or 0)
    before = journal.seal(world.ana)
    custody.undo(world.ana, handling=out.handling or 0)
    assert journal.seal(world.ana) == before


def test_after_a_minute_nothing_can_be_undone(demo: World, copy: int) -> None:
    out = custody.check_out(at(demo.ana, 1), copy_ids=[copy], person_id=demo.bo_person)
    with pytest.raises(TooLateToUndo):
        custody.undo(at(demo.ana, 1 + 1 / 60), handling=out.handling or 0)


def test_nobody_undoes_what_another_did(world: World) -> None:
    from keystead.people.roles import Role

    colleague = cast.member(world.ana, "Dee", Role.KEY_MANAGER)
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    with pytest.raises(TooLateToUndo):
        custody.undo(colleague, handling=out.handling or 0)


def test_what_has_moved_on_cannot_be_undone(world: World) -> None:
    out = custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.pass_on(world.ana, copy_ids=[world.copy], person_id=world.ana_person)
    with pytest.raises(TooLateToUndo):
        custody.undo(world.ana, handling=out.handling or 0)


@pytest.mark.parametrize("handling", [0, 10**15])
def test_what_never_happened_cannot_be_undone(world: World, handling: int) -> None:
    with pytest.raises(TooLateToUndo):
        custody.undo(world.ana, handling=handling)


def test_nothing_is_undone_into_a_container_out_of_use(world: World) -> None:
    out = custody.check_out(world.ana, copy_ids=world.copies, person_id=world.bo_person)
    custody.retire_container(world.ana, container_id=world.cabinet)
    with pytest.raises(TooLateToUndo):
        custody.undo(world.ana, handling=out.handling or 0)


def test_nothing_is_undone_to_somebody_who_has_left(world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    back = custody.return_copies(world.ana, copy_ids=[world.copy])
    people.note_leaving(world.ana, person_id=world.bo_person)
    with pytest.raises(TooLateToUndo):
        custody.undo(world.ana, handling=back.handling or 0)


def test_nobody_had_a_copy_after_it_was_destroyed(demo: World, copy: int) -> None:
    custody.destroy_copies(at(demo.ana, 1), copy_ids=[copy])
    with pytest.raises(AlreadyRecorded):
        custody.record_past_loan(
            at(demo.ana, 9),
            copy_id=copy,
            person_id=demo.bo_person,
            from_at=NOON + timedelta(hours=2),
            until_at=NOON + timedelta(hours=3),
        )
