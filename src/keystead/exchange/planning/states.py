"""What a status or a remark says about a copy, in English and German."""

import re
from dataclasses import dataclass

from keystead.exchange.planning.records import Flag, State
from keystead.kernel.fact import gettext_noop as _
from keystead.kernel.text import folded


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text means: where the copy is, a flag, or a doubt of its own (`kind`)."""

    name: str
    state: State | None = None
    flag: Flag | None = None
    kind: str = "remark-says"


_STATUS: dict[State, str] = {
    State.IN: """in | here | available | in stock | stock | vorhanden | da | im haus |
        verfügbar | ok | returned | back | zurück | on hook | in cabinet | present |
        checked in | eingelagert""",
    State.OUT: """out | issued | on loan | lent | with holder | ausgegeben | verliehen | weg |
        unterwegs | checked out | loaned | entliehen | raus""",
    State.LOST: "lost | verloren",
    State.STOLEN: "stolen | gestohlen",
    State.MISSING: "missing | fehlt | vermisst | not found | nicht auffindbar | unaccounted",
    State.RETURNED_TO_OWNER: """returned to landlord | returned to owner | back to landlord
        | handed back
        | returned to client | an eigentümer zurück | an vermieter zurück | returned to
        vendor""",
}
_BY_STATUS = {folded(text): state for state, texts in _STATUS.items() for text in texts.split("|")}
_REMARKS: tuple[tuple[str, Meaning], ...] = (
    (
        r"\b(?:not|never|nicht|nie)\s+(?:lost|stolen|missing|verloren|gestohlen|broken|defekt)",
        Meaning(""),
    ),
    (r"\b(?:found again|wiedergefunden|wieder da|was lost)\b", Meaning("", kind="remark-unclear")),
    (r"\bstolen\b|gestohlen|geklaut", Meaning(_("stolen"), State.STOLEN)),
    (r"\blost\b|verloren|verlust\b", Meaning(_("lost"), State.LOST)),
    (
        r"\bmissing\b|vermisst|\bfehlt\b|unauffindbar|not accounted",
        Meaning(_("missing"), State.MISSING),
    ),
    (
        r"returned to (?:the )?(?:landlord|owner|client)"
        r"|an (?:den )?(?:eigentümer|vermieter) zurück",
        Meaning(_("returned to its owner"), State.RETURNED_TO_OWNER),
    ),
    (
        r"\bbroken\b|\bdefekt\b|kaputt|abgebrochen|\bbent\b|verbogen|snapped",
        Meaning(_("broken"), flag=Flag.BROKEN),
    ),
    (
        r"do not (?:issue|lend|hand out)|nicht (?:ausgeben|herausgeben)|gesperrt",
        Meaning(_("not to be handed out"), flag=Flag.DO_NOT_ISSUE),
    ),
    (
        r"\bold (?:core|cylinder|lock)\b|alte[rs]? (?:zylinder|schloss)",
        Meaning(_("for an old cylinder"), flag=Flag.OLD_CYLINDER),
    ),
    (r"\bspare for\b|reserve für|reserviert", Meaning(_("kept for somebody"), flag=Flag.RESERVED)),
    (
        r"duplikat.*(?:ohne|nachgemacht)|(?:copied|duplicated?|copy made).*without"
        r"|illegal copy|nachgemacht",
        Meaning(_("copied without permission"), flag=Flag.DUPLICATE_MADE, kind="duplicate-made"),
    ),
    (
        r"übergabe\s+an|übergeben an|passed (?:on )?to|handed (?:on|over) to|weitergegeben",
        Meaning(_("passed on"), kind="handed-over"),
    ),
    (
        r"^[?!\s]+$|\bask \w+|\bfragen\b|unklar|\bunclear\b",
        Meaning(_("unclear"), flag=Flag.UNCLEAR, kind="remark-unclear"),
    ),
)
_SIGNED = frozenset(
    ["x", "ja", "yes", "y", "j", "ok", "✓", "✔", "signed", "true", "unterschrieben", "xx"]
)
_NOT_SIGNED = frozenset(["nein", "no", "n", "false", "0", "-", "–"])
STATE_NAMES = {
    State.IN: _("in"),
    State.OUT: _("handed out"),
    State.LOST: _("lost"),
    State.STOLEN: _("stolen"),
    State.MISSING: _("missing"),
    State.UNKNOWN: _("unknown"),
    State.RETURNED_TO_OWNER: _("returned to its owner"),
}


def of_status(text: str) -> State | None:
    """The state a status cell names, or None if the word is not known."""
    plain = folded(text).strip(" .!")
    if plain in _BY_STATUS:
        return _BY_STATUS[plain]
    meant = [meaning.state for meaning in of_remark(text) if meaning.state is not None]
    return meant[0] if meant else None


def of_remark(text: str) -> tuple[Meaning, ...]:
    """Everything a remark says about the copy; a denied word ("not lost") says nothing."""
    plain = folded(text)
    found: list[Meaning] = []
    for pattern, meaning in _REMARKS:
        if not re.search(pattern, plain):
            continue
        if not meaning.name:
            return (
                (Meaning("", flag=Flag.UNCLEAR, kind="remark-unclear"),)
                if meaning.kind != "remark-says"
                else ()
            )
        if meaning.state is None or all(other.state is None for other in found):
            found.append(meaning)
    return tuple(found)


def owner_in(text: str) -> str:
    """Who got a key back that was “returned to the landlord”."""
    match = re.search(r"\bto (?:the )?(\w+)|\ban (?:den )?(\w+)", text)
    return ((match[1] or match[2]) if match else "owner").capitalize()


def is_signed(text: str) -> bool:
    """Whether a signature cell says that somebody signed."""
    return folded(text) in _SIGNED


def says_something(signature: str) -> bool:
    """Whether a signature cell holds more than yes or no, such as a name."""
    return bool(signature.strip()) and folded(signature) not in _SIGNED | _NOT_SIGNED
