"""What a row's key opens, and the hook where its copy belongs."""

from dataclasses import dataclass

from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import places
from keystead.exchange.planning.desk import Case
from keystead.exchange.planning.records import AccessPoint, Home, Space


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is about: the innermost space known, and the access points it names."""

    path: tuple[str, ...]
    spaces: tuple[Space, ...]
    opens: tuple[AccessPoint, ...]


def place_of(case: Case) -> Place:
    """Read site, building, rooms and door of a row."""
    path = _path(case)
    inner = "flat" if case.text(Field.SITE) else "building"
    spaces = places.spaces_of(path, inner)
    opens: dict[str, AccessPoint] = {}
    for point in (*_rooms(case, path), *_door(case, path)):
        opens.setdefault(point.identity, point)
    if case.text(Field.SITE) and not opens:
        # A key book by property: the key opens the property's own door.
        point = AccessPoint(path=path, name=path[-1])
        opens[point.identity] = point
    if case.text(Field.BUILDING) and not opens:
        case.ask("opens-unknown", Field.ROOMS, about=path[-1], place=path[-1])
        case.keep_cell(Field.BUILDING)
    return Place(path, spaces, tuple(opens.values()))


def home_of(case: Case) -> Home | None:
    """The hook cell of a row as container and position."""
    text = case.name(Field.HOOK, case.text(Field.HOOK))
    settings = case.desk.settings
    return places.home(text, site=settings.site, cabinet=settings.cabinet) if text else None


def _path(case: Case) -> tuple[str, ...]:
    site = case.name(Field.SITE, case.text(Field.SITE))
    building = case.desk.word(Field.BUILDING, case.name(Field.BUILDING, case.text(Field.BUILDING)))
    path: tuple[str, ...] = (case.desk.settings.site,)
    if site:
        street, *unit = places.property_path(site)
        path = (case.desk.word(Field.SITE, street), *unit)
    return (*path, building) if building else path


def _rooms(case: Case, path: tuple[str, ...]) -> tuple[AccessPoint, ...]:
    text = case.name(Field.ROOMS, case.text(Field.ROOMS))
    points = places.rooms(text, path)
    for point in points:
        if point.extent != "one":
            case.ask("many-doors", Field.ROOMS, found=point.name, about=point.extent)
    return points


def _door(case: Case, path: tuple[str, ...]) -> tuple[AccessPoint, ...]:
    text = case.name(Field.OPENS, case.text(Field.OPENS))
    return (places.door(text, path, hint=case.text(Field.KEY)),) if text else ()
