"""The shape of the code, checked: who writes, who decides, what is named."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import keystead
from keystead.journal.operation import VERBS
from keystead.kernel.fact import Fact
from keystead.search.story import FACTS as TOLD

importlib.import_module("keystead.permissions")
ROOT = Path(keystead.__file__).parent
CONTEXTS = (
    "journal",
    "vault",
    "people",
    "places",
    "hardware",
    "keys",
    "custody",
    "notify",
    "exchange",
)
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
}
WRITERS = {
    "journal/operation.py",
    "journal/feed.py",
    "journal/rows.py",
    "journal/leases.py",
    "journal/workspaces.py",
    "journal/installation.py",
    "notify/outbox.py",
    "people/factors.py",
    "people/models.py",
    "people/sessions.py",
    "people/throttle.py",
    "people/traces.py",
    "vault/registry.py",
}
"""Besides operations: decorator, cursors, leases, the outbox, the sign-in library's manager; and
what is no fact: sessions, counted guesses, used codes, the day of a last use."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" not in name:
            yield name, ast.parse(path.read_text())


def writing_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            chained = isinstance(node.func.value, ast.Call)
            if node.func.attr in WRITES or (node.func.attr == "update" and chained):
                yield node


def is_operations(name: str) -> bool:
    return name.split("/")[1:2] in (["operations"], ["operations.py"])


def test_only_operations_write_to_the_database() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, tree in modules()
        if not is_operations(name)
        and name not in WRITERS
        and name.split("/")[0] in {*CONTEXTS, "search", "web", "api", "cli", "worker"}
        if reaches_the_database(tree)
        for call in writing_calls(tree)
        if not _is_harmless(call)
    ]
    assert found == []


def reaches_the_database(tree: ast.Module) -> bool:
    """Whether a module imports Django or any tables; pure modules have nothing to write to."""
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any(name.startswith("django") or name.endswith(".models") for name in imported)


def _is_harmless(call: ast.Call) -> bool:
    """`dict(...).update(...)`, hashes and caches are not tables."""
    source = ast.unparse(call.func)
    return source.startswith(("routes.", "hashlib.", "dict(", "messages.", "signing.", "hmac."))


def foreign_models(name: str, tree: ast.Module) -> set[str]:
    here = name.split("/")[0]
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".models")
        if (node.module or "").startswith("keystead.")
        for alias in node.names
        if (node.module or "").split(".")[1] != here and not alias.name.isupper()
    }


def test_no_context_writes_another_contexts_tables() -> None:
    found = []
    for name, tree in modules():
        foreign = foreign_models(name, tree)
        for call in writing_calls(tree):
            used = {n.id for n in ast.walk(call.func) if isinstance(n, ast.Name)}
            if used & foreign and name not in WRITERS:
                found.append(f"{name}:{call.lineno} {used & foreign}")
    assert found == []


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_every_public_verb_is_documented_and_starts_with_the_change() -> None:
    for verb in VERBS.values():
        assert verb.run.__doc__, verb.name
    for name, tree in modules():
        if not is_operations(name):
            continue
        for function in public_functions(tree):
            decorators = [ast.unparse(d) for d in function.decorator_list]
            if any(d.startswith("operation(") for d in decorators):
                assert [a.arg for a in function.args.args] == ["change"], function.name
                assert f"{name.split('/')[0]}.{function.name}" in VERBS


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_fact_is_named_told_and_listed(context: str) -> None:
    module = importlib.import_module(f"keystead.{context}.facts")
    defined = {
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Fact)
        and value.__module__ == module.__name__
        and "name" in vars(value)
    }
    assert defined == set(module.FACTS)
    for fact in module.FACTS:
        assert fact.__doc__
        assert fact.name.startswith(f"{context}.")
        assert TOLD[fact.name] is fact


SECRET_WORDS = ("password", "token_hash", "value", "secret", "bitting", "pin")
PERSONAL_WORDS = ("person_name", "email", "phone", "address", "user_agent", "ip")


def test_no_fact_has_a_field_for_a_secret_or_for_a_persons_name() -> None:
    found = [
        f"{fact.name}.{field}"
        for fact in TOLD.values()
        for field in fact.__dataclass_fields__
        if any(field == word or field.endswith(f"_{word}") for word in SECRET_WORDS)
        or field in PERSONAL_WORDS
    ]
    assert found == []


def test_no_file_is_much_longer_than_a_page_or_two() -> None:
    long = {
        name: len((ROOT / name).read_text().splitlines())
        for name, _ in modules()
        if len((ROOT / name).read_text().splitlines()) > 460
    }
    assert long == {}
