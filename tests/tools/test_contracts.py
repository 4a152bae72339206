"""The rule that only a context and other tables import its tables."""

from grimp import ImportGraph

from tools.contracts import OwnTables


def trespasses(*imports: tuple[str, str]) -> list[tuple[str, str]]:
    graph = ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract = OwnTables("tables", {}, {})
    found: list[tuple[str, str]] = contract.check(graph, verbose=False).metadata["trespasses"]
    return found


def test_a_context_may_use_its_own_tables() -> None:
    assert not trespasses(("keystead.keys.operations.cutting", "keystead.keys.models"))


def test_tables_may_point_at_tables_of_another_context() -> None:
    assert not trespasses(("keystead.custody.models.stays", "keystead.keys.models"))


def test_a_page_may_not_use_tables() -> None:
    page = ("keystead.web.keys", "keystead.keys.models.copies")
    assert trespasses(page) == [page]


def test_a_context_may_read_tables_of_another_in_its_operations_and_queries() -> None:
    assert not trespasses(
        ("keystead.custody.operations.lending", "keystead.keys.models"),
        ("keystead.custody.queries", "keystead.keys.models"),
    )


def test_rules_and_facts_of_a_context_use_no_tables_of_another() -> None:
    shortcut = ("keystead.custody.rules", "keystead.keys.models")
    assert trespasses(shortcut) == [shortcut]
