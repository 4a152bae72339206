"""Roles at single sites: who gets them, what they reach, and when they end."""

import pytest

from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.journal import queries as journal
from keystead.journal.operation import granted
from keystead.journal.reach import OfNoSite, OfOtherSites
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Forbidden, Invalid, NameTaken, NotFound
from keystead.kernel.rights import Right
from keystead.keys import operations as keys
from keystead.keys import queries as key_queries
from keystead.people import links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.roles import Role
from keystead.places import operations as places
from keystead.places import queries as place_queries
from tests.cast import PASSWORD, Register, World, describe, own_person, site_member

pytestmark = pytest.mark.db


@pytest.fixture
def quay(world: World) -> Register:
    """A second site of Ana's, with a door, a cabinet and a key of its own."""
    return describe(world.ana, world.slug, " Quay")


@pytest.fixture
def mo(world: World, quay: Register) -> Actor:
    """Mo manages the keys of Harbour House, and nothing of the quay."""
    return site_member(world.ana, "Mo", {world.site: Role.KEY_MANAGER})


@pytest.fixture
def master(world: World, quay: Register) -> int:
    """A key that opens doors at both sites, with one copy in each cabinet."""
    key = keys.add_key(world.ana, symbol="GM")
    for register in (world, quay):
        keys.note_key_opens(world.ana, key_id=key, cylinder_id=register.cylinder)
        custody.cut_copies(world.ana, key_id=key, container_id=register.cabinet)
    return key


def membership(world: World, actor: Actor) -> int:
    person = own_person(actor)
    members = people_queries.members(world.ana)
    return next(m.membership_id for m in members if m.person_id == person)


