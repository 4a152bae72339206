"""Signing a journal: check it, sign how far it reaches, put that outside, record it.

And what is known about it afterwards, which is read from the journal itself.
"""

import base64
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import now

from keystead import config
from keystead.journal import chain, notes, operations, outside, queries, signing
from keystead.journal import verify as verification
from keystead.journal.facts import BreakAccepted, CheckpointExported, CheckpointFailed
from keystead.journal.held_back import JournalBroken
from keystead.journal.models import Entry, Head
from keystead.journal.operation import require
from keystead.journal.outside import Place, Signed
from keystead.journal.queries import Told
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.errors import Conflict, KeysteadError
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _

WHOLE_UP_TO = 100_000
"""Journals up to this length are checked from their beginning each time (some seconds); longer
ones from the last checkpoint on."""

log = logging.getLogger(__name__)


class NowhereOutside(Conflict):
    """The checkpoint was signed, but could be put nowhere."""

    code = "checkpoint-not-exported"


@dataclass(frozen=True, slots=True)
class Last:
    """The last checkpoint that left: how far it reached, when, where it went, what failed."""

    sequence: int
    digest: str
    at: datetime
    signature: str
    places: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sealing:
    """How well a journal is sealed.

    `last` is None before the first checkpoint. `failed` names the places that did not work at the
    last try. `waiting` tells whether anything but checkpoints was recorded since, and
    `waiting_since` the time (aware UTC) of the first of it. `first_bad` is a break nobody accepted.
    """

    last: Last | None
    failed: tuple[str, ...]
    waiting_since: datetime | None
    first_bad: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether something has waited for a checkpoint for twice as long as it should."""
        longest = 2 * config.checkpoint_every()
        return self.waiting_since is not None and now() - self.waiting_since > longest


def sealing(actor: Actor) -> Sealing:
    """What is known about the checkpoints of the workspace's journal."""
    require(actor, Right.SEE_JOURNAL)
    return _sealing(actor.workspace_id)


def note_again(actor: Actor) -> tuple[str, str] | None:
    """File name and text of the last checkpoint's note; None before the first."""
    require(actor, Right.SEE_JOURNAL)
    last = _sealing(actor.workspace_id).last
    if last is None:
        return None
    slug = queries.workspace(actor.workspace_id).slug
    signed = Signed(actor.workspace_id, slug, last.sequence, last.at, _note(actor, last))
    return signed.file_name, signed.note


def _note(actor: Actor, last: Last) -> str:
    origin = signing.origin_of(actor.workspace_id)
    text = notes.text_of(origin, last.sequence, bytes.fromhex(last.digest), last.at)
    return notes.note(text, origin, base64.b64decode(last.signature))


def _newest(workspace_id: int, name: str) -> Told | None:
    rows = Entry.objects.filter(workspace_id=workspace_id, name=name).order_by("-sequence")
    return queries.told(row) if (row := rows.first()) else None


def _sealing(workspace_id: int) -> Sealing:
    done = _newest(workspace_id, CheckpointExported.name)
    tried = _newest(workspace_id, CheckpointFailed.name)
    last = _last(done) if done else None
    failed = last.failed if last else ()
    if tried and (done is None or tried.sequence > done.sequence):
        failed = tuple(map(str, tried.payload.get("failed", ())))
    rest = Entry.objects.filter(
        Q(workspace_id=workspace_id, sequence__gt=last.sequence if last else 0)
        & ~Q(name__startswith="journal.")
    )
    waiting = rest.order_by("sequence").values_list("at", flat=True).first()
    heads = Head.objects.filter(pk=workspace_id).values_list("first_bad", flat=True)
    return Sealing(last, failed, waiting, heads.first())


