"""What every test has: a prepared environment, and a fresh database if it asks for one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.support import environment

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from tests.cast import World
    from tests.support.databases import Database, Source

ROOT = Path(__file__).resolve().parent.parent

hypothesis.settings.register_profile(
    "keystead",
    deadline=None,  # no test depends on how fast a machine is
    print_blob=True,
    derandomize="CI" in os.environ,  # CI repeats itself; at the desk and in audits chance looks on
    database=None
    if "CI" in os.environ
    else DirectoryBasedExampleDatabase(ROOT / ".cache" / "hypothesis"),
)
hypothesis.settings.load_profile("keystead")


HOME = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Prepare the environment, then let Django read it; pytest-django does the rest."""
    from django.conf import settings

    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        return  # the workers run the tests
    if settings.configured:
        raise pytest.UsageError("Run the tests without DJANGO_SETTINGS_MODULE and without --ds.")
    config.stash[HOME] = environment.prepare()
    os.environ["DJANGO_SETTINGS_MODULE"] = "keystead.settings"
    _ = settings.INSTALLED_APPS


ONCE = ("tests/transports/web/", "tests/transports/cli/")
"""Folders of tests about pages and commands. What these ask of a database is asked on both kinds by
the tests of queries, operations and the API; and the benchmark's test opens every page on both."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of pages and commands run on SQLite only."""
    for item in items:
        if item.nodeid.startswith(ONCE):
            item.add_marker(pytest.mark.once)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the tests of this process left."""
    if home := config.stash.get(HOME, None):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def database_source(pytestconfig: pytest.Config) -> "Source":
    """Where databases come from; made once per process."""
    from tests.support import databases

    return databases.source(pytestconfig.stash[HOME] / "databases")


Founded = tuple["World", str]
"""A register, and the name of the database it is in, to be copied."""


@pytest.fixture(scope="session")
def founded(
    database_source: "Source", django_db_blocker: "DjangoDbBlocker", _quick_passwords: None
) -> Iterator[Founded]:
    """Ana's small register, set up once per process."""
    yield from _founded(database_source, django_db_blocker, is_demo=False)


@pytest.fixture(scope="session")
def demo_founded(
    database_source: "Source", django_db_blocker: "DjangoDbBlocker", _quick_passwords: None
) -> Iterator[Founded]:
    """The same as a demonstration."""
    yield from _founded(database_source, django_db_blocker, is_demo=True)


def _founded(source: "Source", blocker: "DjangoDbBlocker", *, is_demo: bool) -> Iterator[Founded]:
    from tests import cast
    from tests.support import databases

    with blocker.unblock(), databases.kept_database(source) as name:
        world = cast.found_world(is_demo=is_demo)
    yield world, name
    source.drop(name)


@pytest.fixture
def database(
    request: pytest.FixtureRequest,
    database_source: "Source",
    django_db_blocker: "DjangoDbBlocker",
) -> Iterator["Database"]:
    """A fresh migrated database for this test, which may commit, fork and use threads.

    It is empty, or has what `world` or `demo` names if the test asks for one of them.
    """
    from tests.support import databases

    names, like = request.fixturenames, None
    if "demo_founded" in names:
        like = request.getfixturevalue("demo_founded")[1]
    elif "founded" in names:
        like = request.getfixturevalue("founded")[1]
    with django_db_blocker.unblock(), databases.fresh_database(database_source, like) as fresh:
        yield fresh


@pytest.fixture(autouse=True)
def _database_if_marked(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("db"):
        request.getfixturevalue("database")


@pytest.fixture
def world(founded: Founded, database: "Database") -> "World":
    """Ana's small register, with Bo and Cy, in a fresh database."""
    return _as_of_now(founded)


@pytest.fixture
def demo(demo_founded: Founded, database: "Database") -> "World":
    """The same as a demonstration: actors may set the time of their facts."""
    return _as_of_now(demo_founded)


def _as_of_now(founded: Founded) -> "World":
    """The register, whose people showed a second factor just now and not when it was set up."""
    from tests import cast

    return cast.confirmed_now(founded[0])


@pytest.fixture
def other_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on another disk, where the settings send checkpoints."""
    found = tmp_path / "other-disk"
    found.mkdir()
    monkeypatch.setenv("KEYSTEAD_CHECKPOINTS", str(found))
    return found


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Stand in the way of pytest-django's own databases, which roll back and flush."""
    pytest.fail("Mark the test with @pytest.mark.db instead of django_db.")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Argon2 with little memory: a third of a second per sign-in would be most of a run."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.memory_cost = 64
    Argon2PasswordHasher.time_cost = 1
