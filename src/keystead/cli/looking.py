"""Commands that only look: who has what, where is it, what happened."""

from typing import Any

import click

from keystead.cli import meaning, times
from keystead.cli.session import Session, remote
from keystead.cli.tables import Row, facts, place, show, until
from keystead.cli.times import told
from keystead.cli.words import plain
from keystead.cli.words import translate as _

LOANS = {
    _("copy"): lambda stay: stay["copy_label"],
    _("key"): lambda stay: stay["key_name"],
    _("holder"): place,
    _("since"): lambda stay: told(stay["since"]),
    _("due"): until,
    _("purpose"): lambda stay: stay["purpose"],
}
LONGEST_REMARK = 500
LIMIT = click.option("--limit", type=click.IntRange(1), default=100, help=_("At most so many."))


@click.command()
@click.option("--late", is_flag=True, help=_("Only what is overdue."))
@click.option("--with", "with_person", help=_("Only what this person has."))
@click.option("--text", help=_("Only where holder or key contains this."))
@LIMIT
@remote
def out(
    session: Session, late: bool, with_person: str | None, text: str | None, limit: int
) -> None:
    """List what is out now: late first, open-ended last."""
    holder = meaning.person(session, with_person)["id"] if with_person else None
    found = session.listed("/out", overdue_only=late, person_id=holder, text=text, limit=limit)
    show(session, found, LOANS, empty=_("Nothing is out."))


@click.command()
@LIMIT
@remote
def mine(session: Session, limit: int) -> None:
    """List what you have yourself."""
    show(session, session.listed("/mine", limit=limit), LOANS, empty=_("You have nothing."))


NOTICES = {
    _("what"): lambda notice: notice["kind"],
    _("copy"): lambda notice: notice["copy_label"],
    _("holder"): lambda notice: notice["holder"],
    _("due"): lambda notice: told(notice["due_at"]) if notice["due_at"] else "",
    _("since"): lambda notice: told(notice["made_at"]),
}


@click.command()
@click.option("--all", "everything", is_flag=True, help=_("Also what is read or settled."))
@click.option("--read", "is_read", is_flag=True, help=_("Mark all as read afterwards."))
@LIMIT
@remote
def notices(session: Session, limit: int, everything: bool, is_read: bool) -> None:
    """List what you should know: late, lost, found, due soon."""
    found = session.get("/notices", limit=limit, unread_only=not everything)
    show(session, found, NOTICES, empty=_("Nothing new."))
    if is_read:
        session.post("/notices/read", {})


@click.command()
@remote
def today(session: Session) -> None:
    """Count what is out, late, due today and to review."""
    counts = session.get("/today")
    facts(
        session,
        counts,
        [
            (_("copies"), counts["copies"]),
            (_("out"), counts["out"]),
            (_("late"), counts["overdue"]),
            (_("due today"), counts["due_today"]),
            (_("to review"), counts["to_review"]),
            (_("open incidents"), counts["open_incidents"]),
        ],
    )


@click.command()
@click.argument("name", metavar="COPY")
@remote
def where(session: Session, name: str) -> None:
    """Tell where a copy is, and who has it."""
    copy = session.get(f"/copies/{meaning.one_copy(session, name)}")
    stay = copy["whereabouts"]
    facts(
        session,
        copy,
        [
            (_("copy"), f"{copy['label']} {copy['key_name']}"),
            (_("is"), place(stay)),
            (_("use"), _("out of use") if copy["retired_at"] else ""),
            (_("since"), told(stay["since"])),
            (_("due"), until(stay)),
            (_("purpose"), stay["purpose"]),
            (_("ring"), copy["ring_name"]),
            (_("belongs to"), copy["home_container_name"]),
            (_("hook"), copy["home_position_label"]),
            (_("tag"), copy["tag"]),
        ],
    )


@click.command()
@click.argument("name", metavar="PERSON")
@LIMIT
@remote
def who(session: Session, name: str, limit: int) -> None:
    """List what a person has."""
    person = meaning.person(session, name)
    found = session.listed("/out", person_id=person["id"], limit=limit)
    show(session, found, LOANS, empty=_("{name} has nothing.").format(name=person["name"]))


