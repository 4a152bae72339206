"""Commands that describe the register: places, keys, copies, rings, people."""

from typing import Any

import click

from keystead.cli import meaning
from keystead.cli.looking import LIMIT
from keystead.cli.session import Session, remote
from keystead.cli.tables import Columns, Row, facts, place, show
from keystead.cli.words import translate as _

TEXT = click.option("--text", help=_("Only where the name contains this."))
SITE = click.option("--site", help=_("Which site, if there are several."))
INTO = click.option("--into", help=_("The container it goes into."))
HOOK = click.option("--hook", help=_("The hook in that container."))
NAME = click.argument("name")

NAMED: Columns = {_("name"): lambda one: one["name"], _("id"): lambda one: f"id:{one['id']}"}


def _number(one: Row) -> str:
    return f"id:{one['id']}"


def _also_retired(text: str | None) -> str | None:
    """What is looked for by name is listed though it is out of use."""
    return "true" if text else None


def _use(one: Row) -> str:
    return _("out of use") if one["retired_at"] else ""


@click.group()
def key() -> None:
    """Keys: the designs that copies are cut from."""


@key.command("add")
@click.argument("symbol")
@click.option("--name", "called", default="", help=_("What people call it."))
@click.option("--kind", default="metal", help=_("metal, fob, card, remote or other."))
@click.option("--system", help=_("Its master-key system."))
@click.option("--under", help=_("The key directly above it."))
@click.option("--copies", type=click.IntRange(0, 500), default=0, help=_("Cut so many at once."))
@click.option("--opens", multiple=True, help=_("A door it opens; may be repeated."))
@INTO
@HOOK
@remote
def add_key(
    session: Session,
    symbol: str,
    called: str,
    kind: str,
    system: str | None,
    under: str | None,
    copies: int,
    opens: tuple[str, ...],
    into: str | None,
    hook: str | None,
) -> None:
    """Add a key with its copies and the doors it opens."""
    body: dict[str, Any] = {
        "symbol": symbol,
        "name": called,
        "kind": kind,
        "copies": copies,
        "system_id": meaning.system(session, system)["id"] if system else None,
        "parent_id": meaning.key(session, under)["id"] if under else None,
        "access_point_ids": [meaning.access_point(session, door)["id"] for door in opens],
        **meaning.kept_in(session, into, hook),
    }
    answer = session.post("/keys", body)
    session.say(answer, _("Added {label}, id:{id}.").format(**answer))


@key.command("list")
@TEXT
@LIMIT
@remote
def list_keys(session: Session, text: str | None, limit: int) -> None:
    """List keys by label."""
    columns = {
        _("key"): lambda one: one["label"],
        _("name"): lambda one: one["name"],
        _("system"): lambda one: one["system_name"],
        _("under"): lambda one: one["parent_label"],
        _("use"): _use,
        _("id"): _number,
    }
    found = session.listed("/keys", text=text, with_retired=_also_retired(text), limit=limit)
    show(session, found, columns, empty=_("No keys yet."))


@key.command("opens")
@click.argument("name", metavar="KEY")
@LIMIT
@remote
def list_opened(session: Session, name: str, limit: int) -> None:
    """List what a key opens, through the hierarchy too."""
    columns = {
        _("opens"): lambda one: " ".join(filter(None, [one["number"], one["name"]])),
        _("site"): lambda one: one["site_name"],
        _("cylinder"): lambda one: one["cylinder_number"],
    }
    found = session.listed(f"/keys/{meaning.key(session, name)['id']}/opens", limit=limit)
    show(session, found, columns, empty=_("Nothing that is recorded."))


@key.command("retire")
@click.argument("name", metavar="KEY")
@remote
def retire_key(session: Session, name: str) -> None:
    """Take a key out of use. Its copies stay on the register."""
    found = meaning.key(session, name)
    answer = session.post(f"/keys/{found['id']}/retire")
    session.say(answer, _("{label} is out of use.").format(label=found["label"]))


@click.group()
def copies() -> None:
    """Copies: the pieces of metal."""


@copies.command("add")
@click.argument("name", metavar="KEY")
@click.argument("count", type=click.IntRange(1, 500), default=1)
@INTO
@HOOK
@remote
def add_copies(session: Session, name: str, count: int, into: str | None, hook: str | None) -> None:
    """Cut COUNT more copies of a key, with the next numbers."""
    key_id = meaning.key(session, name)["id"]
    body = {"count": count, **meaning.kept_in(session, into, hook)}
    answer = session.post(f"/keys/{key_id}/copies", body)
    labels = ", ".join(copy["label"] for copy in answer)
    session.say(answer, _("Added {labels}.").format(labels=labels))


