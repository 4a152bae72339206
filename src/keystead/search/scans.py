"""What a list of scanned or typed codes means: tags, labels of copies, names of rings."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from keystead.journal.operation import scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.keys import queries as keys

MOST = 200
LONGEST = 120
MOST_SPLIT = 10
"""How many unknown codes are looked at for two codes read as one."""

AT_ONCE = 500
"""How many codes one look-up asks for; SQLite takes 32,766 values, a code may need 15."""

MOST_LINES = 50
MOST_WORDS = 60
LONGEST_LABEL_IN_WORDS = 6
"""A line of blanks between: how many words are looked at, and of how many a label may consist."""


@dataclass(slots=True)
class Scans:
    """What the codes mean, each thing once, in the order scanned.

    `ambiguous` has the copies a code may mean; `repeated` are codes of things already in the
    list; `other` are tags of things that are neither copies, rings nor containers.
    """

    copy_ids: list[int] = field(default_factory=list)
    ring_ids: list[int] = field(default_factory=list)
    container_ids: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    ambiguous: dict[str, list[int]] = field(default_factory=dict)

    @property
    def is_clear(self) -> bool:
        """Whether every code means one thing."""
        return not (self.unknown or self.ambiguous or self.other)

    def _add(self, code: str, kind: str, thing_id: int) -> None:
        lists = {"copy": self.copy_ids, "ring": self.ring_ids, "container": self.container_ids}
        known = lists.get(kind)
        if known is None:
            self.other.append(code)
        elif thing_id in known:
            self.repeated.append(code)
        else:
            known.append(thing_id)


def read(actor: Actor, codes: Iterable[str]) -> Scans:
    """What these codes mean. Several in one line, or two a scanner joined, are told apart."""
    scope_of(actor, Right.SEE_REGISTER)
    typed = [code for text in codes if (code := " ".join(text.replace("\x00", "").split()))][:MOST]
    known = _Known(actor, (code for code in typed if len(code) <= LONGEST))
    lines = known.words_of([c for c in typed if " " in c and not known.meanings(c)])
    singly = [part for code in typed for part in lines.get(code, [code])]
    joined = known.split([code for code in singly if not known.meanings(code)][:MOST_SPLIT])
    scans = Scans()
    for code in singly:
        for part in joined.get(code, [code]):
            _take(scans, part, known.meanings(part))
    return scans


def _take(scans: Scans, code: str, meanings: list[tuple[str, int]]) -> None:
    if not meanings:
        scans.unknown.append(code)
    elif len(meanings) > 1:
        scans.ambiguous[code] = [thing_id for _, thing_id in meanings]
    else:
        scans._add(code, *meanings[0])


class _Known:
    """Tags, copies and rings by the codes that name them; looked up for many codes at once."""

    def __init__(self, actor: Actor, codes: Iterable[str]) -> None:
        self.actor = actor
        self.found: dict[str, list[tuple[str, int]]] = {}
        self.look_up(codes)

    def look_up(self, codes: Iterable[str]) -> None:
        fresh = sorted({code for code in codes if code not in self.found})
        for start in range(0, len(fresh), AT_ONCE):
            self._look_up(fresh[start : start + AT_ONCE])

    def _look_up(self, fresh: list[str]) -> None:
        tags = keys.all_tagged(self.actor, fresh)
        called = keys.all_called(self.actor, fresh)
        rings = keys.rings_called(self.actor, fresh)
        for code in fresh:
            tag = tags.get(code.lower())
            copies = [("copy", copy_id) for copy_id in sorted(called.get(code, ()))]
            ring_id = rings.get(code.casefold())
            named = [("ring", ring_id)] if ring_id is not None else copies
            self.found[code] = [(tag.kind, tag.thing_id)] if tag else named

    def meanings(self, code: str) -> list[tuple[str, int]]:
        return self.found.get(code, [])

    def words_of(self, lines: list[str]) -> dict[str, list[str]]:
        """The codes in lines with blanks between them; lines without any known code are left."""
        cut = {line: line.split()[:MOST_WORDS] for line in lines[:MOST_LINES]}
        self.look_up(part for words in cut.values() for part in _runs(words))
        found = {}
        for line, words in cut.items():
            parts = self._fewest(words)
            if any(self.meanings(part) for part in parts):
                found[line] = parts
        return found

    def _fewest(self, words: list[str]) -> list[str]:
        """These words as codes: as many known ones as possible, in as few parts as possible."""
        best: list[tuple[int, list[str]]] = [(0, [])]
        for end in range(1, len(words) + 1):
            options = []
            for start in range(max(0, end - LONGEST_LABEL_IN_WORDS), end):
                part = " ".join(words[start:end])
                unknown = 0 if self.meanings(part) else end - start
                if unknown < 2:
                    before, parts = best[start]
                    options.append((before + unknown, [*parts, part]))
            best.append(min(options, key=lambda option: (option[0], len(option[1]))))
        return best[-1][1]

    def split(self, joined: list[str]) -> dict[str, list[str]]:
        """The two codes each of these consists of, where exactly one split makes sense."""
        cuts = {code: [(code[:i], code[i:]) for i in range(2, len(code) - 1)] for code in joined}
        self.look_up(part for pairs in cuts.values() for pair in pairs for part in pair)
        found = {}
        for code, pairs in cuts.items():
            sensible = [p for p in pairs if all(len(self.meanings(part)) == 1 for part in p)]
            if len(sensible) == 1:
                found[code] = list(sensible[0])
        return found


def _runs(words: list[str]) -> Iterable[str]:
    """Every run of neighbouring words that may be one label."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_LABEL_IN_WORDS, len(words)) + 1):
            yield " ".join(words[start:end])
