"""The benchmarks still fit the program: a tiny register can be seeded, and every page is known."""

from pathlib import Path

import pytest

from keystead.journal import verify
from keystead.journal.models import Workspace
from tests.bench.parts import pages, points
from tests.bench.seed import SLUG
from tests.bench.seed.build import build
from tests.bench.seed.scales import Scale
from tests.bench.stand import Stand, stand
from tests.support.databases import Database

TINY = Scale("tiny", copies=120, people=30, entries=2_500)


@pytest.fixture
def tiny(database: Database, tmp_path: Path) -> Stand:
    build(TINY)
    return stand(tmp_path, rounds=1, scale="tiny")


def test_what_the_seeder_writes_holds_and_can_be_replayed(database: Database) -> None:
    build(TINY)
    verdict = verify.verify(Workspace.objects.get(slug=SLUG).pk)
    assert verdict.holds
    assert verdict.entries == TINY.entries


def test_every_page_that_can_be_read_is_visited_and_answers(tiny: Stand) -> None:
    browser, answers = tiny.browser(), {}
    for visit in pages.addresses(tiny):
        answers[visit.path] = browser.get(visit.path).status_code
    assert {path: status for path, status in answers.items() if status not in {200, 302}} == {}
    assert {name for name, _ in pages.routes()} - set(pages.NOT_WALKED) == {
        visit.name for visit in pages.addresses(tiny)
    }


def test_every_question_about_one_thing_is_measured(tiny: Stand) -> None:
    figures = points.measure(tiny)
    assert len(figures) == len({figure.what for figure in figures})
    assert all(figure.rounds for figure in figures)