@copies.command("list")
@click.option("--of", "name", help=_("Only copies of this key."))
@LIMIT
@remote
def list_copies(session: Session, name: str | None, limit: int) -> None:
    """List copies, each with its holder and place."""
    design = meaning.key(session, name) if name else None
    columns = {
        _("copy"): lambda one: one["label"],
        _("key"): lambda one: one["key_name"],
        _("is"): lambda one: place(one["whereabouts"]),
        _("use"): lambda one: _use(design if design and design["retired_at"] else one),
        _("ring"): lambda one: one["ring_name"],
        _("tag"): lambda one: one["tag"],
        _("id"): _number,
    }
    found = session.listed("/copies", key_id=design["id"] if design else None, limit=limit)
    show(session, found, columns, empty=_("No copies yet."))


@copies.command("tag")
@click.argument("name", metavar="COPY")
@click.argument("text", metavar="TAG")
@remote
def tag_copy(session: Session, name: str, text: str) -> None:
    """Put a tag on a copy; the one it wears comes off."""
    copy_id = meaning.one_copy(session, name)
    answer = session.post("/tags", {"text": text, "kind": "copy", "thing_id": copy_id})
    session.say(answer, _("Tagged."))


@click.group()
def ring() -> None:
    """Rings: copies that travel together."""


@ring.command("add")
@NAME
@click.argument("names", nargs=-1, metavar="[COPY]...")
@click.option("--seal", default="", help=_("The number of its seal."))
@remote
def add_ring(session: Session, name: str, names: tuple[str, ...], seal: str) -> None:
    """Add a ring with copies on it."""
    hung = meaning.chosen(session, names).copy_ids if names else []
    answer = session.post("/rings", {"name": name, "copy_ids": hung, "seal_number": seal})
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


@ring.command("list")
@TEXT
@LIMIT
@remote
def list_rings(session: Session, text: str | None, limit: int) -> None:
    """List rings by name."""
    columns = {
        _("ring"): lambda one: one["name"],
        _("copies"): lambda one: len(one["copy_ids"]),
        _("seal"): lambda one: one["seal_number"],
        _("belongs to"): lambda one: one["home_container_name"],
        _("use"): _use,
        _("id"): _number,
    }
    found = session.listed("/rings", text=text, with_retired=_also_retired(text), limit=limit)
    show(session, found, columns, empty=_("No rings yet."))


@click.group()
def person() -> None:
    """People who may hold keys."""


@person.command("add")
@NAME
@click.option("--firm", "firm_name", help=_("The firm they come from."))
@click.option("--department", default="")
@click.option("--email", default="")
@click.option("--phone", default="")
@remote
def add_person(
    session: Session, name: str, firm_name: str | None, department: str, email: str, phone: str
) -> None:
    """Add a person, with or without a firm."""
    body = {
        "name": name,
        "firm_id": meaning.firm(session, firm_name)["id"] if firm_name else None,
        "department": department,
        "email": email,
        "phone": phone,
    }
    answer = session.post("/persons", body)
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


@person.command("list")
@TEXT
@click.option("--here", is_flag=True, help=_("Only who has not left."))
@LIMIT
@remote
def list_persons(session: Session, text: str | None, here: bool, limit: int) -> None:
    """List people by name."""
    columns = {
        _("name"): lambda one: one["name"],
        _("firm"): lambda one: one["firm_name"],
        _("department"): lambda one: one["department"],
        _("left"): lambda one: (one["left_at"] or "")[:10],
        _("id"): _number,
    }
    found = session.listed("/persons", text=text, present_only=here, limit=limit)
    show(session, found, columns, empty=_("Nobody yet."))


@person.command("left")
@NAME
@remote
def note_leaving(session: Session, name: str) -> None:
    """Note that a person has left, and list what they still have."""
    found = meaning.person(session, name)
    answer = session.post(f"/persons/{found['id']}/left")
    held = list(session.items("/out", person_id=found["id"]))
    labels = ", ".join(stay["copy_label"] for stay in held)
    still = " " + _("Still out: {labels}.").format(labels=labels) if labels else ""
    session.say(answer, _("{name} has left.").format(name=found["name"]) + still)


