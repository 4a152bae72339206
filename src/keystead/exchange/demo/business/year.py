"""What happened once: the lost server-room key, the boiler, a power cut, somebody leaving."""

from datetime import date, timedelta
from functools import partial

from keystead.custody import operations as custody
from keystead.exchange.demo import calendar
from keystead.exchange.demo.business.cast import DESK
from keystead.exchange.demo.business.places import CABINET
from keystead.exchange.demo.diary import Planned
from keystead.exchange.demo.stage import Stage
from keystead.hardware import operations as hardware
from keystead.kernel.actor import Actor
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
    for month, number, worker in (
        (2, 11, "Matthias Vogel"),
        (5, 13, "Matthias Vogel"),
        (9, 9, "Tobias Kern"),
        (11, 12, "Matthias Vogel"),
    ):
        day = calendar.workday_from(diary.time_of_year(month, number))
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
    """The deputy's key is lost in spring: another cylinder, another key, old copies destroyed."""
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
    diary.plan(diary.at(swap, "09:30"), partial(keys.retire_key, key_id=stage.keys["S1"]))
    stage.take_back(diary.at(swap, "09:35"), ["S1·1"], by=DESK)
    diary.plan(
        diary.at(swap, "09:40"),
        partial(
            custody.destroy_copies,
            copy_ids=[stage.copies["S1·1"], stage.copies["S1·3"]],
            note="Cut through; cylinder replaced",
        ),
        by=DESK,
    )
    _rekey(stage, swap)


def _rekey(stage: Stage, day: date) -> None:
    """Another cylinder in the server-room door, and another key for it."""
    diary = stage.diary
    core = diary.plan(
        diary.at(day, "10:00"), partial(hardware.add_cylinder, number="N-02", is_listed_only=True)
    )
    diary.plan(
        diary.at(day, "10:05"),
        lambda by: hardware.fit_cylinder(
            by, lock_id=stage.locks["Server room door"], cylinder_id=core.told()
        ),
    )
    key = diary.plan(
        diary.at(day, "10:10"), partial(keys.add_key, symbol="S2", name="Server room, new")
    )
    diary.plan(
        diary.at(day, "10:12"),
        lambda by: keys.note_key_opens(by, key_id=key.told(), cylinder_id=core.told()),
    )
    cut = diary.plan(
        diary.at(day, "10:20"),
        lambda by: custody.cut_copies(
            by, key_id=key.told(), count=3, container_id=stage.boxes[CABINET]
        ),
    )
    for index, (person, why) in enumerate(
        (("Ivana Horvat", "Designated holder, IT"), ("Felix Maier", "Deputy, on a chain now"))
    ):
        diary.plan(
            diary.at(day, f"10:4{index}"), partial(_entrust_new, stage, cut, index, person, why)
        )


def _entrust_new(
    stage: Stage, cut: Planned[list[int]], index: int, person: str, why: str, by: Actor
) -> None:
    custody.check_out(
        by,
        copy_ids=[cut.told()[index]],
        person_id=stage.people[person],
        review_on=stage.diary.today + timedelta(days=45),
        purpose=why,
    )


def _yard_key_found(stage: Stage) -> None:
    """A key is not on its hook, and is found behind the cabinet two days later."""
    diary = stage.diary
    day = calendar.workday_from(diary.time_of_year(11, 20))
    copy = stage.copies["Yard gate·2"]
    diary.plan(
        diary.at(day, "17:15"),
        partial(
            custody.report_missing,
            copy_ids=[copy],
            kind="unaccounted",
            note="Hook empty at closing time, nobody signed",
        ),
        by=DESK,
    )
    diary.plan(
        diary.at(day + timedelta(days=2), "08:10"),
        partial(custody.report_found, copy_id=copy, note="Had fallen behind the cabinet"),
        by=DESK,
    )