def _last(entry: Told) -> Last | None:
    """What the entry says; None where it was damaged, or vouches for itself or what comes later."""
    found = entry.payload
    try:
        last = Last(
            int(found["sequence"]),
            bytes.fromhex(found["digest"]).hex(),
            datetime.fromisoformat(found["signed_at"]),
            str(found["signature"]),
            tuple(map(str, found["places"])),
            tuple(map(str, found["failed"])),
        )
    except (KeyError, ValueError, TypeError):
        return None
    return last if 0 <= last.sequence < entry.sequence else None


def is_due(workspace_id: int) -> bool:
    """Whether it is time for the next checkpoint: enough time passed, or enough happened."""
    found = _sealing(workspace_id)
    if found.waiting_since is None:
        return False
    if found.last is None or now() - found.last.at >= config.checkpoint_every():
        return True
    return _end(workspace_id) - found.last.sequence >= config.checkpoint_entries()


@dataclass(frozen=True, slots=True)
class Made:
    """A checkpoint as it was made: the note, where it went, and which places did not work."""

    signed: Signed
    places: tuple[str, ...]
    failed: tuple[str, ...]


def make(actor: Actor, *, places: Sequence[Place] | None = None) -> Made:
    """Check the journal, sign it, put the checkpoint into each place and record that.

    Raises JournalBroken, and holds the workspace, where it does not hold; NowhereOutside when no
    place took it.
    """
    require(actor, Right.RUN)
    actor = replace(actor, idempotency_key=None)
    key = signing.key_for(actor)
    sequence, digest = check(actor)
    at, origin = now().replace(microsecond=0), signing.origin_of(actor.workspace_id)
    text = notes.text_of(origin, sequence, digest, at)
    signature = notes.sign(text, origin, key)
    slug = queries.workspace(actor.workspace_id).slug
    note = notes.note(text, origin, signature)
    signed = Signed(actor.workspace_id, slug, sequence, at, note)
    done, failed = _put(signed, outside.places() if places is None else places)
    if not done:
        _note_failure(actor, failed)
        raise NowhereOutside(_("The checkpoint could not be put anywhere."), failed=failed)
    operations.note_checkpoint(
        actor,
        sequence=sequence,
        digest=digest.hex(),
        signed_at=at,
        signature=base64.b64encode(signature).decode(),
        places=done,
        failed=failed,
    )
    return Made(signed, done, failed)


