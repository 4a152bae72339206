"""The house, the garden, and Gran's flat."""

from keystead.exchange.demo.stage import Stage

HOUSE = "Maple Street 12"
FLAT = "Gran's flat"
BOARD = "Hook board"
DRAWER = "Kitchen drawer"
LOCKBOX = "Lockbox at the side gate"


def describe(stage: Stage) -> None:
    """Add both sites with their doors, and where keys are kept."""
    _house(stage)
    _flat(stage)
    stage.box(HOUSE, BOARD, "cabinet", space="Kitchen", hooks=12)
    stage.box(HOUSE, DRAWER, "drawer", space="Kitchen")
    stage.box(HOUSE, LOCKBOX, "lockbox", space="Garden")
    stage.lock_on_box(LOCKBOX, "keypad")
    stage.code(LOCKBOX, "Lockbox combination", known_by=["Mum", "Dad", "Mrs Okafor"])
    stage.code("Alarm panel", "Alarm", known_by=["Mum", "Dad", "Ben", "Marta Nowak"])


def _house(stage: Stage) -> None:
    stage.site(HOUSE, address="12 Maple Street, Harrogate")
    stage.space(HOUSE, "House", "building")
    for room in ("Hall", "Kitchen", "Garage"):
        stage.space(HOUSE, room, inside="House")
    stage.space(HOUSE, "Garden", "yard")
    stage.space(HOUSE, "Shed", inside="Garden")
    stage.door(HOUSE, "Front door", to="Hall")
    stage.door(HOUSE, "Back door", frm="Garden", to="Kitchen")
    stage.door(HOUSE, "Garage door", to="Garage")
    stage.door(HOUSE, "Side gate", to="Garden", kind="gate")
    stage.door(HOUSE, "Shed door", frm="Garden", to="Shed", kind="padlock")
    stage.door(HOUSE, "Letter box", kind="mailbox")
    stage.door(HOUSE, "Alarm panel", frm="Hall", kind="alarm-panel", lock="keypad")
    stage.door(HOUSE, "Volvo", kind="vehicle", lock="smart")
    stage.door(HOUSE, "Ben's bike", kind="padlock")
    for number, door in enumerate(
        ["Front door", "Back door", "Garage door", "Side gate", "Shed door", "Letter box"], 1
    ):
        stage.cylinder(f"M{number}", door)
    stage.cylinder("M7", "Ben's bike")


def _flat(stage: Stage) -> None:
    stage.site(FLAT, address="Flat 3, Rowan Court, Harrogate")
    stage.space(FLAT, "Rowan Court", "building")
    stage.space(FLAT, "Flat 3", "flat", inside="Rowan Court")
    stage.door(FLAT, "House door", to="Rowan Court")
    stage.door(FLAT, "Flat door", frm="Rowan Court", to="Flat 3", number="3")
    stage.cylinder("R1", "House door")
    stage.cylinder("R2", "Flat door")
