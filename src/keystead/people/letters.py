"""What accounts are told by mail. Written within a change, sent by the worker afterwards."""

from collections.abc import Callable, Mapping
from typing import Any

Put = Callable[[int | None, str, Mapping[str, Any]], None]
_put: Put | None = None


def set_outbox(put: Put) -> None:
    """Hand in, at start-up, where letters wait to be sent."""
    global _put
    _put = put


def write(account_id: int | None, kind: str, /, **values: Any) -> None:
    """Have something told to an account. For nobody (None) a letter is written, and never sent.

    So that asking takes the same steps whether there is such an account or not. `values` holds
    no link and nothing else that opens anything.
    """
    if _put is None:
        raise RuntimeError("Nobody handed in the outbox.")
    _put(account_id, kind, values)
