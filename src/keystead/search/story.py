"""The story of things: journal entries told as sentences.

Facts keep ids of persons, never names; the names are looked up when the story is told, so an
erased person leaves a sentence without a name, not a gap.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from keystead.custody import facts as custody
from keystead.hardware import facts as hardware
from keystead.journal import facts as journal_facts
from keystead.journal import queries as journal
from keystead.journal.queries import Told
from keystead.kernel.actor import Actor
from keystead.kernel.fact import Fact, gettext_noop
from keystead.keys import facts as keys
from keystead.notify import facts as notify
from keystead.people import facts as people_facts
from keystead.people import queries as people
from keystead.places import facts as places
from keystead.vault import facts as vault

FACTS: dict[str, type[Fact]] = {
    fact.name: fact
    for fact in (
        *journal_facts.FACTS,
        *vault.FACTS,
        *people_facts.FACTS,
        *places.FACTS,
        *hardware.FACTS,
        *keys.FACTS,
        *custody.FACTS,
        *notify.FACTS,
    )
}
"""Every fact a story can tell, by name; contexts above add theirs at start-up."""


def know(facts: Iterable[type[Fact]]) -> None:
    """Let stories tell these facts, too."""
    FACTS.update({fact.name: fact for fact in facts})


WORDS = {
    "lost": gettext_noop("lost"),
    "stolen": gettext_noop("stolen"),
    "unaccounted": gettext_noop("unaccounted for"),
    "damaged": gettext_noop("damaged"),
    "missing-part": gettext_noop("part of a ring missing"),
    "wrong-seal": gettext_noop("the seal differs"),
    "compromised": gettext_noop("copied without permission"),
    "owner": gettext_noop("owner"),
    "key-manager": gettext_noop("key manager"),
    "holder": gettext_noop("holder"),
    "auditor": gettext_noop("auditor"),
    "sites-only": gettext_noop("at single sites only"),
    "stock": gettext_noop("stock"),
    "back": gettext_noop("back"),
    "forward": gettext_noop("forward"),
}
"""Stable words in facts and what people read for them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry told: who (id of the person, None for the system), what, when (aware UTC), how.

    `claimed_at` is when it is said to have happened, where that was typed in later. `remark` is
    the free text that belongs to it, if it was not erased.
    """

    sequence: int
    at: datetime
    name: str
    who: str
    who_person_id: int | None
    what: str
    channel: str
    claimed_at: datetime | None
    remark: str | None
    payload: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """Who and what in one sentence."""
        return f"{self.who} {self.what}."


def tell(actor: Actor, entries: Iterable[Told]) -> list[Line]:
    """These entries as lines, in their order, with four look-ups however many there are."""
    told = list(entries)
    persons = people.names(actor, _ids(told, "person"))
    accounts = people.account_names(actor, {e.account_id for e in told if e.account_id})
    texts = journal.remarks(actor, _ids(told, "remark"))
    return [_line(entry, persons, accounts, texts) for entry in told]


def _ids(told: list[Told], kind: str) -> set[int]:
    suffix = f"{kind}_id"
    return {
        value
        for entry in told
        for field, value in entry.payload.items()
        if (field == suffix or field.endswith(f"_{suffix}")) and isinstance(value, int)
    }


def _line(
    entry: Told,
    persons: Mapping[int, str],
    accounts: Mapping[int, tuple[int, str]],
    texts: Mapping[int, str],
) -> Line:
    person_id, who = accounts.get(entry.account_id or 0, (None, gettext("Somebody")))
    if entry.account_id is None:
        who = gettext("Keystead") if entry.channel == "worker" else entry.system or "Keystead"
    claimed = entry.payload.get("occurred_at") or entry.payload.get("from_at")
    remarks = [
        texts[value]
        for field, value in entry.payload.items()
        if field.endswith("remark_id") and value in texts
    ]
    return Line(
        sequence=entry.sequence,
        at=entry.at,
        name=entry.name,
        who=who,
        who_person_id=person_id,
        what=_what(entry, persons),
        channel=entry.channel,
        claimed_at=_moment(claimed),
        remark=" · ".join(remarks) or None,
        payload=entry.payload,
    )


def _moment(text: object) -> datetime | None:
    """A time of a payload; None without one, or where the entry was damaged."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _what(entry: Told, persons: Mapping[int, str]) -> str:
    fact = FACTS.get(entry.name)
    if fact is None:
        return entry.name
    values = {key: _word(value) for key, value in entry.payload.items()}
    nobody = gettext("somebody")
    for field, value in entry.payload.items():
        if field == "person_id" or field.endswith("_person_id"):
            values[field.removesuffix("_id")] = persons.get(value, nobody) if value else nobody
    if entry.payload.get("person_id") is None and "place" in entry.payload:
        values["holder"] = entry.payload["place"] or nobody
    else:
        values["holder"] = values.get("person", nobody)
    return gettext(fact.sentence) % _Forgiving(values)


def _word(value: object) -> object:
    return gettext(WORDS[value]) if isinstance(value, str) and value in WORDS else value


class _Forgiving(dict[str, object]):
    """A sentence of a later version may name a field an old fact does not have."""

    def __missing__(self, key: str) -> str:
        return "…"
