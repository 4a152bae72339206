"""Finds permission checks in the source and makes each one switchable."""

import ast
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

GATES = (
    "kernel/actor.py",
    "kernel/scope.py",
    "journal/rights.py",
    "journal/rows.py",
    "journal/reach.py",
    "permissions/__init__.py",
    "people/access.py",
    "people/requirements.py",
    "people/sessions.py",
    "web/middleware.py",
    "api/endpoints.py",
)
"""Files that do nothing but admit and refuse: each of their conditions counts as a check."""

REFUSALS = {
    "Forbidden", "StepUpNeeded", "SecondFactorNeeded", "OfOtherSites", "OfNoSite",
    "forbidden", "of_other_sites",
}  # fmt: skip
ASKING = ("require", "_require", "insist", "_insist", "admit", "scope_of")
OWNERSHIP = {
    "workspace", "workspace_id", "account", "account_id", "user", "user_id", "ended_at",
    "person_id", "workspace__slug",
}  # fmt: skip
"""Whose a row is: what a query filters by besides what was asked for."""
READS = {"filter", "get", "exclude"}
KEEPS_FIRST = {"seen", "whole"}


@dataclass(frozen=True, slots=True)
class Site:
    """One check: its kind, where it stands and what stands there."""

    number: int
    kind: str
    place: str
    text: str

    @property
    def name(self) -> str:
        """Stable as long as the line does not change, wherever it moves to."""
        return f"{self.kind} {self.place.split(':')[0]} {self.text}"


def called(node: ast.expr) -> str:
    """The last name of what a call calls."""
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute):
            return function.attr
        if isinstance(function, ast.Name):
            return function.id
    return ""


def checks(trees: Sequence[ast.Module]) -> set[str]:
    """Names of functions that refuse by themselves, or through another one that does."""
    functions = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith(ASKING)
    ]
    found: set[str] = {"require_mine", "require_whole", "scope_of"}
    while True:
        more = {node.name for node in functions if _refuses(node, found)}
        if more <= found:
            return found
        found |= more


