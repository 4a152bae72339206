"""What the reference pages must name: every fact, error, setting, command and API operation."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import keystead
from keystead import config, permissions
from keystead.custody.facts import Movement
from keystead.kernel.errors import KeysteadError
from keystead.kernel.fact import Fact
from keystead.people.roles import ROLES
from keystead.search.story import FACTS
from tests.docs.pages import DOCS, ROOT, first_cells, pages, prose, rows, sections

MOVEMENT = frozenset(Movement.__dataclass_fields__) - {"name", "sentence"}
STARTS = ("keystead.cli.__main__", "keystead.exchange.reading.workbook_reader")
"""Modules that are programs: importing them runs them."""


def page(name: str) -> str:
    return (DOCS / name).read_text()


def fields_of(fact: type[Fact]) -> set[str]:
    return set(fact.__dataclass_fields__) - {"name", "sentence"}


def test_facts_names_every_fact_and_no_other() -> None:
    assert set(sections(page("facts.md"), 3)) == set(FACTS)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_facts_explains_every_field_of_a_fact_and_no_other(name: str) -> None:
    told, fact = sections(page("facts.md"), 3)[name], FACTS[name]
    expected = fields_of(fact)
    if issubclass(fact, Movement):
        assert "fields of a movement" in told
        expected -= MOVEMENT
    assert first_cells(told) - {"field", "---"} == expected
    assert all(meaning for _, meaning in rows(told))


def test_facts_explains_what_all_movements_share() -> None:
    custody = sections(page("facts.md"), 2)["Custody"]
    shared = re.split(r"^### ", custody, maxsplit=1, flags=re.M)[0]
    assert first_cells(shared) - {"field", "---"} == MOVEMENT


def errors() -> set[type[KeysteadError]]:
    """Every refusal there is, wherever it is defined."""
    for module in pkgutil.walk_packages(keystead.__path__, "keystead."):
        if module.name not in STARTS and ".migrations" not in module.name:
            importlib.import_module(module.name)

    def below(base: type[KeysteadError]) -> Iterator[type[KeysteadError]]:
        for kind in base.__subclasses__():
            yield kind
            yield from below(kind)

    return {kind for kind in below(KeysteadError) if kind.__module__.startswith("keystead.")}


def test_every_error_has_a_code_of_its_own() -> None:
    codes = sorted(error.code for error in errors())
    assert codes == sorted(set(codes))


def test_errors_gives_every_error_with_its_numbers_and_no_other() -> None:
    told = {tuple(cells[:3]) for cells in rows(page("errors.md"))} - {("code", "HTTP", "exit")}
    told -= {("---", "---", "---")}
    assert told == {(e.code, str(e.status), str(e.exit_code)) for e in errors()}


def test_settings_explains_every_setting_and_no_other() -> None:
    told = sections(page("settings.md"), 2)
    assert set(told) == {f"KEYSTEAD_{setting.name}" for setting in config.SETTINGS}
    for name, text in told.items():
        assert "Default: " in text, name
        assert "Example" in text, name


def test_architecture_shows_the_rights_of_every_role() -> None:
    table = sections(page("architecture.md"), 2)["Who may do what"]
    told = {
        (role, right)
        for right, *marks in rows(table)
        for role, mark in zip(ROLES, marks, strict=True)
        if mark == "✓"
    }
    assert told == {(role, str(right)) for role, rights in ROLES.items() for right in rights}


def test_cli_names_every_command() -> None:
    told = page("cli.md")
    missing = {c for c in permissions.COMMANDS if not re.search(rf"\b{re.escape(c)}\b", told)}
    assert missing == set()


def test_api_names_every_operation() -> None:
    from keystead.api.urls import operation_ids

    told, names = page("api.md") + page("openapi.json"), operation_ids()
    assert set(names) == set(permissions.API)
    missing = {name for name in names.values() if not re.search(rf"\b{re.escape(name)}\b", told)}
    assert missing == set()


BESIDES = {"KEYSTEAD_CONFIG", "KEYSTEAD_TEST_DATABASE_URL"}
"""Variables that are no settings: where the settings' file is, and what the tests use."""


def test_no_page_names_a_setting_there_is_not() -> None:
    known = BESIDES | {f"KEYSTEAD_{setting.name}" for setting in config.SETTINGS}
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in pages()
        for name in re.findall(r"KEYSTEAD_[A-Z_]+", path.read_text())
        if name not in known and name.removesuffix("_FILE") not in known
    ]
    assert found == []


def test_no_page_names_a_make_target_there_is_not() -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.M))
    found = [
        f"{path.relative_to(ROOT)}: make {name}"
        for path in pages()
        for name in re.findall(r"(?:`|^)make ([a-z0-9-]+)", path.read_text(), re.M)
        if name not in targets
    ]
    assert found == []


def test_no_page_names_a_command_there_is_not() -> None:
    words = {command.split()[0] for command in permissions.COMMANDS}
    found = [
        f"{path.relative_to(ROOT)}: keystead {name}"
        for path in pages()
        for name in re.findall(r"(?:`|^\s*|/)keystead ([a-z][a-z-]+)", path.read_text(), re.M)
        if name not in words
    ]
    assert found == []


def test_no_page_names_a_source_file_there_is_not() -> None:
    named = r"`((?:src|tests|tools|frontend|docs)/[\w./-]+|[\w]+/[\w/]+\.py)`"
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in pages()
        for name in re.findall(named, prose(path.read_text()))
        if not name.endswith("static/keystead/dist")  # built, never committed
        and not (ROOT / name).exists()
        and not (ROOT / "src" / "keystead" / name).exists()
    ]
    assert found == []
