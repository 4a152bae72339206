"""Every page, with much in it and with nothing: what axe says of it, and whether it fits."""

from itertools import cycle, product

import pytest

from keystead.exchange import demo
from tests import cast
from tests.cast import ANA
from tests.e2e.accessibility import (
    Look,
    complaints,
    demonstration,
    inside,
    look_at,
    outside,
)
from tests.e2e.conftest import Visit
from tests.e2e.test_journeys import sign_in

pytestmark = pytest.mark.slow

WIDTHS = (390, 768, 1280)
LOOKS = [
    *(Look(theme, width) for width, theme in product(WIDTHS, ("light", "dark"))),
    Look("light", 320),  # 1280 pixels, magnified to four times their size
    Look("dark", 1280, text=200),
    Look("light", 768, text=200),
]


def look_through(visit: Visit, paths: list[str], looks: list[Look]) -> list[str]:
    """What is wrong on these pages, each opened once, looked at in turn in one of these ways."""
    found, tools = [], visit.page.context.new_cdp_session(visit.page)
    for path, look in zip(paths, cycle(looks), strict=False):
        look_at(visit.page, tools, look)
        visit.open(path)
        found += [f"{path} ({look}): {complaint}" for complaint in complaints(visit.page)]
    return found


def found_empty() -> dict[str, str]:
    """A workspace that Ana has just begun; what its pages need."""
    return {"slug": cast.found_empty().slug}


@pytest.mark.usefixtures("database")
def test_every_page_of_the_demonstration_is_for_everyone(visit: Visit) -> None:
    paths = inside(demonstration())
    sign_in(visit, demo.EMAIL)
    assert len(paths) > 90
    assert look_through(visit, [*paths, *outside()], LOOKS) == []


@pytest.mark.usefixtures("database")
def test_every_page_with_nothing_in_it_is_for_everyone(visit: Visit) -> None:
    things = found_empty()
    paths = outside()
    assert look_through(visit, [*dict.fromkeys(paths)], LOOKS[::-1]) == []
    sign_in(visit, ANA)
    assert look_through(visit, inside(things), LOOKS[::-1]) == []


@pytest.mark.audit
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_for_everyone_however_it_is_looked_at(visit: Visit, look: Look) -> None:
    paths = [*inside(demonstration()), *outside()]
    found = look_through(visit, outside(), [look])
    sign_in(visit, demo.EMAIL)
    assert [*found, *look_through(visit, paths, [look])] == []


@pytest.mark.audit
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_empty_register_is_for_everyone_however_it_is_looked_at(
    visit: Visit, look: Look
) -> None:
    things = found_empty()
    sign_in(visit, ANA)
    assert look_through(visit, inside(things), [look]) == []


@pytest.mark.usefixtures("database")
def test_a_page_that_is_wrong_is_complained_about(visit: Visit) -> None:
    found_empty()
    look_at(visit.page, visit.page.context.new_cdp_session(visit.page), Look("light", 390))
    visit.open("/sign-in")
    visit.page.evaluate(
        """() => {
          const wrong = document.createElement("p");
          wrong.append(document.createElement("button"));
          wrong.style.width = "900px";
          document.querySelector("main").append(wrong);
        }"""
    )
    found = " ".join(complaints(visit.page))
    assert "button-name" in found
    assert "wide" in found


@pytest.mark.usefixtures("database")
def test_twice_the_size_of_text_is_twice_the_size(visit: Visit) -> None:
    found_empty()
    tools = visit.page.context.new_cdp_session(visit.page)
    look_at(visit.page, tools, Look("light", 1280, text=200))
    visit.open("/sign-in")
    size = "getComputedStyle(document.documentElement).fontSize"
    assert visit.page.evaluate(size) == "32px"
    look_at(visit.page, tools, Look("light", 1280))
    assert visit.page.evaluate(size) == "16px"
