"""Whatever can be called owns a row in the one table; start-up fails otherwise."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.checks import Error
from django.urls import get_resolver

from keystead import checks, permissions
from keystead.api.urls import names as api_names
from keystead.cli import starting
from keystead.cli.main import names as command_names
from keystead.cli.refusing import Refused
from keystead.worker.steps import names as task_names


def wrong() -> list[str]:
    found = checks.every_door_has_a_row(None)
    assert all(isinstance(message, Error) for message in found)
    return [str(message.msg) for message in found]


def test_everything_that_can_be_called_has_a_row() -> None:
    assert wrong() == []


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("API", "cylinder_history"),
        ("COMMANDS", "key add"),
        ("TASKS", "clear_sessions"),
        ("ROUTES", "home"),
    ],
)
def test_what_has_no_row_is_named(monkeypatch: pytest.MonkeyPatch, section: str, name: str) -> None:
    monkeypatch.delitem(getattr(permissions, section), name)
    assert wrong() == [f"{name!r} has no row in permissions.{section}, so nobody may call it."]


@pytest.mark.parametrize(
    ("section", "needs"),
    [
        ("API", "custody.give_away"),
        ("API", permissions.PUBLIC),
        ("COMMANDS", "give_away"),
        ("TASKS", permissions.PUBLIC),
        ("TASKS", ""),
    ],
)
def test_a_row_that_names_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, section: str, needs: str
) -> None:
    table = getattr(permissions, section)
    monkeypatch.setitem(table, next(iter(table)), needs)
    assert len(wrong()) == 1
    assert repr(needs) in wrong()[0]


@pytest.mark.parametrize(
    ("section", "names"),
    [("API", api_names), ("COMMANDS", command_names), ("TASKS", task_names)],
)
def test_no_row_is_about_something_that_is_gone(
    section: str, names: Callable[[], set[str]]
) -> None:
    assert set(getattr(permissions, section)) == names()


def test_no_row_is_about_a_page_that_is_gone() -> None:
    assert set(permissions.ROUTES) <= set(checks.route_names(get_resolver()))


@pytest.mark.parametrize(
    ("is_on", "hosts", "refused"),
    [
        (True, ["localhost", "keys.example"], True),
        (True, ["*"], True),
        (True, ["localhost", "127.0.0.1", "[::1]"], False),
        (False, ["keys.example"], False),
    ],
)
def test_debugging_in_public_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, is_on: bool, hosts: list[str], refused: bool
) -> None:
    monkeypatch.setattr(settings, "DEBUG", is_on)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", hosts)
    found = checks.no_debugging_in_public(None)
    assert [message.id for message in found] == ["keystead.E002"] * refused
    if refused:
        with pytest.raises(Refused):
            starting.check()
