"""Cursors: where a list goes on, as text that only Keystead can write.

A cursor holds the values its list is sorted by. It is signed, and good only for the address and
the filters it came from.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from keystead.journal.orders import Spot
from keystead.kernel.errors import Invalid

LONGEST = 4_000
_NOT_FILTERS = ("after", "limit")
_SIGNER = Signer(salt="keystead.api.cursor")


def write(request: HttpRequest, spot: Spot) -> str:
    """The cursor that goes on behind this spot in the list that was asked for."""
    return _SIGNER.sign_object([_list_of(request), _plain(spot)])


def read(request: HttpRequest, cursor: str | None) -> Spot | None:
    """The spot behind which to go on; None without a cursor.

    Raises Invalid for a cursor that is mangled, or of another list or other filters.
    """
    if cursor is None:
        return None
    try:
        of, spot = _SIGNER.unsign_object(cursor)
    except (BadSignature, ValueError, TypeError):
        raise _refused(_("This is no cursor. Send `next` of the page before as it was.")) from None
    if of != _list_of(request):
        raise _refused(
            _("This cursor belongs to another list or other filters. Start from the beginning.")
        )
    found: Spot = _unplain(spot)
    return found


def link(request: HttpRequest, cursor: str) -> str:
    """What the Link header says of the next page (RFC 8288)."""
    query = request.GET.copy()
    query["after"] = cursor
    return f'<{request.path}?{query.urlencode()}>; rel="next"'


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, field="after")


def _list_of(request: HttpRequest) -> str:
    """The list as asked for: its address and its filters, in any order, as a short digest."""
    asked: QueryDict = request.GET
    filters = [[name, asked.getlist(name)] for name in sorted(asked) if name not in _NOT_FILTERS]
    return hashlib.sha256(json.dumps([request.path, filters]).encode()).hexdigest()[:20]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def _unplain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unplain(one) for one in value)
    if isinstance(value, dict):
        return (
            datetime.fromisoformat(value["at"])
            if "at" in value
            else date.fromisoformat(value["on"])
        )
    return value
