"""What can happen to the whereabouts of copies."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement(Fact):
    """Base of every fact that says where a copy is from now on.

    `handling` is the journal number of the first fact of the act; `place` names the container,
    hook or space in words (never a person). `occurred_at` is a claim about the past: since when
    it is so, where it was typed in later.
    """

    copy_id: int
    copy_label: str
    handling: int
    state: str
    reason: str
    container_id: int | None
    position_id: int | None
    person_id: int | None
    space_id: int | None
    place: str
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyStocked(Movement):
    """A new copy was put where it is kept."""

    name: ClassVar[str] = "custody.copy-stocked"
    sentence: ClassVar[str] = _("put %(copy_label)s into %(place)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyCheckedOut(Movement):
    """A copy went into somebody's hands, or to a place."""

    name: ClassVar[str] = "custody.copy-checked-out"
    sentence: ClassVar[str] = _("handed out %(copy_label)s to %(holder)s")
    loan_id: int
    ring_id: int | None
    due_at: datetime | None
    review_on: date | None
    purpose_remark_id: int | None
    purpose_remark_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPassedOn(Movement):
    """A copy went from one holder to another without coming back in between."""

    name: ClassVar[str] = "custody.copy-passed-on"
    sentence: ClassVar[str] = _("passed on %(copy_label)s from %(from_person)s to %(holder)s")
    loan_id: int
    ring_id: int | None
    from_person_id: int | None
    due_at: datetime | None
    review_on: date | None
    purpose_remark_id: int | None
    purpose_remark_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReturned(Movement):
    """A copy came back. `seal` is none, matches, differs or not-checked."""

    name: ClassVar[str] = "custody.copy-returned"
    sentence: ClassVar[str] = _("took back %(copy_label)s from %(from_person)s into %(place)s")
    loan_id: int | None
    from_person_id: int | None
    from_space_id: int | None
    returned_by_person_id: int | None
    seal: str
    note_remark_id: int | None
    note_remark_hash: str | None
    left_at_remark_id: int | None = None
    left_at_remark_hash: str | None = None
    meter_remark_id: int | None = None
    meter_remark_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMoved(Movement):
    """A copy in stock is kept somewhere else."""

    name: ClassVar[str] = "custody.copy-moved"
    sentence: ClassVar[str] = _("moved %(copy_label)s to %(place)s")
    note_remark_id: int | None = None
    note_remark_hash: str | None = None
    left_at_remark_id: int | None = None
    left_at_remark_hash: str | None = None
    meter_remark_id: int | None = None
    meter_remark_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMissing(Movement):
    """A copy is lost, stolen or unaccounted for. The last holder is kept."""

    name: ClassVar[str] = "custody.copy-missing"
    sentence: ClassVar[str] = _("reported %(copy_label)s as %(reason)s")
    incident_id: int
    last_person_id: int | None
    happened_at: datetime | None
    note_remark_id: int | None
    note_remark_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFound(Movement):
    """A missing copy turned up."""

    name: ClassVar[str] = "custody.copy-found"
    sentence: ClassVar[str] = _("noted that %(copy_label)s was found")
    incident_id: int | None
    loan_id: int | None
    due_at: datetime | None
    review_on: date | None
    note_remark_id: int | None
    note_remark_hash: str | None
    left_at_remark_id: int | None = None
    left_at_remark_hash: str | None = None
    meter_remark_id: int | None = None
    meter_remark_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyDestroyed(Movement):
    """A copy was destroyed. Its record stays."""

    name: ClassVar[str] = "custody.copy-destroyed"
    sentence: ClassVar[str] = _("destroyed %(copy_label)s")
    last_person_id: int | None
    note_remark_id: int | None
    note_remark_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementUndone(Movement):
    """The last movement of a copy was taken back within moments: it is where it was before."""

    name: ClassVar[str] = "custody.movement-undone"
    sentence: ClassVar[str] = _("took back what was just recorded about %(copy_label)s")
    undone_handling: int
    undone_loan_id: int | None
    loan_id: int | None
    due_at: datetime | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLoanRecorded(Fact):
    """A loan that began and ended in the past was typed in later, between what was known."""

    name: ClassVar[str] = "custody.past-loan-recorded"
    sentence: ClassVar[str] = _("added later that %(copy_label)s was with %(holder)s")
    copy_id: int
    copy_label: str
    person_id: int | None
    space_id: int | None
    place: str
    loan_id: int
    from_at: datetime
    until_at: datetime
    purpose_remark_id: int | None = None
    purpose_remark_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanExtended(Fact):
    """A loan may last longer (or shorter) than agreed before."""

    name: ClassVar[str] = "custody.loan-extended"
    sentence: ClassVar[str] = _("extended the loan of %(copy_label)s by %(person)s")
    copy_id: int
    copy_label: str
    loan_id: int
    person_id: int | None
    old_due_at: datetime | None
    old_review_on: date | None
    due_at: datetime | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Fact):
    """A fault, a missing part or a wrong seal was noted; a critical one blocks handing out."""

    name: ClassVar[str] = "custody.incident-opened"
    sentence: ClassVar[str] = _("reported %(thing)s: %(kind)s")
    incident_id: int
    kind: str
    thing: str
    copy_id: int | None
    ring_id: int | None
    last_person_id: int | None
    is_critical: bool
    note_remark_id: int | None
    note_remark_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed(Fact):
    """An incident was settled."""

    name: ClassVar[str] = "custody.incident-closed"
    sentence: ClassVar[str] = _("settled the report about %(thing)s: %(kind)s")
    incident_id: int
    kind: str
    thing: str
    copy_id: int | None
    ring_id: int | None
    note_remark_id: int | None
    note_remark_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRequired(Fact):
    """From now on copies go out only with a purpose."""

    name: ClassVar[str] = "custody.purpose-required"
    sentence: ClassVar[str] = _("asks from now on what copies go out for")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeOptional(Fact):
    """Copies may go out without a purpose again."""

    name: ClassVar[str] = "custody.purpose-optional"
    sentence: ClassVar[str] = _("no longer asks what copies go out for")


FACTS = (
    CopyStocked,
    CopyCheckedOut,
    CopyPassedOn,
    CopyReturned,
    CopyMoved,
    CopyMissing,
    CopyFound,
    CopyDestroyed,
    MovementUndone,
    PastLoanRecorded,
    LoanExtended,
    IncidentOpened,
    IncidentClosed,
    PurposeRequired,
    PurposeOptional,
)
