"""The family's keys, who carries one for good, and what hangs on the board."""

from datetime import timedelta

from keystead.exchange.demo.family.places import BOARD, DRAWER, LOCKBOX
from keystead.exchange.demo.stage import Stage


def hang_up(stage: Stage) -> None:
    """Add the keys with their copies and give the family theirs."""
    _house(stage)
    _other(stage)
    stage.ring("Cleaner's ring", ["House·6", "Side gate·3"], box=BOARD, hook=1)
    _entrust(stage)


def _house(stage: Stage) -> None:
    stage.key("House", opens=["M1", "M2"])
    stage.cut("House", 4)
    stage.cut("House", box=BOARD, hook=2)
    stage.cut("House")
    stage.cut("House", box=LOCKBOX)
    stage.cut("House", box=BOARD, hook=3)
    stage.key("Side gate", opens=["M4"])
    stage.cut("Side gate", 3)
    stage.cut("Side gate", box=BOARD, hook=4)
    stage.key("Garage", opens=["M3"])
    stage.cut("Garage")
    stage.cut("Garage", box=BOARD, hook=5)
    stage.key("Shed", opens=["M5"])
    stage.cut("Shed", box=BOARD, hook=6)
    stage.cut("Shed", box=DRAWER)


def _other(stage: Stage) -> None:
    stage.key("Letter box", opens=["M6"])
    stage.cut("Letter box", box=BOARD, hook=7)
    stage.key("Volvo", kind="remote")
    stage.cut("Volvo")
    stage.cut("Volvo", box=BOARD, hook=8)
    stage.key("Bike", opens=["M7"])
    stage.cut("Bike")
    stage.cut("Bike", box=DRAWER)
    stage.key("Gran's flat", opens=["R1", "R2"])
    stage.cut("Gran's flat", 2)
    stage.cut("Gran's flat", box=BOARD, hook=9)


def _entrust(stage: Stage) -> None:
    review = stage.diary.today + timedelta(days=120)
    soon = stage.diary.today + timedelta(days=3)
    for copy, person, why in (
        ("House·1", "Mum", ""),
        ("House·2", "Dad", ""),
        ("House·3", "Ben", "In the school bag"),
        ("Side gate·1", "Ben", "In the school bag"),
        ("Side gate·2", "Dad", ""),
        ("Garage·1", "Dad", ""),
        ("Volvo·1", "Dad", ""),
        ("Bike·1", "Ben", ""),
        ("Gran's flat·1", "Gran", ""),
    ):
        stage.entrust(copy, person, why, review_on=review)
    stage.entrust("House·4", "Gran", "For when she visits", review_on=soon)
    stage.entrust("Gran's flat·2", "Aunt Jo", "Nearest to Gran", review_on=review)
    stage.entrust("House·5", "Mrs Okafor", "Spare, next door", review_on=stage.diary.today)
