"""Secrets do not travel: no line logs or prints one, and no sealed column is forgotten."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import BinaryField, UUIDField

import keystead
from keystead.vault.registry import COLUMNS, SealedColumn

ROOT = Path(keystead.__file__).parent
SAYING = {
    *("print", "echo", "secho", "debug", "info", "warning", "error", "critical", "exception"),
    *("log", "write", "warn"),
}
SPEAKERS = {"log", "logger", "logging", "click", "sys", "stdout", "stderr", "warnings", "console"}
NAMED_SECRET = re.compile(
    r"(^|_)(secret|secrets|password|passphrase|pin|token|clear|seed|bitting|recovery_key|vault_key"
    r"|data_key|key_bytes|code_value)$"
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def is_saying(call: ast.Call) -> bool:
    """Whether a call logs or prints."""
    if isinstance(call.func, ast.Name):
        return call.func.id in {"print", "warn"}
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in SAYING:
        return False
    speaker = call.func.value
    name = speaker.attr if isinstance(speaker, ast.Attribute) else getattr(speaker, "id", "")
    return name in SPEAKERS


def secrets_in(call: ast.Call) -> Iterator[str]:
    """What in the arguments of a call is a secret by its name, or is revealed."""
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        for node in ast.walk(argument):
            if isinstance(node, ast.Attribute) and node.attr == "reveal":
                yield ast.unparse(node)
            elif isinstance(node, ast.Name) and NAMED_SECRET.search(node.id):
                yield node.id
            elif isinstance(node, ast.Attribute) and NAMED_SECRET.search(node.attr):
                yield ast.unparse(node)


def leaks(tree: ast.Module) -> list[str]:
    return [
        f"{call.lineno}: {found}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and is_saying(call)
        for found in secrets_in(call)
    ]


def test_no_line_logs_or_prints_a_secret() -> None:
    found = {name: len(lines) for name, tree in modules() if (lines := leaks(tree))}
    assert found == SHOWN_ONCE


@pytest.mark.parametrize(
    "line",
    [
        'log.info("code %s", code.reveal())',
        'logging.getLogger(__name__); log.debug(f"{password}")',
        "print(row.secret)",
        'click.echo(_("{p}").format(p=api_token))',
        "sys.stderr.write(seed)",
        'self.log.warning("x", extra={"value": found.vault_key})',
    ],
)
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    assert leaks(ast.parse(line))


def revealed_in_words(tree: ast.Module) -> int:
    """How often `.reveal()` stands in a formatted text."""
    inside = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format")
    ]
    return sum(
        isinstance(part, ast.Attribute) and part.attr == "reveal"
        for node in inside
        for part in ast.walk(node)
    )


IN_WORDS = {"cli/session.py": 1, "exchange/backup/keys.py": 1}
"""The token of the command line, in the header of its requests; the file of a backup's key."""
SHOWN_ONCE = {"cli/backing_up.py": 1}
"""The command that prints the key of the backups, once, because that is what it is for."""


def test_no_sentence_is_made_with_a_secret() -> None:
    found = {name: count for name, tree in modules() if (count := revealed_in_words(tree))}
    assert found == IN_WORDS


def sealed_fields() -> set[tuple[str, str]]:
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label != "vault"
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and "sealed" in field.name
    }


def columns() -> list[SealedColumn]:
    return [column for column in COLUMNS.values() if isinstance(column, SealedColumn)]


def test_every_sealed_column_is_known_to_the_vault_and_no_other() -> None:
    known = {(column.model._meta.label, column.field) for column in columns()}
    assert known == sealed_fields()
    assert {("hardware.Code", "sealed"), ("exchange.Import", "sealed")} <= known


def test_every_sealed_row_has_a_uuid_of_its_own_made_before_sealing() -> None:
    for column in columns():
        row = column.model._meta.get_field(column.row)
        assert isinstance(row, UUIDField)
        assert row.unique, column
        assert row.has_default(), column
