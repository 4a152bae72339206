"""Commands that run the installation on this machine; the journal knows them as `os:<user>`."""

import json
import re
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from keystead import config
from keystead.cli import backing_up, starting, unlocking
from keystead.cli.acting import local_actor
from keystead.cli.children import Child
from keystead.cli.recovering import refuse_unrecorded
from keystead.cli.refusing import Refused
from keystead.cli.serving import listen, serve
from keystead.cli.words import translate as _
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import KeysteadError

if TYPE_CHECKING:
    from keystead.journal.queries import WorkspaceView

_SEAL = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")
AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print as JSON."))


@click.command()
@click.option("--demo", is_flag=True, help=_("Load the demonstration into an empty database."))
@click.option("--host", help=_("Address to listen on; without it this machine only."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("Port to listen on."))
@click.option("--plain-http", is_flag=True, help=_("Allow other machines without HTTPS."))
def up(demo: bool, host: str | None, port: int | None, plain_http: bool) -> None:
    """Start Keystead: database, web server and worker. Ctrl-C stops it; nothing is lost."""
    host = host or config.read("HOST") or "127.0.0.1"
    port = port or config.number("PORT", 8000, low=1, high=65535)
    is_behind_tls = config.truth("BEHIND_TLS", default=False)
    is_public = starting.require_private(host, is_behind_tls=is_behind_tls, plain_http=plain_http)
    with listen(host, port) as listener:
        signal.signal(signal.SIGTERM, _stop)
        try:
            greeting = _prepare(demo)
            child = Child()
            child.start()
            try:
                shown = "[::1]" if host == "::1" else host
                _greet(f"http://{shown}:{port}", greeting, is_warned=is_public and plain_http)
                if not demo:
                    unlocking.warn(_loudly)
                threads = config.number("THREADS", 4, low=1, high=64)
                serve(listener, threads=threads, is_behind_tls=is_behind_tls)
            finally:
                child.stop()
        except KeyboardInterrupt:
            pass
    click.echo(_("Stopped."))


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _prepare(demo: bool) -> list[str]:
    """Bring the database up to date; what to tell whoever started Keystead."""
    folder = starting.make_folder()
    with starting.start_lock(folder):
        starting.set_up_django()
        starting.check()
        unlocking.check_key()
        starting.migrate()
        unlocking.make_key()
        if not demo and (held := backing_up.look()):
            return held
        greeting = _load_demonstration() if demo else _where_to_begin()
        return [*greeting, *unlocking.make_ready(local_actor(INSTALLATION), is_demo=demo)]


def _where_to_begin() -> list[str]:
    return [_("Nobody has signed up yet. Begin at {start}")] if starting.is_empty() else []


def _load_demonstration() -> list[str]:
    """Load the demonstration where it is not there; how to sign in to it."""
    if starting.is_empty():
        click.echo(_("Loading the demonstration: two places with a year of history …"))
    try:
        email, password = starting.load_demonstration()
    except KeysteadError as error:
        raise Refused(error.message, error.exit_code) from None
    known = password.reveal() if password else _("(shown at the first start)")
    return [_("Sign in:  {email}").format(email=email), _("Password: {p}").format(p=known)]


def _greet(url: str, greeting: list[str], *, is_warned: bool) -> None:
    click.echo(_("Keystead runs at {url}").format(url=url))
    for line in greeting:
        click.echo(line.replace("{start}", f"{url}/start"))
    if is_warned:
        _loudly(_("WARNING: without HTTPS everybody on this network can read passwords."))
    sys.stdout.flush()


def _loudly(sentence: str) -> None:
    click.secho(sentence, fg="red", bold=True, err=True)


@click.command()
@AS_JSON
def migrate(as_json: bool) -> None:
    """Bring the database up to date without starting anything."""
    with starting.start_lock(starting.make_folder()):
        starting.set_up_django()
        changed = starting.migrate()
    said = _("The database is up to date.") if changed else _("There was nothing to do.")
    click.echo(json.dumps({"changed": changed}) if as_json else said)


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands; those that tell no journal are refused."""
    refuse_unrecorded(arguments)
    starting.make_folder()
    starting.set_up_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["keystead manage", *arguments])


def _seal(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[int, str] | None:
    """The number and digest of a seal as `verify` prints it."""
    if value is None:
        return None
    if not (parts := _SEAL.fullmatch(value.strip())):
        raise click.BadParameter(_("A seal is a number, a colon and 64 digits or letters a-f."))
    return int(parts[1]), parts[2].lower()


@click.command()
@click.argument("slugs", nargs=-1, metavar="[WORKSPACE]...")
@click.option(
    "--seal",
    "noted",
    metavar="N:DIGEST",
    callback=_seal,
    help=_("A seal printed earlier: the journal must still have it."),
)
@click.option(
    "--checkpoint",
    "checkpoints",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help=_("A signed checkpoint kept elsewhere, or a folder of them."),
)
@click.option("--key", "verifier", help=_("The verifier key noted when all was well."))
@AS_JSON
def verify(
    slugs: tuple[str, ...],
    noted: tuple[int, str] | None,
    checkpoints: tuple[Path, ...],
    verifier: str | None,
    as_json: bool,
) -> None:
    """Check the journals of all workspaces, or of these, against themselves.

    Names the first bad entry of each, or prints its seal; the exit code is 1 when one is bad.
    With checkpoints from elsewhere also whether it is still the journal that was signed.
    """
    if (noted or checkpoints or verifier) and len(slugs) != 1:
        raise Refused(
            _("--seal, --checkpoint and --key need the name of the one workspace they are of."), 2
        )
    if verifier and not checkpoints:
        raise Refused(_("--key needs a --checkpoint that was signed with it."), 2)
    starting.set_up_django()
    starting.require_database()
    from keystead.journal import queries as journal

    seal = journal.Seal(*noted) if noted else None
    found = journal.workspaces()
    if unknown := set(slugs) - {workspace.slug for workspace in found}:
        raise Refused(
            _("There is no workspace called {slug}.").format(slug=", ".join(sorted(unknown))), 3
        )
    verdicts = {
        workspace.slug: journal.verify(local_actor(workspace.id), seal)
        for workspace in found
        if not slugs or workspace.slug in slugs
    }
    for slug, verdict in verdicts.items():
        if as_json:
            click.echo(json.dumps({"workspace": slug, "holds": verdict.holds, **asdict(verdict)}))
        elif verdict.holds:
            click.echo(
                _("{slug}: {count} entries hold. Seal: {seal}").format(
                    slug=slug, count=verdict.entries, seal=verdict.seal
                )
            )
        else:
            click.echo(
                _("{slug}: entry {number} {reason}.").format(
                    slug=slug, number=verdict.first_bad, reason=verdict.reason
                )
            )
    is_well = all(verdict.holds for verdict in verdicts.values())
    if checkpoints:
        is_well = _compare(found, slugs[0], checkpoints, verifier, as_json) and is_well
    elif noted is None:
        click.echo(
            _(
                "Compared with nothing from outside: this cannot exclude truncation, an end "
                "that was cut off. Use --checkpoint or --seal."
            ),
            err=True,
        )
    if not is_well:
        sys.exit(1)


def _compare(
    found: "list[WorkspaceView]",
    slug: str,
    paths: tuple[Path, ...],
    key: str | None,
    as_json: bool,
) -> bool:
    from keystead.cli import sealing

    workspace_id = next(workspace.id for workspace in found if workspace.slug == slug)
    findings = sealing.compared(workspace_id, slug, paths, key)
    return sealing.tell_compared(slug, findings, as_json=as_json)


@click.command()
@AS_JSON
def doctor(as_json: bool) -> None:
    """Look at the installation: what is used, why, and what is not as it should be."""
    starting.set_up_django()
    from keystead.cli.doctor import examine

    findings = examine()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{finding.state:3} {finding.about}: {finding.says}")
            for line in (finding.why, finding.do):
                if line:
                    click.echo(f"      {line}")
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands and options as you type.

    For bash: eval "$(keystead completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; for fish:
    keystead completion fish > ~/.config/fish/completions/keystead.fish.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if kind is None:
        raise Refused(_("There is no completion for {shell}.").format(shell=shell), 2)
    # As text of the class: asking bash for its version would need a bash.
    made = kind(root, {}, "keystead", "_KEYSTEAD_COMPLETE")
    click.echo(made.source_template % made.source_vars())


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def openapi(file: Path) -> None:
    """Write the description of the API to a file."""
    starting.set_up_django()
    from django.utils.module_loading import import_string

    document = import_string("keystead.api.urls.document")()
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    file.write_text(text + "\n")


COMMANDS: tuple[click.Command, ...] = (
    up,
    migrate,
    manage,
    verify,
    doctor,
    completion,
    openapi,
)
