"""Which door, panel or container a code found in a row belongs to."""

import re

from keystead.exchange.planning.desk import Case, LooseCode
from keystead.exchange.planning.placing import Place
from keystead.exchange.planning.records import AccessPoint, CodeFound, Container

_CONTAINERS = (
    (r"lock ?box|key ?safe|schlüsselsafe", "lockbox"),
    (r"\bsafe\b|tresor", "safe"),
    (r"schlüsselkasten", "cabinet"),
)


def codes_of(case: Case, place: Place) -> tuple[CodeFound, ...]:
    """The codes taken out of a row, each tied to what it opens."""
    return tuple(_tied(code, place) for code in case.codes)


def _tied(code: LooseCode, place: Place) -> CodeFound:
    if code.is_alarm:
        panel = AccessPoint(path=place.path, name="Alarm", kind="alarm-panel")
        return CodeFound(word=code.word, access_point=panel, value=code.value)
    for pattern, kind in _CONTAINERS:
        if match := re.search(pattern, code.word):
            container = Container(name=match[0], kind=kind, path=place.path)
            return CodeFound(word=code.word, container=container, value=code.value)
    door = place.opens[0] if place.opens else AccessPoint(path=place.path, name=place.path[-1])
    return CodeFound(word=code.word, access_point=door, value=code.value)
