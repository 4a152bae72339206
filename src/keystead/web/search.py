"""One field for everything: results as one types, a page of them, or straight to the thing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.custody.queries import StayView
from keystead.journal.operation import granted
from keystead.kernel.rights import Right
from keystead.kernel.text import folded
from keystead.search import queries as searching
from keystead.search.queries import Results
from keystead.web import asked
from keystead.web.http import Request, here
from keystead.web.places import to
from keystead.web.templatetags.register_words import kind_word

AS_ONE_TYPES, ON_A_PAGE = 6, 25
SHORTEST_WORD = 2
Told = tuple[str, str, str]
"""What a result says: its title, the kind its icon stands for, and a hint."""


@dataclass(frozen=True, slots=True)
class Item:
    """One result as components/search_results.html wants it."""

    url: str
    title: str
    kind: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Results of one kind under their heading."""

    label: str
    results: list[Item]


@dataclass(frozen=True, slots=True)
class List:
    """A list that words lead to, in English and in the reader's language."""

    page: str
    label: Any
    words: tuple[Any, ...]
    query: dict[str, str] = field(default_factory=dict)
    right: Right = Right.SEE_REGISTER

    def known(self) -> set[str]:
        """The words, folded."""
        return {folded(str(word)) for word in self.words}


LISTS = (
    List("out", gettext_lazy("All that is out"), ("out", gettext_lazy("out"))),
    List(
        "out",
        gettext_lazy("What is late"),
        ("late", "overdue", gettext_lazy("late")),
        {"show": "late"},
    ),
    List(
        "incidents",
        gettext_lazy("What is lost or broken"),
        ("lost", "stolen", "missing", "damaged", gettext_lazy("lost"), gettext_lazy("damaged")),
    ),
    List("today", gettext_lazy("Today"), ("today", gettext_lazy("today"))),
    List("access-points", gettext_lazy("All doors"), ("doors", gettext_lazy("doors"))),
    List("cylinders", gettext_lazy("All cylinders"), ("cylinders", gettext_lazy("cylinders"))),
    List("codes", gettext_lazy("All codes"), ("codes", gettext_lazy("codes"))),
    List("rings", gettext_lazy("All rings"), ("rings", gettext_lazy("rings"))),
    List("people", gettext_lazy("Everybody"), ("people", gettext_lazy("people"))),
    List(
        "journal",
        gettext_lazy("The journal"),
        ("journal", gettext_lazy("journal")),
        right=Right.SEE_JOURNAL,
    ),
    List(
        "members",
        gettext_lazy("Who may sign in"),
        ("members", gettext_lazy("members")),
        right=Right.MANAGE_MEMBERS,
    ),
)


def find(request: Request, slug: str) -> HttpResponse:
    """What a text finds; a tag or label typed exactly leads straight to its thing."""
    text, is_typing = asked.words(request, "q"), bool(request.htmx)
    lists = _lists(request, text)
    found = searching.search(request.actor, text, AS_ONE_TYPES if is_typing else ON_A_PAGE)
    if not is_typing and (straight := _straight(request, text, found)):
        return HttpResponseRedirect(straight)
    groups = [Group(_("Lists"), lists)] if lists else []
    groups += _groups(request, found)
    context = {"section": "search", "query": text, "groups": groups}
    template = "components/search_results.html" if is_typing else "search/results.html"
    return render(request, template, context)


def _lists(request: Request, text: str) -> list[Item]:
    """The lists a word (or its beginning) leads to; "ben out" leads to what Ben has."""
    wanted, found = folded(text), []
    who, _blank, last = wanted.rpartition(" ")
    for entry in _open_to(request):
        page = here(request, entry.page)
        if len(wanted) >= SHORTEST_WORD and any(w.startswith(wanted) for w in entry.known()):
            found.append(Item(asked.address(page, **entry.query), str(entry.label), "list"))
        if entry.page == "out" and who and last in entry.known():
            label = _("%(name)s: what is late") if entry.query else _("%(name)s: what is out")
            address = asked.address(page, q=who, **entry.query)
            found.append(Item(address, label % {"name": text.rpartition(" ")[0]}, "list"))
    return found


def _open_to(request: Request) -> list[List]:
    rights = granted(request.actor).anywhere
    return [entry for entry in LISTS if entry.right in rights]


def _straight(request: Request, text: str, found: Results) -> str:
    """Where Enter leads without a choice: a thing by tag or label, a list by its very word."""
    if found.exact:
        kind, thing_id = found.exact
        return to(request, kind.replace("_", "-"), thing_id)
    if not found.is_empty:
        return ""
    for entry in _open_to(request):
        if folded(text) in entry.known():
            return asked.address(here(request, entry.page), **entry.query)
    return ""


def _groups(request: Request, found: Results) -> list[Group]:
    """Everything found, kind by kind; kinds with nothing are left out."""

    def items(name: str, rows: Iterable[Any], told: Callable[[Any], Told]) -> list[Item]:
        return [Item(to(request, name, row.id), *told(row)) for row in rows]

    copies = [
        Item(to(request, "copy", copy.id), copy.label, "copy", _where(stay))
        for copy, stay in found.copies
    ]
    groups = [
        Group(_("Copies"), copies),
        Group(_("Keys"), items("key", found.keys, _key)),
        Group(_("Rings"), items("ring", found.rings, lambda ring: (ring.name, "ring", ""))),
        Group(_("People"), items("person", found.persons, _person)),
        Group(_("Firms"), items("firm", found.firms, lambda firm: (firm.name, "firm", ""))),
        Group(_("Doors and the like"), items("access-point", found.access_points, _door)),
        Group(_("Places"), items("space", found.spaces, _space)),
        Group(_("Cabinets and boxes"), items("container", found.containers, _container)),
        Group(_("Cylinders"), items("cylinder", found.cylinders, _cylinder)),
        Group(_("Codes"), items("code", found.codes, _code)),
    ]
    return [group for group in groups if group.results]


def _where(stay: StayView | None) -> str:
    """Where a copy is, in a few words."""
    if stay is None:
        return ""
    if stay.state == "held":
        return _("with %(holder)s") % {"holder": stay.holder}
    if stay.state == "stored":
        return " ".join(filter(None, [stay.container_name, stay.position_label])) or _("in stock")
    return kind_word(stay.reason) if stay.state == "missing" else _("destroyed")


def _key(key: Any) -> Told:
    return key.label, "key", key.name if key.symbol else key.system_name or ""


def _person(person: Any) -> Told:
    hint = _("has left") if person.left_at else person.firm_name or person.department
    return person.name, "person", hint


def _door(point: Any) -> Told:
    title = " ".join(filter(None, [point.number, point.name]))
    return title, point.kind, point.to_name or point.site_name


def _space(space: Any) -> Told:
    above = [space.site_name, *(name for _id, name in space.above)]
    return space.name, space.kind, " › ".join(above)


def _container(box: Any) -> Told:
    return box.name, box.kind, box.space_name or box.site_name


def _cylinder(core: Any) -> Told:
    return core.number, "cylinder", core.access_point_name or core.container_name or ""


def _code(code: Any) -> Told:
    return code.name, "code", code.access_point_name or code.container_name or ""
