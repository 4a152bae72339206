"""A year of somebody's key keeping: acts with their times, done through operations in order.

Every act carries an idempotency key with its number. The same script for the same moment numbers
its acts alike, so a load that was interrupted goes on where it stopped.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.clock import local_to_utc

R = TypeVar("R")

YEAR = timedelta(days=365)
SETTLING_IN = timedelta(days=5)
"""The register is typed in during the first days; the story starts then."""


@dataclass(slots=True)
class Planned(Generic[R]):
    """An act of a certain moment; `result` is known once it was done."""

    at: datetime
    act: Callable[[Actor], R]
    by: str
    result: R | None = None

    def told(self) -> R:
        """What came of the act. Only for acts later in the diary."""
        if self.result is None:
            raise LookupError("This act was not done yet.")
        return self.result


@dataclass(frozen=True, slots=True)
class Hours:
    """When people are about, in their own zone: from `first` to `last` (HH:MM) on open days.

    `due` are the times of day at which people agree to bring things back.
    """

    first: str
    last: str
    is_open: Callable[[date], bool]
    due: tuple[str, ...]


LATE_TODAY = ("18:00", "20:00", "22:00", "23:30")
"""When things are due where a demonstration is loaded after everybody went home."""


class Diary:
    """The acts of one workspace between `begin` and `now` (aware UTC), written in its zone."""

    def __init__(
        self, owner: Actor, *, zone: str, hours: Hours, begin: datetime, now: datetime
    ) -> None:
        """Open the diary of the workspace `owner` acts in."""
        self.zone, self.hours, self.begin, self.now = zone, hours, begin, now
        self.hand: dict[str, Actor] = {"owner": owner}
        self.chance = random.Random(owner.workspace_id)  # noqa: S311  # a story, no secret
        self.clock = self.at(self.day(begin) + timedelta(days=1), "09:00")
        self._planned: list[Planned[Any]] = []
        self._number = 0

    def day(self, moment: datetime) -> date:
        """The day of a moment in the workspace's zone."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, clock: str, *, give_or_take: int = 0) -> datetime:
        """A time of day (HH:MM) in the workspace's zone, off by up to so many minutes."""
        wall = datetime.combine(day, time.fromisoformat(clock))
        off = timedelta(seconds=self.chance.randint(-60 * give_or_take, 60 * give_or_take))
        return local_to_utc(wall, self.zone) + off

    @property
    def today(self) -> date:
        """The last day of the diary."""
        return self.day(self.now)

    def before(self, moment: datetime, *, days: int = 0, hours: int = 0) -> datetime:
        """About that long before a moment, at a quarter of an hour when people are about."""
        moment -= timedelta(days=days, hours=hours)
        moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        day = self.day(moment)
        if moment < self.at(day, self.hours.first):
            day -= timedelta(days=1)
        while not self.hours.is_open(day):
            day -= timedelta(days=1)
        last = self.at(day, self.hours.last)
        if moment <= last:
            return moment
        return last - timedelta(minutes=15 * self.chance.randint(0, 8))  # not all as they leave

    def due_before(self, moment: datetime) -> datetime:
        """The last time before a moment at which people agree to bring things back."""
        day = self.day(moment)
        while True:
            if self.hours.is_open(day):
                times = [self.at(day, clock) for clock in self.hours.due]
                if passed := [at for at in times if at < moment]:
                    return passed[-1]
            day -= timedelta(days=1)

    def ago(self, *, days: int = 0, hours: int = 0) -> datetime:
        """About that long before now, when people are about."""
        return self.before(self.now, days=days, hours=hours)

    def end_of_today(self) -> datetime:
        """A time to bring something back today: as people close, or what is left of the day."""
        soon = self.now + timedelta(minutes=10)
        for clock in (self.hours.last, *LATE_TODAY):
            if (at := self.at(self.today, clock)) > soon:
                return at
        return self.at(self.today + timedelta(days=1), "09:00")

    @property
    def first_day(self) -> date:
        """The day the story starts, after the register was typed in."""
        return self.day(self.begin + SETTLING_IN)

    def days(self) -> list[date]:
        """Every day of the story, today included."""
        count = (self.today - self.first_day).days + 1
        return [self.first_day + timedelta(days=number) for number in range(count)]

    def time_of_year(self, month: int, day: int) -> date:
        """That date in the year told, or if it is too near to either end, some weeks off it."""
        is_past = (month, day) <= (self.today.month, self.today.day)
        wanted = date(self.today.year if is_past else self.today.year - 1, month, day)
        early, late = self.first_day + timedelta(days=40), self.today - timedelta(days=40)
        return min(max(wanted, early), late)

    def do(self, act: Callable[[Actor], R], *, by: str = "owner", at: datetime | None = None) -> R:
        """Do something now: at the diary's clock, which then moves on a little, or at a time."""
        if at is None:
            at = self.clock
            self.clock += timedelta(seconds=self.chance.randint(20, 80))
        return act(self._numbered(self.hand[by], at))

    def timed(self, actor: Actor) -> Actor:
        """An actor at the diary's clock, for an act that is not numbered."""
        return replace(actor, at=self.clock)

    def do_as_installation(self, act: Callable[[Actor], R]) -> R:
        """Do something in the installation's own journal, at the diary's clock."""
        owner = self.hand["owner"]
        numbered = self._numbered(system(INSTALLATION, "demo"), self.clock)
        key = f"{owner.workspace_id}-{numbered.idempotency_key}"
        return act(replace(numbered, idempotency_key=key))

    def plan(self, at: datetime, act: Callable[[Actor], R], *, by: str = "owner") -> Planned[R]:
        """Do something at its time when the diary is written, unless that is still to come."""
        planned = Planned(at, act, by)
        self._planned.append(planned)
        return planned

    def write(self) -> None:
        """Do what was planned, in the order of time."""
        for planned in sorted(self._planned, key=lambda act: act.at):
            if planned.at <= self.now:
                planned.result = self.do(planned.act, by=planned.by, at=planned.at)
        self._planned.clear()

    def _numbered(self, actor: Actor, at: datetime) -> Actor:
        self._number += 1
        return replace(actor, at=at, idempotency_key=f"demo-{self._number}")
