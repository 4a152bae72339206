"""Sites, buildings, rooms, doors and hooks as registers write them."""

import re

from keystead.exchange.planning.records import AccessPoint, Container, Home, Space
from keystead.kernel.text import folded

_UNIT = re.compile(
    r"(?:flat|apt|apartment|unit|wohnung|whg|top|room|suite|floor|studio|stock|og|eg|ug|dg)\b\.?.*"
    r"|\d+\. ?(?:og|stock|floor)\b.*",
    re.IGNORECASE,
)
_PATTERN = re.compile(r"(?=.*\d)(?=.*[xX*])[\dA-Za-z]*?\d+[xX*]+")
_RANGE = re.compile(r"[A-Za-z]{0,3}\d{1,5}\s?(?:-|–|to|bis)\s?[A-Za-z]{0,3}\d{1,5}", re.IGNORECASE)
_ALL = frozenset(["all", "alle", "every", "any", "ganz", "überall", "everything", "alles"]) | {
    "all rooms",
    "alle räume",
}
_CABINET_HOOK = re.compile(r"(?P<cabinet>[A-Za-z]+\d{0,3})\s?[/\\:|-]\s?(?P<hook>\d{1,4}[A-Za-z]?)")
_HOOK = re.compile(
    r"(?:(?:hook|haken|peg|nr\.?|no\.?|#)\s?)?(?P<hook>\d{1,4}[A-Za-z]?)", re.IGNORECASE
)
_CABINET_SAID = re.compile(
    r"(?P<cabinet>(?:key )?(?:cabinet|box)|schlüsselkasten|kasten)\s?"
    r"(?P<name>[A-Za-z0-9]{0,3})[, /]+"
    r"(?:hook|haken|peg|nr\.?)?\s?(?P<hook>\d{1,4})",
    re.IGNORECASE,
)
_KINDS = (
    (r"\bsafe\b|tresor", "safe"),
    (r"\b(?:vehicle|car|van|truck|auto|wagen|pkw|lkw|bike|fahrrad)\b", "vehicle"),
    (r"\b(?:škoda|skoda|vw|bmw|audi|ford|toyota|opel|fiat|renault)\b", "vehicle"),
    (r"padlock|vorhängeschloss|bügelschloss|bike lock", "padlock"),
    (r"\bgates?\b|\btor\b|garagentor|schranke|barrier", "gate"),
    (r"mail ?box|letter ?box|briefkasten|post ?box", "mailbox"),
    (r"\bcabinet\b|\bschrank\b|\bspind\b|locker", "cabinet"),
    (r"alarm", "alarm-panel"),
)
_KEY_KINDS = (
    (r"\bfob\b|\btransponder\b|\bchip\b", "fob"),
    (r"\bremote\b|\bfernbedienung\b|handsender", "remote"),
    (r"\bcards?\b|\bkarte\b", "card"),
)
_CONTAINERS = (
    (r"lock ?box|key ?safe|schlüsselsafe", "lockbox"),
    (r"\bsafe\b|tresor", "safe"),
    (r"drawer|schublade|\blade\b", "drawer"),
    (r"\bhooks?\b|\bhaken\b|schlüsselbrett|\bpeg\b", "other"),
    (r"cabinet|schlüsselkasten|\bkasten\b|\bboard\b", "cabinet"),
    (r"envelope|umschlag|kuvert", "envelope"),
    (r"\b(?:car|van|auto|vehicle|truck|wagen)\b", "other"),
    (r"\b(?:office|büro|kitchen|küche|garage|shed|cellar|keller|hall|flur)\b", "other"),
    (r"\b(?:desk|schreibtisch|box|tin|dose|jar|pot|mat|matte|flowerpot|blumentopf)\b", "other"),
)


def property_path(text: str) -> tuple[str, ...]:
    """A property as site and unit: `67 The Crescent, Flat 12` has two names, a house one."""
    street, comma, unit = text.rpartition(",")
    if comma and street.strip() and _UNIT.fullmatch(unit.strip()):
        return (street.strip(), unit.strip())
    return (text,)


def spaces_of(path: tuple[str, ...], inner_kind: str) -> tuple[Space, ...]:
    """The site and the spaces on the way to a place."""
    return tuple(
        Space(path=path[:depth], kind="site" if depth == 1 else inner_kind)
        for depth in range(1, len(path) + 1)
    )


def rooms(text: str, path: tuple[str, ...]) -> tuple[AccessPoint, ...]:
    """The doors a rooms cell names: `332, 245`, `all`, `3xx`, `144-205`."""
    found: dict[str, AccessPoint] = {}
    for part in re.split(r"[,;\n]", text):
        name = " ".join(part.split())
        if name:
            point = AccessPoint(path=path, name=name, extent=_extent(name))
            found.setdefault(point.identity, point)
    return tuple(found.values())


def door(text: str, path: tuple[str, ...], *, hint: str = "") -> AccessPoint:
    """One access point by its name; its kind from the name or from the key's name (`hint`)."""
    kind = _kind(text, _KINDS) or _kind(hint, _KINDS) or "door"
    return AccessPoint(path=path, name=text, kind=kind)


def key_kind(text: str) -> str:
    """Whether a key's name says that it is a fob, card or remote."""
    return _kind(text, _KEY_KINDS) or "metal"


def home(text: str, *, site: str, cabinet: str) -> Home:
    """Where a hook cell points: `safe`, `C2/54`, `28` (a hook in the one cabinet), or a place."""
    text = " ".join(text.split())
    if match := _HOOK.fullmatch(text):
        return _hook(cabinet, site, match["hook"])
    if match := _CABINET_SAID.fullmatch(text):
        name = " ".join(f"{match['cabinet']} {match['name']}".split())
        return _hook(name, site, match["hook"])
    if match := _CABINET_HOOK.fullmatch(text):
        return _hook(match["cabinet"], site, match["hook"])
    kind = container_kind(text) or "cabinet"
    return Home(container=Container(name=text, kind=kind, path=(site,)))


def _hook(cabinet: str, site: str, hook: str) -> Home:
    return Home(container=Container(name=cabinet, kind="cabinet", path=(site,)), position=hook)


def container_kind(text: str) -> str:
    """The kind of container a text names, or an empty string if it names none."""
    return _kind(text, _CONTAINERS)


def _extent(name: str) -> str:
    if folded(name) in _ALL:
        return "all"
    if _PATTERN.fullmatch(name):
        return "pattern"
    return "range" if _RANGE.fullmatch(name) else "one"


def _kind(text: str, kinds: tuple[tuple[str, str], ...]) -> str:
    return next((kind for pattern, kind in kinds if re.search(pattern, folded(text))), "")
