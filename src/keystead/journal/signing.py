"""The key that signs checkpoints. The vault, which lies above, seals and opens it."""

import uuid
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keystead.journal import notes, operations, sealer
from keystead.journal.installation import installation_id
from keystead.journal.models import SigningKey
from keystead.journal.notes import VerifierKey
from keystead.journal.rights import require
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.errors import Unavailable
from keystead.kernel.rights import Right
from keystead.kernel.secret import SecretBytes
from keystead.kernel.words import said as _


class KeyUnusable(Unavailable):
    """The key that signs checkpoints is not the one its public half belongs to."""

    code = "signing-key-unusable"


def key_for(actor: Actor) -> Ed25519PrivateKey:
    """The key in force, made if there is none. Raises Unavailable where it cannot be opened."""
    require(actor, Right.RUN)
    row = SigningKey.objects.order_by("-made_at").first()
    if row is None:
        make(actor)
        row = SigningKey.objects.order_by("-made_at").get()
    private = sealer.open_sealed(bytes(row.sealed), row.uuid)
    key = Ed25519PrivateKey.from_private_bytes(private.reveal())
    if notes.public_of(key) != bytes(row.public):
        raise KeyUnusable(_("The key that signs checkpoints does not fit its public half."))
    return key


def make(actor: Actor, *, another: bool = False) -> bool:
    """Make the key that signs checkpoints, if there is none or `another` is wanted."""
    key, row = Ed25519PrivateKey.generate(), uuid.uuid4()
    return operations.make_signing_key(
        replace(actor, workspace_id=INSTALLATION, idempotency_key=None),
        row=row,
        private=SecretBytes(key.private_bytes_raw()),
        public=notes.public_of(key),
        another=another,
    )


def origin_of(workspace_id: int) -> str:
    """The name under which the checkpoints of a workspace's journal are signed."""
    return notes.origin(installation_id(), workspace_id)


def verifiers(workspace_id: int) -> list[VerifierKey]:
    """Every key this installation has signed a workspace's checkpoints with, the newest first."""
    name, rows = origin_of(workspace_id), SigningKey.objects.order_by("-made_at")
    return [VerifierKey(name, bytes(public)) for public in rows.values_list("public", flat=True)]
