"""Everything is sealed anew while people go on reading, through kills, and nothing is forgotten."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection

from keystead.exchange import imports
from keystead.hardware import operations as hardware
from keystead.hardware.models import Code
from keystead.journal import queries as journal
from keystead.journal.operation import Change, operation
from keystead.journal.verify import verify
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.people import factors
from keystead.people import operations as people
from keystead.vault import keyring, queries, rotating, sealing
from keystead.vault import operations as vault
from keystead.vault.models import DataKey, Wrap
from keystead.vault.sealing import CannotOpen
from tests.cast import World
from tests.support.databases import Database
from tests.vault import rotator

pytestmark = pytest.mark.db


def local(workspace_id: int) -> Actor:
    return system(workspace_id, "os:tests", local=True)


def record(actor: Actor, lock_id: int, value: str) -> int:
    return hardware.record_code(actor, lock_id=lock_id, name=f"Code {value}", value=Secret(value))


@operation(Right.RUN)
def look_up(change: Change, *, code_id: int) -> str:
    """Open a code as revealing it will: in an operation, so that no rotation comes between."""
    row = Code.everything.get(pk=code_id)
    assert row.sealed is not None
    opened = sealing.open_secret(
        bytes(row.sealed), workspace_id=row.workspace_id, row=row.uuid, purpose="code.value"
    )
    return change.unchanged(opened.reveal())


def code_value(code_id: int) -> str:
    """What a code opens to."""
    workspace_id = Code.everything.values_list("workspace_id", flat=True).get(pk=code_id)
    return look_up(local(workspace_id), code_id=code_id)


def states(world: World) -> dict[int, str]:
    rows = DataKey.objects.filter(workspace_id=world.workspace)
    return dict(rows.values_list("version", "state"))


def test_after_a_rotation_everything_opens_with_the_new_key_and_the_old_one_is_gone(
    world: World,
) -> None:
    vault.prepare(local(INSTALLATION))
    codes = {record(world.ana, world.lock, f"44{n:06}"): f"44{n:06}" for n in range(5)}
    foreign = record(world.cy, world.elsewhere.lock, "99000001")
    staged = imports.upload(world.ana, b"Key,Copies\nB1,2\n", "register.csv")
    before = {code.pk: bytes(code.sealed or b"") for code in Code.objects.all()}
    done = rotating.rotate(local)
    assert (done.values, done.unreadable, done.retired, done.was_resumed) == (7, 0, 3, False)
    assert {code: code_value(code) for code in codes} == codes
    assert code_value(foreign) == "99000001"
    assert imports.opened(world.ana, staged).view.id == staged
    assert all(bytes(code.sealed or b"") != before[code.pk] for code in Code.objects.all())
    assert states(world) == {1: "retired", 2: "active"}
    assert not Wrap.objects.filter(data_key__state="retired").exists()
    assert queries.not_sealed_with_newest() == 0
    names = [told.name for told in journal.entries(world.ana, limit=4)]
    assert names == [
        "vault.data-key-retired",
        "vault.values-resealed",
        "vault.values-resealed",
        "vault.data-key-made",
    ]
    assert verify(world.workspace).holds


def test_second_factors_are_sealed_anew_too(world: World) -> None:
    account_id = world.ana.account_id or 0
    people.add_app(world.ana, secret=Secret("JBSWY3DPEHPK3PXP"), step=1)
    codes = people.renew_recovery_codes(world.ana)
    before = {row.pk: dict(row.data) for row in Authenticator.objects.all()}
    done = rotating.rotate(local)
    assert done.unreadable == 0
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=account_id)}
    assert all(before[row.pk] != row.data for row in rows.values())
    with factors.secrets_of(account_id):
        assert factors.opened(rows["totp"].data["secret"]) == "JBSWY3DPEHPK3PXP"
        assert RecoveryCodes(rows["recovery_codes"]).generate_codes() == codes
    assert queries.not_sealed_with_newest() == 0


def test_a_value_from_before_put_back_into_the_database_opens_no_more(world: World) -> None:
    code = record(world.ana, world.lock, "44710815")
    old = bytes(Code.objects.get(pk=code).sealed or b"")
    rotating.rotate(local)
    Code.objects.filter(pk=code).update(sealed=old)
    with pytest.raises(CannotOpen) as refused:
        code_value(code)
    assert refused.value.record is not None
    assert refused.value.record.payload()["reason"] == "retired"


def test_until_it_is_sealed_anew_a_value_opens_with_the_old_key(world: World) -> None:
    code = record(world.ana, world.lock, "44710815")
    vault.begin_rotation(local(INSTALLATION))
    assert code_value(code) == "44710815"
    assert vault.retire_data_keys(local(world.workspace)) == 0
    newer = record(world.ana, world.lock, "44710816")
    keyring.forget()
    keyring.load()
    assert (code_value(code), code_value(newer)) == ("44710815", "44710816")
    assert states(world) == {1: "replaced", 2: "active"}


def test_what_cannot_be_opened_stays_and_keeps_its_key_and_the_next_rotation_begins(
    world: World,
) -> None:
    good, bad, ancient = (record(world.ana, world.lock, f"4471081{n}") for n in range(3))
    broken = bytearray(Code.objects.get(pk=bad).sealed or b"")
    broken[-1] ^= 1
    Code.objects.filter(pk=bad).update(sealed=bytes(broken))
    Code.objects.filter(pk=ancient).update(sealed=b"\x01" + bytes(60))
    done = rotating.rotate(local)
    assert (done.values, done.unreadable) == (1, 2)
    assert states(world) == {1: "replaced", 2: "active"}
    assert bytes(Code.objects.get(pk=bad).sealed or b"") == bytes(broken)
    again = rotating.rotate(local)
    assert (again.was_resumed, again.values) == (False, 1)
    assert states(world) == {1: "replaced", 2: "retired", 3: "active"}
    assert code_value(good) == "44710810"


def test_rows_of_an_unfinished_import_are_sealed_anew_too(world: World) -> None:
    code = record(world.ana, world.lock, "44710815")
    Code.everything.filter(pk=code).update(pending_import=1)
    assert rotating.rotate(local).values == 1
    assert code_value(code) == "44710815"


def test_a_rotation_takes_batches_each_of_them_one_operation(world: World) -> None:
    made = [record(world.ana, world.lock, f"{n:08}") for n in range(203)]
    vault.begin_rotation(local(INSTALLATION))
    actor = local(world.workspace)
    first = vault.reseal(actor, purpose="code.value")
    assert (first.values, first.last_id) == (200, made[199])
    second = vault.reseal(actor, purpose="code.value", after_id=made[199])
    assert (second.values, second.last_id) == (3, made[202])
    assert vault.reseal(actor, purpose="code.value", after_id=made[202]).last_id is None
    told = journal.Filter(names=("vault.values-resealed",))
    counts = [entry.payload["values"] for entry in journal.entries(world.ana, only=told)]
    assert counts == [3, 200]


@dataclass
class Traffic:
    """People who look codes up, and sometimes record one, as long as this lasts."""

    world: World
    values: dict[int, str]
    rests_s: float
    reveals: int = 0
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, seed: int) -> None:
        """Ask at a steady pace: who was kept waiting asks again at once, as many as were due."""
        dice, due = random.Random(seed), time.monotonic() + self.rests_s
        try:
            while not self.over.wait(max(0.0, due - time.monotonic())):
                due += self.rests_s
                with self.lock:
                    code, value = dice.choice(list(self.values.items()))
                self.once(code, value)
        finally:
            connection.close()

    def once(self, code: int, value: str) -> None:
        try:
            seen = code_value(code)
        except Exception as error:  # whatever it is, it must not happen
            self.failures.append(repr(error))
        else:
            if seen != value:
                self.failures.append("another value")
        with self.lock:
            self.reveals += 1

    def write(self) -> None:
        number = 0
        try:
            while not self.over.wait(max(self.rests_s * 4, 0.05)):
                number += 1
                value = f"{77_000_000 + number}"
                made = record(self.world.ana, self.world.lock, value)
                with self.lock:
                    self.values[made] = value
        except Exception as error:  # as above
            self.failures.append(repr(error))
        finally:
            connection.close()


@contextmanager
def traffic(world: World, values: dict[int, str], rests_s: float) -> Iterator[Traffic]:
    """Four who look and one who writes, until the end of the block."""
    busy = Traffic(world, values, rests_s)
    threads = [threading.Thread(target=busy.look, args=(n,)) for n in range(4)]
    threads.append(threading.Thread(target=busy.write))
    for thread in threads:
        thread.start()
    try:
        yield busy
    finally:
        busy.over.set()
        for thread in threads:
            thread.join()


def rotate_under_traffic(
    world: World, database: Database, *, codes: int, kills: int, seconds: float, rests_s: float
) -> Traffic:
    """Rotate data keys and vault key again and again, killed in between, under traffic."""
    vault.prepare(local(INSTALLATION))
    values = {record(world.ana, world.lock, f"{n:08}"): f"{n:08}" for n in range(codes)}
    dice, until = random.Random(codes), time.monotonic() + seconds
    with traffic(world, values, rests_s) as busy:
        killed = 0
        while killed < kills or time.monotonic() < until:
            is_vault_key = bool(killed % 3 == 2)
            at = dice.randrange(1, 25 if is_vault_key else 10 + codes)
            kill_at = at if killed < kills else None
            ended = rotator.run(database.url, kill_at=kill_at, replace_vault_key=is_vault_key)
            assert ended in (0, -signal.SIGKILL)
            killed += 1
        for replace_vault_key in (True, False):
            while queries.vault().prepared or replace_vault_key:
                assert rotator.run(database.url, kill_at=None, replace_vault_key=True) == 0
                replace_vault_key = False
        while queries.to_reseal():
            assert rotator.run(database.url, kill_at=None) == 0
    assert {code: code_value(code) for code in values} == values
    assert queries.not_sealed_with_newest() == 0
    assert queries.vault_keys() == [keyring.held_as(queries.vault_keys()[0]).fingerprint]
    assert verify(world.workspace).holds
    assert verify(INSTALLATION).holds
    return busy


@pytest.mark.slow
def test_nobody_notices_a_rotation_that_is_killed_and_begun_again(
    key_file: Path, world: World, database: Database
) -> None:
    busy = rotate_under_traffic(world, database, codes=60, kills=3, seconds=0, rests_s=0.02)
    assert (busy.failures, busy.reveals > 100) == ([], True)


@pytest.mark.audit
def test_nobody_notices_five_minutes_of_rotations_killed_ten_times(
    key_file: Path, world: World, database: Database
) -> None:
    busy = rotate_under_traffic(world, database, codes=400, kills=10, seconds=300, rests_s=0.2)
    assert busy.failures == []
    assert busy.reveals >= 20 * 300 * 0.9


@pytest.mark.audit
@pytest.mark.parametrize("replace_vault_key", [False, True])
def test_killed_before_each_statement_in_turn_a_rotation_always_comes_to_its_end(
    key_file: Path, world: World, database: Database, replace_vault_key: bool
) -> None:
    vault.prepare(local(INSTALLATION))
    values = {record(world.ana, world.lock, f"{n:08}"): f"{n:08}" for n in range(9)}
    statement, ended = 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        statement += 1
        ended = rotator.run(database.url, kill_at=statement, replace_vault_key=replace_vault_key)
        keyring.forget()
        keyring.load()
        assert {code: code_value(code) for code in values} == values
    assert (ended, statement > 5) == (0, True)
    while queries.to_reseal():
        assert rotator.run(database.url, kill_at=None) == 0
    assert queries.not_sealed_with_newest() == 0
