"""What names on the command line mean. A name that fits several things is refused with them all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from keystead.cli.refusing import INVALID, NOT_FOUND, Refused
from keystead.cli.session import Session
from keystead.cli.words import translate as _

Thing = dict[str, Any]
ID = "id:"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Copies and rings named on the command line."""

    copy_ids: list[int]
    ring_ids: list[int]

    def body(self) -> dict[str, list[int]]:
        """As the API takes them."""
        return {"copy_ids": self.copy_ids, "ring_ids": self.ring_ids}


def chosen(session: Session, names: Sequence[str]) -> Chosen:
    """Copies and rings by label (AA·3, AA-3, "AA 3"), tag, ring's name, or id:812 for a copy.

    Raises Refused for names that mean nothing, or several copies.
    """
    copy_ids = [number(name) for name in names if name.startswith(ID)]
    codes = [name for name in names if not name.startswith(ID)]
    if not codes:
        return Chosen(copy_ids, [])
    found = session.get("/scans", code=codes)
    if found["ambiguous"]:
        labels = {copy["id"]: copy for copy in found["copies"]}
        raise _ambiguous(
            next(iter(found["ambiguous"])),
            [_copy_words(labels[i]) for ids in found["ambiguous"].values() for i in ids],
        )
    if unknown := [*found["unknown"], *found["other"]]:
        raise Refused(
            _("There is no copy or ring called {names}.").format(names=", ".join(unknown)),
            NOT_FOUND,
        )
    return Chosen([*copy_ids, *found["copy_ids"]], found["ring_ids"])


def one_copy(session: Session, name: str) -> int:
    """The id of a single copy. Raises Refused for a ring."""
    found = chosen(session, [name])
    if len(found.copy_ids) != 1:
        raise Refused(_("{name} is a ring; name one copy.").format(name=name), INVALID)
    return found.copy_ids[0]


def person(session: Session, name: str) -> Thing:
    """A person by name, "name (firm)" or id:12; part of a name will do if nobody else has it."""
    if name.startswith(ID):
        return _thing(session, f"/persons/{number(name)}")
    text = name.partition(" (")[0]
    return _pick(name, session.items("/persons", text=text), _person_words)


def key(session: Session, name: str) -> Thing:
    """A key by its symbol or name, or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/keys/{number(name)}")
    return _of_all(session, "/keys", name, lambda k: str(k["label"]), text=name)


def container(session: Session, name: str) -> Thing:
    """A container by name or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/containers/{number(name)}")
    return _of_all(session, "/containers", name, _named, text=name)


def hook(session: Session, container_id: int, label: str) -> int:
    """The id of the hook with this label in a container."""
    for position in session.items(f"/containers/{container_id}/positions"):
        if position["label"].casefold() == label.strip().casefold():
            return int(position["id"])
    raise Refused(_("There is no hook {label} in it.").format(label=label), NOT_FOUND)


def kept_in(session: Session, into: str | None, at_hook: str | None) -> dict[str, int]:
    """Where copies go: a container and perhaps a hook, as the API takes them."""
    if into is None:
        if at_hook is not None:
            raise Refused(_("A hook belongs to a container; name it with --into."), INVALID)
        return {}
    box = container(session, into)
    place = {"container_id": int(box["id"])}
    return place if at_hook is None else place | {"position_id": hook(session, box["id"], at_hook)}


def space(session: Session, name: str) -> Thing:
    """A space by name or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/spaces/{number(name)}")
    return _of_all(session, "/spaces", name, _named)


def site(session: Session, name: str | None) -> Thing:
    """A site by name or id:12; without a name the only one there is."""
    if name is not None and name.startswith(ID):
        return _thing(session, f"/sites/{number(name)}")
    sites = list(session.items("/sites"))
    if name is not None:
        return _pick(name, sites, _named)
    if len(sites) != 1:
        raise Refused(
            _("Say which site with --site."), INVALID, lines=[_named(one) for one in sites]
        )
    return dict(sites[0])


def firm(session: Session, name: str) -> Thing:
    """A firm by name or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/firms/{number(name)}")
    return _pick(name, session.items("/firms"), _named)


def system(session: Session, name: str) -> Thing:
    """A key system by name."""
    return _pick(name, session.items("/key-systems"), _named)


