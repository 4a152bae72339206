"""What is open to roles at single sites looks rows up where other sites' rows are not there."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

import keystead
from keystead import permissions
from keystead.journal import reach
from keystead.journal.models import Row
from keystead.journal.operation import VERBS, Change, operation
from keystead.journal.rows import visible
from keystead.kernel.rights import Right
from keystead.people.roles import AT_SITES, Role
from keystead.places import facts
from keystead.places.models import Site
from tests.cast import World, describe, site_member

importlib.import_module("keystead.permissions")
ROOT = Path(keystead.__file__).parent
WITH_SITES = ("places", "hardware", "keys", "custody")
LOOK_UPS = {"one", "many", "require_mine", "mine"}
DIRECTORY = {"people.add_person", "people.add_firm"}
"""Persons and firms are nobody's: everybody who looks after keys sees them all."""


def trees(context: str, part: str) -> Iterator[tuple[str, ast.Module]]:
    paths = [ROOT / context / f"{part}.py", *sorted((ROOT / context / part).glob("*.py"))]
    for path in paths:
        if path.exists():
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def called(function: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = node.func
            found.add(name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", ""))
    return found


def calls() -> dict[str, set[str]]:
    """What each function of the operations calls, by name."""
    found: dict[str, set[str]] = {}
    for context in (*WITH_SITES, "people"):
        for _name, tree in trees(context, "operations"):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    found.setdefault(node.name, set()).update(called(node))
    return found


def reached(name: str, known: dict[str, set[str]]) -> set[str]:
    """Everything a function calls, and what that calls."""
    seen, edge = set[str](), {name}
    while edge:
        edge = set().union(*(known.get(inner, set()) for inner in edge)) - seen
        seen |= edge
    return seen


def test_every_verb_for_sites_looks_its_rows_up_within_them() -> None:
    known = calls()
    per_site = {verb.name for verb in VERBS.values() if verb.per_site}
    assert len(per_site) >= 45
    careless = {
        name
        for name in per_site - DIRECTORY
        if not reached(name.rsplit(".", 1)[1], known) & LOOK_UPS
    }
    assert careless == set()


def test_verbs_for_sites_need_a_right_that_sites_have() -> None:
    for verb in VERBS.values():
        assert not verb.per_site or verb.right in AT_SITES, verb.name
    rows = [need for row in permissions.ROUTES.values() for need in row.values()]
    for needs in (*rows, *permissions.API.values()):
        if needs not in {permissions.PUBLIC, permissions.SIGNED_IN} and permissions.is_per_site(
            needs
        ):
            assert permissions.right_of(needs) in AT_SITES, needs


OF_ALL_SITES = {
    "zone_of_site",  # a zone's name, for pages that found the site already
    "purpose_required",  # a rule of the whole workspace
    "_zone",  # the zone of the workspace
    "_parents",  # which key stands above which: numbers only, never shown
    "_parents_from",  # the same
    "_copies_or_own",  # what one holds oneself
    "held_by_actor",  # the same
    "last_notes",  # of copies that were found visible
    "_some_views",  # stays that were found visible, in a second step
    "_copy_views",  # rings and tags of copies that were found visible
}
"""Reading functions that look at a table as a whole, and why."""

CHECK_OF_THE_JOURNAL = "custody/queries/checking.py"
"""Compares a whole workspace with its journal, for who may see all of that."""


def test_queries_read_tables_only_through_what_leaves_other_sites_out() -> None:
    whole = {
        function.name
        for context in WITH_SITES
        for name, tree in trees(context, "queries")
        if name != CHECK_OF_THE_JOURNAL
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "everything"}
    }
    assert whole == OF_ALL_SITES


NOT_LOOKED_UP = {"Loan"}
"""Only ever reached through the stay they belong to."""


def test_every_table_says_which_sites_its_rows_belong_to() -> None:
    silent = {
        model.__name__
        for model in apps.get_models()
        if issubclass(model, Row) and model._meta.app_label in WITH_SITES
        if not reach.is_known(model)
    }
    assert silent == NOT_LOOKED_UP


@pytest.mark.db
def test_a_role_in_the_whole_workspace_adds_nothing_to_a_statement(world: World) -> None:
    for model in apps.get_models():
        if issubclass(model, Row) and model._meta.app_label in WITH_SITES:
            plain = model.objects.filter(workspace_id=world.workspace)
            assert str(visible(world.ana, model).query) == str(plain.query)


@pytest.mark.db
def test_a_verb_that_forgets_to_look_commits_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keystead.journal.operation.VERBS", {})

    @operation(Right.EDIT_REGISTER, per_site=True)
    def rename_carelessly(change: Change, *, site_id: int) -> None:
        """Rename a site without asking whose it is."""
        Site.objects.filter(pk=site_id).update(number="Mine")
        change.record(
            facts.SiteChanged(
                site_id=site_id, old_name="", new_name="Mine", old_time_zone="", new_time_zone=""
            )
        )

    quay = describe(world.ana, world.slug, " Quay")
    mo = site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER})
    rename_carelessly(mo, site_id=world.site)
    with pytest.raises(reach.OfNoSite):
        rename_carelessly(mo, site_id=quay.site)
    assert Site.objects.get(pk=quay.site).number == ""
