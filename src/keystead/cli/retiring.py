"""Commands that take things out of use and bring them back, and that correct cylinders."""

from typing import Any

import click

from keystead.cli import meaning
from keystead.cli.looking import LIMIT
from keystead.cli.register import NAME, TEXT, copies, key, ring, site
from keystead.cli.session import Session, remote
from keystead.cli.tables import show
from keystead.cli.words import translate as _


def _retire(session: Session, path: str, thing: dict[str, Any]) -> None:
    answer = session.post(f"{path}/{thing['id']}/retire")
    session.say(answer, _("{name} is out of use.").format(name=_called(thing)))


def _bring_back(session: Session, path: str, name: str) -> None:
    thing = meaning.retired(session, path, name)
    answer = session.post(f"{path}/{thing['id']}/bring-back")
    session.say(answer, _("{name} is in use again.").format(name=_called(thing)))


def _called(thing: dict[str, Any]) -> str:
    return str(thing.get("label") or thing["name"])


@key.command("bring-back")
@click.argument("name", metavar="KEY")
@remote
def bring_back_key(session: Session, name: str) -> None:
    """Use a key again that was out of use."""
    _bring_back(session, "/keys", name)


@copies.command("retire")
@click.argument("name", metavar="COPY")
@remote
def retire_copy(session: Session, name: str) -> None:
    """Take a copy out of use: it is not handed out, but it can come back."""
    copy_id = meaning.one_copy(session, name)
    _retire(session, "/copies", session.get(f"/copies/{copy_id}"))


@copies.command("bring-back")
@click.argument("name", metavar="COPY")
@remote
def bring_back_copy(session: Session, name: str) -> None:
    """Hand a copy out again that was out of use."""
    copy_id = meaning.one_copy(session, name)
    found = session.get(f"/copies/{copy_id}")
    answer = session.post(f"/copies/{copy_id}/bring-back")
    session.say(answer, _("{name} is in use again.").format(name=found["label"]))


@ring.command("retire")
@NAME
@remote
def retire_ring(session: Session, name: str) -> None:
    """Take a ring out of use; what hangs on it comes off."""
    _retire(session, "/rings", meaning.ring(session, name))


@ring.command("bring-back")
@NAME
@remote
def bring_back_ring(session: Session, name: str) -> None:
    """Use a ring again that was out of use. Nothing hangs on it."""
    _bring_back(session, "/rings", name)


@site.command("retire")
@NAME
@remote
def retire_site(session: Session, name: str) -> None:
    """Take a site out of use, once nothing in use is left on it."""
    _retire(session, "/sites", meaning.site(session, name))


@site.command("bring-back")
@NAME
@remote
def bring_back_site(session: Session, name: str) -> None:
    """Use a site again that was out of use."""
    _bring_back(session, "/sites", name)


@site.command("retire-space")
@NAME
@remote
def retire_space(session: Session, name: str) -> None:
    """Take a space out of use, once nothing in use is left in it."""
    _retire(session, "/spaces", meaning.space(session, name))


@site.command("bring-back-space")
@NAME
@remote
def bring_back_space(session: Session, name: str) -> None:
    """Use a space again that was out of use."""
    _bring_back(session, "/spaces", name)


@site.command("retire-door")
@NAME
@remote
def retire_access_point(session: Session, name: str) -> None:
    """Take a door, gate, safe … out of use."""
    _retire(session, "/access-points", meaning.access_point(session, name))


@site.command("bring-back-door")
@NAME
@remote
def bring_back_access_point(session: Session, name: str) -> None:
    """Use a door, gate, safe … again that was out of use."""
    _bring_back(session, "/access-points", name)


@site.command("retire-container")
@NAME
@remote
def retire_container(session: Session, name: str) -> None:
    """Take an empty cabinet, lockbox, drawer … out of use."""
    _retire(session, "/containers", meaning.container(session, name))


@site.command("bring-back-container")
@NAME
@remote
def bring_back_container(session: Session, name: str) -> None:
    """Use a cabinet, lockbox, drawer … again that was out of use."""
    _bring_back(session, "/containers", name)


@click.group()
def cylinder() -> None:
    """Cylinders: the cores that sit in locks."""


@cylinder.command("list")
@TEXT
@LIMIT
@remote
def list_cylinders(session: Session, text: str | None, limit: int) -> None:
    """List cylinders by number, each with where it sits."""
    columns = {
        _("cylinder"): lambda one: one["number"],
        _("sits in"): lambda one: one["access_point_name"] or one["container_name"],
        _("opened by"): lambda one: _("listed keys only") if one["is_listed_only"] else "",
        _("id"): lambda one: f"id:{one['id']}",
    }
    found = session.get("/cylinders", text=text, limit=limit)
    show(session, found, columns, empty=_("No cylinders yet."))


@cylinder.command("change")
@click.argument("name", metavar="CYLINDER")
@click.option("--number", help=_("Its number from now on."))
@click.option(
    "--listed-only/--not-listed-only",
    default=None,
    help=_("Whether only the keys listed open it (X or NMK)."),
)
@remote
def change_cylinder(
    session: Session, name: str, number: str | None, listed_only: bool | None
) -> None:
    """Correct a cylinder's number, or which keys open it."""
    found = meaning.cylinder(session, name)
    body = {
        "version": found["version"],
        "number": found["number"] if number is None else number,
        "is_listed_only": found["is_listed_only"] if listed_only is None else listed_only,
    }
    answer = session.put(f"/cylinders/{found['id']}", body)
    session.say(answer, _("Cylinder {number}: changed.").format(**answer))


COMMANDS = (cylinder,)
