"""Harbour & Partners: a small firm with a key cabinet, a master-key system and contractors."""

from keystead.exchange.demo import calendar
from keystead.exchange.demo.business import cast, keys, places, rounds, year
from keystead.exchange.demo.diary import Hours
from keystead.exchange.demo.stage import Stage, Story


def _script(stage: Stage) -> None:
    cast.gather(stage)
    places.describe(stage)
    keys.hang_up(stage)
    rounds.plan(stage)
    year.plan(stage)


HOURS = Hours("08:00", "17:00", calendar.is_workday, ("12:00", "15:00", "17:00"))
HARBOUR = Story("Harbour & Partners", "Europe/Vienna", HOURS, "Ana Berger", _script)
