"""Workspaces and the start of their journals. Only operations call this."""

from typing import Any

from keystead.journal import chain
from keystead.journal.models import Head, Workspace
from keystead.journal.operation import Change


def slugs() -> frozenset[str]:
    """Every slug in use."""
    return frozenset(Workspace.objects.values_list("slug", flat=True))


def start(change: Change, **values: Any) -> Change:
    """Create a workspace with an empty journal; returns the same change inside it."""
    workspace = Workspace.objects.create(created_at=change.at, **values)
    Head.objects.create(workspace=workspace, sequence=0, digest=chain.GENESIS)
    return change.also(workspace.pk)


def is_mixed_with(*, is_demo: bool) -> bool:
    """Whether there is a workspace of the other sort: demonstration and real never mix."""
    return Workspace.objects.exclude(pk=0).exclude(is_demo=is_demo).exists()


def configure(change: Change, *, name: str, time_zone: str, locale: str) -> tuple[str, str, str]:
    """Set a workspace's name, IANA zone and locale; returns what they were."""
    row = Workspace.objects.get(pk=change.workspace_id)
    before = (row.name, row.time_zone, row.locale)
    row.name, row.time_zone, row.locale = name, time_zone, locale
    row.save(update_fields=["name", "time_zone", "locale"])
    return before