def _power_cut(stage: Stage) -> None:
    """Three loans of one afternoon go on paper first."""
    diary = stage.diary
    day = calendar.workday_from(diary.time_of_year(10, 6))
    typed_in = calendar.workday_from(day + timedelta(days=1))
    for minute, (copy, person, start, end) in enumerate(
        (("AA·3", "Clara Brandt", "13:05", "14:40"), ("BD·3", "Nora Lang", "13:30", "15:15")), 5
    ):
        diary.plan(
            diary.at(typed_in, f"08:{minute:02}"),
            partial(
                custody.record_past_loan,
                copy_id=stage.copies[copy],
                person_id=stage.people[person],
                from_at=diary.at(day, start),
                until_at=diary.at(day, end),
                purpose="From the paper log, power cut",
            ),
            by=DESK,
        )
    diary.plan(
        diary.at(typed_in, "08:10"),
        partial(
            custody.check_out,
            copy_ids=[stage.copies["Warehouse·2"]],
            person_id=stage.people["Stefan Wolf"],
            occurred_at=diary.at(day, "15:50"),
            due_at=diary.at(typed_in, "12:00"),
            purpose="From the paper log, power cut",
        ),
        by=DESK,
    )
    stage.take_back(diary.at(typed_in, "11:30"), ["Warehouse·2"], by=DESK)


def _somebody_leaves(stage: Stage) -> None:
    """Lukas leaves; one key comes back at once, the other some days later."""
    diary = stage.diary
    day = calendar.workday_from(diary.time_of_year(9, 29))
    diary.plan(
        diary.at(day - timedelta(days=35), "09:20"),
        partial(
            custody.check_out,
            copy_ids=[stage.copies["Warehouse·1"]],
            person_id=stage.people["Lukas Gruber"],
            purpose="Moving the archive",
        ),
        by=DESK,
    )
    stage.take_back(diary.at(day, "15:45"), ["BB·2"], by=DESK)
    diary.plan(
        diary.at(day, "16:30"),
        partial(people.note_leaving, person_id=stage.people["Lukas Gruber"]),
    )
    stage.take_back(
        diary.at(day + timedelta(days=4), "10:15"),
        ["Warehouse·1"],
        brought_by="Nora Lang",
        note="Was in Lukas's desk",
        by=DESK,
    )


def _faults(stage: Stage) -> None:
    """One fault was settled, one is minor, one keeps a copy from being handed out."""
    diary, today = stage.diary, stage.diary.today
    flat = diary.plan(
        diary.at(today - timedelta(days=60), "08:30"),
        partial(
            custody.report_damaged, copy_id=stage.copies["Van·2"], note="Battery of the remote flat"
        ),
        by=DESK,
    )
    diary.plan(
        diary.at(today - timedelta(days=58), "11:00"),
        lambda by: custody.close_incident(by, incident_id=flat.told(), note="New battery"),
        by=DESK,
    )
    for days, copy, note, is_critical in (
        (20, "AB·2", "Sticks a little in the heating room door", False),
        (12, "AA·3", "Hairline crack, do not use", True),
    ):
        diary.plan(
            diary.at(today - timedelta(days=days), "14:25"),
            partial(
                custody.report_damaged,
                copy_id=stage.copies[copy],
                note=note,
                is_critical=is_critical,
            ),
            by=DESK,
        )


def _these_days(stage: Stage) -> None:
    """Two loans are late, two are due today, one goes on."""
    diary = stage.diary
    yesterday = calendar.workday_before(diary.today)
    stage.lend(
        diary.at(yesterday, "07:40"),
        "Matthias Vogel",
        ["AB·3"],
        due=diary.at(yesterday, "16:00"),
        purpose="Circulation pump",
        by=DESK,
    )
    due = diary.due_before(diary.now - timedelta(hours=1))
    stage.lend(
        diary.before(due, hours=4),
        "Emre Yildiz",
        ["Van·1"],
        due=due,
        purpose="Client visit",
        by=DESK,
    )
    for hours, copy, person, why in (
        (4, "Warehouse·2", "Stefan Wolf", "Delivery"),
        (2, "BD·1", "Nora Lang", "Tax inspection"),
    ):
        stage.lend(
            diary.ago(hours=hours),
            person,
            [copy],
            due=diary.end_of_today(),
            purpose=why,
            by=DESK,
        )
    stage.lend(
        diary.ago(days=1, hours=5),
        "Tobias Kern",
        ["Yard gate·1"],
        due=diary.at(diary.today + timedelta(days=2), "17:00"),
        purpose="Pump and filters",
        by=DESK,
    )