def test_a_site_manager_sees_and_describes_their_site_only(
    world: World, quay: Register, mo: Actor
) -> None:
    assert [site.id for site in place_queries.sites(mo)] == [world.site]
    door = places.add_access_point(mo, site_id=world.site, name="Back door")
    assert door in {point.id for point in place_queries.access_points(mo)}
    for act in (
        lambda: place_queries.site(mo, quay.site),
        lambda: places.add_access_point(mo, site_id=quay.site, name="Back door"),
        lambda: places.add_access_point(mo, site_id=world.site, name="Gate", leads_to_id=quay.hall),
        lambda: hardware.add_lock(mo, name="Bolt", access_point_id=quay.door),
        lambda: hardware_queries.container(mo, quay.cabinet),
        lambda: custody.retire_container(mo, container_id=quay.cabinet),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_site_manager_hands_out_takes_back_and_undoes(
    world: World, quay: Register, mo: Actor
) -> None:
    out = custody.check_out(mo, copy_ids=[world.copy], person_id=world.bo_person)
    assert [stay.copy_id for stay in custody_queries.out_now(mo)] == [world.copy]
    custody.undo(mo, handling=out.handling or 0)
    custody.check_out(mo, copy_ids=[world.copy], space_id=world.store)
    custody.return_copies(mo, copy_ids=[world.copy])
    custody.report_missing(mo, copy_ids=[world.copy], note="count")
    custody.report_found(mo, copy_id=world.copy)
    for wrong in ([quay.copy], [world.copy, quay.copy]):
        with pytest.raises(NotFound):
            custody.check_out(mo, copy_ids=wrong, person_id=world.bo_person)
    with pytest.raises(NotFound):
        custody.check_out(mo, copy_ids=[world.copy], space_id=quay.hall)
    with pytest.raises(NotFound):
        custody.move_copies(mo, copy_ids=[world.copy], container_id=quay.cabinet)
    with pytest.raises(NotFound):
        custody.report_missing(mo, copy_ids=[quay.copy], note="count")


def test_what_opens_doors_of_two_sites_is_seen_by_both_and_handed_out_by_neither(
    world: World, quay: Register, mo: Actor, master: int
) -> None:
    assert {key.label for key in key_queries.keys(mo)} == {"AA", "GM"}
    here, there = key_queries.copies(mo, key_id=master)
    assert [thing.id for thing in key_queries.opens(mo, {master})] == [world.door]
    for copy in (here, there):
        with pytest.raises(OfOtherSites):
            custody.check_out(mo, copy_ids=[copy.id], person_id=world.bo_person)
    assert (here.home_container_id, there.home_container_id) == (world.cabinet, None)
    assert "Quay" not in repr(custody_queries.history(mo, there.id))
    with pytest.raises(OfOtherSites):
        keys.change_key(mo, key_id=master, version=1, symbol="GX")


def test_a_key_above_belongs_to_the_sites_of_those_below(
    world: World, quay: Register, mo: Actor
) -> None:
    top = keys.add_key(world.ana, symbol="TOP")
    for number, register in enumerate((world, quay)):
        key = key_queries.key(world.ana, register.key)
        keys.change_key(
            world.ana, key_id=key.id, version=key.version, symbol=key.symbol, parent_id=top
        )
        seen = {key.label for key in key_queries.keys(mo)}
        assert seen == {"AA", "TOP"}, number
    (copy,) = custody.cut_copies(world.ana, key_id=top, container_id=world.cabinet)
    with pytest.raises(OfOtherSites):
        custody.check_out(mo, copy_ids=[copy], person_id=world.bo_person)


def test_a_key_above_that_opens_nothing_here_is_not_named(
    world: World, quay: Register, mo: Actor
) -> None:
    top = keys.add_key(world.ana, symbol="TOP")
    keys.note_key_opens(world.ana, key_id=top, cylinder_id=quay.cylinder)
    below = keys.add_key(world.ana, symbol="LOW", parent_id=top)
    alone = hardware.add_cylinder(world.ana, number="X1", is_listed_only=True)
    bolt = hardware.add_lock(world.ana, name="Bolt", access_point_id=world.door)
    hardware.fit_cylinder(world.ana, lock_id=bolt, cylinder_id=alone)
    keys.note_key_opens(world.ana, key_id=below, cylinder_id=alone)
    assert key_queries.key(mo, below).parent_label is None
    assert key_queries.keys_below(mo, top) == []
    with pytest.raises(OfOtherSites):
        keys.change_key(mo, key_id=below, version=1, symbol="LOW2")


def test_a_copy_kept_at_another_site_is_seen_but_its_place_is_not_named(
    world: World, quay: Register, mo: Actor
) -> None:
    custody.move_copies(world.ana, copy_ids=[world.copy], container_id=quay.cabinet)
    stay = custody_queries.where_is(mo, world.copy)
    assert (stay.state, stay.container_id, stay.container_name) == ("stored", None, None)
    assert custody_queries.in_container(mo, quay.cabinet) == []
    with pytest.raises(OfOtherSites):
        custody.check_out(mo, copy_ids=[world.copy], person_id=world.bo_person)


def test_a_ring_with_keys_of_two_sites_shows_each_only_its_own(
    world: World, quay: Register, mo: Actor
) -> None:
    ring = keys.add_ring(world.ana, name="Both", copy_ids=[world.copy, quay.copy])
    theirs = keys.add_ring(world.ana, name="Theirs", copy_ids=[quay.other_copy])
    assert key_queries.ring(mo, ring).copy_ids == (world.copy,)
    assert [found.id for found in key_queries.rings(mo)] == [ring]
    with pytest.raises(OfOtherSites):
        custody.check_out(mo, ring_ids=[ring], person_id=world.bo_person)
    with pytest.raises(NotFound):
        custody.check_out(mo, ring_ids=[theirs], person_id=world.bo_person)
    with pytest.raises(NotFound):
        custody.report_missing(mo, ring_ids=[theirs], note="count")


def test_what_a_site_manager_makes_belongs_to_their_site(
    world: World, quay: Register, mo: Actor
) -> None:
    key = custody.add_key_with_copies(mo, symbol="NEW", copies=2, container_id=world.cabinet)
    other = custody.add_key_with_copies(mo, symbol="N2", access_point_ids=[world.door])
    ring = keys.add_ring(mo, name="R7", copy_ids=[world.copy])
    assert {found.id for found in key_queries.keys(mo)} == {world.key, key, other}
    assert [found.id for found in key_queries.rings(mo)] == [ring]
    before = journal.seal(world.ana)
    for act in (
        lambda: custody.add_key_with_copies(mo, symbol="N3"),
        lambda: custody.add_key_with_copies(mo, symbol="N4", copies=1),
        lambda: keys.add_ring(mo, name="Bare"),
        lambda: keys.note_key_no_longer_opens(mo, key_id=other, cylinder_id=world.cylinder),
    ):
        with pytest.raises(OfNoSite):
            act()
    with pytest.raises(Forbidden):
        places.add_site(mo, name="Annexe")
    with pytest.raises(Forbidden):
        hardware.add_cylinder(mo, number="Z77")
    with pytest.raises(Forbidden):
        keys.add_key_system(mo, name="Main")
    assert journal.seal(world.ana) == before


def test_a_cylinder_belongs_to_its_last_lock(world: World, quay: Register, mo: Actor) -> None:
    for register in (world, quay):
        hardware.remove_cylinder(world.ana, lock_id=register.lock)
    assert [found.id for found in hardware_queries.cylinders(mo)] == [world.cylinder]
    hardware.fit_cylinder(mo, lock_id=world.lock, cylinder_id=world.cylinder)
    with pytest.raises(NotFound):
        hardware.fit_cylinder(mo, lock_id=world.lock, cylinder_id=quay.cylinder)


def test_a_name_taken_elsewhere_is_refused_without_saying_by_what(
    world: World, quay: Register, mo: Actor
) -> None:
    with pytest.raises(NameTaken) as refused:
        custody.add_key_with_copies(mo, symbol="aa quay", copies=1, container_id=world.cabinet)
    assert "key_id" not in refused.value.data
    assert "AA" not in refused.value.message
    with pytest.raises(NameTaken):
        hardware.fit_cylinder_numbered(mo, lock_id=world.lock, number="z1 quay")


def test_stories_leave_out_what_is_also_about_another_site(
    world: World, quay: Register, mo: Actor, master: int
) -> None:
    told = journal.story_of(mo, kind="key", thing_id=master)
    assert {entry.name for entry in told} == {"keys.key-added", "keys.key-opens", "keys.copy-made"}
    assert "Quay" not in repr(told)
    assert journal.story_of(mo, kind="key", thing_id=quay.key) == []
    with pytest.raises(Forbidden):
        journal.entries(mo)


def test_different_roles_at_different_sites(world: World, quay: Register) -> None:
    """Scenario 31: one person may have different roles at several sites."""
    eve = site_member(world.ana, "Eve", {world.site: Role.KEY_MANAGER, quay.site: Role.AUDITOR})
    assert len(place_queries.sites(eve)) == 2
    custody.check_out(eve, copy_ids=[world.copy], person_id=world.bo_person)
    with pytest.raises(OfOtherSites):  # known, but not hers to do
        custody.check_out(eve, copy_ids=[quay.copy], person_id=world.bo_person)
    with pytest.raises(OfOtherSites):
        places.change_site(eve, site_id=quay.site, version=1, name="Pier")


def test_scenario_31_an_auditor_of_one_site_changes_nothing_and_sees_only_that_site(
    world: World, quay: Register
) -> None:
    ida = site_member(world.ana, "Ida", {world.site: Role.AUDITOR})
    assert [site.id for site in place_queries.sites(ida)] == [world.site]
    before = journal.seal(world.ana)
    for act in (
        lambda: custody.check_out(ida, copy_ids=[world.copy], person_id=world.bo_person),
        lambda: places.add_space(ida, site_id=world.site, name="Loft"),
        lambda: people.add_person(ida, name="New"),
        lambda: custody.report_damaged(ida, copy_id=world.copy, note="bent"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert journal.seal(world.ana) == before


def test_a_role_at_a_site_beside_one_in_the_whole_workspace(world: World, quay: Register) -> None:
    roles = {world.site: Role.KEY_MANAGER}
    ida = site_member(world.ana, "Ida", roles, everywhere=Role.AUDITOR)
    assert len(place_queries.sites(ida)) == 2
    places.add_space(ida, site_id=world.site, name="Loft")
    with pytest.raises(OfOtherSites):
        places.add_space(ida, site_id=quay.site, name="Loft")


def test_a_holder_at_a_site_sees_and_reports_only_what_they_have(
    world: World, quay: Register
) -> None:
    hal = site_member(world.ana, "Hal", {world.site: Role.HOLDER})
    custody.check_out(world.ana, copy_ids=[quay.copy], person_id=own_person(hal))
    assert [stay.copy_id for stay in custody_queries.held_by_actor(hal)] == [quay.copy]
    custody.report_damaged(hal, copy_id=quay.copy, note="bent")
    with pytest.raises(NotFound):
        custody.report_damaged(hal, copy_id=world.copy, note="bent")
    with pytest.raises(Forbidden):
        place_queries.sites(hal)


def test_a_site_manager_reports_what_they_hold_of_another_site(
    world: World, quay: Register, mo: Actor
) -> None:
    custody.check_out(world.ana, copy_ids=[quay.copy], person_id=own_person(mo))
    assert [copy.id for copy in key_queries.copies(mo, ids=[quay.copy, quay.other_copy])] == [
        quay.copy
    ]
    custody.report_missing(mo, copy_ids=[quay.copy], note="on the train")


def test_a_role_ends_at_once_and_with_the_membership(world: World, mo: Actor) -> None:
    member_id = membership(world, mo)
    people.end_site_role(world.ana, membership_id=member_id, site_id=world.site)
    with pytest.raises(Forbidden):
        place_queries.sites(mo)
    with pytest.raises(NotFound):
        people.end_site_role(world.ana, membership_id=member_id, site_id=world.site)
    people.give_site_role(world.ana, membership_id=member_id, site_id=world.site, role=Role.AUDITOR)
    assert Right.SEE_REGISTER in granted(mo).at_sites[world.site]
    people.remove_member(world.ana, membership_id=member_id)
    with pytest.raises(NotFound):
        place_queries.sites(mo)


def test_another_role_at_the_same_site_replaces_the_one_before(world: World, mo: Actor) -> None:
    member_id = membership(world, mo)
    for role in (Role.AUDITOR, Role.AUDITOR):
        people.give_site_role(world.ana, membership_id=member_id, site_id=world.site, role=role)
    (mine,) = (m for m in people_queries.members(world.ana) if m.membership_id == member_id)
    assert [(given.site_name, given.role) for given in mine.site_roles] == [
        ("Harbour House", "auditor")
    ]


def test_roles_no_site_has_and_sites_that_are_not_there(world: World, mo: Actor) -> None:
    member_id = membership(world, mo)
    with pytest.raises(Invalid):
        people.give_site_role(
            world.ana, membership_id=member_id, site_id=world.site, role=Role.OWNER
        )
    for wrong in ({"site_id": world.elsewhere.site}, {"membership_id": 999}):
        given = {"membership_id": member_id, "site_id": world.site, **wrong}
        with pytest.raises(NotFound):
            people.give_site_role(world.ana, role=Role.AUDITOR, **given)
    with pytest.raises(Forbidden):
        people.give_site_role(mo, membership_id=member_id, site_id=world.site, role=Role.AUDITOR)


def test_an_invitation_to_one_site_gives_a_role_there_only(world: World, quay: Register) -> None:
    token = links.new_token()
    people.invite_new_person(
        world.ana, name="Nia", role=Role.KEY_MANAGER, token=token, site_id=quay.site
    )
    (open_one,) = people_queries.invitations(world.ana)
    assert open_one.site_name == "Harbour House Quay"
    joined = people.accept_invitation(
        system(INSTALLATION, "tests"),
        token=token,
        email="nia@house.example",
        password_hash=people.hashed(PASSWORD, "nia@house.example"),
    )
    nia = Actor(workspace_id=world.ana.workspace_id, channel="web", account_id=joined.account_id)
    assert [site.id for site in place_queries.sites(nia)] == [quay.site]
    with pytest.raises(Invalid):
        people.invite_new_person(
            world.ana, name="X", role=Role.OWNER, token=links.new_token(), site_id=quay.site
        )


def test_the_numbers_of_a_site_count_that_site_only(
    world: World, quay: Register, mo: Actor
) -> None:
    custody.check_out(world.ana, copy_ids=[quay.copy], person_id=world.bo_person)
    assert custody_queries.total_balance(mo).cut == 2
    assert custody_queries.total_balance(mo).out == 0
    assert custody_queries.held_counts(mo, [world.bo_person]) == {}
    assert custody_queries.container_counts(mo) == {world.cabinet: 2}
