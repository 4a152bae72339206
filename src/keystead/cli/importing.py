"""Bringing a register in: look at what would happen, answer, write."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from keystead.cli.progress import progress
from keystead.cli.refusing import CONFLICT, INVALID, Refused
from keystead.cli.session import Session, remote
from keystead.cli.words import plain
from keystead.cli.words import translate as _
from keystead.exchange.limits import MAX_UPLOAD_BYTES

Look = dict[str, Any]
ROWS_TOLD = 8
PAUSE = 1.0


def _answers(texts: tuple[str, ...]) -> dict[str, str]:
    """`ID=CHOICE` as typed; an id may itself hold an equals sign. Raises Refused."""
    found = {}
    for text in texts:
        doubt, sign, choice = text.rpartition("=")
        if not sign or not doubt:
            raise Refused(_("Write an answer like ID=CHOICE: {text}").format(text=text), INVALID)
        found[doubt] = choice
    return found


@click.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--site", default="", help=_("The site of places the file puts on none."))
@click.option("--answer", "typed", multiple=True, metavar="ID=CHOICE", help=_("Answer a question."))
@click.option("--take-suggestions", is_flag=True, help=_("Take the first answer to the rest."))
@click.option("--dry-run", is_flag=True, help=_("Tell what would happen; keep and write nothing."))
@click.option("--continue", "going_on", type=int, metavar="N", help=_("Go on with an import."))
@click.option("--undo", type=int, metavar="N", help=_("Take back one that was stopped."))
@click.option("--discard", type=int, metavar="N", help=_("Throw a file away unwritten."))
@click.option("--problems", type=int, metavar="N", help=_("Print its file of problems."))
@remote
def import_register(
    session: Session,
    file: Path | None,
    site: str,
    typed: tuple[str, ...],
    take_suggestions: bool,
    dry_run: bool,
    going_on: int | None,
    undo: int | None,
    discard: int | None,
    problems: int | None,
) -> None:
    """Bring a register in from a file (.csv, .txt, .xlsx).

    Nothing is written while a question is open: answer them, or take the suggestions.
    """
    if sum(thing is not None for thing in (file, going_on, undo, discard, problems)) != 1:
        raise Refused(_("Name one file, or one import by its number."), INVALID)
    answers = _answers(typed)
    if undo is not None:
        session.say(session.post(f"/imports/{undo}/undo"), _("Taken back."))
    elif discard is not None:
        session.post(f"/imports/{discard}/discard")
        session.say(None, _("Thrown away."))
    elif problems is not None:
        for piece in session.text(f"/imports/{problems}/problems"):
            click.echo(piece, nl=False)
    else:
        look = _uploaded(session, file, site) if file else session.get(f"/imports/{going_on}")
        _go_on(session, look, answers, take_suggestions=take_suggestions, dry_run=dry_run)


def _uploaded(session: Session, file: Path, site: str) -> Look:
    try:
        if file.stat().st_size > MAX_UPLOAD_BYTES:
            most = MAX_UPLOAD_BYTES // 2**20
            raise Refused(_("A file has at most {n} MB. Split it.").format(n=most), INVALID)
        content = file.read_bytes()
    except OSError as error:
        raise Refused(
            _("{file} cannot be read: {why}").format(file=file, why=error.strerror), INVALID
        ) from None
    found: Look = session.upload("/imports", file.name, content, site=site)
    return found


def _go_on(
    session: Session,
    look: Look,
    answers: Mapping[str, str],
    *,
    take_suggestions: bool,
    dry_run: bool,
) -> None:
    number = look["item"]["id"]
    if look["item"]["state"] == "staged" and (answers or take_suggestions):
        body = {
            "version": look["item"]["version"],
            "answers": answers,
            "take_suggestions": take_suggestions,
        }
        look = session.put(f"/imports/{number}/answers", body)
    if not session.as_json:
        _tell(look)
    if dry_run:
        if look["item"]["state"] == "staged":
            session.post(f"/imports/{number}/discard")
        session.say(look, _("Nothing was written."))
        return
    if look["plan"] is not None and not look["plan"]["is_ready"]:
        raise _waiting(look)
    applied = _followed(session, session.post(f"/imports/{number}/apply"), number)
    session.say(
        applied,
        _("Imported: {copies_made} copies, {keys_made} keys, {persons_made} people.").format(
            **applied
        ),
    )


def _followed(session: Session, applied: Look, number: int) -> Look:
    """Wait until the worker has written a big import, and show how far it is."""
    if applied["is_finished"]:
        return applied
    item: Look = session.get(f"/imports/{number}")["item"]
    with progress(_("Writing rows"), item["row_count"]) as move:
        while item["is_under_way"]:
            move(item["done"])
            time.sleep(PAUSE)
            item = session.get(f"/imports/{number}")["item"]
        move(item["done"])
    if item["state"] != "finished":
        raise Refused(
            _("The import was stopped after {n} rows; none of them is visible.").format(
                n=item["done"]
            ),
            CONFLICT,
            lines=[
                _("go on: keystead import --continue {n}").format(n=number),
                _("take it back: keystead import --undo {n}").format(n=number),
            ],
        )
    made = {name: item[name] for name in ("keys_made", "copies_made", "persons_made", "done")}
    return applied | made | {"is_finished": True, "version": item["version"]}


def _waiting(look: Look) -> Refused:
    number = look["item"]["id"]
    lines = [
        _("go on: keystead import --continue {n} --take-suggestions").format(n=number),
        _("or answer: keystead import --continue {n} --answer ID=CHOICE").format(n=number),
        _("look: keystead import --problems {n} > problems.csv").format(n=number),
        _("leave it: keystead import --discard {n}").format(n=number),
    ]
    detail = _("Questions are open; nothing was written.")
    data = {"import_id": number, "look": look}
    problem = {"detail": detail, "code": "import-questions-open", "data": data}
    return Refused(detail, CONFLICT, lines=lines, problem=problem)


def _tell(look: Look) -> None:
    """What will happen, and every question with its choices."""
    item, plan = look["item"], look["plan"]
    click.echo(_("Import {id}: {file_name}, {row_count} rows.").format(**_safe(item)))
    if plan is None:
        return
    counts = ", ".join(
        f"{count} {kind.replace('_', ' ')}" for kind, count in plan["counts"].items()
    )
    click.echo(_("The file names: {counts}.").format(counts=counts))
    click.echo(
        _("New: {new_copies} copies, {new_keys} keys. Known already: {known_copies}.").format(
            **plan["comparison"]
        )
    )
    for doubt in plan["doubts"]:
        if doubt["blocks"]:
            _ask(_safe(doubt))
    notices = sum(not doubt["blocks"] for doubt in plan["doubts"])
    if notices:
        click.echo(_("Besides: {n} notices or answers.").format(n=notices))


def _ask(doubt: Mapping[str, Any]) -> None:
    rows = ", ".join(map(str, doubt["rows"][:ROWS_TOLD]))
    more = ", …" if len(doubt["rows"]) > ROWS_TOLD else ""
    click.echo(_("? {text} (rows {rows})").format(text=doubt["text"], rows=rows + more))
    for choice in doubt["choices"]:
        mark = "*" if choice["value"] == doubt["chosen"] else " "
        click.echo(f"  {mark} --answer '{doubt['id']}={choice['value']}'  {plain(choice['text'])}")


def _safe(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: plain(v) if isinstance(v, str) else v for k, v in values.items()}


COMMANDS = (import_register,)
