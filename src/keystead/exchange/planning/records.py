"""What an import intends to write, row by row, in plain frozen values.

Each record has a natural `identity`, so that importing a file again finds what it made before.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from keystead.exchange.guessing.dates import When
from keystead.kernel.secret import Secret
from keystead.kernel.text import folded


class State(StrEnum):
    """Where a copy is, as far as the register says."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"
    LOST = "lost"
    STOLEN = "stolen"
    MISSING = "missing"
    RETURNED_TO_OWNER = "returned-to-owner"


class Flag(StrEnum):
    """What else a register says about a copy."""

    BROKEN = "broken"
    DO_NOT_ISSUE = "do-not-issue"
    OLD_CYLINDER = "old-cylinder"
    DUPLICATE_MADE = "duplicate-made"
    RESERVED = "reserved"
    SIGNED = "signed"
    UNCLEAR = "unclear"


class HolderKind(StrEnum):
    """What a holder is."""

    PERSON = "person"
    ROLE = "role"
    FIRM = "firm"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A site (one name in `path`) or a space inside it."""

    path: tuple[str, ...]
    kind: str

    @property
    def identity(self) -> str:
        """The path without regard to case and spacing."""
        return path_identity(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPoint:
    """Something a key opens. `extent` says whether the register names one or a group of them.

    `extent` is `one`, `all` (of the space), `pattern` (3xx) or `range` (144-205).
    """

    path: tuple[str, ...]
    name: str
    kind: str = "door"
    extent: str = "one"

    @property
    def identity(self) -> str:
        """Path and name without regard to case and spacing."""
        return path_identity((*self.path, self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A cabinet, safe, lockbox, drawer or the like that holds copies; `path` starts with a site.

    A hook on a wall, a car or a desk is of the kind `other`.
    """

    name: str
    kind: str
    path: tuple[str, ...]

    @property
    def identity(self) -> str:
        """Site and name without regard to case and spacing."""
        return path_identity((self.path[0], self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a copy hangs: a container and, if it has some, the hook in it."""

    container: Container
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has a copy: a person (perhaps of a firm), a role, a firm or a department.

    `note` is what the register adds ("school bag"), `relation` who that is ("neighbour").
    """

    kind: HolderKind
    name: str
    firm: str = ""
    department: str = ""
    relation: str = ""
    note: str = ""

    @property
    def identity(self) -> str:
        """Name and firm without regard to case and spacing."""
        return f"{folded(self.name)}|{folded(self.firm)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key design by its symbol, or a lone key by its name alone."""

    symbol: str
    name: str = ""
    kind: str = "metal"

    @property
    def label(self) -> str:
        """How people call the key: its symbol, else its name."""
        return self.symbol or self.name

    @property
    def identity(self) -> str:
        """The label without regard to case and spacing."""
        return folded(self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A set of copies that travels together, by its number."""

    name: str
    label: str = ""
    place: str = ""

    @property
    def identity(self) -> str:
        """The number without regard to case and spacing."""
        return folded(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One piece of a key: where it is, who has or had it, and what the register says of it.

    `number` is what is written on it: digits for the plain number of the copy, else any mark.
    `ordinal` counts the key's copies; for a copy with a mark it is free in the file.
    Times are wall-clock times at the site. `holder` is the present holder when the state is out,
    else the last one known. `remark` keeps what fits nowhere else, with codes masked.
    """

    key: Key
    number: str
    state: State
    ordinal: int = 0
    ring: Ring | None = None
    home: Home | None = None
    holder: Holder | None = None
    issued: When | None = None
    due: When | None = None
    returned: When | None = None
    purpose: str = ""
    flags: frozenset[Flag] = frozenset()
    remark: str = field(default="", repr=False)

    @property
    def identity(self) -> tuple[str, str]:
        """Key and number; 02 and 2 are the same number."""
        return (self.key.identity, number_identity(self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFound:
    """A code that stands in the register and has to be sealed.

    It belongs to `access_point`, or to `container`. `value` is None where the register only says
    who knows the code (`knowers`).
    """

    word: str
    access_point: AccessPoint | None = None
    container: Container | None = None
    value: Secret | None = None
    knowers: tuple[Holder, ...] = ()

    @property
    def identity(self) -> str:
        """What it opens and what it is called there; never the code."""
        place = self.access_point or self.container
        return f"{place.identity if place else ''}|{self.word}"


class Outcome(StrEnum):
    """What becomes of a row."""

    PLANNED = "planned"
    LEFT_OUT = "left-out"
    HEADING = "heading"
    SECTION = "section"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row of the file and every record it leads to.

    `fingerprint` is equal for rows of equal content, `occurrence` tells such rows apart (1, 2, …).
    `revives` are the retired things, by kind and identity, that are brought back for it.
    """

    sheet: str
    number: int
    outcome: Outcome
    fingerprint: str
    occurrence: int = 1
    key: Key | None = None
    copies: tuple[Copy, ...] = ()
    spaces: tuple[Space, ...] = ()
    opens: tuple[AccessPoint, ...] = ()
    codes: tuple[CodeFound, ...] = ()
    revives: frozenset[str] = frozenset()


def path_identity(path: tuple[str, ...]) -> str:
    """A path without regard to case and spacing."""
    return " › ".join(map(folded, path))


def number_identity(number: str) -> str:
    """A copy number without regard to case and leading zeros."""
    return folded(number).lstrip("0") or "0"
