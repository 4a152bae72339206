"""To which sites rows belong, so that a role at some sites reaches only what is theirs.

Each context says in its `access` module by which ties its tables belong to sites. A row may be
*seen* with one tie into the sites of a role. It may be *changed* only where all its ties lead
there and one of them lasts. Rows without any tie are for roles in the whole workspace.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from keystead.journal.models import Row
from keystead.kernel.errors import Forbidden, Invalid, NotFound
from keystead.kernel.scope import Scope
from keystead.kernel.words import said as _

R = TypeVar("R", bound=Model)
Rows = QuerySet[Any, Any] | RawSQL
"""A query of the ids of rows."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Sites of a workspace to look at: those in `sites`, or (not `inside`) all the others.

    `used` are the sets of rows that a tie was asked for and looked up in.
    """

    workspace_id: int
    sites: frozenset[int]
    inside: bool = True
    used: list[str] = field(default_factory=list, compare=False)

    def at(self, rows: QuerySet[R], site: str) -> QuerySet[R]:
        """Those of `rows` whose `site`, a path to the id of a site, is one to look at."""
        rows, here = rows.filter(workspace_id=self.workspace_id), {f"{site}__in": self.sites}
        if self.inside:
            return rows.filter(**here)
        return rows.filter(**{f"{site}__isnull": False}).exclude(**here)

    def ids(self, what: type[Row] | str) -> RawSQL:
        """The ids of rows of a table, or of a named set, that belong to one of these sites."""
        name = what if isinstance(what, str) else _name(what)
        self.used.append(name)
        return RawSQL(f"SELECT id FROM {name}_there", ())  # noqa: S608, S611 names of tables


Tie = Callable[[Ground], Rows]
"""Finds the ids of the rows that belong to a site of this ground in one way."""


@dataclass(frozen=True, slots=True)
class _Belonging:
    tie: Tie
    lasts: bool


class OfOtherSites(Forbidden):
    """The actor may see it, but it is the business of other sites, too."""

    code = "of-other-sites"


class OfNoSite(Invalid):
    """It would belong to no site at which the actor has a role."""

    code = "of-no-site"


_ties: dict[str, list[_Belonging]] = {}
_follows: dict[type[Row], tuple[str, type[Row]]] = {}
_kinds: dict[str, type[Row]] = {}
_for_all: set[type[Row]] = set()


def _name(model: type[Row]) -> str:
    return model._meta.db_table


def tie(what: type[Row] | str, tie: Tie, *, kind: str = "", lasts: bool = True) -> None:
    """Say one way in which rows of a table (things of `kind` in facts) belong to sites.

    A tie that does not last, such as where a copy lies just now, is not enough to change a row.
    Instead of a table a name makes a set of rows that other ties look up.
    """
    name = what if isinstance(what, str) else _name(what)
    _ties.setdefault(name, []).append(_Belonging(tie, lasts))
    if kind and not isinstance(what, str):
        _kinds[kind] = what


def follow(model: type[Row], column: str, other: type[Row]) -> None:
    """Say that rows of `model` belong where the row of `other` in their `column` belongs.

    A tie like others, but rows are found by that column: not all that ever belonged to a site
    (the whole history of its copies) have to be gathered to find a few.
    """

    def rows(ground: Ground) -> Rows:
        found = model.everything.filter(workspace_id=ground.workspace_id)
        return found.filter(**{f"{column}__in": ground.ids(other)}).values("pk")

    tie(model, rows)
    _follows[model] = (column, other)


def open_to_all(model: type[Row]) -> None:
    """Say that rows of `model` are for everybody who sees anything at all, such as persons."""
    _for_all.add(model)


def tied(model: type[Row], ground: Ground, *, lasting: bool = False) -> Q:
    """The condition for rows of `model` that belong to a site of this ground.

    One flat statement: every set that ties look up is written once, before those that use it.
    """
    if model in _follows:
        column, other = _follows[model]
        return Q(**{f"{column}__in": _ids_of(other, ground, lasting=False)})
    return Q(pk__in=_ids_of(model, ground, lasting=lasting))


def _ids_of(model: type[Row], ground: Ground, *, lasting: bool) -> RawSQL:
    parts: dict[str, tuple[str, tuple[Any, ...]]] = {}
    sql, values = _union(_name(model), ground, parts, lasting=lasting)
    before = ", ".join(f"{name}_there(id) AS ({part})" for name, (part, _values) in parts.items())
    given = tuple(value for _part, some in parts.values() for value in some)
    whole = f"WITH {before} {sql}" if before else sql
    return RawSQL(whole, (*given, *values))  # noqa: S611 names of tables


def _union(
    name: str, ground: Ground, parts: dict[str, tuple[str, tuple[Any, ...]]], *, lasting: bool
) -> tuple[str, tuple[Any, ...]]:
    """All ties of one set as a statement; what they look up is added to `parts` first."""
    found: list[str] = []
    given: list[Any] = []
    for belonging in _ties[name]:
        if lasting and not belonging.lasts:
            continue
        here = Ground(ground.workspace_id, ground.sites, ground.inside)
        rows = belonging.tie(here)
        for used in here.used:
            if used not in parts:
                parts[used] = _union(used, ground, parts, lasting=False)
        sql, values = _compiled(rows)
        found.append(sql)
        given += values
    return " UNION ".join(found), tuple(given)


def _compiled(rows: Rows) -> tuple[str, tuple[Any, ...]]:
    if isinstance(rows, RawSQL):
        return f"SELECT * FROM ({rows.sql}) AS part", tuple(rows.params)  # noqa: S608
    sql, values = rows.query.sql_with_params()
    return sql, tuple(values)


def is_known(model: type[Row]) -> bool:
    """Whether something was said about the sites of this table."""
    return _name(model) in _ties or model in _for_all


def model_of(kind: str) -> type[Row]:
    """The table of things of a kind."""
    return _kinds[kind]


def seen(rows: QuerySet[R], workspace_id: int, scope: Scope) -> QuerySet[R]:
    """Those of `rows` with a tie into the scope."""
    model: Any = rows.model
    if scope.sites is None or model in _for_all:
        return rows
    if scope.is_nothing:
        return rows.none()
    return rows.filter(tied(model, Ground(workspace_id, scope.sites)))


def whole(rows: QuerySet[R], workspace_id: int, scope: Scope) -> QuerySet[R]:
    """Those of `rows` that belong to the scope alone."""
    model: Any = rows.model
    if scope.sites is None or model in _for_all:
        return rows
    if scope.is_nothing:
        return rows.none()
    ground = Ground(workspace_id, scope.sites)
    elsewhere = Ground(workspace_id, scope.sites, inside=False)
    return rows.filter(tied(model, ground, lasting=True)).exclude(tied(model, elsewhere))


def seen_ids(kind: str, ids: Iterable[int], workspace_id: int, scope: Scope) -> set[int]:
    """Those of these things that have a tie into the scope; things of no site all have."""
    wanted = set(ids)
    if scope.sites is None or kind not in _kinds:
        return wanted
    rows = _kinds[kind].everything.filter(workspace_id=workspace_id, pk__in=wanted)
    return set(seen(rows, workspace_id, scope).values_list("pk", flat=True))


def require_whole(
    rows: QuerySet[R], ids: Iterable[int], noun: str, workspace_id: int, scope: Scope, sight: Scope
) -> None:
    """Raise unless every one of these rows belongs to the scope alone.

    NotFound, as for an id of nothing, for what is out of `sight`; OfOtherSites for the rest.
    """
    wanted = list(dict.fromkeys(ids))
    these = rows.filter(pk__in=wanted)
    mine = set(whole(these, workspace_id, scope).values_list("pk", flat=True))
    if mine.issuperset(wanted):
        return
    in_sight = mine | set(seen(these, workspace_id, sight).values_list("pk", flat=True))
    for row_id in wanted:
        if row_id not in in_sight:
            raise NotFound(_("There is no such %(noun)s.", noun=noun), kind=noun, id=row_id)
    raise of_other_sites(next(row_id for row_id in wanted if row_id not in mine))


def of_other_sites(row_id: int) -> OfOtherSites:
    """What to raise for a row that is in sight, but not of the actor's sites alone."""
    return OfOtherSites(
        _("This concerns other sites, too. Ask somebody who looks after all of them."), id=row_id
    )


def require_kept(workspace_id: int, scope: Scope, things: Iterable[tuple[str, int]]) -> None:
    """Raise OfNoSite when one of these things, as they are now, has no tie into the scope.

    What a role at some sites did must be about their things only, and must stay theirs.
    """
    by_kind: dict[str, set[int]] = {}
    for kind, thing_id in things:
        by_kind.setdefault(kind, set()).add(thing_id)
    for kind, ids in by_kind.items():
        if seen_ids(kind, ids, workspace_id, scope) != ids:
            raise OfNoSite(
                _(
                    "This would belong to none of your sites. Say where it is kept or what it "
                    "opens there, or ask somebody who looks after the whole workspace."
                )
            )
