"""Hostile texts in every field, every page opened in a real browser by every role: none runs."""

from typing import Any

import pytest
from django.urls import reverse

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.people.roles import Role
from keystead.places import operations as places
from tests.cast import ANA, BO, World, member
from tests.e2e.conftest import Visit
from tests.e2e.hostile import PAYLOADS
from tests.e2e.test_journeys import sign_in
from tests.transports.web.inventory import Route, routes, things_of

pytestmark = pytest.mark.slow

FILES = {"export-copies", "import-problems", "journal-export", "take-out-file"}
"""Routes to files a browser keeps instead of showing them."""

WATCH = """
window.violated = [];
document.addEventListener("securitypolicyviolation", (seen) => {
  window.violated.push(`${seen.effectiveDirective} ${seen.blockedURI} ${seen.sample}`);
});
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = () => { window.planted = 1; };
}
"""


def plant(owner: Actor, world: World) -> list[dict[str, Any]]:
    """Write each text into every field that takes text; what was made with it."""
    made = []
    for number, payload in enumerate(PAYLOADS):
        text, short = f"{payload} {number}", f"{payload[:15]} {number}"
        site = places.add_site(owner, name=text, number=short, address=text)
        space = places.add_space(owner, site_id=world.site, name=text, number=short)
        door = places.add_access_point(
            owner, site_id=world.site, name=text, number=short, leads_to_id=space
        )
        cylinder = f"{payload[:36]} {number}"
        hardware.add_lock(owner, name=text, access_point_id=door, cylinder_number=cylinder)
        box = hardware.add_container(owner, site_id=world.site, space_id=space, name=text)
        hook, *_ = hardware.add_positions(owner, container_id=box, labels=[short])
        code = hardware.record_code_on(owner, name=text, container_id=box)
        system = keys.add_key_system(owner, name=text)
        key = keys.add_key(owner, symbol=short, name=text, system_id=system)
        copy, out, late, gone = custody.cut_copies(
            owner, key_id=key, count=4, container_id=box, position_id=hook
        )
        keys.change_copy(owner, copy_id=copy, version=1, mark=text[:60])
        keys.attach_tag(owner, text=f"{number}{text}"[:80], kind="copy", thing_id=copy)
        ring = keys.add_ring(
            owner, name=f"{payload[:56]} {number}", copy_ids=[late], seal_number=short
        )
        firm = people.add_firm(owner, name=text)
        person = people.add_person(owner, name=text, firm_id=firm, department=text, phone=short)
        hardware.note_code_told(owner, code_id=code, person_id=person)
        custody.check_out(owner, copy_ids=[out], person_id=person, purpose=text)
        custody.report_missing(owner, copy_ids=[gone], note=text)
        custody.report_damaged(owner, copy_id=copy, note=text)
        made.append(
            {
                "site_id": site,
                "space_id": space,
                "access_point_id": door,
                "container_id": box,
                "code_id": code,
                "key_id": key,
                "copy_id": copy,
                "ring_id": ring,
                "firm_id": firm,
                "person_id": person,
            }
        )
    return made


def addresses(things: dict[str, Any], made: list[dict[str, Any]]) -> list[str]:
    """Every page once; those of one thing in turn with what each text made."""
    found = []
    reading: list[Route] = [route for route in routes() if "GET" in route.methods]
    for number, route in enumerate(reading):
        if route.name in FILES or route.name == "account_logout":
            continue
        found.append(route.url(things | made[number % len(made)]))
    search = reverse("search", kwargs={"slug": things["slug"]})
    return [*found, f"{search}?q=%3Cscript%3Ewindow.planted%3D1%3C/script%3E", f"{search}?q=img"]


@pytest.mark.parametrize("who", ["owner", "holder", "auditor"])
def test_no_text_anybody_typed_runs_on_any_page(world: World, visit: Visit, who: str) -> None:
    things = things_of(world.ana, world, world.bo_person)
    made = plant(world.ana, world)
    member(world.ana, "Dee", Role.AUDITOR, email="dee@harbour.example")
    custody.check_out(
        world.ana, copy_ids=[made[0]["copy_id"] + 4], person_id=world.bo_person, purpose=PAYLOADS[6]
    )
    visit.page.add_init_script(WATCH)
    sign_in(visit, {"owner": ANA, "holder": BO, "auditor": "dee@harbour.example"}[who])
    opened = addresses(things, made)
    for address in opened:
        visit.open(address)
        assert not visit.page.evaluate("window.planted"), address
        assert visit.page.evaluate("window.violated") == [], address
    assert len(opened) > 70
    assert len(PAYLOADS) >= 60
