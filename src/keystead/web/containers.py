"""Containers: the key board with its hooks, what is in it, and who has what belongs there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import operations as custody
from keystead.custody import queries as whereabouts
from keystead.custody.queries import StayView
from keystead.hardware import operations as hardware_verbs
from keystead.hardware import queries as hardware
from keystead.hardware.queries import ContainerView
from keystead.kernel.errors import Conflict, Invalid
from keystead.kernel.rights import Right
from keystead.keys import queries as keys
from keystead.places import queries as places
from keystead.web import acts, asked, retiring, wording, words, zones
from keystead.web.acts import Action
from keystead.web.filling import Newer, fill, sent
from keystead.web.forms import keys as forms
from keystead.web.http import Request, done, here, refused
from keystead.web.opening import opening
from keystead.web.stories import story_of
from keystead.web.templatetags.keystead_ui import is_late


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook of the board: what hangs there, or who has what belongs there."""

    position: str
    state: str
    name: str = ""
    holder: str | None = None
    since: datetime | None = None
    due: datetime | None = None
    mark: str = ""
    url: str = ""


def containers(request: Request, slug: str) -> HttpResponse:
    """All containers by site, and how much is in each."""
    found = hardware.containers(request.actor, text=asked.words(request, "q"))
    inside = whereabouts.container_counts(request.actor)
    add = acts.link(_("Add a cabinet or box"), here(request, "container-add"), icon="plus")
    context = {
        "section": "keys",
        "rows": [(view, inside.get(view.id, 0)) for view in found],
        "query_text": asked.words(request, "q"),
        "retired": retiring.out_of_use(
            request,
            "container",
            hardware.containers(request.actor, with_retired=True),
            lambda one: str(one.name),
        ),
        "actions": [add] if found and acts.may(request, Right.EDIT_REGISTER) else [],
    }
    return render(request, "containers/containers.html", context)


def container(request: Request, slug: str, container_id: int) -> HttpResponse:
    """A container as it hangs."""
    view = hardware.container(request.actor, container_id)
    acts.about_thing(request, "container", container_id)
    zones.of_site(request, view.site_id)
    inside = whereabouts.in_container(request.actor, container_id)
    homes = keys.belongings(request.actor, container_id)
    away = _away(request, inside, homes)
    hooks = hardware.positions(request.actor, container_id)
    context = {
        "section": "keys",
        "container": view,
        "kind": words.CONTAINERS.get(view.kind, view.kind),
        "title": _heading(view, inside, away),
        "line": _late_line(away),
        "tone": "late" if any(_is_late(stay) for stay in away) else "",
        "board": _board(request, hooks, inside, away, homes),
        "loose": [stay for stay in inside if stay.position_id is None],
        "away": away if not hooks else [],
        "opening": opening(request, container_id=container_id),
        "actions": _actions(request, view),
        "tag": keys.tag_of(request.actor, "container", container_id),
        "tag_form": forms.TagForm(auto_id="tag_%s"),
        "story": story_of(request, "container", container_id),
    }
    return render(request, "containers/container.html", context)


def _heading(view: ContainerView, inside: list[StayView], away: list[StayView]) -> str:
    values = {"box": view.name, "inside": len(inside), "out": len(away)}
    if view.retired_at is not None:
        return _("%(box)s is out of use") % values
    if not inside and not away:
        return _("%(box)s is empty") % values
    if not away:
        return (
            ngettext(
                "%(box)s: %(inside)d key, all there",
                "%(box)s: %(inside)d keys, all there",
                len(inside),
            )
            % values
        )
    return (
        ngettext(
            "%(box)s: %(inside)d key there, %(out)d away",
            "%(box)s: %(inside)d keys there, %(out)d away",
            len(inside),
        )
        % values
    )


def _is_late(stay: StayView) -> bool:
    return stay.state == "held" and is_late(stay.due_at)


def _late_line(away: list[StayView]) -> str:
    late = sum(_is_late(stay) for stay in away)
    return wording.late_count(late)


