"""Verification compares what stands beside the journal: remarks, and where every copy is."""

from collections.abc import Callable

import pytest
from django.db import connection

from keystead.custody import operations as custody
from keystead.custody.models import Loan, Stay
from keystead.custody.queries.checking import WhereaboutsCheck
from keystead.journal import queries as journal
from keystead.journal import verify as verification
from keystead.journal.models import Remark
from keystead.journal.verify import Verdict
from keystead.people import operations as people
from tests.cast import World

pytestmark = pytest.mark.db


def verify(world: World) -> Verdict:
    return journal.verify(world.ana)


def last(world: World) -> int:
    return journal.seal(world.ana).sequence


@pytest.fixture
def lent(world: World) -> World:
    """Copy 1 is with Bo, for a purpose; something else happened since."""
    custody.check_out(
        world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="Reading the meter"
    )
    people.add_firm(world.ana, name="Locks & Co")
    assert verify(world).holds
    return world


def test_a_remark_changed_in_place_is_located(lent: World) -> None:
    Remark.objects.filter(text="Reading the meter").update(text="Nothing much")
    verdict = verify(lent)
    assert verdict.first_bad == last(lent) - 1
    assert "remark" in (verdict.reason or "")


def test_a_remark_with_another_salt_or_workspace_is_located(lent: World) -> None:
    remark = Remark.objects.get()
    Remark.objects.update(salt=b"0" * 16)
    assert verify(lent).first_bad == last(lent) - 1
    Remark.objects.update(salt=remark.salt, workspace_id=lent.elsewhere.workspace)
    assert verify(lent).first_bad == last(lent) - 1


def test_an_erased_remark_is_as_it_may_be(lent: World) -> None:
    Loan.objects.update(purpose=None)
    Remark.objects.all().delete()
    assert verify(lent).holds


def held(world: World) -> Stay:
    return Stay.objects.get(copy_id=world.copy, valid_to=None)


BEHIND: dict[str, Callable[[World], object]] = {
    "with somebody else": lambda w: Stay.objects.filter(pk=held(w).pk).update(
        person_id=w.ana_person
    ),
    "back in stock": lambda w: Stay.objects.filter(pk=held(w).pk).update(
        state="stored", person_id=None, container_id=w.cabinet
    ),
    "ended": lambda w: Stay.objects.filter(pk=held(w).pk).update(valid_to=held(w).valid_from),
    "due at another time": lambda w: Loan.objects.update(review_on="2031-01-01"),
}


@pytest.mark.parametrize("change", BEHIND.values(), ids=BEHIND)
def test_a_whereabouts_row_changed_behind_the_journal_is_named(
    change: Callable[[World], object], lent: World
) -> None:
    change(lent)
    verdict = verify(lent)
    assert verdict.first_bad == last(lent) - 1, "the entry that says where the copy is"
    assert "AA·1" in (verdict.reason or "")


def test_a_whereabouts_row_nobody_told_of_is_named(lent: World) -> None:
    stay = Stay.objects.get(copy_id=lent.elsewhere.copy, valid_to=None)
    Stay.objects.filter(pk=stay.pk).update(workspace_id=lent.workspace)
    verdict = verify(lent)
    assert verdict.first_bad == last(lent)
    assert "AA·1" in (verdict.reason or "")
    assert not journal.verify(lent.cy).holds, "and there it is missing"


def test_what_moves_while_it_is_verified_is_no_alarm(lent: World) -> None:
    """Copies move after their entries were read; the check looks again."""
    check = WhereaboutsCheck(lent.workspace)
    for body in verification.bodies(lent.workspace):
        check.take(body)
    told = check.last
    custody.return_copies(lent.ana, copy_ids=[lent.copy])
    custody.check_out(lent.ana, copy_ids=[lent.other_copy], person_id=lent.bo_person)

    def more() -> int:
        for body in verification.bodies(lent.workspace, check.last):
            check.take(body)
        return check.last

    assert check.astray(more) is None
    assert check.last == told + 2
    Stay.objects.filter(copy_id=lent.copy, valid_to=None).update(container_id=None)
    assert check.astray(more) is not None


def test_an_entry_recorded_after_the_last_page_is_no_break(lent: World) -> None:
    """The head moves on between reading the entries and reading it."""
    seen: list[int] = []

    def once(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if "journal_head" in sql and not seen:
            seen.append(1)
            people.add_firm(lent.ana, name="Late & Co")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(once):
        verdict = verify(lent)
    assert seen
    assert verdict.holds
    assert verdict.entries == last(lent)


def test_stays_are_read_by_the_page(lent: World, django_assert_num_queries: object) -> None:
    """As many questions for many copies as for a few."""
    custody.cut_copies(lent.ana, key_id=lent.key, count=40)
    queries: list[str] = []

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert verify(lent).holds
    assert len(queries) < 20
