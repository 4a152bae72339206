"""The vault key replaced, lost and recovered; the recovery key made, confirmed and forged."""

from pathlib import Path
from uuid import UUID

import pytest

from keystead.journal import queries as journal
from keystead.journal.verify import verify
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Forbidden, Invalid
from keystead.kernel.secret import Secret, SecretBytes
from keystead.people import operations as people
from keystead.vault import keyring, queries, recovery, sealing, source, wrapping
from keystead.vault import operations as vault
from keystead.vault.errors import KeyChangeUnderWay, VaultLocked, WrongRecoveryKey
from keystead.vault.models import DataKey, RecoveryKey, VaultKey, Wrap
from tests.cast import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("key_file")]
ROW = UUID("6f1c2d7e-0000-4000-8000-000000000001")


@pytest.fixture
def local(world: World) -> Actor:
    """Whoever runs the server, whose vault is ready."""
    actor = system(INSTALLATION, "os:tests", local=True)
    vault.prepare(actor)
    return actor


def sealed_in(world: World) -> bytes:
    return sealing.seal(Secret("4471"), workspace_id=world.workspace, row=ROW, purpose="code.value")


def value(sealed: bytes, world: World) -> str:
    return sealing.open_secret(
        sealed, workspace_id=world.workspace, row=ROW, purpose="code.value"
    ).reveal()


def another_workspace(world: World) -> str:
    return people.create_workspace(
        Actor(workspace_id=INSTALLATION, channel="web", account_id=world.ana.account_id),
        owner_name="Ana",
        workspace_name="Boat House",
        template="empty",
        time_zone="Europe/London",
        locale="en",
    )


def made(local: Actor) -> Secret:
    written, seed = recovery.new_recovery_key()
    vault.make_recovery_key(local, public_key=wrapping.public_key(seed))
    return written


def put_in_use(key_file: Path, key: SecretBytes) -> None:
    """What an operator does with a new key: it takes the place of the old one, and a restart."""
    source.make(source.next_to(key_file), key)
    source.put_in_place(key_file)
    keyring.forget()
    keyring.load()


def test_a_new_vault_key_takes_over_in_two_steps_and_both_work_in_between(
    world: World, local: Actor, key_file: Path
) -> None:
    sealed, new = sealed_in(world), wrapping.new_key()
    old = keyring.held().fingerprint
    assert vault.prepare_vault_key(local, vault_key=new) == wrapping.fingerprint(new)
    keyring.forget()
    keyring.load()
    assert value(sealed, world) == "4471"
    put_in_use(key_file, new)
    assert value(sealed, world) == "4471"
    vault.put_vault_key_in_use(local)
    keyring.forget()
    keyring.load()
    assert value(sealed, world) == "4471"
    assert set(Wrap.objects.values_list("by", flat=True)) == {wrapping.fingerprint(new)}
    states = dict(VaultKey.objects.values_list("fingerprint", "state"))
    assert states == {old: "retired", wrapping.fingerprint(new): "in-use"}


def test_a_process_with_the_old_key_in_memory_finds_the_new_one_by_itself(
    world: World, local: Actor, key_file: Path
) -> None:
    held_before = keyring.held()
    sealed, new = sealed_in(world), wrapping.new_key()
    vault.prepare_vault_key(local, vault_key=new)
    put_in_use(key_file, new)
    vault.put_vault_key_in_use(local)
    keyring.forget()
    keyring._held = held_before
    assert value(sealed, world) == "4471"
    keyring._held = held_before
    another_workspace(world)
    assert queries.vault().unequipped == 0


def test_the_old_key_opens_nothing_once_it_is_replaced(
    world: World, local: Actor, key_file: Path
) -> None:
    old, sealed, new = source.read_file(key_file), sealed_in(world), wrapping.new_key()
    assert old is not None
    vault.prepare_vault_key(local, vault_key=new)
    put_in_use(key_file, new)
    vault.put_vault_key_in_use(local)
    put_in_use(key_file, old)
    with pytest.raises(VaultLocked, match="another key"):
        value(sealed, world)
    with pytest.raises(Invalid, match="had that key before"):
        vault.prepare_vault_key(local, vault_key=old)


def test_a_key_cannot_be_put_in_use_by_whoever_does_not_hold_it(world: World, local: Actor) -> None:
    vault.prepare_vault_key(local, vault_key=wrapping.new_key())
    with pytest.raises(VaultLocked):
        vault.put_vault_key_in_use(local)
    assert queries.vault().in_use == keyring.held().fingerprint


def test_while_the_vault_key_is_replaced_no_keys_are_made(world: World, local: Actor) -> None:
    vault.prepare_vault_key(local, vault_key=wrapping.new_key())
    for refused in (
        lambda: another_workspace(world),
        lambda: vault.begin_rotation(local),
        lambda: made(local),
    ):
        with pytest.raises(KeyChangeUnderWay):
            refused()
    assert DataKey.objects.filter(state="replaced").count() == 0


def test_a_prepared_key_that_got_lost_is_given_up_for_another(
    world: World, local: Actor, key_file: Path
) -> None:
    lost, new = wrapping.new_key(), wrapping.new_key()
    vault.prepare_vault_key(local, vault_key=lost)
    before = journal.seal(local).sequence
    vault.prepare_vault_key(local, vault_key=lost)
    assert journal.seal(local).sequence == before
    vault.prepare_vault_key(local, vault_key=new)
    assert not Wrap.objects.filter(by=wrapping.fingerprint(lost)).exists()
    put_in_use(key_file, new)
    vault.put_vault_key_in_use(local)
    assert queries.vault_keys() == [wrapping.fingerprint(new)]


