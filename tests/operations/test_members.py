"""Who may sign in: the first owner, invitations, roles, tokens."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from keystead.journal.models import Entry
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Forbidden, Invalid, NotFound
from keystead.kernel.secret import Secret
from keystead.people import access, links, queries
from keystead.people import operations as people
from keystead.people.errors import EmailTaken, InvitationGone, LastOwner, WeakPassword
from keystead.people.models import Account, ApiToken, Invitation
from keystead.people.roles import Role
from tests.cast import ANA, PASSWORD, World

pytestmark = pytest.mark.db
INSTALLER = system(INSTALLATION, "tests")


def found_again() -> None:
    people.found(
        INSTALLER,
        email="eve@example.com",
        password_hash=people.hashed(PASSWORD, "eve@example.com"),
        owner_name="Eve",
        workspace_name="Eve's",
        template="household",
        time_zone="UTC",
        locale="en",
    )


def test_open_sign_up_closes_after_the_first_owner(world: World) -> None:
    with pytest.raises(NotFound):
        found_again()
    assert not Account.objects.filter(email="eve@example.com").exists()


def test_only_the_operator_starts_workspaces(world: World) -> None:
    with pytest.raises(Forbidden):
        people.create_workspace(
            Actor(workspace_id=INSTALLATION, channel="web", account_id=world.cy.account_id),
            owner_name="Cy",
            workspace_name="Another",
            template="empty",
            time_zone="UTC",
            locale="en",
        )


def test_a_demonstration_never_shares_a_database_with_a_real_register(world: World) -> None:
    with pytest.raises(Invalid):
        people.create_workspace(
            Actor(workspace_id=INSTALLATION, channel="web", account_id=world.ana.account_id),
            owner_name="Ana",
            workspace_name="Demo",
            template="household",
            time_zone="UTC",
            locale="en",
            is_demo=True,
        )


def invite(world: World, name: str = "Dee") -> tuple[Secret, int]:
    token = links.new_token()
    person = people.add_person(world.ana, name=name)
    people.invite(world.ana, person_id=person, role=Role.AUDITOR, token=token)
    return token, person


def accept(token: Secret, email: str) -> None:
    people.accept_invitation(
        INSTALLER, token=token, email=email, password_hash=people.hashed(PASSWORD, email)
    )


def test_an_invitation_works_once(world: World) -> None:
    token, person = invite(world)
    accept(token, "dee@example.com")
    assert [m.role for m in queries.members(world.ana) if m.person_id == person] == ["auditor"]
    with pytest.raises(InvitationGone):
        accept(token, "again@example.com")
    assert not Account.objects.filter(email="again@example.com").exists()


def test_an_expired_or_withdrawn_or_made_up_invitation_is_gone(world: World) -> None:
    expired, _ = invite(world)
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    withdrawn, _ = invite(world, "Fay")
    people.withdraw_invitation(world.ana, invitation_id=Invitation.objects.latest("pk").pk)
    for token in (expired, withdrawn, links.new_token(), Secret("")):
        with pytest.raises(InvitationGone):
            people.open_invitation(token, now())
        with pytest.raises(InvitationGone):
            accept(token, "dee@example.com")


def test_an_address_that_has_a_login_must_sign_in_first(world: World) -> None:
    token, _ = invite(world)
    with pytest.raises(EmailTaken):
        accept(token, ANA.upper())
    people.accept_invitation(INSTALLER, token=token, account_id=world.cy.account_id)
    slugs = {w.slug for w in queries.own_workspaces(world.cy.account_id or 0)}
    assert world.slug in slugs


@pytest.mark.parametrize("password", ["qz7!vx", "password1234", "x" * 300])
def test_a_weak_password_is_refused_with_what_to_do(world: World, password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        people.hashed(Secret(password), "dee@example.com")
    assert password not in refusal.value.message


def membership(world: World, person_id: int) -> int:
    return next(m.membership_id for m in queries.members(world.ana) if m.person_id == person_id)


def test_a_workspace_keeps_at_least_one_owner(world: World) -> None:
    mine = membership(world, world.ana_person)
    with pytest.raises(LastOwner):
        people.change_role(world.ana, membership_id=mine, role=Role.HOLDER)
    with pytest.raises(LastOwner):
        people.remove_member(world.ana, membership_id=mine)
    people.change_role(world.ana, membership_id=membership(world, world.bo_person), role=Role.OWNER)
    people.change_role(world.ana, membership_id=mine, role=Role.HOLDER)


def test_nobody_but_an_owner_gives_roles(world: World) -> None:
    people.change_role(
        world.ana, membership_id=membership(world, world.bo_person), role=Role.KEY_MANAGER
    )
    with pytest.raises(Forbidden):
        people.change_role(
            world.bo, membership_id=membership(world, world.bo_person), role=Role.OWNER
        )


def make_token(world: World, **options: object) -> Secret:
    token = links.new_api_token()
    people.make_token(world.ana, name="script", token=token, **options)  # type: ignore[arg-type]
    return token


def test_a_token_acts_for_its_account_in_its_workspace_only(world: World) -> None:
    token = make_token(world).reveal()
    actor = access.actor_of_token(token, world.slug, "api")
    assert actor is not None
    assert actor.account_id == world.ana.account_id
    with pytest.raises(NotFound):
        access.actor_of_token(token, world.elsewhere.slug, "api")


def test_only_the_hash_of_a_token_is_kept(world: World) -> None:
    token = make_token(world).reveal()
    row = ApiToken.objects.get()
    assert token.encode() not in bytes(row.token_hash)
    assert not Entry.objects.filter(body__contains=token.split("_", 2)[2]).exists()


@pytest.mark.parametrize("spoilt", ["", "ks_", "ks_x_y", "Bearer", "ks__", "\x00"])
def test_a_made_up_token_is_nobody(world: World, spoilt: str) -> None:
    assert access.actor_of_token(spoilt, world.slug, "api") is None


def test_a_token_with_another_secret_is_nobody(world: World) -> None:
    token = make_token(world).reveal()
    assert access.actor_of_token(token[:-1] + "~", world.slug, "api") is None


def test_an_expired_or_withdrawn_token_is_nobody_at_once(world: World) -> None:
    first, second = make_token(world).reveal(), make_token(world).reveal()
    ApiToken.objects.filter(prefix=first.split("_")[1]).update(expires_at=now())
    row = ApiToken.objects.get(prefix=second.split("_")[1])
    people.withdraw_token(world.ana, token_id=row.pk)
    assert access.actor_of_token(first, world.slug, "api") is None
    assert access.actor_of_token(second, world.slug, "api") is None


def test_removing_a_member_ends_their_tokens(world: World) -> None:
    token = links.new_api_token()
    people.make_token(world.bo, name="phone", token=token)
    people.remove_member(world.ana, membership_id=membership(world, world.bo_person))
    assert access.actor_of_token(token.reveal(), world.slug, "api") is None


def test_a_token_lasts_at_most_a_year(world: World) -> None:
    for lasts in (timedelta(0), timedelta(days=-1), timedelta(days=366)):
        with pytest.raises(Invalid):
            make_token(world, lasts=lasts)


def test_nobody_withdraws_anothers_token(world: World) -> None:
    make_token(world)
    with pytest.raises(NotFound):
        people.withdraw_token(world.bo, token_id=ApiToken.objects.get().pk)


def test_an_older_invitation_ends_with_the_first_one_used(world: World) -> None:
    first, person = invite(world)
    second = links.new_token()
    people.invite(world.ana, person_id=person, role=Role.OWNER, token=second)
    accept(first, "dee@example.com")
    people.remove_member(world.ana, membership_id=membership(world, person))
    with pytest.raises(InvitationGone):
        accept(second, "dee.again@example.com")


def test_a_removed_owner_leaves_no_invitations_behind(world: World) -> None:
    people.change_role(world.ana, membership_id=membership(world, world.bo_person), role=Role.OWNER)
    token, person = links.new_token(), people.add_person(world.ana, name="Bo's friend")
    people.invite(world.bo, person_id=person, role=Role.OWNER, token=token)
    people.remove_member(world.ana, membership_id=membership(world, world.bo_person))
    with pytest.raises(InvitationGone):
        accept(token, "friend@example.com")


def test_whoever_leaves_loses_sign_in_tokens_and_invitations(world: World) -> None:
    token = links.new_api_token()
    people.make_token(world.bo, name="phone", token=token)
    people.note_leaving(world.ana, person_id=world.bo_person)
    assert access.actor_of_token(token.reveal(), world.slug, "api") is None
    assert world.bo_person not in {m.person_id for m in queries.members(world.ana)}
    invited, person = invite(world)
    people.note_leaving(world.ana, person_id=person)
    with pytest.raises(InvitationGone):
        accept(invited, "dee@example.com")


def test_only_an_owner_notes_that_a_member_left_and_one_owner_stays(world: World) -> None:
    people.change_role(
        world.ana, membership_id=membership(world, world.bo_person), role=Role.KEY_MANAGER
    )
    with pytest.raises(Forbidden):
        people.note_leaving(world.bo, person_id=world.ana_person)
    with pytest.raises(LastOwner):
        people.note_leaving(world.ana, person_id=world.ana_person)
