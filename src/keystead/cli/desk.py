"""Commands of the key desk: hand out, take back, pass on, lose and find."""

from typing import Any

import click

from keystead.cli import meaning, times
from keystead.cli.session import Session, remote
from keystead.cli.words import translate as _

COPIES = click.argument("names", nargs=-1, required=True, metavar="COPY...")
COPY = click.argument("name", metavar="COPY")
TO = click.option("--to", help=_("The person who takes it."))
PLACE = click.option("--place", help=_("The space where it goes."))
DUE = click.option("--due", help=_('Until when: "2026-11-24 17:00", 2h, "3 days".'))
REVIEW = click.option("--review", help=_("Open-ended; the day to review it: 2027-05-01."))
PURPOSE = click.option("--purpose", help=_("What for."))
INTO = click.option("--into", help=_("The container it goes into."))
HOOK = click.option("--hook", help=_("The hook in that container."))
HAPPENED = click.option("--happened", help=_("It was earlier than now: an entry typed in later."))


def period(session: Session, due: str | None, review: str | None) -> dict[str, Any]:
    """Until when, as the API takes it."""
    return {"due_at": times.due(session, due), "review_on": times.day(review)}


def count(ids: list[int]) -> str:
    """How many copies, in words."""
    return _("1 copy") if len(ids) == 1 else _("{count} copies").format(count=len(ids))


@click.command("check-out")
@COPIES
@TO
@PLACE
@DUE
@REVIEW
@PURPOSE
@HAPPENED
@remote
def check_out(
    session: Session,
    names: tuple[str, ...],
    to: str | None,
    place: str | None,
    due: str | None,
    review: str | None,
    purpose: str | None,
    happened: str | None,
) -> None:
    """Hand copies or rings out to a person or a place: all of them or none."""
    answer = session.post(
        "/check-out",
        meaning.chosen(session, names).body()
        | meaning.holder(session, to, place)
        | period(session, due, review)
        | {"purpose": purpose, "occurred_at": times.moment(session, happened)},
    )
    said = _("Handed out: {count}.") if answer["handling"] else _("They have it already.")
    session.say(answer, said.format(count=count(answer["copy_ids"])) + _undo(answer))


@click.command("return")
@COPIES
@INTO
@HOOK
@click.option("--by", help=_("Who brings it, if not the holder."))
@click.option("--without", multiple=True, help=_("A copy missing from a ring; may be repeated."))
@click.option("--note", help=_("For the next taker."))
@click.option("--left-at", help=_("Where the vehicle stands, say; for the next taker."))
@click.option("--meter", help=_("What its meter showed."))
@click.option("--fault", help=_("What is wrong with it."))
@click.option("--critical", is_flag=True, help=_("The fault blocks handing it out."))
@click.option("--seal", help=_("The number on the ring's seal."))
@HAPPENED
@remote
def return_(
    session: Session,
    names: tuple[str, ...],
    into: str | None,
    hook: str | None,
    by: str | None,
    without: tuple[str, ...],
    note: str | None,
    left_at: str | None,
    meter: str | None,
    fault: str | None,
    critical: bool,
    seal: str | None,
    happened: str | None,
) -> None:
    """Take copies or rings back, to where they belong or into a container."""
    absent = meaning.chosen(session, without).copy_ids if without else []
    answer = session.post(
        "/return",
        meaning.chosen(session, names).body()
        | meaning.kept_in(session, into, hook)
        | {
            "without_copy_ids": absent,
            "returned_by_id": meaning.person(session, by)["id"] if by else None,
            "note": note,
            "left_at": left_at,
            "meter": meter,
            "fault": fault,
            "fault_is_critical": critical,
            "seal_number": seal,
            "occurred_at": times.moment(session, happened),
        },
    )
    sentence = _("Taken back: {count}.") if answer["handling"] else _("It is in already.")
    if answer["back_now"]:
        sentence += " " + _("Some went out after that time: back from now on.")
    if answer["seal"] == "differs":
        sentence += " " + _("The seal has another number: an incident is open.")
    session.say(answer, sentence.format(count=count(answer["copy_ids"])) + _undo(answer))


@click.command("pass-on")
@COPIES
@TO
@PLACE
@DUE
@REVIEW
@PURPOSE
@remote
def pass_on(
    session: Session,
    names: tuple[str, ...],
    to: str | None,
    place: str | None,
    due: str | None,
    review: str | None,
    purpose: str | None,
) -> None:
    """Note that copies went from their holder straight to somebody else."""
    answer = session.post(
        "/pass-on",
        meaning.chosen(session, names).body()
        | meaning.holder(session, to, place)
        | period(session, due, review)
        | {"purpose": purpose},
    )
    said = _("Passed on: {count}.") if answer["handling"] else _("They have it already.")
    session.say(answer, said.format(count=count(answer["copy_ids"])) + _undo(answer))


def _undo(answer: dict[str, Any]) -> str:
    """How to take it back, for the moments in which that works."""
    if not answer["handling"]:
        return ""
    return " " + _("Wrong? keystead undo {handling}").format(handling=answer["handling"])


