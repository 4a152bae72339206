"""The master-key system, the lone keys, forty hooks, and who keeps a key for good."""

from datetime import timedelta
from functools import partial

from keystead.exchange.demo.business.cast import DESK
from keystead.exchange.demo.business.places import CABINET, SAFE
from keystead.exchange.demo.stage import Stage
from keystead.keys import operations as keys

SYSTEM = "Harbour 2019"


def hang_up(stage: Stage) -> None:
    """Add the keys, hang their copies up, make the rings and hand out what people keep."""
    _system(stage)
    _lone(stage)
    stage.cut("GM", box=SAFE)
    stage.cut("GM")
    stage.cut("S1", 2)
    hook = iter(range(1, 41))
    for key, count in (
        ("A", 2), ("B", 1), ("AA", 3), ("AB", 3), ("AC", 3), ("BA", 4), ("BB", 4), ("BC", 2),
        ("BD", 3), ("S1", 1), ("Van", 2), ("Yard gate", 3), ("Warehouse", 3), ("Letter box", 1),
    ):  # fmt: skip
        for _ in range(count):
            stage.cut(key, box=CABINET, hook=next(hook))
    for key, count in (("A", 3), ("B", 2), ("Yard gate", 2), ("Warehouse", 1)):
        stage.cut(key, count)
    stage.ring("On call", ["A·3", "Warehouse·4"], box=CABINET, hook=38, seal="P 20481")
    stage.ring("Rounds", ["A·4", "Yard gate·4"], box=CABINET, hook=39)
    stage.ring("Cleaning", ["A·5", "B·2"], box=CABINET, hook=40)
    for name in (CABINET, SAFE):
        stage.tag("container", stage.boxes[name])
    for ring in stage.rings.values():
        stage.tag("ring", ring)
    for copy in ("Van·1", "Van·2", "BD·1", "BD·2", "AA·1", "AA·2"):
        stage.tag("copy", stage.copies[copy])
    _designated(stage)


def _system(stage: Stage) -> None:
    system = stage.diary.do(partial(keys.add_key_system, name=SYSTEM))
    for symbol, name, above, cylinders in (
        ("GM", "Grand master", "", []),
        ("A", "Ground floor", "GM", ["Z-02"]),
        ("B", "Upper floors", "GM", ["Z-08"]),
        ("AA", "Stock room", "A", ["Z-04"]),
        ("AB", "Heating room", "A", ["Z-05"]),
        ("AC", "Reception", "A", ["Z-03"]),
        ("BA", "Office 1.1", "B", ["Z-06"]),
        ("BB", "Office 1.2", "B", ["Z-07"]),
        ("BC", "Partners' office", "B", ["Z-09"]),
        ("BD", "Archive", "B", ["Z-10"]),
    ):
        # The main entrance is cross-keyed: every key of the house is on its list.
        stage.key(symbol, name, system=system, under=above, opens=[*cylinders, "X-01"])


def _lone(stage: Stage) -> None:
    stage.key("S1", "Server room", opens=["N-01"])
    stage.key("Van", kind="remote")
    stage.key("Yard gate", opens=["Y-01"])
    stage.key("Warehouse", opens=["W-01", "W-02"])
    stage.key("Letter box", opens=["L-01"])
    stage.key("Safe", opens=["S-01"])
    stage.cut("Safe", 2)


def _designated(stage: Stage) -> None:
    today = stage.diary.today
    for copy, person, why, days in (
        ("GM·2", "Miriam Adler", "Designated holder", 60),
        ("Safe·1", "Miriam Adler", "Designated holder", 60),
        ("Safe·2", "Paul Harbour", "Designated holder", 60),
        ("BC·1", "Paul Harbour", "Own office", 150),
        ("A·1", DESK, "Opens in the morning", 2),
        ("B·1", "Ana Berger", "", 90),
        ("BA·1", "Clara Brandt", "Own office", -3),
        ("BA·2", "Emre Yildiz", "Own office", 30),
        ("BB·1", "Nora Lang", "Own office", 30),
        ("BB·2", "Lukas Gruber", "Own office", 30),
        ("S1·1", "Ivana Horvat", "Designated holder, IT", 45),
        ("S1·2", "Felix Maier", "Deputy for the server room", 45),
        ("AC·1", DESK, "", 100),
        ("Letter box·1", DESK, "", 100),
        ("Yard gate·5", "Stefan Wolf", "Deliveries", 0),
    ):
        stage.entrust(copy, person, why, review_on=today + timedelta(days=days))
