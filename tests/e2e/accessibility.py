"""What a page must be for everyone: axe-core's rules, and nothing that scrolls sideways.

The browser runs axe outside the page's own rules for scripts, as its developer tools do: the policy
of the pages stays as it is.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import CDPSession, Page

from keystead.custody import queries as custody
from keystead.exchange import demo
from keystead.hardware import queries as hardware
from keystead.keys import queries as keys
from keystead.people import access
from keystead.people import queries as people
from keystead.people.models import Account
from keystead.places import queries as places
from tests.cast import PASSWORD, describe
from tests.transports.web.inventory import routes, things_of

BUSINESS = "harbour-partners"
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
ASK_AXE = """async (rules) => (await axe.run(document, rules)).violations.flatMap((rule) =>
  rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`))"""
OVERFLOW = """() => {
  const root = document.documentElement, wide = [];
  if (root.scrollWidth <= root.clientWidth) return wide;
  for (const part of document.body.querySelectorAll("*")) {
    const box = part.getBoundingClientRect();
    if (box.right > root.clientWidth + 1 && box.width) {
      wide.push(`${part.tagName} ${part.className} ends at ${Math.round(box.right)}`);
    }
  }
  return [`${root.scrollWidth} wide: ${wide.slice(0, 3).join(", ")}`];
}"""

NO_PAGES = {
    "export-copies",
    "import-problems",
    "journal-export",
    "journal-checkpoint",
    "take-out-file",
    "passkey-sign-in",
    "holders",
    "account_logout",
}
"""Routes to files a browser keeps, to data for a page's own scripts, and the way out."""

OF_A_COPY = {
    *("hand-out", "take-back", "pass-on", "extend", "move", "lost", "found", "damaged", "destroy"),
    "past-loan",
}
"""Acts, which are opened with a copy already chosen too."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at: the theme, the width, and twice the size of text."""

    theme: str
    width: int
    text: int = 100


def inside(things: dict[str, Any]) -> list[str]:
    """The address of every page of a workspace that these things are enough for."""
    found = []
    for route in routes():
        needs = set(route.arguments)
        if "GET" not in route.methods or route.name in NO_PAGES or "slug" not in needs:
            continue
        if not needs <= set(things):
            continue
        path = route.url(things)
        found.append(path)
        if "copy_id" in things and route.name in OF_A_COPY:
            found.append(f"{path}?copy={things['copy_id']}")
    search = reverse("search", kwargs={"slug": things["slug"]})
    nowhere = reverse("today", kwargs={"slug": things["slug"]}) + "no-such-page"
    return [*found, f"{search}?q=a", f"{search}?q=nothingiscalledthis", nowhere]


def outside() -> list[str]:
    """The address of every page that is in no workspace."""
    things = {"token": "a" * 32, "account_id": "MQ", "link": "abc-def", "factor_id": 1}
    return [
        route.url(things)
        for route in routes()
        if "GET" in route.methods
        and "slug" not in route.arguments
        and route.name not in NO_PAGES
        and set(route.arguments) <= set(things)
    ]


def demonstration() -> dict[str, Any]:
    """Load the demonstration; one of every kind of thing in its business, the busiest there is."""
    demo.load(PASSWORD)
    account = Account.objects.get(email=demo.EMAIL)
    owner = access.actor_for(account.pk, BUSINESS, "web", factor_at=now())
    late = custody.out_now(owner, at=now(), overdue_only=True)[0]
    (cabinet,) = hardware.containers(owner, text="Key cabinet")
    (door,) = places.access_points(owner, text="Server room")
    things = things_of(owner, describe(owner, BUSINESS, " II"), people.persons(owner)[0].id)
    return things | {
        "copy_id": late.copy_id,
        "person_id": late.person_id,
        "key_id": keys.openers(owner, access_point_id=door.id)[0].key.id,
        "access_point_id": door.id,
        "container_id": cabinet.id,
        "site_id": cabinet.site_id,
    }


def complaints(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, and what makes it scroll sideways."""
    page.evaluate(AXE.read_text())
    return [*page.evaluate(ASK_AXE, RULES), *page.evaluate(OVERFLOW)]


def look_at(page: Page, tools: CDPSession, look: Look) -> None:
    """Give the window its size, and whoever reads their theme and size of text.

    The size of text lasts as long as `tools`.
    """
    page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
    page.set_viewport_size({"width": look.width, "height": 844 if look.width < 500 else 800})
    size = 16 * look.text // 100
    tools.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size * 13 // 16}})
