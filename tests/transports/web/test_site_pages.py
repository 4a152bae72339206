"""Pages for roles at single sites: giving them, and what whoever has one is offered."""

import pytest

from keystead.custody import operations as custody
from keystead.keys import operations as keys
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.roles import Role
from tests.cast import Register, World, describe, own_person, site_member
from tests.transports.web.pages import Pages

pytestmark = pytest.mark.db


@pytest.fixture
def quay(world: World) -> Register:
    return describe(world.ana, world.slug, " Quay")


def test_an_owner_gives_and_ends_a_role_at_a_site(
    world: World, quay: Register, ana_at: Pages
) -> None:
    bo = next(m for m in people_queries.members(world.ana) if m.name == "Bo")
    sent = {"site_id": quay.site, "role": "key-manager"}
    told = ana_at.post("member-site-role", sent, membership_id=bo.membership_id)
    assert "Bo has another role now." in told
    assert "key manager at Harbour House Quay" in ana_at.get("members")
    ana_at.post("member-site-role-end", membership_id=bo.membership_id, site_id=quay.site)
    assert "Quay" not in ana_at.get("members")


def test_an_invitation_can_be_to_one_site(world: World, quay: Register, ana_at: Pages) -> None:
    assert "in the whole workspace" in ana_at.get("member-invite")
    sent = {"holder": "Nia", "email": "", "role": "auditor", "site_id": quay.site}
    people.add_person(world.ana, name="Nia")
    shown = ana_at.send("member-invite", sent).content.decode()
    assert "auditor at Harbour House Quay" in shown
    assert "auditor at Harbour House Quay" in ana_at.get("members")


def test_with_one_site_an_invitation_does_not_ask_where(world: World, ana_at: Pages) -> None:
    assert "in the whole workspace" not in ana_at.get("member-invite")


def test_what_is_seen_but_not_theirs_offers_no_changes(world: World, quay: Register) -> None:
    master = keys.add_key(world.ana, symbol="GM")
    for register in (world, quay):
        keys.note_key_opens(world.ana, key_id=master, cylinder_id=register.cylinder)
    (copy,) = custody.cut_copies(world.ana, key_id=master, container_id=world.cabinet)
    mo_at = Pages(site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER}), world.slug)
    assert "Hand out" in mo_at.get("copy", copy_id=world.copy)
    assert "Hand out" not in mo_at.get("copy", copy_id=copy)
    edit = mo_at.url("key-edit", key_id=master)
    assert edit not in mo_at.client.get(mo_at.url("key", key_id=master)).content.decode()
    things = {"copy": copy, "holder": "Bo", "until": "open"}
    refused = mo_at.post("hand-out", things, status=403)
    assert "This concerns other sites, too" in refused


def test_a_site_manager_is_not_offered_what_needs_the_whole_workspace(world: World) -> None:
    mo_at = Pages(site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER}), world.slug)
    assert "Add a site" not in mo_at.get("sites")
    assert "Add a system" not in mo_at.get("keys")
    assert "Add a cylinder" not in mo_at.get("cylinders")
    assert "Leaves" not in mo_at.get("person", person_id=world.bo_person)
    for name in ("journal", "members", "import", "settings", "site-add"):
        mo_at.get(name, status=403)


def test_a_site_manager_reports_their_own_key_of_another_site(world: World, quay: Register) -> None:
    mo = site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER})
    custody.check_out(world.ana, copy_ids=[quay.copy], person_id=own_person(mo))
    mo_at = Pages(mo, world.slug)
    assert "AA Quay·1" in mo_at.get("me")
    assert "AA Quay·1" in mo_at.get("lost", query={"copy": quay.copy})
    mo_at.post("lost", {"copy": quay.copy, "kind": "lost", "note": "on the train"})
    assert "AA Quay·1" not in mo_at.get("me")


def test_a_holder_at_a_site_begins_with_their_own_keys(world: World, quay: Register) -> None:
    hal_at = Pages(site_member(world.ana, "Hal", {quay.site: Role.HOLDER}), world.slug)
    assert "You have no keys" in hal_at.get("me")
    assert hal_at.client.get(hal_at.url("today")).status_code == 302
    hal_at.get("keys", status=403)
