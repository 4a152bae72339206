"""What `keystead up` does before it serves: folder, database, demonstration."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

from keystead import config
from keystead.cli.refusing import INVALID, NOT_FOUND, UNAVAILABLE, Refused
from keystead.cli.words import translate as _
from keystead.kernel.secret import Secret

MIGRATING = 5396
"""The advisory lock on PostgreSQL under which the tables are brought up to date."""


def make_folder() -> Path:
    """The data folder, made for its owner alone if it is not there."""
    folder = config.data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "uploads").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refused(
            _("The data folder {folder} cannot be used: {why}").format(
                folder=folder, why=error.strerror
            ),
            INVALID,
        ) from None
    return folder


def require_private(host: str, *, is_behind_tls: bool, plain_http: bool) -> bool:
    """Whether others on the network can reach `host`. Raises Refused if passwords were readable."""
    try:
        is_public = not ip_address(host).is_loopback
    except ValueError:
        is_public = host != "localhost"
    if is_public and not is_behind_tls and not plain_http:
        raise Refused(
            _(
                "{host} is reachable from other machines, and passwords would cross the network "
                "readable by all. Put a proxy with HTTPS in front and set "
                "KEYSTEAD_BEHIND_TLS=true, or use --plain-http if you know better."
            ).format(host=host),
            INVALID,
        )
    return is_public


@contextmanager
def start_lock(folder: Path) -> Iterator[None]:
    """Only one start at a time works on the database of a data folder."""
    descriptor = os.open(folder / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def set_up_django() -> None:
    """Load Django with the settings of this installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keystead.settings")
    import django

    django.setup()


def check() -> None:
    """Raise Refused when something callable has no row in the table, or the like."""
    from django.core.checks import Error, run_checks

    wrong = [
        message for message in run_checks() if isinstance(message, Error) or message.level > 30
    ]
    if wrong:
        raise Refused(
            _("Keystead does not start: its own tables are incomplete."),
            1,
            lines=[str(message.msg) for message in wrong],
        )


def migrate() -> bool:
    """Bring the tables up to date; whether there was anything to do. Safe to run twice at once."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with _alone_on_the_server():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        call_command("migrate", verbosity=0, interactive=False)
    return True


def require_database() -> None:
    """Raise Refused where there is no database with our tables yet, or it does not answer."""
    from django.db import DatabaseError, connection

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        raise _no_database()
    try:
        is_there = "journal_entry" in connection.introspection.table_names()
    except DatabaseError as error:
        raise Refused(
            _("The database does not answer: {why}").format(why=error), UNAVAILABLE
        ) from None
    if not is_there:
        raise _no_database()


def _no_database() -> Refused:
    return Refused(_("There is no database yet. Start Keystead first: keystead up"), NOT_FOUND)


@contextmanager
def _alone_on_the_server() -> Iterator[None]:
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def load_demonstration() -> tuple[str, Secret | None]:
    """Load the demonstration where it is not there; its e-mail address and, if kept, password."""
    from keystead.exchange import demo

    kept = config.vault_key_file().with_name("demo-password")
    was_kept = kept.exists()
    password = Secret(config.kept_text(kept, lambda: secrets.token_urlsafe(12)))
    sign_in = demo.load(password)
    if sign_in.password is None and not was_kept:
        kept.unlink()
        return sign_in.email, None
    return sign_in.email, password


def is_empty() -> bool:
    """Whether nobody has signed up yet."""
    from keystead.people import operations as people

    return people.can_found()
