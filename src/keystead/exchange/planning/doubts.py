"""Questions and notices about cells, and the answers a person gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from keystead.exchange import codes
from keystead.exchange.errors import UnknownAnswer
from keystead.exchange.planning.catalogue import CATALOGUE, Kind
from keystead.kernel.text import folded
from keystead.kernel.words import said as _

__all__ = ["Answers", "Choice", "Doubt", "Doubts", "Severity"]


class Severity(StrEnum):
    """A question has to be answered before the import; a notice may be left as it is."""

    QUESTION = "question"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to settle a doubt; `label` is a sentence to be filled with the doubt's values."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A doubtful cell, or the same doubt about several rows, and what will happen.

    `sentence` and the labels are translatable and take `values`; `found` is the cell with codes
    masked. `chosen` is the answer, or the default where there is none yet.
    """

    id: str
    kind: str
    severity: Severity
    sheet: str
    column: str
    found: str
    sentence: str
    choices: tuple[Choice, ...]
    default: str
    chosen: str
    is_answered: bool
    rows: tuple[int, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.sentence % self.values

    @property
    def consequence(self) -> str:
        """What will happen, in English."""
        label = next(choice.label for choice in self.choices if choice.value == self.chosen)
        return label % self.values

    @property
    def blocks(self) -> bool:
        """Whether the import has to wait for an answer."""
        return self.severity is Severity.QUESTION and not self.is_answered


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person decided, by the id of the doubt.

    `<id>@<row>` decides for one row only, `<kind>:*` for all doubts of a kind; the more exact
    answer wins.
    """

    choices: Mapping[str, str] = field(default_factory=dict)

    def to(self, doubt: str, kind: str, row: int) -> str | None:
        """The answer for one row of a doubt, or None."""
        for name in (f"{doubt}@{row}", doubt, f"{kind}:*"):
            if name in self.choices:
                return self.choices[name]
        return None


class Doubts:
    """Collects the doubts of one plan and answers each at once, by the person or by default."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._found: dict[str, Doubt] = {}
        self._rows: dict[str, dict[int, None]] = {}

    def ask(
        self,
        kind: str,
        *,
        sheet: str,
        row: int,
        rows: tuple[int, ...] = (),
        column: str = "",
        found: str = "",
        about: str | None = None,
        choices: tuple[Choice, ...] = (),
        default: str = "",
        **values: str,
    ) -> str:
        """Note a doubt about a cell and return what to do. The same doubt groups its rows.

        `about` tells doubts of one kind apart; without it, equal texts found are one doubt.
        `rows` are further rows it touches. Codes in any of the texts are masked here.
        """
        known = CATALOGUE[kind]
        found = codes.masked(" ".join(found.split()))[:200]
        name = f"{kind}:{sheet}:{column}:{folded(found) if about is None else about}"
        doubt = self._found.get(name)
        if doubt is None:
            offered = choices or tuple(Choice(value, label) for value, label in known.choices)
            shown = {key: codes.masked(value) for key, value in values.items()}
            filled = {"found": found, "column": column, "sheet": sheet, **shown}
            doubt = _new(name, kind, known, offered, default or offered[0].value, filled)
        answer = self._answers.to(name, kind, row)
        if answer is not None and answer not in {choice.value for choice in doubt.choices}:
            raise UnknownAnswer(
                _(
                    "“%(value)s” is none of the answers to: %(text)s",
                    value=answer[:40],
                    text=doubt.text,
                ),
                field=name,
            )
        whole = self._answers.to(name, kind, -1)
        answered = doubt.is_answered if name in self._found else True
        self._found[name] = replace(
            doubt, is_answered=answered and answer is not None, chosen=whole or doubt.default
        )
        self._rows.setdefault(name, {}).update(dict.fromkeys((row, *rows)))
        return answer or doubt.default

    def all(self) -> tuple[Doubt, ...]:
        """Every doubt with its rows: questions first, then in the order of the file."""
        filled = [
            replace(doubt, rows=tuple(sorted(self._rows[name])))
            for name, doubt in self._found.items()
        ]
        return in_order(filled)


def in_order(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Questions first, then in the order of the file."""
    return tuple(
        sorted(doubts, key=lambda d: (d.severity is not Severity.QUESTION, d.sheet, d.rows))
    )


def _new(
    name: str,
    kind: str,
    known: Kind,
    choices: tuple[Choice, ...],
    default: str,
    values: dict[str, str],
) -> Doubt:
    return Doubt(
        id=name,
        kind=kind,
        severity=Severity.QUESTION if known.is_question else Severity.NOTICE,
        sheet=values["sheet"],
        column=values["column"],
        found=values["found"],
        sentence=known.sentence,
        choices=choices,
        default=default,
        chosen=default,
        is_answered=False,
        values=values,
    )
