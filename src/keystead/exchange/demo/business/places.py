"""The office building, the warehouse, and where their keys are kept."""

from keystead.exchange.demo.stage import Stage

OFFICE = "Harbour House"
WAREHOUSE = "Warehouse Pier 4"
CABINET = "Key cabinet"
SAFE = "Office safe"

ROOMS = {
    "Ground floor": ("Reception", "Stock room", "Heating room"),
    "First floor": ("Office 1.1", "Office 1.2", "Meeting room"),
    "Second floor": ("Partners' office", "Archive", "Server room"),
}


def describe(stage: Stage) -> None:
    """Add both sites, floor by floor, with doors, cylinders and containers."""
    _building(stage)
    _doors(stage)
    _cylinders(stage)
    stage.site(WAREHOUSE, address="Kontorgasse, Pier 4, 1020 Wien", number="W4")
    stage.space(WAREHOUSE, "Hall 4", "building")
    stage.door(WAREHOUSE, "Roller door", to="Hall 4", number="W1")
    stage.door(WAREHOUSE, "Side entrance", to="Hall 4", number="W2")
    stage.cylinder("W-01", "Roller door")
    stage.cylinder("W-02", "Side entrance")
    stage.box(OFFICE, CABINET, "cabinet", space="Reception", hooks=40)
    stage.box(OFFICE, SAFE, "safe", space="Partners' office")
    stage.lock_on_box(SAFE)
    stage.cylinder("S-01", SAFE)
    stage.code("Alarm panel", "Alarm, ground floor", known_by=["Jonas Huber", "Viktor Sommer"])


def _building(stage: Stage) -> None:
    stage.site(OFFICE, address="Kontorgasse 9, 1020 Wien", number="H1")
    stage.space(OFFICE, "Office building", "building")
    for floor, rooms in ROOMS.items():
        stage.space(OFFICE, floor, "floor", inside="Office building")
        for room in rooms:
            stage.space(OFFICE, room, inside=floor)
    stage.space(OFFICE, "Yard", "yard")


def _doors(stage: Stage) -> None:
    stage.door(OFFICE, "Yard gate", to="Yard", kind="gate", number="001")
    stage.door(OFFICE, "Main entrance", to="Ground floor", number="002")
    stage.door(OFFICE, "Back entrance", frm="Yard", to="Ground floor", number="003")
    number = 100
    for floor, rooms in ROOMS.items():
        for index, room in enumerate(rooms, 1):
            stage.door(OFFICE, f"{room} door", frm=floor, to=room, number=f"{number + index}")
        number += 100
    stage.door(OFFICE, "Alarm panel", frm="Ground floor", kind="alarm-panel", lock="keypad")
    stage.door(OFFICE, "Letter box", kind="mailbox")
    stage.door(OFFICE, "Van W-4711 K", kind="vehicle", lock="smart")


def _cylinders(stage: Stage) -> None:
    stage.cylinder("X-01", "Main entrance", is_listed_only=True)
    for number, door in enumerate(
        (
            "Back entrance",
            "Reception door",
            "Stock room door",
            "Heating room door",
            "Office 1.1 door",
            "Office 1.2 door",
            "Meeting room door",
            "Partners' office door",
            "Archive door",
        ),
        2,
    ):
        stage.cylinder(f"Z-{number:02}", door)
    stage.cylinder("N-01", "Server room door", is_listed_only=True)
    stage.cylinder("Y-01", "Yard gate")
    stage.cylinder("L-01", "Letter box")
