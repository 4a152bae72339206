"""The role of SECURITY.md runs Keystead, and can do nothing else to the journal (PostgreSQL)."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from keystead.custody import operations as custody
from keystead.journal import checkpoints, guards, outside, signing
from keystead.journal.verify import verify
from keystead.kernel.actor import INSTALLATION, system
from tests.cast import World
from tests.support.databases import Database

pytestmark = pytest.mark.db
SECURITY = Path(__file__).resolve().parents[2] / "SECURITY.md"


def statements(role: str) -> list[str]:
    """What SECURITY.md tells operators to run, for a role of this name."""
    (block,) = re.findall(r"^```sql\n(.*?)^```", SECURITY.read_text(), re.M | re.S)
    return [part.replace("keystead_app", role) for part in block.split(";") if part.strip()]


@pytest.fixture
def role(world: World, database: Database) -> Iterator[str]:
    """A role with fewer rights, in which this connection works from now on."""
    if database.vendor == "sqlite":
        pytest.skip("SQLite knows no roles: there are only the triggers, as SECURITY.md says")
    name = f"app_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        for statement in statements(name):
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {name}")
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {name}")
            cursor.execute(f"DROP ROLE {name}")


REFUSED = (
    "UPDATE journal_entry SET name = 'x'",
    "UPDATE journal_entry SET name = 'x' WHERE false",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry CASCADE",
    "UPDATE journal_mention SET thing_id = 1",
    "DELETE FROM journal_mention",
    "TRUNCATE journal_mention",
    "ALTER TABLE journal_entry DISABLE TRIGGER USER",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_fixed",
    "DROP TRIGGER journal_entry_fixed ON journal_entry",
    "ALTER TABLE journal_entry RENAME TO other",
    "DROP TABLE journal_entry CASCADE",
    "SET session_replication_role = replica",
    "UPDATE journal_signingkey SET public = sealed",
    "DELETE FROM journal_signingkey",
    "TRUNCATE journal_signingkey",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_denies_the_role(statement: str, role: str) -> None:
    with pytest.raises(ProgrammingError) as denied, transaction.atomic():
        connection.cursor().execute(statement)
    assert isinstance(denied.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_role_can_do_all_that_keystead_does(role: str, world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    custody.return_copies(world.ana, copy_ids=[world.copy])
    shown = outside.Place("shown", lambda signed: None)
    checkpoints.make(system(world.workspace, "worker"), places=[shown])
    assert signing.make(system(INSTALLATION, "tests"), another=True)
    assert verify(world.workspace).holds
    assert not guards.may_change()


def test_the_owner_of_the_tables_could_change_them(world: World, database: Database) -> None:
    if database.vendor == "sqlite":
        pytest.skip("SQLite knows no roles")
    assert guards.may_change()
