"""Random changes to a long journal past the triggers: each is found, at exactly its place."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from keystead.journal import chain
from keystead.journal.operation import _open
from keystead.journal.verify import verify
from keystead.places import facts as places
from tests.cast import World
from tests.support.databases import Database
from tests.support.tampering import bare, disarm

pytestmark = pytest.mark.db
COLUMNS = "workspace_id, at, name, account_id, channel, body, digest"


def lengthen(world: World, size: int) -> int:
    """Record many facts at once, as an import does; the number of the last entry."""
    with transaction.atomic(durable=True):
        change = _open(world.ana)
        for n in range(size):
            change.record(places.SiteAdded(site_id=n, site_name=f"Site {n}", time_zone=""))
        last = change.sequence - 1
        change.flush()
    return last


class Mutations:
    """Ways to change a journal of `last` entries; each says which entry is the first bad one."""

    def __init__(self, workspace_id: int, last: int, chance: random.Random) -> None:
        self.workspace_id, self.last, self.chance = workspace_id, last, chance
        self.here = f"workspace_id = {workspace_id}"

    def run(self, sql: str, *values: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone() if cursor.description else None

    def one(self) -> int:
        return self.chance.randint(1, self.last)

    def set(self, sequence: int, column: str, value: Any) -> int:
        sql = f"UPDATE journal_entry SET {column} = %s WHERE {self.here} AND sequence = %s"
        self.run(sql, value, sequence)
        return sequence

    def body(self, sequence: int) -> str:
        sql = f"SELECT body FROM journal_entry WHERE {self.here} AND sequence = %s"
        return str(self.run(sql, sequence)[0])

    def edit_name(self) -> int:
        return self.set(self.one(), "name", "custody.copy-checked-out")

    def edit_account(self) -> int:
        return self.set(self.one(), "account_id", self.chance.randint(77, 99))

    def edit_channel(self) -> int:
        return self.set(self.one(), "channel", self.chance.choice(["api", "cli", ""]))

    def edit_time(self) -> int:
        some = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=self.chance.randrange(10**8))
        return self.set(self.one(), "at", some)

    def edit_digest(self) -> int:
        return self.set(self.one(), "digest", self.chance.randbytes(32))

    def edit_body(self) -> int:
        sequence = self.one()
        text = self.body(sequence)
        at = self.chance.randrange(len(text))
        other = chr(ord(text[at]) ^ (1 << self.chance.randrange(5)) or 32)
        return self.set(sequence, "body", text[:at] + other + text[at + 1 :])

    def retime(self) -> int:
        """Text and column told alike, the digest left as it was."""
        sequence = self.one()
        content = json.loads(self.body(sequence))
        earlier = datetime.fromisoformat(content["at"]) - timedelta(hours=1)
        text = earlier.isoformat(" ").removesuffix("+00:00")
        self.set(sequence, "at", text if connection.vendor == "sqlite" else earlier)
        changed = chain.canonical({**content, "at": earlier.isoformat()})
        return self.set(sequence, "body", changed.decode())

    def reseal(self) -> int:
        """The same, with a fresh digest: the next entry no longer follows from it."""
        sequence = self.retime()
        sql = f"SELECT digest FROM journal_entry WHERE {self.here} AND sequence = %s"
        found = self.run(sql, sequence - 1)
        before = bytes(found[0]) if found else chain.GENESIS
        self.set(sequence, "digest", chain.link(before, self.body(sequence).encode()))
        return min(sequence + 1, self.last)

    def move_away(self) -> int:
        sequence = self.one()
        sql = f"UPDATE journal_entry SET workspace_id = 0, sequence = 900000 WHERE {self.here}"
        self.run(f"{sql} AND sequence = %s", sequence)
        return sequence

    def renumber(self) -> int:
        return self.set(self.one(), "sequence", self.last + self.chance.randint(2, 99))

    def delete(self) -> int:
        sequence = self.one()
        self.run(f"DELETE FROM journal_entry WHERE {self.here} AND sequence = %s", sequence)
        return sequence

    def cut(self) -> int:
        sequence = self.one()
        self.run(f"DELETE FROM journal_entry WHERE {self.here} AND sequence >= %s", sequence)
        return sequence

    def insert(self) -> int:
        """A copy of some entry between two others, which all move up by one."""
        sequence, some = self.one(), self.one()
        row = self.run(
            f"SELECT {COLUMNS} FROM journal_entry WHERE {self.here} AND sequence = %s", some
        )
        sql = f"UPDATE journal_entry SET sequence = %s WHERE {self.here} AND sequence"
        self.run(sql.replace("%s", "-sequence - 1") + " >= %s", sequence)
        self.run(sql.replace("%s", "-sequence") + " < 0")
        marks = ", ".join(["%s"] * 8)
        self.run(
            f"INSERT INTO journal_entry ({COLUMNS}, sequence) VALUES ({marks})", *row, sequence
        )
        if some != sequence:
            return sequence
        return sequence + 1  # the copy stands where the entry itself stood, which comes again

    def append(self) -> int:
        some = self.one()
        sql = f"INSERT INTO journal_entry ({COLUMNS}, sequence) SELECT {COLUMNS}, %s"
        self.run(
            f"{sql} FROM journal_entry WHERE {self.here} AND sequence = %s", self.last + 1, some
        )
        return self.last + 1

    def swap(self) -> int:
        one, other = self.chance.sample(range(1, self.last + 1), 2)
        for old, new in ((one, -1), (other, one), (-1, other)):
            self.set(old, "sequence", new)
        return min(one, other)

    def mention(self) -> int:
        sequence = self.one()
        self.run(
            "INSERT INTO journal_mention (workspace_id, kind, thing_id, sequence)"
            " VALUES (%s, 'copy', 987654, %s)",
            self.workspace_id,
            sequence,
        )
        return sequence

    @property
    def all(self) -> tuple[Callable[[], int], ...]:
        return (
            self.edit_name, self.edit_account, self.edit_channel, self.edit_time,
            self.edit_digest, self.edit_body, self.retime, self.reseal, self.move_away,
            self.renumber, self.delete, self.cut, self.insert, self.append, self.swap,
            self.mention,
        )  # fmt: skip


def mutate(world: World, database: Database, entries: int, times: int, seed: int) -> None:
    last = lengthen(world, entries)
    assert verify(world.workspace).holds
    with bare(database) as raw:
        disarm(raw, database)
    chance = random.Random(seed)
    mutations = Mutations(world.workspace, last, chance)
    found = 0
    for number in range(times):
        act = mutations.all[number % len(mutations.all)]
        with transaction.atomic():
            expected = act()
            verdict = verify(world.workspace)
            transaction.set_rollback(True)
        assert verdict.first_bad == expected, (number, act.__name__, verdict)
        found += 1
    assert found == times
    assert verify(world.workspace).holds


@pytest.mark.slow
def test_random_changes_are_located(world: World, database: Database) -> None:
    mutate(world, database, entries=1_000, times=100, seed=1)


@pytest.mark.audit
def test_a_thousand_random_changes_in_ten_thousand_entries_are_located(
    world: World, database: Database
) -> None:
    mutate(world, database, entries=10_000, times=1_000, seed=random.randrange(2**32))