@click.command()
@click.argument("name", metavar="COPY")
@LIMIT
@remote
def history(session: Session, name: str, limit: int) -> None:
    """List where a copy has been, newest first."""
    copy_id = meaning.one_copy(session, name)
    columns = {
        _("since"): lambda stay: told(stay["since"]),
        _("until"): lambda stay: told(stay["until"]),
        _("place"): place,
        _("purpose"): lambda stay: stay["purpose"],
        _("note"): lambda stay: stay["return_note"],
        _("left at"): lambda stay: stay["left_at"],
        _("meter"): lambda stay: stay["meter"],
        _("late entry"): lambda stay: _("yes") if stay["is_late_entry"] else "",
        _("recorded"): lambda stay: _("no") if stay["is_unrecorded"] else "",
    }
    found = session.listed(f"/copies/{copy_id}/history", limit=limit)
    show(session, found, columns, empty=_("Nothing is known."))


SEARCHED = ("copies", "keys", "rings", "persons", "access_points", "spaces", "containers")


@click.command()
@click.argument("text")
@remote
def search(session: Session, text: str) -> None:
    """Find everything whose number, name, tag or room contains a text."""
    found = session.get("/search", text=text)
    rows: list[tuple[str, object]] = [
        (kind.removesuffix("s").replace("_", " "), _line(kind, one))
        for kind in (*SEARCHED, "cylinders", "codes")
        for one in found[kind]
    ]
    facts(session, found, rows or [(_("nothing"), _("for {text}").format(text=text))])


def _line(kind: str, one: Row) -> str:
    words = [str(one.get("label") or ""), str(one.get("number") or ""), str(one.get("name") or "")]
    if kind == "copies":
        words = [one["label"], one["key_name"], place(one["whereabouts"])]
    return "  ".join([*filter(None, words), f"id:{one['id']}"])


@click.group()
def incident() -> None:
    """Look at incidents and settle them."""


@incident.command("list")
@click.option("--all", "closed_too", is_flag=True, help=_("The settled ones, too."))
@LIMIT
@remote
def list_incidents(session: Session, closed_too: bool, limit: int) -> None:
    """List incidents, newest first."""
    columns = {
        _("incident"): lambda one: f"id:{one['id']}",
        _("what"): lambda one: one["kind"],
        _("thing"): lambda one: one["copy_label"] or one["ring_name"],
        _("last holder"): lambda one: one["last_holder"],
        _("since"): lambda one: told(one["opened_at"]),
        _("settled"): lambda one: told(one["closed_at"]),
        _("note"): lambda one: one["note"],
    }
    found = session.listed("/incidents", open_only=not closed_too, limit=limit)
    show(session, found, columns, empty=_("No incident is open."))


@incident.command("close")
@click.argument("number", metavar="ID")
@click.option("--note", help=_("How it was settled."))
@remote
def close_incident(session: Session, number: str, note: str | None) -> None:
    """Settle an incident."""
    incident_id = meaning.number(number)
    answer = session.post(f"/incidents/{incident_id}/close", {"note": note})
    session.say(answer, _("Settled."))


@click.group()
def journal() -> None:
    """Read the journal, and check it."""


@journal.command("list")
@click.option("--about", help=_("Only what happened to this copy."))
@click.option("--since", help=_("Only entries from then on."))
@click.option("--until", help=_("Only entries before then."))
@click.option("--name", help=_("Only this fact, such as custody.copy-checked-out."))
@click.option("--before", type=int, help=_("Only entries before this number."))
@LIMIT
@remote
def list_entries(
    session: Session,
    about: str | None,
    since: str | None,
    until: str | None,
    name: str | None,
    before: int | None,
    limit: int,
) -> None:
    """List what happened, newest first."""
    columns = {
        _("number"): lambda line: line["sequence"],
        _("when"): lambda line: told(line["at"]),
        _("what happened"): _sentence,
        _("by"): lambda line: line["channel"],
    }
    query: dict[str, Any] = {"before": before, "limit": limit}
    if about is None:
        query |= {
            "since": times.moment(session, since),
            "until": times.moment(session, until),
            "name": name,
        }
        found = session.listed("/journal", **query)
    else:
        path = f"/story/copy/{meaning.one_copy(session, about)}"
        found = session.listed(path, **query)
    show(session, found, columns, empty=_("Nothing happened."))


def _sentence(line: Row) -> str:
    claimed = line["claimed_at"]
    late = _("(said to be {when}, entered later)").format(when=told(claimed)) if claimed else ""
    remark = f"“{plain(line['remark'], LONGEST_REMARK)}”" if line["remark"] else ""
    return " ".join(filter(None, [line["sentence"], late, remark]))


COMMANDS = (out, mine, notices, today, where, who, history, search, incident, journal)
