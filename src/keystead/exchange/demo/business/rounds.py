"""What repeats: on call, the weekend guard, the cleaners, the van and the rooms people borrow."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from keystead.custody import operations as custody
from keystead.exchange.demo import calendar
from keystead.exchange.demo.business.cast import DESK, ON_CALL, STAFF
from keystead.exchange.demo.stage import Stage
from keystead.keys import operations as keys

MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
SEAL, NEW_SEAL = "P 20481", "P 20733"


def plan(stage: Stage) -> None:
    """Plan everything that happens week after week."""
    _on_call(stage)
    _weekend_guard(stage)
    _cleaners(stage)
    _borrowed(stage, ("Van·1", "Van·2"), 0.18, ("Client visit", "Post office", "Warehouse"))
    _borrowed(stage, ("BD·1", "BD·2"), 0.08, ("Old contracts", "Tax inspection", "Year-end files"))
    _borrowed(stage, ("AA·1", "AA·2"), 0.08, ("Paper", "Stock take", "Trade fair boxes"))


def _on_call(stage: Stage) -> None:
    """The sealed ring changes hands on Mondays; once somebody had to use it."""
    diary = stage.diary
    opened = calendar.weekly(diary.days(), MONDAY)[14]
    for turn, day in enumerate(calendar.weekly(diary.days(), MONDAY)):
        if turn:
            seal = "" if day == opened else SEAL if day < opened else NEW_SEAL
            stage.take_back(
                diary.at(day, "08:20", give_or_take=10), ring="On call", seal=seal, by=DESK
            )
        stage.lend(
            diary.at(day, "08:45", give_or_take=10),
            ON_CALL[turn % len(ON_CALL)],
            ring="On call",
            due=diary.at(day + timedelta(days=7), "09:00"),
            by=DESK,
        )
        if day == opened:
            _seal_opened(stage, day)


def _seal_opened(stage: Stage, day: date) -> None:
    diary, ring = stage.diary, stage.rings["On call"]
    diary.plan(
        diary.at(day - timedelta(days=1), "03:10"), partial(keys.break_seal, ring_id=ring), by=DESK
    )
    diary.plan(
        diary.at(day, "08:32"),
        partial(keys.seal_ring, ring_id=ring, seal_number=NEW_SEAL),
        by=DESK,
    )


def _weekend_guard(stage: Stage) -> None:
    """Viktor Sommer of Nordwacht walks the rounds from Friday evening to Monday morning."""
    diary = stage.diary
    for day in calendar.weekly(diary.days(), FRIDAY):
        if (day.month, day.day) in calendar.CLOSED:
            continue
        monday = day + timedelta(days=3)
        stage.lend(
            diary.at(day, "17:40", give_or_take=20),
            "Viktor Sommer",
            ring="Rounds",
            due=diary.at(monday, "08:00"),
            by=DESK,
        )
        stage.take_back(diary.at(monday, "07:35", give_or_take=20), ring="Rounds", by=DESK)


def _cleaners(stage: Stage) -> None:
    """Reinigung Blitz comes on Wednesday evenings, one of two people."""
    diary = stage.diary
    for day in calendar.weekly(diary.days(), WEDNESDAY):
        if not calendar.is_workday(day):
            continue
        worker = "Dragan Ilic" if calendar.is_away(day) else "Elena Popescu"
        stage.lend(
            diary.at(day, "16:50", give_or_take=15),
            worker,
            ring="Cleaning",
            due=diary.at(day, "21:00"),
            by=DESK,
        )
        note = "Bulb gone in the stairwell" if diary.chance.random() < 0.06 else ""
        stage.take_back(
            diary.at(day, "20:25", give_or_take=25), ring="Cleaning", note=note, by=DESK
        )


def _borrowed(stage: Stage, copies: Sequence[str], often: float, why: Sequence[str]) -> None:
    """Staff borrow one of these copies for some hours, on some days, until a few days ago."""
    diary = stage.diary
    last = diary.day(diary.ago(days=4))  # what is out these days is told elsewhere
    for copy in copies:
        for day in diary.days():
            if not calendar.is_workday(day) or day >= last:
                continue
            if diary.chance.random() >= often / (3 if calendar.is_away(day) else 1):
                continue
            _some_hours(stage, copy, day, diary.chance.choice(why))


def _some_hours(stage: Stage, copy: str, day: date, why: str) -> None:
    diary = stage.diary
    chance = diary.chance
    start = diary.at(day, f"{chance.randint(8, 13):02}:{chance.randint(0, 59):02}")
    hours = timedelta(hours=chance.choice((1, 2, 3)), minutes=chance.randint(0, 40))
    person = chance.choice(STAFF)
    by = DESK if chance.random() < 0.85 else "owner"
    due = min(start + timedelta(hours=4), diary.at(day, "17:00"))
    back = min(start + hours, diary.at(day, "16:55"))
    if chance.random() < 0.03:  # forgotten, and brought first thing on the next working day
        back = diary.at(calendar.workday_from(day + timedelta(days=1)), "08:05", give_or_take=4)
    stage.lend(start, person, [copy], due=due, purpose=why, by=by)
    stage.take_back(back, [copy], by=by)
    if chance.random() < 0.04:
        longer = partial(
            custody.extend, copy_ids=[stage.copies[copy]], due_at=due + timedelta(hours=2)
        )
        diary.plan(start + timedelta(minutes=30), longer, by=by)