@click.command()
@COPIES
@DUE
@REVIEW
@remote
def extend(session: Session, names: tuple[str, ...], due: str | None, review: str | None) -> None:
    """Give what is out another due time or review date."""
    copies = meaning.chosen(session, names).copy_ids
    answer = session.post("/extend", {"copy_ids": copies, **period(session, due, review)})
    session.say(answer, _("Extended: {count}.").format(count=count(copies)))


@click.command()
@click.argument("handling", type=int)
@remote
def undo(session: Session, handling: int) -> None:
    """Take back what you did in the last moments, by its number."""
    answer = session.post("/undo", {"handling": handling})
    session.say(answer, _("Undone: {count}.").format(count=count(answer["ids"])))


@click.command()
@COPIES
@INTO
@HOOK
@remote
def move(session: Session, names: tuple[str, ...], into: str | None, hook: str | None) -> None:
    """Keep copies that are in stock somewhere else."""
    body = meaning.chosen(session, names).body() | meaning.kept_in(session, into, hook)
    session.say(session.post("/move", body), _("Moved."))


@click.command()
@COPIES
@click.option("--note", required=True, help=_("Who noticed it, when and where."))
@click.option(
    "--kind",
    type=click.Choice(["lost", "stolen", "unaccounted"]),
    default="lost",
    help=_("What happened, as far as is known."),
)
@click.option("--happened", help=_("When, if known."))
@remote
def lost(
    session: Session, names: tuple[str, ...], note: str, kind: str, happened: str | None
) -> None:
    """Report copies as lost, stolen or unaccounted."""
    answer = session.post(
        "/report-missing",
        meaning.chosen(session, names).body()
        | {"note": note, "kind": kind, "happened_at": times.moment(session, happened)},
    )
    numbers = ", ".join(f"id:{number}" for number in answer["ids"])
    opened = _("Incident open: {numbers}.").format(numbers=numbers)
    session.say(answer, opened if numbers else _("That is known already."))


@click.command()
@COPY
@click.option("--with", "with_person", help=_("The person it is with."))
@INTO
@HOOK
@click.option("--note", help=_("How it turned up."))
@REVIEW
@remote
def found(
    session: Session,
    name: str,
    with_person: str | None,
    into: str | None,
    hook: str | None,
    note: str | None,
    review: str | None,
) -> None:
    """Note that a missing copy turned up: with somebody, in a container, or where it belongs."""
    answer = session.post(
        "/report-found",
        {
            "copy_id": meaning.one_copy(session, name),
            "person_id": meaning.person(session, with_person)["id"] if with_person else None,
            "note": note,
            "review_on": times.day(review),
            **meaning.kept_in(session, into, hook),
        },
    )
    session.say(answer, _("Found."))


@click.command()
@COPY
@click.option("--note", required=True, help=_("What is wrong with it."))
@click.option("--critical", is_flag=True, help=_("It cannot be handed out until it is settled."))
@remote
def damaged(session: Session, name: str, note: str, critical: bool) -> None:
    """Report a fault of a copy."""
    copy_id = meaning.one_copy(session, name)
    answer = session.post(
        "/report-damaged", {"copy_id": copy_id, "note": note, "is_critical": critical}
    )
    session.say(answer, _("Incident open: id:{number}.").format(number=answer["ids"][0]))


@click.command()
@COPIES
@click.option("--note", help=_("Why and how."))
@click.confirmation_option("--yes", prompt=_("Were they really destroyed?"))
@remote
def destroy(session: Session, names: tuple[str, ...], note: str | None) -> None:
    """Note that copies were destroyed. Their story stays."""
    copies = meaning.chosen(session, names).copy_ids
    answer = session.post("/destroy", {"copy_ids": copies, "note": note})
    session.say(answer, _("Destroyed: {count}.").format(count=count(copies)))


@click.command("past-loan")
@COPY
@TO
@PLACE
@click.option("--from", "began", required=True, help=_("When it went out."))
@click.option("--until", "ended", required=True, help=_("When it came back."))
@PURPOSE
@remote
def past_loan(
    session: Session,
    name: str,
    to: str | None,
    place: str | None,
    began: str,
    ended: str,
    purpose: str | None,
) -> None:
    """Type in a loan of the past, from a paper log."""
    answer = session.post(
        "/past-loans",
        {
            "copy_id": meaning.one_copy(session, name),
            "from_at": times.moment(session, began),
            "until_at": times.moment(session, ended),
            "purpose": purpose,
            **meaning.holder(session, to, place),
        },
    )
    session.say(answer, _("Recorded as a late entry."))


@click.command()
@click.argument("wanted", type=click.Choice(["required", "optional"]))
@remote
def purpose(session: Session, wanted: str) -> None:
    """Say whether copies go out only with a purpose (for owners)."""
    is_required = wanted == "required"
    answer = session.post("/require-purpose", {"is_required": is_required})
    said = _("From now on nothing goes out without a purpose.")
    session.say(answer, said if is_required else _("A purpose may be left out from now on."))


COMMANDS = (
    check_out,
    return_,
    pass_on,
    extend,
    undo,
    move,
    lost,
    found,
    damaged,
    destroy,
    past_loan,
    purpose,
)
