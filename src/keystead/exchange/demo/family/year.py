"""What happens with the family's keys in a year."""

from datetime import date, timedelta
from functools import partial

from keystead.custody import operations as custody
from keystead.exchange.demo import calendar
from keystead.exchange.demo.family.places import LOCKBOX
from keystead.exchange.demo.stage import Stage
from keystead.hardware import operations as hardware

TUESDAY = 1


def plan(stage: Stage) -> None:
    """Plan the whole year."""
    _cleaner(stage)
    _neighbours(stage)
    _car_and_shed(stage)
    _gran_in_hospital(stage)
    _boiler(stage)
    _bike_key(stage)
    _lockbox(stage)
    _these_days(stage)


def _cleaner(stage: Stage) -> None:
    """Marta comes on Tuesdays, but not in the holidays."""
    diary = stage.diary
    for day in calendar.weekly(diary.days(), TUESDAY):
        if calendar.is_away(day):
            continue
        hand = diary.chance.choice(["owner", "owner", "Dad"])
        start = diary.at(day, "08:50", give_or_take=12)
        stage.lend(start, "Marta Nowak", ring="Cleaner's ring", due=diary.at(day, "12:30"), by=hand)
        stage.take_back(diary.at(day, "12:10", give_or_take=25), ring="Cleaner's ring", by=hand)


def _neighbours(stage: Stage) -> None:
    """The Lindqvists feed the cat while the family is away."""
    diary = stage.diary
    last_chance = diary.today - timedelta(days=8)  # the spare is needed for the last days' story
    for first, last in calendar.holidays(diary.days()):
        back = last + timedelta(days=2)
        if first == diary.first_day or back >= last_chance:
            continue
        stage.lend(
            diary.at(first, "08:15", give_or_take=15),
            "Anna Lindqvist",
            ["House·8", "Side gate·4"],
            due=diary.at(last + timedelta(days=1), "18:00"),
            purpose="Cat and tomatoes",
        )
        stage.take_back(
            diary.at(back, "17:40", give_or_take=40),
            ["House·8", "Side gate·4"],
            brought_by="Per Lindqvist",
        )


def _car_and_shed(stage: Stage) -> None:
    """Aunt Jo borrows the car now and then; the mower is Mr Lindqvist's, too."""
    diary = stage.diary
    for day in calendar.weekly(diary.days(), 5):
        if calendar.is_away(day) or day > diary.today - timedelta(days=6):
            continue
        if diary.chance.random() < 0.3:
            home = diary.at(day, "18:30", give_or_take=90)
            stage.lend(
                diary.at(day, "09:30", give_or_take=40),
                "Aunt Jo",
                ["Volvo·2"],
                due=diary.at(day, "20:00"),
                purpose=diary.chance.choice(["Garden centre", "Airport", "Furniture"]),
                by="Dad",
            )
            stage.take_back(home, ["Volvo·2"], by="Dad")
        if 4 <= day.month <= 9 and diary.chance.random() < 0.4:
            stage.lend(
                diary.at(day, "10:15", give_or_take=30),
                "Per Lindqvist",
                ["Shed·1"],
                due=diary.at(day, "15:00"),
                purpose="Lawn mower",
            )
            stage.take_back(diary.at(day, "13:30", give_or_take=60), ["Shed·1"])


def _gran_in_hospital(stage: Stage) -> None:
    """Mum looks after the flat, longer than first thought."""
    diary, day = stage.diary, stage.diary.time_of_year(3, 9)
    flat = [stage.copies["Gran's flat·3"]]
    stage.lend(
        diary.at(day, "19:05"),
        "Mum",
        ["Gran's flat·3"],
        due=diary.at(day + timedelta(days=7), "20:00"),
        purpose="Gran is in hospital",
    )
    longer = diary.at(day + timedelta(days=21), "20:00")
    diary.plan(
        diary.at(day + timedelta(days=6), "21:10"),
        partial(custody.extend, copy_ids=flat, due_at=longer),
    )
    diary.plan(
        diary.at(day + timedelta(days=13), "18:20"),
        partial(custody.pass_on, copy_ids=flat, person_id=stage.people["Aunt Jo"]),
    )
    stage.take_back(
        diary.at(day + timedelta(days=20), "16:45"), ["Gran's flat·3"], note="Flat aired, post read"
    )


