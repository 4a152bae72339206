"""Addresses outside any workspace. The sign-in library's views, under names people can read."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as factors
from django.urls import URLPattern, path

import keystead.web.routes.ids  # noqa: F401 - registers <id:…>
from keystead.web import confirming, passwords, quarantine, security, start

urlpatterns: list[URLPattern] = [
    path("", start.home, name="home"),
    path("start", start.start, name="start"),
    path("workspaces", start.workspaces, name="workspaces"),
    path("workspaces/new", start.workspace_new, name="workspace-new"),
    path("invitation/<str:token>", start.invitation, name="invitation"),
    path("theme", start.theme, name="theme"),
    path("language", start.language, name="language"),
    path("held-back", quarantine.quarantine, name="quarantine"),
    path("sign-in", sign_in.login, name="account_login"),
    path("sign-in/second-factor", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", confirming.passkey_sign_in, name="passkey-sign-in"),
    path("sign-out", sign_in.logout, name="account_logout"),
    path("login-closed", sign_in.account_inactive, name="account_inactive"),
    path("confirm", confirming.confirm, name="confirm"),
    path("security", security.security, name="security"),
    path("security/app", security.app_add, name="app-add"),
    path("security/passkey", security.passkey_add, name="passkey-add"),
    path("security/factors/<id:factor_id>/remove", security.factor_remove, name="factor-remove"),
    path("security/recovery-codes", security.recovery_codes, name="recovery-codes"),
    path("security/sessions/<id:session_id>/end", security.session_end, name="session-end"),
    path("security/sessions/end", security.sessions_end, name="sessions-end"),
    path("security/email", passwords.email, name="email-change"),
    path("email/<str:link>", passwords.email_confirm, name="email-confirm"),
    path("password", passwords.change, name="account_change_password"),
    path("password/forgotten", passwords.forgotten, name="account_reset_password"),
    path("password/sent", passwords.on_its_way, name="account_reset_password_done"),
    path(
        "password/new/<str:account_id>/<str:link>",
        passwords.new,
        name="account_reset_password_from_key",
    ),
    path("password/changed", passwords.chosen, name="account_reset_password_from_key_done"),
]