def test_the_recovery_key_opens_what_a_lost_vault_key_sealed(
    world: World, local: Actor, key_file: Path
) -> None:
    written, early = made(local), sealed_in(world)
    another_workspace(world)
    vault.begin_rotation(local)
    late = sealed_in(world)
    key_file.unlink()
    keyring.forget()
    keyring.load()
    with pytest.raises(VaultLocked):
        value(early, world)
    new = wrapping.new_key()
    assert vault.recover(local, recovery_key=written, vault_key=new) == 8
    put_in_use(key_file, new)
    assert [value(sealed, world) for sealed in (early, late)] == ["4471", "4471"]
    told = journal.entries(local, limit=1)[0]
    assert (told.name, told.payload["reason"]) == ("vault.key-put-in-use", "recovery")
    another_workspace(world)  # the new vault key vouches for the recovery key
    vault.confirm_recovery_key(local, recovery_key=written)
    assert verify(INSTALLATION).holds


def test_only_the_recovery_key_in_use_confirms_and_recovers(world: World, local: Actor) -> None:
    first, second = made(local), made(local)
    strange = recovery.new_recovery_key()[0]
    for wrong in (first, strange, Secret("AAAAA"), Secret(second.reveal()[:-1])):
        with pytest.raises(WrongRecoveryKey):
            vault.confirm_recovery_key(local, recovery_key=wrong)
        with pytest.raises(WrongRecoveryKey):
            vault.recover(local, recovery_key=wrong, vault_key=wrapping.new_key())
    assert queries.vault().recovery == "unconfirmed"
    vault.confirm_recovery_key(local, recovery_key=second)
    assert queries.vault().recovery == "confirmed"
    third = made(local)
    assert queries.vault().recovery == "unconfirmed"
    vault.confirm_recovery_key(local, recovery_key=third)


def test_a_recovery_key_planted_in_the_database_gets_nothing(world: World, local: Actor) -> None:
    made(local)
    thief = recovery.new_recovery_key()[1]
    RecoveryKey.objects.update(public=wrapping.public_key(thief))
    for refused in (
        lambda: another_workspace(world),
        lambda: vault.begin_rotation(local),
        lambda: vault.prepare_vault_key(local, vault_key=wrapping.new_key()),
    ):
        with pytest.raises(VaultLocked, match="not put there by Keystead"):
            refused()
    made(local)
    assert another_workspace(world)


def test_a_recovery_does_not_vouch_for_a_planted_recovery_key(world: World, local: Actor) -> None:
    written, thief = made(local), recovery.new_recovery_key()[1]
    RecoveryKey.objects.update(public=wrapping.public_key(thief))
    with pytest.raises(WrongRecoveryKey):
        vault.recover(local, recovery_key=written, vault_key=wrapping.new_key())


def test_a_recovery_key_that_opens_planted_data_keys_is_not_confirmed(
    world: World, local: Actor
) -> None:
    written = made(local)
    wrap = Wrap.objects.filter(kind="recovery").select_related("data_key")[0]
    public = bytes(RecoveryKey.objects.get(state="in-use").public)
    bound = keyring.bound_to(wrap.data_key)
    wrap.wrapped = wrapping.wrap_for_recovery(public, wrapping.new_key(), bound)
    wrap.save()
    with pytest.raises(VaultLocked, match="other data keys"):
        vault.confirm_recovery_key(local, recovery_key=written)
    assert queries.vault().recovery == "unconfirmed"


def test_what_lies_in_the_database_does_not_open_anything(
    world: World, local: Actor, key_file: Path
) -> None:
    made(local)
    key = source.read_file(key_file)
    assert key is not None
    clear = [keyring.data_key(row).reveal() for row in DataKey.objects.all()]
    stored = [
        bytes(held)
        for held in (
            *Wrap.objects.values_list("wrapped", flat=True),
            *RecoveryKey.objects.values_list("public", flat=True),
            *VaultKey.objects.values_list("vouches", flat=True),
        )
        if held is not None
    ]
    assert not [1 for secret in (*clear, key.reveal()) for held in stored if secret in held]


def test_only_the_system_may_touch_keys(world: World, local: Actor) -> None:
    operator = Actor(workspace_id=INSTALLATION, channel="web", account_id=world.ana.account_id)
    for verb in (vault.prepare, vault.begin_rotation, vault.put_vault_key_in_use):
        with pytest.raises(Forbidden):
            verb(operator)
    with pytest.raises(Forbidden):
        vault.reseal(world.ana, purpose="code.value")
    with pytest.raises(Forbidden):
        vault.retire_data_keys(world.ana)


def test_facts_about_keys_name_them_by_fingerprints_only(world: World, local: Actor) -> None:
    written = made(local)
    key = keyring.held().key.reveal()
    vault.confirm_recovery_key(local, recovery_key=written)
    told = str(journal.entries(local, limit=100))
    assert keyring.held().fingerprint in told
    for group in written.reveal().split("-"):
        assert group not in told
    assert key.hex() not in told


def test_another_vault_key_is_refused_before_anything_is_written(
    world: World, local: Actor, key_file: Path
) -> None:
    put_in_use(key_file, wrapping.new_key())
    before = journal.seal(local)
    with pytest.raises(VaultLocked, match="another key"):
        vault.prepare(local)
    with pytest.raises(VaultLocked, match="another key"):
        another_workspace(world)
    assert journal.seal(local) == before