def access_point(session: Session, name: str) -> Thing:
    """A door, gate, safe … by its number or name, or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/access-points/{number(name)}")
    points = list(session.items("/access-points", text=name))
    numbered = [point for point in points if point["number"].casefold() == name.casefold()]
    return _pick(name, numbered or points, _named, exactly=not numbered)


def ring(session: Session, name: str) -> Thing:
    """A ring by name or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/rings/{number(name)}")
    return _of_all(session, "/rings", name, _named, text=name)


def cylinder(session: Session, name: str) -> Thing:
    """A cylinder by its number or id:12."""
    if name.startswith(ID):
        return _thing(session, f"/cylinders/{number(name)}")
    found = ({**one, "name": one["number"]} for one in session.items("/cylinders", text=name))
    return _pick(name, found, _named)


def member(session: Session, name: str) -> Thing:
    """Somebody who can sign in, by name, e-mail address or id:12 as `member list` prints it."""
    members = list(session.items("/members"))
    if name.startswith(ID):
        members = [one for one in members if one["membership_id"] == number(name)]
        if not members:
            raise Refused(_("There is nothing called {name}.").format(name=name), NOT_FOUND)
        return dict(members[0])
    known = [{**one, "id": one["membership_id"]} for one in members]
    return _pick(name, known, lambda one: str(one["email"]))


def retired(session: Session, path: str, name: str) -> Thing:
    """A thing that is out of use, by name or id:12; `path` is where things of its kind are."""
    if name.startswith(ID):
        return _thing(session, f"{path}/{number(name)}")
    every = session.items(path, with_retired="true")
    return _pick(name, [one for one in every if one["retired_at"]], _named)


def holder(session: Session, to: str | None, place: str | None) -> dict[str, int]:
    """Who takes copies: one person or one place, as the API takes it."""
    if (to is None) == (place is None):
        raise Refused(_("Say who takes it: --to a person, or --place."), INVALID)
    if to is not None:
        return {"person_id": int(person(session, to)["id"])}
    return {"space_id": int(space(session, str(place))["id"])}


def number(name: str) -> int:
    """The number of an id such as id:12, with or without its mark. Raises Refused."""
    try:
        return int(name.removeprefix(ID))
    except ValueError:
        raise Refused(_("{name} is no id, such as id:12.").format(name=name), INVALID) from None


def _thing(session: Session, path: str) -> Thing:
    found: Thing = session.get(path)
    return found


def _of_all(
    session: Session, path: str, name: str, words: Callable[[Thing], str], **query: Any
) -> Thing:
    """The thing called so that is in use; where there is none, the one out of use."""
    every = list(session.items(path, with_retired="true", **query))
    in_use = [one for one in every if not one["retired_at"]]
    try:
        return _pick(name, in_use, words)
    except Refused as refusal:
        if refusal.exit_code != NOT_FOUND:
            raise
    return _pick(name, every, words)


def _pick(
    name: str, things: Iterable[Thing], words: Callable[[Thing], str], *, exactly: bool = True
) -> Thing:
    """The thing called so; else the only one with a word that begins so."""
    wanted, known = name.strip().casefold(), list(things)
    same = [one for one in known if wanted in (words(one).casefold(), _named(one).casefold())]
    if not exactly:
        same = known
    close = [one for one in known if _has_word(_named(one).casefold(), wanted)]
    found = same or close
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(name, [f"{words(one)}  {ID}{one['id']}" for one in found])
    raise Refused(_("There is nothing called {name}.").format(name=name), NOT_FOUND)


def _has_word(called: str, beginning: str) -> bool:
    return called.startswith(beginning) or f" {beginning}" in called


def _named(thing: Thing) -> str:
    return str(thing.get("label") or thing["name"])


def _person_words(one: Thing) -> str:
    return f"{one['name']} ({one['firm_name']})" if one["firm_name"] else str(one["name"])


def _copy_words(copy: Thing) -> str:
    return f"{copy['label']}  {copy['key_name']}  {ID}{copy['id']}"


def _ambiguous(name: str, candidates: list[str]) -> Refused:
    return Refused(
        _("{name} may mean several things. Say which one:").format(name=name),
        INVALID,
        lines=candidates[:20],
    )
