"""Comparing a journal with checkpoints somebody kept elsewhere.

The chain shows what was changed; only a checkpoint from outside shows that an end was cut off or
that everything was written anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from keystead.journal import notes, signing, standalone
from keystead.journal.checkpoints import digest_at
from keystead.journal.models import Head
from keystead.journal.notes import Checkpoint, NotGood, VerifierKey
from keystead.journal.operation import require
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.words import Words
from keystead.kernel.words import said as _

MOST = 100

Outcome = Literal["same", "shorter", "rewritten", "fork", "not-good"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one checkpoint says about the journal: its name, and two sizes where it says anything.

    `size` is how many entries it was signed at, `entries` how many there are now.
    """

    name: str
    outcome: Outcome
    says: str
    size: int | None = None
    entries: int | None = None
    digest: str | None = None
    at: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the journal is the one that was signed, or the same and longer."""
        return self.outcome == "same"


def compare(actor: Actor, texts: Mapping[str, str], key: str | None = None) -> list[Finding]:
    """Compare the workspace's journal with checkpoints by name; one finding for each.

    `key` is the verifier key noted when all was well; without it the keys this installation has
    signed with count. Raises Invalid for a key that is none or of another journal.
    """
    require(actor, Right.SEE_JOURNAL)
    if len(texts) > MOST:
        raise Invalid(_("Compare at most %(most)s checkpoints at once.", most=MOST))
    keys = [_pinned(actor, key)] if key else signing.verifiers(actor.workspace_id)
    entries = Head.objects.values_list("sequence", flat=True).get(pk=actor.workspace_id)
    good: dict[str, Checkpoint] = {}
    findings: dict[str, Finding] = {}
    for name, text in texts.items():
        try:
            good[name] = notes.opened(standalone.tidied(text), keys or [_nobody(actor)])
        except NotGood as error:
            findings[name] = Finding(name, "not-good", _explained(error.code))
    for one, other in standalone.forks(good):
        findings[one] = _fork(one, good[one], other, entries)
        findings[other] = _fork(other, good[other], one, entries)
    for name, checkpoint in good.items():
        if name not in findings:
            findings[name] = _compared(actor, name, checkpoint, entries)
    return [findings[name] for name in texts]


def _pinned(actor: Actor, text: str) -> VerifierKey:
    try:
        key = standalone.read_key(text)
    except NotGood:
        raise Invalid(
            _("This is no verifier key: `keystead checkpoint key` prints them."), field="key"
        ) from None
    if key.name != signing.origin_of(actor.workspace_id):
        raise Invalid(
            _("This verifier key is of another journal: %(name)s", name=key.name), field="key"
        )
    return key


def _nobody(actor: Actor) -> VerifierKey:
    """A key nobody has, so that checkpoints are still told by their origin."""
    return VerifierKey(signing.origin_of(actor.workspace_id), bytes(32))


_CODES = {
    "malformed": _("It is no signed checkpoint, or something of it is missing."),
    "unsigned": _("Nobody known has signed it, so it proves nothing."),
    "other-key": _("It was signed with another key than the one expected, so it proves nothing."),
    "other-origin": _("It is a checkpoint of another journal."),
    "forged": _("Its signature does not hold: somebody changed it."),
}


def _explained(code: str) -> Words:
    return _CODES[code]


def _fork(name: str, checkpoint: Checkpoint, other: str, entries: int) -> Finding:
    says = _(
        "Two checkpoints at entry %(size)s differ: this one has %(digest)s, see also %(other)s. "
        "Somebody signed two histories.",
        size=checkpoint.size,
        digest=checkpoint.digest.hex(),
        other=other,
    )
    return _finding(name, "fork", says, checkpoint, entries)


def _compared(actor: Actor, name: str, checkpoint: Checkpoint, entries: int) -> Finding:
    size = checkpoint.size
    if size > entries:
        says = _(
            "The journal has %(entries)s entries, and had %(size)s when this was signed: "
            "%(gone)s were cut off.",
            entries=entries,
            size=size,
            gone=size - entries,
        )
        return _finding(name, "shorter", says, checkpoint, entries)
    if digest_at(actor.workspace_id, size) != checkpoint.digest:
        says = _(
            "The journal, now with %(entries)s entries, is another one: up to entry %(size)s it is "
            "not what was signed.",
            entries=entries,
            size=size,
        )
        return _finding(name, "rewritten", says, checkpoint, entries)
    says = _(
        "The first %(size)s of now %(entries)s entries are those that were signed.",
        size=size,
        entries=entries,
    )
    return _finding(name, "same", says, checkpoint, entries)


def _finding(
    name: str, outcome: Outcome, says: Words, checkpoint: Checkpoint, entries: int
) -> Finding:
    digest = checkpoint.digest.hex()
    return Finding(name, outcome, says, checkpoint.size, entries, digest, checkpoint.at)
