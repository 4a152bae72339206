"""Maple Street 12: a suburban family with neighbours, a grandmother and a cleaner."""

from keystead.exchange.demo.diary import Hours
from keystead.exchange.demo.family import cast, keys, places, year
from keystead.exchange.demo.stage import Stage, Story


def _script(stage: Stage) -> None:
    cast.gather(stage)
    places.describe(stage)
    keys.hang_up(stage)
    year.plan(stage)


HOURS = Hours("07:30", "20:30", lambda day: True, ("12:00", "18:00", "20:00"))
MAPLE_STREET = Story("Maple Street 12", "Europe/London", HOURS, "Mum", _script)
