"""No name that a client sends reaches a query: what is unpacked into one is named in the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import keystead

SOURCE = Path(keystead.__file__).parent
QUERIES = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "create", "update", "Q",
    "order_by", "values", "values_list", "annotate", "alias", "only", "defer", "select_related",
    "aggregate", "extra", "raw", "complex_filter", "aget", "acreate",
}  # fmt: skip
TRANSPORTS = ("web", "api", "cli", "worker")
FROM_CLIENTS = {"model_dump", "dict", "cleaned_data", "POST", "GET", "body", "request", "loads"}


def unpacked(tree: ast.AST) -> Iterator[tuple[int, str, ast.expr]]:
    """What is unpacked into calls that look like queries: line, call, and value."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in QUERIES:
            continue
        for keyword in node.keywords:
            if keyword.arg is None:
                yield node.lineno, name, keyword.value
        for argument in node.args:
            if isinstance(argument, ast.Starred) and name not in ("filter", "exclude", "Q"):
                yield node.lineno, name, argument.value


def words(node: ast.AST) -> set[str]:
    """Every name in an expression."""
    return {
        found.attr if isinstance(found, ast.Attribute) else found.id
        for found in ast.walk(node)
        if isinstance(found, ast.Attribute | ast.Name)
    }


COLUMNS = ("order_by", "values_list", "values", "extra", "raw")


def names_of_queries(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """Names of columns that are worked out: `order_by(x)`, `values_list(x)`."""
    for node in ast.walk(tree):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and getattr(function, "attr", "") in COLUMNS:
            for argument in node.args:
                if not isinstance(argument, ast.Constant):
                    yield node.lineno, argument


def files() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def mistakes(path: str, source: str) -> list[str]:
    """Where a dictionary of a client could be unpacked into a query."""
    tree = ast.parse(source)
    found = []
    transport = path.split("/")[0] in TRANSPORTS
    for line, call, value in unpacked(tree):
        from_client = words(value) & FROM_CLIENTS
        if from_client:
            found.append(f"{path}:{line} {call}(**{ast.unparse(value)})")
    if transport:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "everything"):
                found.append(f"{path}:{node.lineno} {ast.unparse(node)}")
        found += [f"{path}:{line} {ast.unparse(value)}" for line, value in names_of_queries(tree)]
    return found


def test_no_dictionary_of_a_client_is_unpacked_into_a_query() -> None:
    found = [
        mistake
        for path in files()
        for mistake in mistakes(path.relative_to(SOURCE).as_posix(), path.read_text())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(**body.model_dump())",
        "Key.objects.create(**form.cleaned_data)",
        "rows.filter(Q(**request.GET.dict()))",
        "rows.order_by(*request.GET.getlist('ordering'))",
        "rows.exclude(**json.loads(request.body))",
    ],
)
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    assert mistakes("keys/queries.py", line)
    assert mistakes("api/keys.py", "rows.order_by(wanted)")
    assert mistakes("web/keys.py", "Key.objects.all()")
