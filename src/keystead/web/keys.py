"""Keys: the list and the tree, the page of a key, and what describes it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from keystead.custody import operations as custody
from keystead.custody import queries as whereabouts
from keystead.kernel.errors import Conflict
from keystead.kernel.rights import Right
from keystead.keys import operations as registering
from keystead.keys import queries as keys
from keystead.keys.queries import KeyView, Opened
from keystead.places import queries as places
from keystead.web import acts, asked, keeping, retiring
from keystead.web.acts import Action
from keystead.web.filling import Newer, fill, sent
from keystead.web.forms import keys as forms
from keystead.web.forms.fields import ThingField, Things
from keystead.web.http import Request, done, here, page, refused
from keystead.web.paging import paged
from keystead.web.picking import pieces_of
from keystead.web.stories import story_of

MOST_SUGGESTED = 200


def keys_list(request: Request, slug: str) -> HttpResponse:
    """Keys with their balance, as a list or as the tree of one key system."""
    systems = keys.systems(request.actor)
    system_id, text = asked.number(request, "system"), asked.words(request, "q")
    nodes = _tree(request, system_id) if system_id and not text else None
    shown = paged(request, _fetching(request, system_id, text)) if nodes is None else None
    rows = nodes or [(view, 0) for view in (shown.rows if shown else ())]
    balances = whereabouts.balances(request.actor, [view.id for view, _depth in rows])
    context = {
        "section": "keys",
        "rows": [(view, depth, balances[view.id]) for view, depth in rows],
        "page": shown,
        "total": whereabouts.total_balance(request.actor),
        "system": next((s for s in systems if s.id == system_id), None),
        "choices": _choices(here(request, "keys"), systems, system_id),
        "query_text": text,
        "retired": retiring.retired_keys(request),
        "actions": _list_actions(request) if rows or text or system_id else [],
    }
    return page(request, "keys/keys.html", context)


def _fetching(
    request: Request, system_id: int | None, text: str
) -> Callable[[int, int], list[KeyView]]:
    def fetch(limit: int, offset: int) -> list[KeyView]:
        return keys.keys(request.actor, text=text, system_id=system_id, limit=limit, offset=offset)

    return fetch


def _tree(request: Request, system_id: int) -> list[tuple[KeyView, int]]:
    return [(node.key, node.depth) for node in keys.tree(request.actor, system_id)]


def _choices(
    base: str, systems: list[keys.SystemView], system_id: int | None
) -> list[dict[str, Any]]:
    """All keys, or one key system as a tree."""
    found = [{"label": _("All keys"), "url": base, "is_current": system_id is None}]
    for system in systems:
        url = asked.address(base, system=system.id)
        found.append({"label": system.name, "url": url, "is_current": system.id == system_id})
    return found


def _list_actions(request: Request) -> list[Action]:
    if not acts.may(request, Right.EDIT_REGISTER):
        return []
    add = acts.link(_("Add a key"), here(request, "key-add"), icon="plus")
    if not acts.may_everywhere(request, Right.EDIT_REGISTER):
        return [add]
    system = acts.link(_("Add a system"), here(request, "key-system-add"), icon="network")
    return [add, system]


def key(request: Request, slug: str, key_id: int) -> HttpResponse:
    """A key: where its copies are, what it opens, and which keys stand above and below it."""
    view = keys.key(request.actor, key_id)
    acts.about_thing(request, "key", key_id)
    copies = keys.copies(request.actor, key_id=key_id)
    pieces = pieces_of(request, [copy.id for copy in copies])
    state = asked.choice(request, "state", ("stock", "out", "lost", "destroyed"))
    balance = whereabouts.balances(request.actor, [key_id])[key_id]
    context = {
        "section": "keys",
        "key": view,
        "balance": balance,
        "title": _heading(view, balance),
        "pieces": [pieces[c.id] for c in copies if _is_in(pieces[c.id].stay, state)],
        "state": state,
        "opened": _opened(request, key_id),
        "below": keys.keys_below(request.actor, key_id),
        "actions": _actions(request, view, balance),
        "story": story_of(request, "key", key_id),
        "opens_form": _opens_form(request, None)
        if _may_edit(request) and view.retired_at is None
        else None,
        "kind": forms.KEY_KIND_WORDS.get(view.kind, view.kind),
    }
    return render(request, "keys/key.html", context)


STATES = {"stock": "stored", "out": "held", "lost": "missing", "destroyed": "destroyed"}


def _is_in(stay: whereabouts.StayView, state: str) -> bool:
    return not state or stay.state == STATES[state]


def _heading(view: KeyView, balance: whereabouts.Balance) -> str:
    values = {"key": view.label, "stock": balance.stock, "out": balance.out, "cut": balance.cut}
    if view.retired_at is not None:
        return _("%(key)s is out of use") % values
    if not balance.cut:
        return _("There are no copies of %(key)s yet") % values
    if not balance.out:
        return _("%(key)s: %(stock)d of %(cut)d in stock") % values
    return _("%(key)s: %(stock)d of %(cut)d in stock, %(out)d out") % values


def _opened(request: Request, key_id: int) -> list[tuple[Opened, bool]]:
    """What it opens, and whether it is listed there itself or opens it from above."""
    listed = keys.cylinders_listing(request.actor, key_id)
    return [(o, o.cylinder_id in listed) for o in keys.opens(request.actor, {key_id})]


def _may_edit(request: Request) -> bool:
    return acts.may(request, Right.EDIT_REGISTER)


def _actions(request: Request, view: KeyView, balance: whereabouts.Balance) -> list[Action]:
    if not _may_edit(request):
        return []
    if view.retired_at is not None:
        return retiring.bring_back(request, "key", view.id)
    edit = acts.link(_("Change"), here(request, "key-edit", key_id=view.id), icon="pencil")
    copies = acts.link(
        _("Add copies"), here(request, "key-copies", key_id=view.id), icon="copy-plus"
    )
    retire = acts.link(
        _("Out of use"), here(request, "key-retire", key_id=view.id), icon="circle-slash"
    )
    return [copies, edit, retire]


def key_add(request: Request, slug: str) -> HttpResponse:
    """A new key with its copies and the doors it opens, in one step."""
    form = forms.KeyAddForm(
        sent(request),
        above=above_field(request),
        systems=[(s.id, s.name) for s in keys.systems(request.actor)],
        containers=keeping.offered(request.actor),
        doors=doors(request),
    )

    def act(clean: dict[str, Any]) -> HttpResponse:
        key_id = custody.add_key_with_copies(
            request.actor,
            symbol=clean["symbol"],
            name=clean["name"],
            kind=clean["kind"],
            system_id=clean.get("system_id"),
            parent_id=clean.get("parent_id"),
            copies=clean["copies"],
            access_point_ids=clean.get("doors", ()),
            **keeping.place(request.actor, clean),
        )
        label = clean["symbol"] or clean["name"]
        said = _("The key %(key)s is on the register.") % {"key": label}
        return done(request, said, here(request, "key", key_id=key_id))

    context = _form_page(request, _("Add a key"), _("Add it"), here(request, "keys"))
    return fill(request, form, act, context, template="keys/add.html")


def _form_page(
    request: Request, title: str, submit: str, cancel_url: str, crumbs: Any = None
) -> dict[str, Any]:
    return {
        "section": "keys",
        "title": title,
        "submit": submit,
        "cancel_url": cancel_url,
        "crumbs": crumbs or [(_("Keys"), here(request, "keys"))],
    }


def above_field(request: Request) -> ThingField:
    """The field for the key directly above; only keys of a system stand above others."""
    return ThingField(
        label=_("Stands under"),
        required=False,
        find=lambda text: _labelled(keys.keys(request.actor, text=text, limit=9)),
        none=_("There is no such key."),
        suggest=[],
        help_text=_("The key directly above it, which opens all it opens: GM"),
    )


def _labelled(found: list[KeyView]) -> Things:
    return [(v.id, f"{v.label} ({v.system_name})" if v.system_name else v.label) for v in found]


def doors(request: Request) -> Things:
    """The access points in use, with number and site."""
    points = places.access_points(request.actor, limit=MOST_SUGGESTED)
    one_site = len({point.site_id for point in points}) < 2
    return [(p.id, _door(p, with_site=not one_site)) for p in points]


def _door(point: places.AccessPointView, *, with_site: bool) -> str:
    named = f"{point.number} {point.name}".strip()
    return f"{named} ({point.site_name})" if with_site else named


def key_edit(request: Request, slug: str, key_id: int) -> HttpResponse:
    """Another symbol, name or place in the hierarchy."""
    view = keys.key(request.actor, key_id)
    initial = {
        "symbol": view.symbol,
        "name": view.name,
        "parent_id": view.parent_label or "",
        "version": view.version,
    }
    form = forms.KeyEditForm(sent(request), above=above_field(request), initial=initial)
    page_url = here(request, "key", key_id=key_id)

    def act(clean: dict[str, Any]) -> HttpResponse:
        registering.change_key(request.actor, key_id=key_id, **clean)
        return done(request, _("%(key)s: changed.") % {"key": view.label}, page_url)

    title = _("Change %(key)s") % {"key": view.label}
    context = _form_page(request, title, _("Save"), page_url, [(view.label, page_url)])
    return fill(request, form, act, context, newer=lambda: _newer(request, key_id))


def _newer(request: Request, key_id: int) -> Newer:
    view = keys.key(request.actor, key_id)
    facts = [
        (_("Symbol"), view.symbol),
        (_("Name"), view.name),
        (_("Stands under"), view.parent_label or ""),
    ]
    return Newer(view.version, facts)


def key_copies(request: Request, slug: str, key_id: int) -> HttpResponse:
    """More copies of a key."""
    view = keys.key(request.actor, key_id)
    form = forms.CopiesForm(
        sent(request), containers=keeping.offered(request.actor), home=_("just in stock")
    )
    page_url = here(request, "key", key_id=key_id)

    def act(clean: dict[str, Any]) -> HttpResponse:
        made = custody.cut_copies(
            request.actor,
            key_id=key_id,
            count=clean["count"],
            **keeping.place(request.actor, clean),
        )
        said = _("%(count)d more copies of %(key)s.") % {"count": len(made), "key": view.label}
        return done(request, said, page_url)

    title = _("Add copies of %(key)s") % {"key": view.label}
    context = _form_page(request, title, _("Add them"), page_url, [(view.label, page_url)])
    return fill(request, form, act, context)


def key_retire(request: Request, slug: str, key_id: int) -> HttpResponse:
    """Take a key out of use, after asking."""
    view = keys.key(request.actor, key_id)
    page_url = here(request, "key", key_id=key_id)
    if request.method == "POST":
        registering.retire_key(request.actor, key_id=key_id)
        return done(request, _("%(key)s: out of use.") % {"key": view.label}, page_url)
    context = {
        **_form_page(
            request,
            _("Take %(key)s out of use?") % {"key": view.label},
            _("Take it out of use"),
            page_url,
            [(view.label, page_url)],
        ),
        "follows": [
            _("None of its copies can be handed out any more. Those that are out can come back."),
            _("It can be brought back into use."),
        ],
    }
    return render(request, "forms/confirm.html", context)


def _opens_form(request: Request, data: Any) -> forms.OpensForm:
    def find(text: str) -> Things:
        found = places.find_access_points(request.actor, text, 9)
        known = [(p.id, _door(p, with_site=True)) for p in found]
        return known or [door for door in doors(request) if text.casefold() in door[1].casefold()]

    field = ThingField(
        label=_("It also opens"),
        find=find,
        none=_("There is no such door. Add it under Places first."),
        suggest=doors(request),
    )
    field.widget.attrs["placeholder"] = _("Name or number of a door")
    return forms.OpensForm(data, door=field, auto_id="opens_%s")


def key_opens(request: Request, slug: str, key_id: int) -> HttpResponse:
    """Note that a key opens a door."""
    view = keys.key(request.actor, key_id)
    form = _opens_form(request, sent(request))
    page_url = here(request, "key", key_id=key_id)

    def act(clean: dict[str, Any]) -> HttpResponse:
        registering.note_key_opens_access_point(request.actor, key_id=key_id, **clean)
        return done(request, _("Noted: %(key)s opens it.") % {"key": view.label}, page_url)

    title = _("What does %(key)s open?") % {"key": view.label}
    context = _form_page(request, title, _("Note it"), page_url, [(view.label, page_url)])
    return fill(request, form, act, context)


def key_opens_no_longer(request: Request, slug: str, key_id: int, cylinder_id: int) -> HttpResponse:
    """Note that a key opens a cylinder no longer."""
    page_url = here(request, "key", key_id=key_id)
    try:
        registering.note_key_no_longer_opens(request.actor, key_id=key_id, cylinder_id=cylinder_id)
    except Conflict as error:
        return refused(request, error, page_url)
    return done(request, _("Noted: it opens that no longer."), page_url)


def key_system_add(request: Request, slug: str) -> HttpResponse:
    """A new master-key system."""
    form = forms.SystemForm(sent(request))

    def act(clean: dict[str, Any]) -> HttpResponse:
        system_id = registering.add_key_system(request.actor, **clean)
        url = asked.address(here(request, "keys"), system=system_id)
        return done(request, _("The key system is on the register."), url)

    context = _form_page(request, _("Add a key system"), _("Add it"), here(request, "keys"))
    return fill(request, form, act, context)
