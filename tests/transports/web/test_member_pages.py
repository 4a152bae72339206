"""Who may sign in, API tokens, and the settings of a workspace."""

from typing import Any

import pytest
from django.urls import reverse

from keystead.journal.models import Entry
from keystead.kernel.actor import INSTALLATION, system
from keystead.people import access
from keystead.people import queries as people
from keystead.people.models import ApiToken, Invitation, Membership, Person
from keystead.people.roles import READING, Role
from keystead.vault import operations as vault
from keystead.vault import recovery, wrapping
from tests.cast import ANA, BO, World, member
from tests.support.browsing import Browser

pytestmark = pytest.mark.db
NEW: dict[str, Any] = {"holder": "Dee", "holder_for": "Dee", "holder_choice": "new"}
"""What the form sends when "somebody new" is chosen under the name."""


def at(world: World, name: str, **ids: int) -> str:
    return reverse(name, kwargs={"slug": world.slug, **ids})


def membership(world: World, email: str) -> int:
    rows = Membership.objects.filter(workspace_id=world.workspace, account__email=email)
    return rows.get(ended_at=None).pk


def test_the_members_are_listed_with_their_roles(world: World) -> None:
    page = Browser(ANA).get(at(world, "members"))
    assert page.heading == "2 people can sign in"
    assert "owner · ana@harbour.example" in page.text
    assert "holder · bo@harbour.example" in page.text


def test_somebody_new_is_invited_and_the_link_shown_once(world: World) -> None:
    ana = Browser(ANA)
    page = ana.fill(at(world, "member-invite"), **NEW, role="auditor")
    assert page.heading == "Pass this link on to Dee"
    link = page.body.split('id="shown-once" value="')[1].split('"')[0]
    assert Browser().get(link).heading == "Harbour House invites you"
    assert Person.objects.filter(workspace_id=world.workspace, name="Dee").count() == 1
    listed = ana.get(at(world, "members"))
    assert "Dee" in listed.text
    assert link.rsplit("/", 1)[1] not in listed.body


def test_the_same_invitation_sent_twice_shows_no_second_link(world: World) -> None:
    ana = Browser(ANA)
    form = ana.get(at(world, "member-invite")).form()
    ana.send(form, **NEW, role="auditor")
    again = ana.send(form, **NEW, role="auditor")
    assert again.status == 409
    assert "This was shown once and is not kept" in again.text
    assert Invitation.objects.filter(person__name="Dee").count() == 1


def test_a_person_of_the_register_is_invited_as_that_person(world: World) -> None:
    dee = Person.objects.create(workspace_id=world.workspace, name="Dee")
    page = Browser(ANA).fill(at(world, "member-invite"), holder="Dee", role="holder")
    assert page.heading == "Pass this link on to Dee"
    assert Invitation.objects.filter(person=dee).count() == 1


def test_who_can_sign_in_already_is_not_invited_again(world: World) -> None:
    page = Browser(ANA).fill(at(world, "member-invite"), holder="Bo", role="auditor")
    assert page.status == 409
    assert "This person can sign in already" in page.text


def test_a_name_nobody_has_is_somebody_new_at_once(world: World) -> None:
    page = Browser(ANA).fill(at(world, "member-invite"), holder="Dee", role="auditor")
    assert page.heading == "Pass this link on to Dee"
    assert Person.objects.filter(workspace_id=world.workspace, name="Dee").count() == 1


def test_a_name_like_somebody_s_may_be_somebody_new(world: World) -> None:
    Person.objects.create(workspace_id=world.workspace, name="Amadeeus")
    ana = Browser(ANA)
    page = ana.fill(at(world, "member-invite"), holder="Dee", email="dee@h.example", role="auditor")
    assert page.status == 422
    assert "somebody new" in page.text
    assert page.form().values["email"] == "dee@h.example"
    assert ana.send(page.form(), **NEW).heading == "Pass this link on to Dee"


def test_an_invitation_needs_somebody(world: World) -> None:
    page = Browser(ANA).fill(at(world, "member-invite"), role="holder")
    assert page.status == 422
    assert "Say who." in page.text


def test_a_withdrawn_link_is_no_longer_good(world: World) -> None:
    ana = Browser(ANA)
    invited = ana.fill(at(world, "member-invite"), **NEW, role="auditor")
    link = invited.body.split('id="shown-once" value="')[1].split('"')[0]
    ana.fill(at(world, "members"), "/withdraw")
    assert Browser().get(link).status == 404


def test_a_role_is_changed_and_holds_at_once(world: World) -> None:
    bo = Browser(BO)
    assert bo.get(at(world, "places")).status == 403
    Browser(ANA).fill(at(world, "member-role", membership_id=membership(world, BO)), role="auditor")
    assert bo.get(at(world, "places")).status == 200


def test_the_last_owner_stays_owner(world: World) -> None:
    url = at(world, "member-role", membership_id=membership(world, ANA))
    page = Browser(ANA).fill(url, role="auditor")
    assert page.status == 409
    assert "a workspace keeps at least one" in page.text
    url = at(world, "member-remove", membership_id=membership(world, ANA))
    page = Browser(ANA).fill(url)
    assert page.status == 409
    assert "Make somebody else an owner first" in page.text


