"""Addresses inside a workspace: members, places, hardware, codes, incidents."""

from django.urls import URLPattern, path

import keystead.web.routes.ids  # noqa: F401 - registers <id:…>
from keystead.web import codes, doors, hardware, incidents, members, notices, places, retiring

urlpatterns: list[URLPattern] = [
    path("members", members.members, name="members"),
    path("members/invite", members.invite, name="member-invite"),
    path("members/<id:membership_id>/role", members.role, name="member-role"),
    path("members/<id:membership_id>/sites", members.site_role, name="member-site-role"),
    path(
        "members/<id:membership_id>/sites/<id:site_id>/end",
        members.site_role_end,
        name="member-site-role-end",
    ),
    path("members/<id:membership_id>/remove", members.remove, name="member-remove"),
    path(
        "invitations/<id:invitation_id>/withdraw",
        members.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("tokens", members.tokens, name="tokens"),
    path("tokens/add", members.token_add, name="token-add"),
    path("tokens/<id:token_id>/withdraw", members.token_withdraw, name="token-withdraw"),
    path("settings", members.settings, name="settings"),
    path("settings/digests", notices.digests, name="digests"),
    path("settings/sign-in", members.sign_in_rule, name="sign-in-rule"),
    path("settings/purpose", members.purpose_rule, name="purpose-rule"),
    # The first name wins for the page; both lead there.
    path("places", places.sites, name="places"),
    path("places", places.sites, name="sites"),
    path("sites/add", places.site_add, name="site-add"),
    path("sites/<id:site_id>", places.site, name="site"),
    path("sites/<id:site_id>/change", places.site_change, name="site-change"),
    path("sites/<id:site_id>/retire", retiring.site_retire, name="site-retire"),
    path("sites/<id:site_id>/back", retiring.site_back, name="site-back"),
    path("spaces/add", places.space_add, name="space-add"),
    path("spaces/<id:space_id>", places.space, name="space"),
    path("spaces/<id:space_id>/change", places.space_change, name="space-change"),
    path("spaces/<id:space_id>/retire", retiring.space_retire, name="space-retire"),
    path("spaces/<id:space_id>/back", retiring.space_back, name="space-back"),
    path("access-points", doors.access_points, name="access-points"),
    path("access-points/add", doors.access_point_add, name="access-point-add"),
    path("access-points/<id:access_point_id>", doors.access_point, name="access-point"),
    path(
        "access-points/<id:access_point_id>/change",
        doors.access_point_change,
        name="access-point-change",
    ),
    path(
        "access-points/<id:access_point_id>/retire",
        doors.access_point_retire,
        name="access-point-retire",
    ),
    path(
        "access-points/<id:access_point_id>/back",
        retiring.access_point_back,
        name="access-point-back",
    ),
    path(
        "access-points/<id:access_point_id>/keys",
        doors.access_point_key,
        name="access-point-key",
    ),
    path("access-points/<id:access_point_id>/locks/add", hardware.lock_add, name="lock-add"),
    path("containers/<id:container_id>/locks/add", hardware.lock_add, name="container-lock-add"),
    path("locks/<id:lock_id>/cylinder", hardware.lock_cylinder, name="lock-cylinder"),
    path("locks/<id:lock_id>/retire", hardware.lock_retire, name="lock-retire"),
    path("cylinders", hardware.cylinders, name="cylinders"),
    path("cylinders/add", hardware.cylinder_add, name="cylinder-add"),
    path("cylinders/<id:cylinder_id>", hardware.cylinder, name="cylinder"),
    path("cylinders/<id:cylinder_id>/change", hardware.cylinder_change, name="cylinder-change"),
    path("cylinders/<id:cylinder_id>/keys", hardware.cylinder_key_add, name="cylinder-key-add"),
    path(
        "cylinders/<id:cylinder_id>/keys/<id:key_id>/remove",
        hardware.cylinder_key_remove,
        name="cylinder-key-remove",
    ),
    path(
        "cylinders/<id:cylinder_id>/take-out",
        hardware.cylinder_take_out,
        name="cylinder-take-out",
    ),
    path("codes", codes.codes, name="codes"),
    path("codes/add", codes.code_add, name="code-add"),
    path("codes/<id:code_id>", codes.code, name="code"),
    path("codes/<id:code_id>/told", codes.code_told, name="code-told"),
    path("codes/<id:code_id>/changed", codes.code_changed, name="code-changed"),
    path("incidents", incidents.incidents, name="incidents"),
    path("incidents/<id:incident_id>", incidents.incident, name="incident"),
    path("incidents/<id:incident_id>/close", incidents.incident_close, name="incident-close"),
]