Homes = dict[int, keys.Belonging]
Rings = dict[int, tuple[int, str]]


def _away(request: Request, inside: list[StayView], homes: Homes) -> list[StayView]:
    """Where the copies are that belong here and still exist, but are not here."""
    gone = set(homes) - {stay.copy_id for stay in inside}
    stays = whereabouts.whereabouts(request.actor, gone).values() if gone else ()
    return sorted((s for s in stays if s.state != "destroyed"), key=lambda s: s.copy_label)


def _board(
    request: Request,
    hooks: list[hardware.PositionView],
    inside: list[StayView],
    away: list[StayView],
    homes: Homes,
) -> list[Hook]:
    """Every hook in order, with what hangs there or has its place there."""
    hanging: dict[int | None, list[StayView]] = {}
    missing: dict[int | None, list[StayView]] = {}
    for stay in inside:
        hanging.setdefault(stay.position_id, []).append(stay)
    for stay in away:
        missing.setdefault(homes[stay.copy_id].position_id, []).append(stay)
    ids = [stay.copy_id for stay in (*inside, *away)]
    rings = keys.rings_of(request.actor, ids) if hooks and ids else {}
    found = []
    for hook in hooks:
        there = hanging.get(hook.id, [])
        stays = there or missing.get(hook.id, [])
        name, url = _named(request, stays, rings) if stays else ("", "")
        found.append(_hook(hook, there, stays, homes, name, url))
    return found


def _hook(
    hook: hardware.PositionView,
    hanging: list[StayView],
    stays: list[StayView],
    homes: Homes,
    name: str,
    url: str,
) -> Hook:
    if not stays:
        return Hook(hook.label, "free")
    if hanging:
        wanted = [homes.get(stay.copy_id) for stay in hanging]
        is_home = all(home is None or home.position_id in (hook.id, None) for home in wanted)
        return Hook(hook.label, "home", name, mark="confirmed" if is_home else "unknown", url=url)
    first = min(stays, key=lambda stay: (not _is_late(stay), stay.state != "missing"))
    if first.state != "held":
        state = "missing" if first.state == "missing" else "out"
        where = first.container_name or _("stock")
        return Hook(hook.label, state, name, where, since=first.since, url=url)
    if _is_late(first):
        return Hook(hook.label, "late", name, first.holder, due=first.due_at, url=url)
    return Hook(hook.label, "out", name, first.holder, since=first.since, url=url)


def _named(request: Request, stays: list[StayView], rings: Rings) -> tuple[str, str]:
    """What it is: a copy, a ring, or a copy and how many more."""
    on = {rings.get(stay.copy_id) for stay in stays}
    ring = on.pop() if len(on) == 1 else None
    if ring is not None:
        return ring[1], here(request, "ring", ring_id=ring[0])
    url = here(request, "copy", copy_id=stays[0].copy_id)
    more = f" +{len(stays) - 1}" if len(stays) > 1 else ""
    return f"{stays[0].copy_label}{more}", url


def _actions(request: Request, view: ContainerView) -> list[Action]:
    if view.retired_at is not None:
        return retiring.bring_back(request, "container", view.id)
    if not acts.may(request, Right.EDIT_REGISTER):
        return []

    def to(name: str, label: str, *, icon: str) -> Action:
        url = here(request, name, container_id=view.id)
        return acts.link(label, url, icon=icon, style="plain")

    return [
        to("container-edit", _("Change"), icon="pencil"),
        to("container-hooks", _("Add hooks"), icon="plus"),
        to("container-retire", _("Out of use"), icon="circle-slash"),
    ]


def _spaces(request: Request, site_id: int | None = None) -> list[tuple[int, str]]:
    """Spaces with what they stand in; with the site where there are several."""
    found = places.spaces(request.actor, site_id=site_id)
    one_site = site_id is not None or len({space.site_id for space in found}) < 2
    return [
        (
            s.id,
            " › ".join([*([] if one_site else [s.site_name]), *(n for _i, n in s.above), s.name]),
        )
        for s in found
    ]


