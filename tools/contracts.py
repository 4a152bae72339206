"""Rules about imports that import-linter does not have by itself."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output


def _context(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _holds_tables(module: str) -> bool:
    return module.split(".")[2:3] == ["models"]


MAY_READ = {"models", "operations", "queries", "access", "edges"}


def _may_read(importer: str) -> bool:
    """Whether a module is where a context above may read (never write) another's tables."""
    part = importer.split(".")[2:3]
    return bool(part) and part[0] in MAY_READ


class OwnTables(Contract):
    """Tables are read by contexts, never by transports.

    `keystead.X.models` may be imported by X, and by other contexts' models (foreign keys),
    operations and queries (reading). That nobody but X writes them is tested in
    tests/architecture.
    """

    type_name = "own_tables"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every module called `models`, so that a new context needs no new rule."""
        trespasses = [
            (importer, models)
            for models in sorted(filter(_holds_tables, graph.modules))
            for importer in sorted(graph.find_modules_that_directly_import(models))
            if _context(importer) != _context(models) and not _may_read(importer)
        ]
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that goes around the owner's operations and queries."""
        for importer, models in check.metadata["trespasses"]:
            owner = _context(models)
            output.print_error(f"{importer} imports {models}: ask {owner}.queries or .operations")