@click.group()
def firm() -> None:
    """Firms that workers come from."""


@firm.command("add")
@NAME
@remote
def add_firm(session: Session, name: str) -> None:
    """Add a firm."""
    answer = session.post("/firms", {"name": name})
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


@firm.command("list")
@LIMIT
@remote
def list_firms(session: Session, limit: int) -> None:
    """List firms by name."""
    show(session, session.listed("/firms", limit=limit), NAMED, empty=_("No firms yet."))


@click.group()
def site() -> None:
    """Sites, their spaces, doors and containers."""


@site.command("add")
@NAME
@click.option("--address", default="")
@click.option("--zone", default="", help=_("Its time zone, if not the workspace's."))
@remote
def add_site(session: Session, name: str, address: str, zone: str) -> None:
    """Add a property."""
    answer = session.post("/sites", {"name": name, "address": address, "time_zone": zone})
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


@site.command("list")
@LIMIT
@remote
def list_sites(session: Session, limit: int) -> None:
    """List sites by name."""
    show(session, session.listed("/sites", limit=limit), NAMED, empty=_("No sites yet."))


@site.command("show")
@click.argument("name", required=False)
@remote
def show_site(session: Session, name: str | None) -> None:
    """List the spaces, doors and containers of a site."""
    found = meaning.site(session, name)
    parts = {
        kind: list(session.items(f"/{kind}", site_id=found["id"]))
        for kind in ("spaces", "access-points", "containers")
    }
    rows: list[tuple[str, object]] = [(_("site"), found["name"])]
    for kind, things in parts.items():
        rows += [(kind.removesuffix("s"), _described(one)) for one in things]
    facts(session, found | parts, rows)


def _described(one: Row) -> str:
    above = [name for _, name in one.get("above", ())]
    words = [one.get("number"), " / ".join([*above, one["name"]]), f"id:{one['id']}"]
    return "  ".join(filter(None, words))


@site.command("add-space")
@NAME
@SITE
@click.option("--kind", default="room", help=_("building, floor, flat, room, yard or other."))
@click.option("--number", default="")
@click.option("--inside", help=_("The space it is part of."))
@remote
def add_space(
    session: Session, name: str, site: str | None, kind: str, number: str, inside: str | None
) -> None:
    """Add a space to a site."""
    body = {
        "site_id": meaning.site(session, site)["id"],
        "name": name,
        "kind": kind,
        "number": number,
        "parent_id": meaning.space(session, inside)["id"] if inside else None,
    }
    answer = session.post("/spaces", body)
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


@site.command("add-door")
@NAME
@SITE
@click.option("--kind", default="door", help=_("door, gate, safe, vehicle, cabinet …"))
@click.option("--number", default="")
@click.option("--from", "leads_from", help=_("The space it leads from; none: from outside."))
@click.option("--into", "leads_to", help=_("The space it leads into."))
@remote
def add_access_point(
    session: Session,
    name: str,
    site: str | None,
    kind: str,
    number: str,
    leads_from: str | None,
    leads_to: str | None,
) -> None:
    """Add a door, gate, safe … to a site."""
    body = {
        "site_id": meaning.site(session, site)["id"],
        "name": name,
        "kind": kind,
        "number": number,
        "leads_from_id": meaning.space(session, leads_from)["id"] if leads_from else None,
        "leads_to_id": meaning.space(session, leads_to)["id"] if leads_to else None,
    }
    answer = session.post("/access-points", body)
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


@site.command("add-container")
@NAME
@SITE
@click.option("--kind", default="cabinet", help=_("cabinet, lockbox, safe, drawer, envelope …"))
@click.option("--in", "inside", help=_("The space where it stands."))
@click.option("--hooks", type=click.IntRange(0, 2000), default=0, help=_("So many hooks."))
@remote
def add_container(
    session: Session, name: str, site: str | None, kind: str, inside: str | None, hooks: int
) -> None:
    """Add a cabinet, lockbox, drawer … with numbered hooks."""
    body = {
        "site_id": meaning.site(session, site)["id"],
        "name": name,
        "kind": kind,
        "space_id": meaning.space(session, inside)["id"] if inside else None,
        "positions": hooks,
    }
    answer = session.post("/containers", body)
    session.say(answer, _("Added {name}, id:{id}.").format(**answer))


COMMANDS = (key, copies, ring, person, firm, site)