def _form_page(
    request: Request, title: str, submit: str, view: ContainerView | None = None
) -> dict[str, Any]:
    url = here(request, "container", container_id=view.id) if view else here(request, "containers")
    return {
        "section": "keys",
        "title": title,
        "submit": submit,
        "cancel_url": url,
        "crumbs": [(view.name if view else _("Cabinets and boxes"), url)],
    }


def container_add(request: Request, slug: str) -> HttpResponse:
    """A new container with numbered hooks."""
    sites = [(site.id, site.name) for site in places.sites(request.actor)]
    form = forms.ContainerAddForm(sent(request), sites=sites, spaces=_spaces(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        container_id = hardware_verbs.add_container(request.actor, **clean)
        said = _("%(box)s is on the register.") % {"box": clean["name"]}
        return done(request, said, here(request, "container", container_id=container_id))

    context = _form_page(request, _("Add a cabinet or box"), _("Add it"))
    if not sites:
        context |= {"lead": _("A container stands on a site. Add the site first, under Places.")}
    return fill(request, form, act, context)


def container_edit(request: Request, slug: str, container_id: int) -> HttpResponse:
    """Rename a container or note that it stands elsewhere."""
    view = hardware.container(request.actor, container_id)
    initial = {
        "name": view.name,
        "kind": view.kind,
        "space_id": view.space_id or "",
        "version": view.version,
    }
    form = forms.ContainerEditForm(
        sent(request), spaces=_spaces(request, view.site_id), initial=initial
    )

    def act(clean: dict[str, Any]) -> HttpResponse:
        hardware_verbs.change_container(request.actor, container_id=container_id, **clean)
        url = here(request, "container", container_id=container_id)
        return done(request, _("%(box)s: changed.") % {"box": clean["name"]}, url)

    title = _("Change %(box)s") % {"box": view.name}
    context = _form_page(request, title, _("Save"), view)
    return fill(request, form, act, context, newer=lambda: _newer(request, container_id))


def _newer(request: Request, container_id: int) -> Newer:
    view = hardware.container(request.actor, container_id)
    kind = str(words.CONTAINERS.get(view.kind, view.kind))
    facts = [
        (_("Name"), view.name),
        (_("Kind"), kind),
        (_("Stands in"), view.space_name or _("not recorded")),
    ]
    return Newer(view.version, facts)


def container_hooks(request: Request, slug: str, container_id: int) -> HttpResponse:
    """More hooks for a container."""
    view = hardware.container(request.actor, container_id)
    form = forms.HooksForm(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        made = hardware_verbs.add_positions(request.actor, container_id=container_id, **clean)
        url = here(request, "container", container_id=container_id)
        said = ngettext("%(count)d more hook.", "%(count)d more hooks.", len(made))
        return done(request, said % {"count": len(made)}, url)

    title = _("Add hooks to %(box)s") % {"box": view.name}
    return fill(request, form, act, _form_page(request, title, _("Add them"), view))


def container_retire(request: Request, slug: str, container_id: int) -> HttpResponse:
    """Take an empty container out of use, after asking."""
    view = hardware.container(request.actor, container_id)
    url = here(request, "container", container_id=container_id)
    if request.method == "POST":
        try:
            custody.retire_container(request.actor, container_id=container_id)
        except (Conflict, Invalid) as error:
            return refused(request, error, url)
        return done(request, _("%(box)s: out of use.") % {"box": view.name}, url)
    context = {
        **_form_page(
            request,
            _("Take %(box)s out of use?") % {"box": view.name},
            _("Take it out of use"),
            view,
        ),
        "follows": [
            _("It must be empty. Copies that belong there belong nowhere afterwards."),
            _("It can be brought back into use, empty."),
        ],
    }
    return render(request, "forms/confirm.html", context)
