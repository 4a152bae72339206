"""One field for everything: results as one types, or as a page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from keystead.custody.queries import StayView
from keystead.search import queries as search
from keystead.search.queries import Results
from keystead.web import asked
from keystead.web.http import Request, here, page

PAGE_OF = {
    "copy": ("copy", "copy_id"),
    "ring": ("ring", "ring_id"),
    "container": ("container", "container_id"),
    "access_point": ("access-point", "access_point_id"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: where it leads, its name, what sort of thing it is, and a word about it."""

    url: str
    title: str
    kind: str
    hint: str


@dataclass(frozen=True, slots=True)
class Group:
    """Results of one kind under their heading."""

    label: str
    results: list[Hit]


def find(request: Request, slug: str) -> HttpResponse:
    """What a text finds; a tag or label typed exactly leads straight to its thing."""
    text = asked.words(request, "q")
    found = search.search(request.actor, text, limit=6 if request.htmx else 20)
    if found.exact and not request.htmx:
        name, argument = PAGE_OF[found.exact[0]]
        return HttpResponseRedirect(here(request, name, **{argument: found.exact[1]}))
    groups = [*_ways(request, text), *_groups(request, found)]
    context = {"section": "search", "query": text, "groups": groups}
    if request.htmx and not request.htmx.boosted:
        return render(request, "components/search_results.html", context)
    return page(request, "search/results.html", context)


def _ways(request: Request, text: str) -> list[Group]:
    """Words that name a list rather than a thing: out, late, lost, found, codes …"""
    words = {
        _("out"): (_("All that is out"), "out", {}),
        _("late"): (_("What is late"), "out", {"show": "late"}),
        _("lost"): (_("What is lost or broken"), "incidents", {}),
        _("codes"): (_("All codes"), "codes", {}),
        _("journal"): (_("The journal"), "journal", {}),
    }
    wanted = text.casefold()
    hits = []
    for word, (label, name, query) in words.items():
        if len(wanted) >= 2 and word.casefold().startswith(wanted):
            try:
                address = asked.address(here(request, name), **query)
            except NoReverseMatch:
                continue
            hits.append(Hit(address, label, "list", ""))
    return [Group(_("Lists"), hits)] if hits else []


def _groups(request: Request, found: Results) -> list[Group]:
    def hit(name: str, title: str, kind: str, hint: str = "", **ids: Any) -> Hit:
        return Hit(here(request, name, **ids), title, kind, hint)

    groups = [
        Group(
            _("Copies"),
            [
                hit("copy", copy.label, "copy", _where(stay), copy_id=copy.id)
                for copy, stay in found.copies
            ],
        ),
        Group(
            _("Keys"),
            [
                hit("key", key.label, "key", key.name if key.symbol else "", key_id=key.id)
                for key in found.keys
            ],
        ),
        Group(_("Rings"), [hit("ring", r.name, "ring", ring_id=r.id) for r in found.rings]),
        Group(
            _("People"),
            [
                hit("person", p.name, "person", p.firm_name or p.department, person_id=p.id)
                for p in found.persons
            ],
        ),
        Group(
            _("Doors and the like"),
            [
                hit(
                    "access-point",
                    " ".join(filter(None, [point.number, point.name])),
                    point.kind,
                    point.site_name,
                    access_point_id=point.id,
                )
                for point in found.access_points
            ],
        ),
        Group(
            _("Places"),
            [
                hit("space", space.name, "space", space.site_name, space_id=space.id)
                for space in found.spaces
            ],
        ),
        Group(
            _("Cabinets and boxes"),
            [
                hit("container", box.name, box.kind, box.site_name, container_id=box.id)
                for box in found.containers
            ],
        ),
        Group(
            _("Cylinders"),
            [
                hit("cylinder", c.number, "cylinder", c.lock_name or "", cylinder_id=c.id)
                for c in found.cylinders
            ],
        ),
        Group(
            _("Codes"),
            [
                hit(
                    "code",
                    code.name,
                    "code",
                    code.access_point_name or code.container_name or "",
                    code_id=code.id,
                )
                for code in found.codes
            ],
        ),
    ]
    return [group for group in groups if group.results]


def _where(stay: StayView | None) -> str:
    """Where a copy is, in a few words."""
    if stay is None:
        return ""
    if stay.state == "held":
        return _("with %(holder)s") % {"holder": stay.holder}
    if stay.state == "missing":
        return {"lost": _("lost"), "stolen": _("stolen")}.get(stay.reason, _("unaccounted for"))
    if stay.state == "destroyed":
        return _("destroyed")
    return " ".join(filter(None, [stay.container_name, stay.position_label])) or _("in stock")
