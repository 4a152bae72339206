"""When to tell whom what. Pure: times come in, decisions go out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from keystead.kernel.clock import local_to_utc
from keystead.kernel.errors import Invalid
from keystead.kernel.words import said as _

TIMES = ("07:30", "17:30")
SOON_HOURS = 24
MOST_TIMES = 6
LONGEST_SOON_HOURS = 14 * 24

DUE_SOON, LATE, LOST, FOUND = "due-soon", "late", "lost", "found"
CHECKPOINT, BACKUP = "checkpoint-failed", "backup-failed"
KINDS = (LOST, CHECKPOINT, BACKUP, FOUND, LATE, DUE_SOON)
"""What one can be told, the most urgent first."""
ALARMS = frozenset({LOST, FOUND, CHECKPOINT, BACKUP})
"""Told at once, not at the next hour of digests."""

BACK_OFF = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60)
)
"""How long to wait after each failed attempt. After the last a mail is given up."""
LETTER_LASTS = timedelta(days=1)
"""After this a letter about a sign-in tells nothing new, and its link was asked for in vain."""


@dataclass(frozen=True, slots=True)
class Out:
    """A loan that is out: whose, which copy, due when (aware UTC)."""

    loan_id: int
    copy_id: int
    person_id: int | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice somebody should have."""

    person_id: int
    kind: str
    subject: str
    copy_id: int | None = None
    loan_id: int | None = None
    incident_id: int | None = None
    due_at: datetime | None = None

    @property
    def key(self) -> tuple[int, str, str]:
        """What makes it the same notice."""
        return self.person_id, self.kind, self.subject


def about_loans(outs: Iterable[Out], managers: Iterable[int], *, at: datetime) -> list[Wanted]:
    """Due soon: the holder. Late: the holder and whoever runs the keys, each once."""
    found: dict[tuple[int, str, str], Wanted] = {}
    running = list(managers)
    for out in outs:
        kind = LATE if out.due_at <= at else DUE_SOON
        holder = [] if out.person_id is None else [out.person_id]
        subject = f"loan:{out.loan_id}@{out.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        for person_id in [*holder, *(running if kind == LATE else ())]:
            wanted = Wanted(person_id, kind, subject, out.copy_id, out.loan_id, due_at=out.due_at)
            found.setdefault(wanted.key, wanted)
    return list(found.values())


def last_hour(at: datetime, times: Sequence[str], zone: str) -> datetime:
    """The latest hour of digests that is not after `at`, as aware UTC."""
    today = at.astimezone(ZoneInfo(zone)).date()
    hours = [
        local_to_utc(datetime.combine(day, time.fromisoformat(text)), zone)
        for day in (today - timedelta(days=2), today - timedelta(days=1), today)
        for text in times
    ]
    return max(hour for hour in hours if hour <= at)


def is_to_be_told(
    kind: str, *, made_at: datetime, told_at: datetime | None, hour: datetime, zone: str
) -> bool:
    """Whether a notice belongs into the digest of now.

    `hour` is the latest hour of digests. Alarms are told at once, all others at the next hour
    after they came up, and what is late again on each later day.
    """
    if told_at is None:
        return kind in ALARMS or made_at <= hour
    return kind == LATE and told_at < hour and _day(told_at, zone) < _day(hour, zone)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def require_times(texts: Iterable[str]) -> tuple[str, ...]:
    """Wall-clock times in order, each once. Raises Invalid for what is none, or too many."""
    try:
        found = sorted({time.fromisoformat(text.strip()).replace(second=0) for text in texts})
    except ValueError:
        raise Invalid(_("Write times of day as 07:30, one or several."), field="times") from None
    if not 1 <= len(found) <= MOST_TIMES or any(one.tzinfo for one in found):
        raise Invalid(
            _("One to %(most)s times of day, written as 07:30.", most=MOST_TIMES), field="times"
        )
    return tuple(f"{one:%H:%M}" for one in found)


def require_hours(hours: int) -> int:
    """Hours before a due time. Raises Invalid for none, or more than two weeks."""
    if not 1 <= hours <= LONGEST_SOON_HOURS:
        raise Invalid(_("From 1 hour to %(most)s.", most=LONGEST_SOON_HOURS), field="soon_hours")
    return hours
