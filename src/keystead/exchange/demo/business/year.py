"""What happened once: the lost server-room key, the boiler, a power cut, somebody leaving."""

from datetime import timedelta
from functools import partial

from keystead.custody import operations as custody
from keystead.exchange.demo import calendar
from keystead.exchange.demo.business.cast import DESK
from keystead.exchange.demo.business.places import CABINET
from keystead.exchange.demo.stage import Stage
from keystead.hardware import operations as hardware
from keystead.keys import operations as keys
from keystead.people import operations as people


def plan(stage: Stage) -> None:
    """Plan the events of the year and how things stand now."""
    _heating(stage)
    _server_room(stage)
    _yard_key_found(stage)
    _power_cut(stage)
    _somebody_leaves(stage)
    _faults(stage)
    _these_days(stage)


def _heating(stage: Stage) -> None:
    """Köhler maintains the boiler every quarter and repairs it twice in winter."""
    diary = stage.diary
    for month, date, worker in (
        (2, 11, "Matthias Vogel"),
        (5, 13, "Matthias Vogel"),
        (9, 9, "Tobias Kern"),
        (11, 12, "Matthias Vogel"),
    ):
        day = calendar.workday_from(diary.time_of_year(month, date))
        copies = ["AB·1", "Yard gate·1"] if worker == "Matthias Vogel" else ["AB·1"]
        stage.lend(
            diary.at(day, "07:30", give_or_take=15),
            worker,
            copies,
            due=diary.at(day, "16:00"),
            purpose="Boiler maintenance",
            by=DESK,
        )
        stage.take_back(diary.at(day, "14:20", give_or_take=50), copies, by=DESK)


def _server_room(stage: Stage) -> None:
    """The deputy's key is lost in spring: another cylinder, another key, the old copies destroyed."""
    diary = stage.diary
    day = calendar.workday_from(diary.time_of_year(4, 14))
    diary.plan(
        diary.at(day, "09:10"),
        partial(
            custody.report_missing,
            copy_ids=[stage.copies["S1·2"]],
            note="Felix noticed on the train to Linz; asked at lost property",
            happened_at=diary.at(day - timedelta(days=1), "19:30"),
        ),
    )
    swap = calendar.workday_from(day + timedelta(days=2))
    diary.plan(diary.at(swap, "10:00"), partial(_rekey, stage))
    diary.plan(diary.at(swap, "10:25"), partial(_collect_old, stage), by=DESK)
    diary.plan(diary.at(swap, "10:40"), partial(_hand_out_new, stage), by=DESK)


def _rekey(stage: Stage, by: Actor) -> list[int]:
    """Fit another cylinder and cut its key, as one act."""
    return []
