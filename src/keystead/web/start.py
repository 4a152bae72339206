"""Before and between workspaces: the first start, the way in, invitations, the theme."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext as _

from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people import sign_in
from keystead.people.queries import OwnWorkspace
from keystead.people.roles import ROLES, Role
from keystead.people.throttle import TooManyTries, network_of, reserve
from keystead.web import errors
from keystead.web.filling import fill
from keystead.web.forms.start import JoinForm, StartForm, WorkspaceForm
from keystead.web.http import by_installation, own_account, way_back

View = Callable[..., HttpResponse]
THEME_LASTS = 365 * 24 * 3600


def limited(view: View) -> View:
    """Only so many tries per network at what makes logins; those that succeed do not count."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            ticket = reserve(("invitation", network_of(request)))
            answer = view(request, *args, **kwargs)
        except TooManyTries:
            return errors.too_many(request)
        if answer.status_code < 400:
            ticket.give_back()
        return answer

    return run


def home(request: HttpRequest) -> HttpResponse:
    """Where somebody belongs: the first start, the sign-in, or their workspace."""
    if people.can_found():
        return redirect("start")
    if not request.user.is_authenticated:
        return redirect("account_login")
    mine = people_queries.own_workspaces(own_account(request))
    return redirect(first_page(mine[0])) if len(mine) == 1 else redirect("workspaces")


def first_page(workspace: OwnWorkspace) -> str:
    """The page a member of a workspace begins with: today, or only what they have themselves."""
    role = Role(workspace.role)
    sees = role == Role.SITES_ONLY or Right.SEE_REGISTER in ROLES[role]
    name = "today" if sees else "me"
    return reverse(name, kwargs={"slug": workspace.slug})


def enter(request: HttpRequest, email: str, password: str, *, is_first_ever: bool) -> HttpResponse:
    """Sign in with a password just set: inside, or on to the second factor. Else to the sign-in.

    Raises TooManyTries.
    """
    account = sign_in.guess(request, email, password)
    if account is None:
        return redirect("account_login")
    request.session["first-ever"] = is_first_ever
    return sign_in.let_in(request, account, redirect_url=reverse("home"))


@limited
def start(request: HttpRequest) -> HttpResponse:
    """The first owner signs up, once; afterwards there is nothing here."""
    if request.method == "GET" and not people.can_found():
        raise NotFound("Open sign-up is closed. Ask an owner for an invitation.")

    def act(given: dict[str, Any]) -> HttpResponse:
        password, by = given.pop("password"), by_installation(request, "start")
        # A form sent twice is answered from the first time; then there is nothing to hash for.
        is_first = people.can_found()
        hashed = people.hashed(Secret(password), given["email"]) if is_first else Secret("")
        people.found(by, password_hash=hashed, **given)
        return enter(request, given["email"], password, is_first_ever=is_first)

    form = StartForm(request.POST or None, initial={"time_zone": "UTC"})
    return fill(request, form, act, {}, template="start/start.html")


def workspaces(request: HttpRequest) -> HttpResponse:
    """The workspaces somebody belongs to, to choose one."""
    mine = people_queries.own_workspaces(own_account(request))
    rows = [(workspace, first_page(workspace)) for workspace in mine]
    may_start = people_queries.is_operator(own_account(request))
    return render(request, "start/workspaces.html", {"rows": rows, "may_start": may_start})


def workspace_new(request: HttpRequest) -> HttpResponse:
    """Start another workspace on this installation."""

    def act(given: dict[str, Any]) -> HttpResponse:
        slug = people.create_workspace(by_installation(request), **given)
        messages.success(request, _("%s is there.") % given["workspace_name"])
        return redirect("today", slug=slug)

    form = WorkspaceForm(request.POST or None, initial={"time_zone": "UTC"})
    return fill(request, form, act, {}, template="start/workspace_new.html")


@limited
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation offers; nothing happens until it is accepted."""
    secret = Secret(token)
    offered: Any = SimpleLazyObject(lambda: people.open_invitation(secret, now()))

    def act(given: dict[str, Any]) -> HttpResponse:
        hashed = people.hashed(Secret(given["password"]), given["email"])
        joined = people.accept_invitation(
            by_installation(request, "invitation"),
            token=secret,
            email=given["email"],
            password_hash=hashed,
        )
        answer = enter(request, given["email"], given["password"], is_first_ever=True)
        return _welcome(request, joined.slug) if request.user.is_authenticated else answer

    if request.user.is_authenticated and request.POST.get("using") == "this":
        joined = people.accept_invitation(
            by_installation(request, "invitation"), token=secret, account_id=request.user.pk
        )
        return _welcome(request, joined.slug)
    initial = {"email": offered.email} if request.method == "GET" else {}
    form = JoinForm(request.POST or None, initial=initial)
    return fill(request, form, act, {"offered": offered}, template="start/invitation.html")


def _welcome(request: HttpRequest, slug: str) -> HttpResponse:
    messages.success(request, _("You can sign in here now."))
    for workspace in people_queries.own_workspaces(own_account(request)):
        if workspace.slug == slug:
            return redirect(first_page(workspace))
    return redirect("home")


def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie, or forget it; without JavaScript."""
    answer = HttpResponseRedirect(way_back(request, "/"))
    chosen = request.POST.get("theme", "")
    if chosen in ("light", "dark"):
        answer.set_cookie(
            "theme", chosen, max_age=THEME_LASTS, samesite="Lax", secure=request.is_secure()
        )
    else:
        answer.delete_cookie("theme", samesite="Lax")
    return answer


def language(request: HttpRequest) -> HttpResponse:
    """Remember the person's own language in a cookie, or go by the workspace's again."""
    answer = HttpResponseRedirect(way_back(request, "/"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=THEME_LASTS,
            samesite="Lax",
            secure=request.is_secure(),
        )
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return answer
