"""Requests sent again under the same idempotency key: answered, but not carried out again."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any, get_type_hints

from keystead.journal.models import Replayed
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Conflict
from keystead.kernel.words import said as _


class KeyReused(Conflict):
    """An idempotency key was used before for something else."""

    code = "idempotency-key-reused"


class AlreadyShown(Conflict):
    """The same request was carried out before, and what it showed once is not kept."""

    code = "already-shown"


def asked(function: Callable[..., object], kwargs: dict[str, Any]) -> bytes:
    """A digest of what was asked: the verb and its plain values."""
    text = json.dumps(kwargs, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(f"{function.__module__}.{function.__qualname__}:{text}".encode()).digest()


def before(by: Actor, asked: bytes) -> Replayed | None:
    """What became of the same request earlier. Raises KeyReused for another one."""
    known = Replayed.objects.filter(
        workspace_id=by.workspace_id, principal=by.principal, key=by.idempotency_key
    ).first()
    if known is not None and bytes(known.asked) != asked:
        raise KeyReused(_("This idempotency key was already used for another request."))
    return known


def plain(result: Any) -> Any:
    """A result as it is kept."""
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result


def rebuilt(function: Callable[..., object], stored: Any) -> object:
    """A kept result as the function would have returned it."""
    kind = get_type_hints(function).get("return")
    if isinstance(stored, dict) and is_dataclass(kind) and isinstance(kind, type):
        return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()})
    return stored