def _put(signed: Signed, places: Sequence[Place]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    done, failed = [], []
    for place in places:
        try:
            place.put(signed)
        except OSError as error:  # what files and mail servers raise
            log.error(
                "The checkpoint of %s did not go into the %s: %s", signed.slug, place.kind, error
            )
            failed.append(place.kind)
        else:
            done.append(place.kind)
    return tuple(done), tuple(failed)


def _note_failure(actor: Actor, failed: tuple[str, ...]) -> None:
    """Record it once, not at every try."""
    before = _newest(actor.workspace_id, CheckpointFailed.name)
    done = _newest(actor.workspace_id, CheckpointExported.name)
    is_known = before is not None and (done is None or before.sequence > done.sequence)
    if not is_known or (before and tuple(before.payload.get("failed", ())) != failed):
        operations.note_checkpoint_failed(actor, failed=failed)


def check(actor: Actor) -> tuple[int, bytes]:
    """Check the journal before anything vouches for it; number and digest of its last entry.

    Where it does not hold: holds the workspace, tells the log and the owners, raises JournalBroken.
    """
    require(actor, Right.RUN)
    workspace_id = actor.workspace_id
    house = replace(actor, workspace_id=INSTALLATION, idempotency_key=None)
    found = _examined(workspace_id)
    if isinstance(found, tuple):
        if operations.note_mended(house, workspace_id=workspace_id):
            log.warning("The journal of workspace %s holds again", workspace_id)
        return found
    slug = queries.workspace(workspace_id).slug
    log.critical("The journal of %s does not hold: entry %s %s", slug, found.sequence, found.reason)
    if operations.note_break(
        house, workspace_id=workspace_id, first_bad=found.sequence, reason=found.reason
    ):
        try:
            outside.alarm(workspace_id, slug, found.sequence)
        except OSError as error:
            log.error("The owners could not be told: %s", error)
    raise JournalBroken(
        _(
            "Entry %(number)s of the journal does not hold: it %(reason)s. Nothing was signed.",
            number=found.sequence,
            reason=found.reason,
        ),
        first_bad=found.sequence,
    )


def _examined(workspace_id: int) -> tuple[int, bytes] | chain.Break:
    """The end of a journal that holds, by itself and beside what is outside; or its first break."""
    start, digest, since = _accepted(workspace_id)
    last = _sealing(workspace_id).last
    if last and last.sequence > start and _end(workspace_id) - start > WHOLE_UP_TO:
        start, digest = last.sequence, bytes.fromhex(last.digest)
        if digest_at(workspace_id, start) != digest:
            return chain.Break(start, "differs from the last checkpoint")
    verdict = verification.verify_after(workspace_id, start, digest)
    if verdict.first_bad is not None:
        return chain.Break(verdict.first_bad, verdict.reason or "does not hold")
    number, _colon, hexed = (verdict.seal or "").partition(":")
    different = _differs_outside(workspace_id, int(number), since)
    return different or (int(number), bytes.fromhex(hexed))


def _accepted(workspace_id: int) -> tuple[int, bytes, datetime | None]:
    """From where on a journal has to hold, and since when: its beginning, or a break accepted.

    An acceptance vouches for what was just before it and nothing else, so that it is among what
    is checked itself.
    """
    rows = Entry.objects.filter(workspace_id=workspace_id, name=BreakAccepted.name)
    for entry in map(queries.told, rows.order_by("-sequence")):
        found = entry.payload
        is_ours = found.get("accepted_workspace") == workspace_id
        if is_ours and found.get("sequence") == entry.sequence - 1:
            with suppress(KeyError, ValueError, TypeError):
                return entry.sequence - 1, bytes.fromhex(found["digest"]), entry.at
    return 0, chain.GENESIS, None


def _end(workspace_id: int) -> int:
    return Head.objects.filter(pk=workspace_id).values_list("sequence", flat=True).first() or 0


def _differs_outside(workspace_id: int, size: int, since: datetime | None) -> chain.Break | None:
    """Where the journal is not the one whose checkpoints lie in the folder, signed `since` then."""
    slug, keys = queries.workspace(workspace_id).slug, signing.verifiers(workspace_id)
    oldest = notes.moment(since + timedelta(seconds=1)) if since else ""
    for name, checkpoint in outside.kept(slug, keys):
        if checkpoint.at < oldest:
            continue
        if checkpoint.size > max(size, _end(workspace_id)):  # another process signs meanwhile
            return chain.Break(size + 1, f"is missing: {name} reaches to entry {checkpoint.size}")
        if digest_at(workspace_id, checkpoint.size) != checkpoint.digest:
            return chain.Break(max(checkpoint.size, 1), f"differs from the checkpoint {name}")
    return None


def digest_at(workspace_id: int, sequence: int) -> bytes | None:
    """The stored digest of one entry; of entry 0, what the first one links to; None: not there."""
    if sequence == 0:
        return chain.GENESIS
    rows = Entry.objects.filter(workspace_id=workspace_id, sequence=sequence)
    found = rows.values_list("digest", flat=True).first()
    return None if found is None else bytes(found)


def make_due(actors: Sequence[Actor]) -> None:
    """Make every checkpoint that is due, where there is a place for it; what fails is told."""
    if not outside.places():
        return
    for actor in actors:
        if is_due(actor.workspace_id):
            _told_if_refused(make, actor)


def check_all(actors: Sequence[Actor]) -> None:
    """Check every journal; a break holds its workspace and is told."""
    for actor in actors:
        _told_if_refused(check, actor)


def _told_if_refused(act: Callable[[Actor], object], actor: Actor) -> None:
    try:
        act(actor)
    except KeysteadError as error:
        log.error("Workspace %s: %s", actor.workspace_id, error.message)