def test_removing_asks_first_and_ends_sign_in_and_tokens(world: World) -> None:
    bo = Browser(BO)
    bo.fill(at(world, "token-add"), name="phone", lasts="30")
    ana, url = Browser(ANA), at(world, "member-remove", membership_id=membership(world, BO))
    asked = ana.get(url)
    assert asked.heading == "Take the sign-in of Bo away?"
    assert ApiToken.objects.get(name="phone").withdrawn_at is None
    page = ana.send(asked.form())
    assert "Bo can no longer sign in." in page.text
    assert bo.get(at(world, "me")).heading == "Sign in"
    assert ApiToken.objects.get(name="phone").withdrawn_at is not None


def test_an_owner_who_steps_down_lands_where_they_still_may_be(world: World) -> None:
    member(world.ana, "Dee", Role.OWNER, email="dee@harbour.example")
    url = at(world, "member-role", membership_id=membership(world, ANA))
    page = Browser(ANA).fill(url, role="holder")
    assert page.url == at(world, "me")


def test_a_token_is_shown_once_and_works(world: World) -> None:
    ana = Browser(ANA)
    page = ana.fill(at(world, "token-add"), name="Wall display", lasts="90")
    text = page.body.split('id="shown-once" value="')[1].split('"')[0]
    actor = access.actor_of_token(text, world.slug, "api")
    assert actor is not None
    assert actor.only == READING
    assert text not in ana.get(at(world, "tokens")).body
    assert not Entry.objects.filter(body__contains=text.split("_", 2)[2]).exists()


def test_a_token_form_sent_twice_makes_one_token(world: World) -> None:
    ana = Browser(ANA)
    form = ana.get(at(world, "token-add")).form()
    ana.send(form, name="Wall display", lasts="90")
    assert ana.send(form, name="Wall display", lasts="90").status == 409
    assert ApiToken.objects.filter(name="Wall display").count() == 1


def test_a_withdrawn_token_works_no_longer(world: World) -> None:
    ana = Browser(ANA)
    page = ana.fill(at(world, "token-add"), name="Wall display", lasts="90")
    text = page.body.split('id="shown-once" value="')[1].split('"')[0]
    listed = ana.fill(at(world, "tokens"), "/withdraw")
    assert "withdrawn" in listed.text
    assert access.actor_of_token(text, world.slug, "api") is None


def test_a_token_without_a_name_is_refused_and_the_rest_kept(world: World) -> None:
    page = Browser(ANA).fill(at(world, "token-add"), name=" ", lasts="365")
    assert page.status == 422
    assert page.form().values["lasts"] == "365"


def test_nobody_withdraws_somebody_elses_token_but_an_owner(world: World) -> None:
    Browser(ANA).fill(at(world, "token-add"), name="Anas", lasts="30")
    token = ApiToken.objects.get(name="Anas")
    assert Browser(BO).post(at(world, "token-withdraw", token_id=token.pk)).status == 404
    token.refresh_from_db()
    assert token.withdrawn_at is None


def test_the_settings_change_name_and_zone(world: World) -> None:
    ana = Browser(ANA)
    page = ana.fill(
        at(world, "settings"), name="Harbour & Sons", time_zone="Asia/Tokyo", locale="de"
    )
    assert "Saved." in page.text
    assert page.heading == "Einstellungen von Harbour & Sons", "in the language just chosen"
    assert page.form().values["time_zone"] == "Asia/Tokyo"


def test_settings_refuse_a_name_of_blanks_on_its_field(world: World) -> None:
    page = Browser(ANA).fill(at(world, "settings"), name="  ", time_zone="UTC", locale="en")
    assert page.status == 422
    assert page.form().values["time_zone"] == "UTC"


def test_times_are_told_in_the_workspaces_zone(world: World) -> None:
    ana = Browser(ANA)
    ana.fill(at(world, "settings"), name="Harbour House", time_zone="Asia/Tokyo", locale="en")
    assert "JST" in ana.get(at(world, "journal")).body


def test_a_name_is_text_and_never_markup(world: World) -> None:
    ana = Browser(ANA)
    name = "<script>alert(1)</script>"
    chosen: dict[str, Any] = {"holder": name, "holder_for": name, "holder_choice": "new"}
    ana.fill(at(world, "member-invite"), **chosen, role="holder")
    page = ana.get(at(world, "members"))
    assert "<script>alert" not in page.body
    assert "&lt;script&gt;alert(1)" in page.body
    assert len(people.invitations(world.ana)) == 1


def test_the_settings_tell_owners_whether_somebody_has_the_recovery_key(world: World) -> None:
    ana, local = Browser(ANA), system(INSTALLATION, "os:tests", local=True)
    address = at(world, "settings")
    assert "There is no recovery key" in ana.get(address).text
    written, seed = recovery.new_recovery_key()
    vault.make_recovery_key(local, public_key=wrapping.public_key(seed))
    assert "nobody has shown that they have it" in ana.get(address).text
    vault.confirm_recovery_key(local, recovery_key=written)
    page = ana.get(address)
    assert "showed that they have the recovery key" in page.text
    assert not [group for group in written.reveal().split("-") if group in page.body]
    assert Browser(BO).get(address).status == 403
