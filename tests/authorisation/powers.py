"""Names that decide who may do what or whose a thing is, as an attacker would send them."""

from typing import Any

from django.apps import apps
from django.db import models

POWERS: dict[str, Any] = {
    "role": "owner",
    "roles": ["owner"],
    "rights": ["manage-members"],
    "right": "manage-members",
    "scope": "everything",
    "owner": 1,
    "is_owner": True,
    "is_staff": True,
    "is_superuser": True,
    "is_operator": True,
    "is_active": True,
    "is_admin": True,
    "admin": True,
    "workspace": 2,
    "workspace_id": 2,
    "tenant": 2,
    "account": 1,
    "account_id": 1,
    "user": 1,
    "user_id": 1,
    "actor": 1,
    "made_by": 1,
    "status": "active",
    "state": "destroyed",
    "wait_days": 0,
    "factor_at": "2026-01-01T00:00:00+00:00",
    "per_site": True,
    "step_up": False,
    "at": "2020-01-01T00:00:00+00:00",
    "import_id": 1,
    "pending_import": 1,
    "id": 1,
    "pk": 1,
    "change": 1,
    "by": 1,
    "__class__": "x",
    "_state": "x",
}
"""By name, with a value that would mean something."""


def own_models() -> list[type[models.Model]]:
    """The tables of the product itself."""
    return [m for m in apps.get_models() if m.__module__.startswith("keystead.")]


def field_names() -> list[str]:
    """Every name that some table has a field under, as Django and as the database call it."""
    fields = [field for model in own_models() for field in model._meta.concrete_fields]
    return sorted({name for field in fields for name in (field.name, field.attname)})


def everything() -> dict[str, Any]:
    """All names of fields, and those that give power, each with a value."""
    return dict.fromkeys(field_names(), 1) | POWERS
