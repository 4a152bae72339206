"""Handing out to somebody the register does not know yet."""

from collections.abc import Sequence
from datetime import date, datetime

from keystead.custody.operations.lending import CheckedOut, check_out
from keystead.journal.operation import Change, operation
from keystead.journal.rows import within
from keystead.kernel.rights import Right
from keystead.kernel.text import optional_line
from keystead.people import operations as people
from keystead.people.models import Firm


@operation(Right.HAND_OUT, per_site=True)
def check_out_to_newcomer(
    change: Change,
    *,
    name: str,
    firm_name: str = "",
    copy_ids: Sequence[int] = (),
    ring_ids: Sequence[int] = (),
    due_at: datetime | None = None,
    review_on: date | None = None,
    purpose: str | None = None,
    occurred_at: datetime | None = None,
) -> CheckedOut:
    """Add a person and hand copies and rings to them: both or neither.

    A firm of this name is used, or added if there is none. Otherwise as `check_out`.
    """
    called = optional_line(firm_name, field="firm_name")
    firm = within(change, Firm).filter(name__iexact=called).first() if called else None
    firm_id = firm.pk if firm else None
    if called and firm_id is None:
        firm_id = people.add_firm(change, name=called)
    person_id = people.add_person(change, name=name, firm_id=firm_id)
    return check_out(
        change,
        copy_ids=copy_ids,
        ring_ids=ring_ids,
        person_id=person_id,
        due_at=due_at,
        review_on=review_on,
        purpose=purpose,
        occurred_at=occurred_at,
    )
