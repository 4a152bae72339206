"""Many items of one verb: all of them in one operation, or each by itself."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from keystead.journal.held_back import require_whole
from keystead.journal.operation import VERBS, Change, operation
from keystead.kernel.actor import Actor
from keystead.kernel.errors import KeysteadError, Unavailable
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _

Item = Mapping[str, Any]


@operation(Right.SEE_OWN)
def together(change: Change, *, verb: str, items: Sequence[Item]) -> list[Any]:
    """Carry a verb out for every item, all or nothing; what each answered, as plain values.

    Needs the verb's own right. A refusal names the `index` of the item that was refused. What
    waits while the journal does not hold waits here, too: JournalBroken.
    """
    require_whole(change.first_bad, right=VERBS[verb].right)
    answers = []
    for index, item in enumerate(items):
        try:
            answers.append(_plain(VERBS[verb].run(change, **item)))
        except KeysteadError as refusal:
            refusal.data["index"] = index
            raise
    return change.unchanged(answers)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: its answer as plain values, or why not."""

    index: int
    answer: Any = None
    refusal: KeysteadError | None = None


def one_by_one(actor: Actor, *, verb: str, items: Sequence[Item]) -> list[Outcome]:
    """Carry a verb out for each item by itself: what is refused keeps nobody else back.

    Each item has an idempotency key of its own, made from the actor's, so that the same request
    sent again goes on where it was cut off. When Keystead is busy the rest is not tried.
    """
    outcomes: list[Outcome] = []
    busy: Unavailable | None = None
    for index, item in enumerate(items):
        if busy is not None:
            outcomes.append(Outcome(index, refusal=busy))
            continue
        try:
            answer = VERBS[verb].run(_for_item(actor, index), **item)
        except KeysteadError as refusal:
            outcomes.append(Outcome(index, refusal=refusal))
            if isinstance(refusal, Unavailable):
                busy = Unavailable(_("This was not tried: Keystead is busy. Send it again."))
        else:
            outcomes.append(Outcome(index, _plain(answer)))
    return outcomes


def _for_item(actor: Actor, index: int) -> Actor:
    """The actor with a key for one item of its request."""
    if actor.idempotency_key is None:
        return actor
    digest = hashlib.sha256(f"{index}/{actor.idempotency_key}".encode()).hexdigest()
    return replace(actor, idempotency_key=f"item:{digest}")


def _plain(answer: Any) -> Any:
    return asdict(answer) if is_dataclass(answer) and not isinstance(answer, type) else answer
