"""Which names of an address or a form are looked up while it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are looked up in addresses and forms while this lasts."""
    found: set[str] = set()
    usual, usual_list = QueryDict.get, QueryDict.getlist

    def get(self: Any, key: str, *otherwise: Any) -> Any:
        found.add(key)
        return usual(self, key, *otherwise)

    def getlist(self: Any, key: str, *otherwise: Any) -> Any:
        found.add(key)
        return usual_list(self, key, *otherwise)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QueryDict, "get", get)
        patch.setattr(QueryDict, "getlist", getlist)
        yield found
