"""Whereabouts in plain words: `Mum, Ben (school bag), hook in kitchen; lockbox at side gate`."""

import re
from dataclasses import dataclass

from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import names, places
from keystead.exchange.planning.desk import Case
from keystead.exchange.planning.records import (
    CodeFound,
    Container,
    Holder,
    HolderKind,
    Home,
    State,
)

_SEPARATOR = re.compile(r"[,;\n](?![^(]*\))")
_KNOWER = re.compile(
    r"(?:code|pin|combination|kombination)\s+(?:is\s+|ist\s+)?"
    r"(?:with|known to|known by|from|bei|hat|kennt|von)\s+(?P<who>.+)",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?P<what>.+?)\s+(?:in|at|on|im|in der|am|an der|bei der|beim)\s+(?:the\s+|der\s+|dem\s+)?"
    r"(?P<place>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one copy is according to one part of the text."""

    state: State
    holder: Holder | None = None
    home: Home | None = None
    code: CodeFound | None = None


def spots_of(case: Case) -> tuple[Spot, ...]:
    """Each place or holder that the row's whereabouts name, in order."""
    text = case.text(Field.WHERE)
    parts = [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    return tuple(spot for part in parts for spot in _spots(case, part))


def _spots(case: Case, part: str) -> list[Spot]:
    naming = names.parsed(part)
    if naming is None:
        case.ask("whereabouts-unknown", Field.WHERE, found=part)
        return [Spot(State.UNKNOWN)]
    bare, inside = _without_note(part)
    kind = places.container_kind(bare)
    if kind:
        return [_in_container(case, bare, inside, kind)]
    if naming.others:
        found = [names.parsed(other) for other in naming.others]
        return [Spot(State.OUT, one.holder) for one in found if one is not None]
    if names.is_damaged(part):
        case.ask("damaged-text", Field.WHERE, found=part)
    if naming.holder.kind is HolderKind.ROLE:
        case.ask("role", Field.WHERE, found=naming.holder.name)
    return [Spot(State.OUT, naming.holder)]


def _without_note(part: str) -> tuple[str, str]:
    before, bracket, after = part.partition("(")
    return (before.strip(), after.rstrip(") ").strip()) if bracket else (part, "")


def _in_container(case: Case, text: str, note: str, kind: str) -> Spot:
    site = case.desk.settings.site
    match = _AT.fullmatch(text)
    path: tuple[str, ...] = (site, match["place"].strip()) if match else (site,)
    name = case.name(Field.WHERE, text)
    container = Container(name=name, kind=kind, path=path)
    return Spot(State.IN, None, Home(container=container), _known(case, note, container))


def _known(case: Case, note: str, container: Container) -> CodeFound | None:
    """Somebody who knows the container's code; any other note goes into the remark."""
    match = _KNOWER.fullmatch(note)
    if match is None:
        case.keep("", note)
        return None
    choice = case.ask("knows-code", Field.WHERE, found=note)
    knower = names.parsed(match["who"])
    case.keep(case.heading(Field.WHERE), note)
    if choice != "knower" or knower is None:
        return None
    return CodeFound(word="code", container=container, knowers=(knower.holder,))
