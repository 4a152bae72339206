"""docs/permissions.md is what the table says."""

from tests.docs.pages import DOCS
from tools import permissions


def test_the_page_of_permissions_is_current() -> None:
    assert (DOCS / "permissions.md").read_text() == permissions.text(), (
        "Run: python -m tools.permissions"
    )
