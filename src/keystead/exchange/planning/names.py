"""Who is meant by a holder's cell: a person, a role, a firm, and what is said besides."""

import re
from dataclasses import dataclass, replace

from keystead.exchange.planning.records import Holder, HolderKind
from keystead.kernel.text import folded

_ROLES = frozenset(
    [
        "hausmeister",
        "hausmeisterin",
        "hauswart",
        "hausverwaltung",
        "verwaltung",
        "caretaker",
        "janitor",
        "concierge",
        "superintendent",
        "super",
        "porter",
        "cleaner",
        "cleaners",
        "putzfrau",
        "reinigung",
        "security",
        "wachdienst",
        "reception",
        "empfang",
        "office",
        "büro",
        "sekretariat",
        "manager",
        "management",
        "tenant",
        "tenants",
        "mieter",
        "landlord",
        "owner",
        "eigentümer",
        "vermieter",
        "handwerker",
        "contractor",
        "gardener",
        "gärtner",
        "postman",
        "postbote",
        "police",
        "polizei",
        "feuerwehr",
        "fire",
        "brigade",
        "department",
        "dept",
        "landlady",
        "agent",
        "makler",
        "pförtner",
        "technik",
        "neighbour",
        "neighbor",
        "nachbar",
        "nachbarin",
    ]
)
_RELATIONS = re.compile(
    r"(?P<relation>neighbou?r|nachbar(?:in)?|aunt|uncle|tante|onkel|friend|freund(?:in)?|cleaner"
    r"|putzfrau|babysitter|tenant|mieter(?:in)?)\s+(?P<name>(?:(?:mrs?|ms|herr|frau|fr|hr|dr)\.?\s+)?"
    r"[^\W\d].*)",
    re.IGNORECASE,
)
_KIN = frozenset(["aunt", "uncle", "tante", "onkel"])
_FIRM = re.compile(
    r"^(?:fa\.?|firma|messrs\.?)\s+(?P<rest>.+)$|\b(?:gmbh|ag|kg|ohg|gbr|e\.\s?k\.?|ug|ltd\.?|limited|llc|llp"
    r"|inc\.?|plc|co\.|corp\.?|sons|bros\.?|s\.a\.|b\.v\.|plumbing|heating|cleaning|services?|electrics?"
    r"|lettings|properties|security|heizungsbau|sanitär|elektro|reinigung|gebäudereinigung|bau|sicherheit"
    r"|schlüsseldienst|locksmiths?|builders|contractors|partners)\b",
    re.IGNORECASE,
)
_PAREN = re.compile(r"^(?P<base>[^()]+?)\s*\((?P<inside>[^()]*)\)\s*(?P<after>.*)$")
_PURPOSE = re.compile(r"^(?P<base>.+?)\s+[-–—]\s+(?P<purpose>.+)$")
_WORD = r"[^\W\d_][\w.'’\-]*"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}}")
_SEVERAL = re.compile(r"\s*(?:/|;|\+| & | und | and | u\. |\n)\s*")
_DAMAGED = re.compile(r"[^\W\d_]\?[^\W\d_]|\ufffd")


@dataclass(frozen=True, slots=True)
class Naming:
    """A holder as read from a cell, with what else the cell said."""

    holder: Holder
    purpose: str = ""
    others: tuple[str, ...] = ()


def parsed(text: str) -> Naming | None:
    """Read a holder's cell: `Last, First`, `Name (Firm)`, `Name - purpose`, `Fa. X`, a role."""
    text = " ".join(text.split())
    if not text.strip("?-–—. "):
        return None
    purpose = ""
    if (match := _PURPOSE.match(text)) and not is_firm(match["base"]):
        text, purpose = match["base"], match["purpose"]
    several = _parts(text)
    if len(several) > 1:
        return Naming(Holder(kind=HolderKind.PERSON, name=text), purpose, several)
    note, firm = "", ""
    match = _PAREN.match(text)
    if match and match["inside"].strip() and not match["after"]:
        text = match["base"]
        inside = match["inside"].strip()
        if _could_be_firm(inside) and not is_firm(text) and not is_role(text):
            firm = inside
        else:
            note = inside
    return Naming(_holder(text.strip(), firm, note), purpose)


def full_name(last: str, first: str) -> str:
    """One name from two columns."""
    return " ".join(f"{first} {last}".split())


def straightened(name: str) -> str:
    """`Tanaka, Lena` as `Lena Tanaka`; anything else as it is."""
    last, comma, first = name.partition(",")
    if (
        comma
        and "," not in first
        and _NAME.fullmatch(last.strip())
        and _NAME.fullmatch(first.strip())
    ):
        return full_name(last, first)
    return name


def is_firm(text: str) -> bool:
    """Whether a text names a firm: `Fa.` before it, or a legal form or trade in it."""
    return _FIRM.search(text) is not None


def is_role(text: str) -> bool:
    """Whether a text consists of the words of a role, such as `Hausmeister` or `fire dept`."""
    words = [word for word in re.split(r"[\s.]+", _PAREN.sub(r"\g<base>", folded(text))) if word]
    return bool(words) and all(word in _ROLES for word in words)


def is_damaged(text: str) -> bool:
    """Whether a letter was lost on the way: a question mark inside a word."""
    return _DAMAGED.search(text) is not None


def of_firm(holder: Holder, firm: str) -> Holder:
    """The holder as a worker of the firm in the firm's column, unless it is a firm itself."""
    return holder if holder.kind is HolderKind.FIRM or holder.firm else replace(holder, firm=firm)


def firm_name(text: str) -> str:
    """A firm's name without `Fa.` before it."""
    text = " ".join(text.split())
    match = _FIRM.match(text)
    return match["rest"] if match and match["rest"] else text


def _holder(text: str, firm: str, note: str) -> Holder:
    if is_role(text):
        return Holder(kind=HolderKind.ROLE, name=text, note=note)
    if is_firm(text):
        return Holder(kind=HolderKind.FIRM, name=firm_name(text), note=note)
    match = _RELATIONS.fullmatch(text)
    if match:
        relation = match["relation"]
        name = text if folded(relation) in _KIN else match["name"]
        return Holder(
            kind=HolderKind.PERSON, name=name, relation=folded(relation), firm=firm, note=note
        )
    return Holder(kind=HolderKind.PERSON, name=straightened(text), firm=firm, note=note)


def _could_be_firm(text: str) -> bool:
    return is_firm(text) or (text[:1].isupper() and len(text.split()) > 1)


def _parts(text: str) -> tuple[str, ...]:
    """The names in a cell that seems to hold more than one; a firm's `&` does not count."""
    if is_firm(text):
        return ()
    parts = tuple(part for part in _SEVERAL.split(text) if part)
    named = all(_NAME.fullmatch(straightened(part)) and part[:1].isupper() for part in parts)
    return parts if len(parts) > 1 and named else ()