def _boiler(stage: Stage) -> None:
    """The plumber takes the key out of the lockbox twice; one visit is typed in later."""
    diary = stage.diary
    service = calendar.workday_from(diary.time_of_year(10, 14))
    stage.lend(
        diary.at(service, "08:35"),
        "Gary Thwaite",
        ["House·7"],
        due=diary.at(service, "13:00"),
        purpose="Boiler service",
        by="Dad",
    )
    stage.take_back(diary.at(service, "11:50"), ["House·7"], box=LOCKBOX, by="Dad")
    leak = calendar.workday_from(diary.time_of_year(1, 19))
    diary.plan(
        diary.at(leak + timedelta(days=2), "20:30"),
        partial(
            custody.record_past_loan,
            copy_id=stage.copies["House·7"],
            person_id=stage.people["Gary Thwaite"],
            from_at=diary.at(leak, "07:50"),
            until_at=diary.at(leak, "10:20"),
            purpose="Dripping valve; nobody had time to write it down",
        ),
    )


def _bike_key(stage: Stage) -> None:
    """Ben loses the bike key; it turns up behind the sofa three weeks later."""
    diary, day = stage.diary, stage.diary.time_of_year(5, 12)
    bike = stage.copies["Bike·1"]
    diary.plan(
        diary.at(day, "16:20"),
        partial(
            custody.report_missing,
            copy_ids=[bike],
            note="Gone after football, maybe on the pitch",
            happened_at=diary.at(day, "15:30"),
        ),
        by="Ben",
    )
    due = day + timedelta(days=30)
    stage.lend(
        diary.at(day, "17:05"), "Ben", ["Bike·2"], due=diary.at(due, "18:00"), purpose="Spare"
    )
    found = day + timedelta(days=23)
    diary.plan(
        diary.at(found, "11:40"),
        partial(
            custody.report_found,
            copy_id=bike,
            note="Behind the sofa",
            person_id=stage.people["Ben"],
            review_on=diary.today + timedelta(days=120),
        ),
        by="Dad",
    )
    stage.take_back(diary.at(found, "11:45"), ["Bike·2"], by="Dad")


def _lockbox(stage: Stage) -> None:
    """The combination is changed after the plumber, and told again."""
    diary = stage.diary
    code = stage.codes["Lockbox combination"]
    for month, day in ((10, 20), (4, 6)):
        changed = diary.time_of_year(month, day)
        diary.plan(
            diary.at(changed, "19:00"), partial(hardware.note_code_changed, code_id=code), by="Dad"
        )
        for minute, person in enumerate(("Mum", "Dad", "Mrs Okafor"), 2):
            diary.plan(
                diary.at(changed, f"19:{minute:02}"),
                partial(hardware.note_code_told, code_id=code, person_id=stage.people[person]),
                by="Dad",
            )


def _these_days(stage: Stage) -> None:
    """How things stand: something late, something lost, something bent, something due today."""
    diary, today = stage.diary, stage.diary.today
    _still_out(stage, today)
    diary.plan(
        diary.at(today - timedelta(days=4), "16:05"),
        partial(
            custody.report_missing,
            copy_ids=[stage.copies["Side gate·1"]],
            note="Not in the school bag any more, since the swimming lesson",
            happened_at=diary.at(today - timedelta(days=5), "14:00"),
        ),
        by="Ben",
    )
    diary.plan(
        diary.at(today - timedelta(days=9), "13:45"),
        partial(
            custody.report_damaged,
            copy_id=stage.copies["Shed·1"],
            note="Bent; turns only with patience",
        ),
        by="Dad",
    )


def _still_out(stage: Stage, today: date) -> None:
    diary = stage.diary
    stage.lend(
        diary.at(today - timedelta(days=5), "18:10"),
        "Anna Lindqvist",
        ["House·8"],
        due=diary.at(today - timedelta(days=2), "18:00"),
        purpose="Cat, long weekend",
    )
    stage.lend(
        diary.ago(hours=3),
        "Aunt Jo",
        ["Volvo·2"],
        due=diary.end_of_today(),
        purpose="Furniture",
        by="Dad",
    )
    due = diary.due_before(diary.now - timedelta(hours=1))
    stage.lend(
        diary.before(due, days=1),
        "Gary Thwaite",
        ["House·7"],
        due=due,
        purpose="Thermostat",
    )