def _refuses(function: ast.FunctionDef, known: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None and called(node.exc) in REFUSALS:
            return True
        if isinstance(node, ast.Expr) and called(node.value) in known:
            return True
    return False


class Loosener(ast.NodeTransformer):
    """Makes the checks of one file switchable; `sites` are those it found."""

    def __init__(self, path: str, numbers: Iterator[int], known: set[str]) -> None:
        self.path, self.numbers, self.known = path, numbers, known
        self.is_gate = path in GATES
        self.sites: list[Site] = []
        self.inside: list[ast.FunctionDef] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.inside.append(node)
        node.body = [self.visit(statement) for statement in node.body]
        self.inside.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self.generic_visit(node) if self.inside else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        name, text = called(node.value), ast.unparse(node)
        if not self.inside or name not in self.known:
            return self.generic_visit(node)
        self.generic_visit(node)
        node.value = self._switch("check", node, text, ast.Constant(None), node.value)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        text = ast.unparse(node.test)
        parts = node.test.values if isinstance(node.test, ast.BoolOp) else []
        is_or = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or)
        texts = [ast.unparse(part) for part in parts]
        self.generic_visit(node)
        if not (self.is_gate and self.inside and isinstance(node.body[-1], ast.Raise | ast.Return)):
            return node
        if is_or and isinstance(node.test, ast.BoolOp):
            node.test.values = [
                self._switch("guard", node, said, ast.Constant(False), part)
                for part, said in zip(node.test.values, texts, strict=True)
            ]
        else:
            node.test = self._switch("guard", node, text, ast.Constant(False), node.test)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name, text = called(node), ast.unparse(node)
        self.generic_visit(node)
        if not self.inside:
            return node
        usual: ast.expr = node
        if name in READS and isinstance(node.func, ast.Attribute):
            return self._unfiltered(node, text)
        if name == "scope_of" or (name == "scope" and node.args):
            usual = self._switch("scope", node, text, _of_helper("everything"), node)
        elif name == "visible" and node.args:
            loose = ast.Call(_of_helper("visible").func, node.args, node.keywords)
            usual = self._switch("scope", node, text, loose, node)
        elif name in ("one", "many") and len(node.args) == 4 and self._may_be_at_sites():
            call = ast.Lambda(_no_arguments(), deepcopy(node))
            loose = ast.Call(_of_helper("unscoped").func, [node.args[0], call], [])
            usual = self._switch("scope", node, text, loose, node)
        elif name == "hidden" and len(node.args) == 3:
            empty = ast.Call(ast.Name("set", ast.Load()), [], [])
            usual = self._switch("scope", node, text, empty, node)
        elif name in KEEPS_FIRST and len(node.args) == 3:
            usual = self._switch("scope", node, text, node.args[0], node)
        elif name == "seen_ids":
            ids = ast.Call(ast.Name("set", ast.Load()), [node.args[1]], [])
            usual = self._switch("scope", node, text, ids, node)
        elif name == "mine" and len(node.args) == 2:
            usual = self._switch("scope", node, text, node.args[1], node)
        elif name == "reaches" and len(node.args) == 4:
            usual = self._switch("scope", node, text, ast.Constant(True), node)
        return usual

    def _unfiltered(self, node: ast.Call, text: str) -> ast.expr:
        usual: ast.expr = node
        for keyword in list(node.keywords):
            if keyword.arg is None or not (self.is_gate or keyword.arg in OWNERSHIP):
                continue
            loose = deepcopy(node)
            loose.keywords = [some for some in loose.keywords if some.arg != keyword.arg]
            said = f"{keyword.arg} in {text}"
            usual = self._switch("filter", node, said, loose, usual)
        return usual

    def _may_be_at_sites(self) -> bool:
        """Whether a verb for sites may be under way: all others change everything or nothing."""
        for decorator in self.inside[0].decorator_list:
            if called(decorator) == "operation" and isinstance(decorator, ast.Call):
                return any(keyword.arg == "per_site" for keyword in decorator.keywords)
        return True

    def _switch(
        self, kind: str, node: ast.AST, text: str, loose: ast.expr, usual: ast.expr
    ) -> ast.Call:
        number, line = next(self.numbers), getattr(node, "lineno", 0)
        self.sites.append(Site(number, kind, f"{self.path}:{line}", " ".join(text.split())))
        either = [ast.Lambda(_no_arguments(), deepcopy(part)) for part in (loose, usual)]
        call = ast.Call(_of_helper("choose").func, [ast.Constant(number), *either], [])
        return ast.copy_location(call, node)


def _no_arguments() -> ast.arguments:
    return ast.arguments([], [], None, [], [], None, [])


def _of_helper(name: str) -> ast.Call:
    module = ast.Name("_loosened", ast.Load())
    return ast.Call(ast.Attribute(module, name, ast.Load()), [], [])


def loosen(source: Path) -> list[Site]:
    """Make every check below `source` (the copied package) switchable; all sites found."""
    paths = [p for p in sorted(source.rglob("*.py")) if "migrations" not in p.parts]
    trees = {path: ast.parse(path.read_text()) for path in paths}
    known = checks(list(trees.values()))
    numbers, found = iter(range(1, 100_000)), list[Site]()
    for path, tree in trees.items():
        loosener = Loosener(path.relative_to(source).as_posix(), numbers, known)
        loosener.visit(tree)
        if loosener.sites:
            _import_helper(tree)
            path.write_text(ast.unparse(ast.fix_missing_locations(tree)))
            found += loosener.sites
    return found


def _import_helper(tree: ast.Module) -> None:
    at = 1 if ast.get_docstring(tree) is not None else 0
    helper = ast.ImportFrom("keystead", [ast.alias("loosened", "_loosened")], 0)
    tree.body.insert(at, helper)
