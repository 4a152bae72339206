"""Sealing through the tables: which data key, what is refused, and what the journal learns."""

import random
from uuid import UUID, uuid4

import pytest
from django.db import connection

from keystead.journal import queries as journal
from keystead.journal.operation import Change, operation
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.vault import keyring, sealing
from keystead.vault import operations as vault
from keystead.vault.errors import VaultLocked
from keystead.vault.models import DataKey
from keystead.vault.sealing import CannotOpen
from tests.cast import World

pytestmark = pytest.mark.db
ROW = UUID("6f1c2d7e-0000-4000-8000-000000000001")
FORGERIES = 1_000


def seal(value: str, workspace_id: int = 1, row: UUID = ROW, purpose: str = "code.value") -> bytes:
    return sealing.seal(Secret(value), workspace_id=workspace_id, row=row, purpose=purpose)


def unseal(
    sealed: bytes, workspace_id: int = 1, row: UUID = ROW, purpose: str = "code.value"
) -> str:
    opened = sealing.open_secret(sealed, workspace_id=workspace_id, row=row, purpose=purpose)
    return opened.reveal()


def test_each_workspace_has_a_data_key_of_its_own_from_its_first_moment(world: World) -> None:
    keys = DataKey.objects.values_list("workspace_id", "version", "state")
    assert set(keys) == {(n, 1, "active") for n in (world.workspace, world.elsewhere.workspace)}
    made = journal.Filter(names=("vault.data-key-made",))
    for actor in (world.ana, world.cy):
        assert [told.payload for told in journal.entries(actor, only=made)] == [{"version": 1}]
    installation = system(INSTALLATION, "tests")
    first = journal.entries(installation, only=journal.Filter(names=("vault.key-put-in-use",)))
    assert [told.payload["reason"] for told in first] == ["first-start"]


def test_preparing_gives_the_installation_its_data_key_once(world: World) -> None:
    installation = system(INSTALLATION, "tests")
    assert (vault.prepare(installation), vault.prepare(installation)) == (1, 0)
    sealed = seal("4471", INSTALLATION)
    assert unseal(sealed, INSTALLATION) == "4471"


def test_sealing_writes_nothing_and_reads_one_row(world: World) -> None:
    seal("warm", world.workspace)
    with connection.execute_wrapper(_only_reading):
        assert unseal(seal("4471", world.workspace), world.workspace) == "4471"


def _only_reading(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    assert sql.startswith("SELECT"), sql
    return execute(sql, params, many, context)


def test_a_workspace_without_a_data_key_can_seal_nothing_and_makes_none(world: World) -> None:
    with pytest.raises(VaultLocked, match="no data key"):
        seal("4471", INSTALLATION)
    assert not DataKey.objects.filter(workspace_id=INSTALLATION).exists()


@pytest.mark.usefixtures("key_file")
def test_without_the_vault_key_nothing_opens_and_the_refusal_says_why(world: World) -> None:
    keyring.forget()
    keyring.load()
    sealed = seal("4471", world.workspace)
    keyring.forget()
    with pytest.raises(VaultLocked, match="not there"):
        keyring.held()
    assert unseal(sealed, world.workspace) == "4471"  # it looks once more


def test_values_of_the_format_before_say_that_they_cannot_be_opened(world: World) -> None:
    old = b"\x01" + bytes(12) + bytes(48)
    with pytest.raises(CannotOpen, match="cannot be opened"):
        unseal(old, world.workspace)


def test_text_that_is_none_is_refused_without_showing_any(world: World) -> None:
    sealed = sealing.seal(b"\xff4471", workspace_id=world.workspace, row=ROW, purpose="code.value")
    with pytest.raises(CannotOpen) as refused:
        unseal(sealed, world.workspace)
    assert refused.value.__cause__ is None
    assert "4471" not in str(refused.value)


def test_a_thousand_forgeries_are_refused(world: World) -> None:
    here, there = world.workspace, world.elsewhere.workspace
    dice, opened, recorded = random.Random(4471), [], 0
    vault.begin_rotation(system(INSTALLATION, "tests"))
    old = DataKey.objects.get(workspace_id=here, version=1)
    for _ in range(FORGERIES // 5):
        row = uuid4()
        sealed = seal(f"{dice.randrange(10**8):08}", here, row)
        at = dice.randrange(len(sealed))
        for what, forged, workspace_id, place, purpose in (
            ("tenant", sealed, there, row, "code.value"),
            ("row", sealed, here, uuid4(), "code.value"),
            ("field", sealed, here, row, "exchange.upload"),
            ("version", sealed[:1] + bytes([0, 0, 0, 1]) + sealed[5:], here, row, "code.value"),
            (
                "handle",
                sealed[:1] + bytes([0, 0, 0, 1]) + bytes.fromhex(old.handle) + sealed[13:],
                here,
                row,
                "code.value",
            ),
            ("short", sealed[:at], here, row, "code.value"),
            (
                "bit",
                sealed[:at] + bytes([sealed[at] ^ (1 << dice.randrange(8))]) + sealed[at + 1 :],
                here,
                row,
                "code.value",
            ),
        ):
            try:
                opened.append((what, unseal(forged, workspace_id, place, purpose)))
            except CannotOpen as refused:
                recorded += refused.record is not None
    assert (opened, recorded) == ([], FORGERIES // 5 * 7)


@operation(Right.EDIT_REGISTER)
def tell(change: Change, *, sealed: bytes) -> str:
    """Open a value as revealing it will."""
    return change.unchanged(unseal(sealed, change.workspace_id))


def test_the_journal_learns_of_a_value_that_does_not_open(world: World) -> None:
    sealed = seal("4471", world.workspace)
    assert tell(world.ana, sealed=sealed) == "4471"
    before = journal.seal(world.ana).sequence
    with pytest.raises(CannotOpen):
        tell(world.ana, sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    told = journal.entries(world.ana, limit=1)[0]
    assert (told.sequence, told.name) == (before + 1, "vault.opening-failed")
    assert told.payload == {
        "purpose": "code.value",
        "row_uuid": str(ROW),
        "version": 1,
        "reason": "seal",
    }
