"""Addresses outside any workspace. The sign-in library's views, under names people can read."""

from allauth.account import views as sign_in
from django.urls import URLPattern, path, re_path

from keystead.web import quarantine, start

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
    path("sign-out", sign_in.logout, name="account_logout"),
    path("login-closed", sign_in.account_inactive, name="account_inactive"),
    path("password", sign_in.password_change, name="account_change_password"),
    path("password/forgotten", sign_in.password_reset, name="account_reset_password"),
    path("password/sent", sign_in.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
