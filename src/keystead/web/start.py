"""Before and between workspaces: the first start, the way in, invitations, the theme."""

from collections.abc import Callable
from typing import Any

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext as _

from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.queries import OwnWorkspace
from keystead.people.roles import ROLES, Role
from keystead.web.filling import fill
from keystead.web.forms.start import JoinForm, StartForm, WorkspaceForm
from keystead.web.http import idempotency_key, way_back

View = Callable[..., HttpResponse]
throttled: Callable[[View], View] = rate_limit(action="signup")
"""As many tries per minute and address as the sign-in library allows for signing up."""

THEME_LASTS = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Where somebody belongs: the first start, the sign-in, or their workspace."""
    if people.can_found():
        return redirect("start")
    if not request.user.is_authenticated:
        return redirect("account_login")
    mine = people_queries.own_workspaces(own_account(request))
    return redirect(first_page(mine[0])) if len(mine) == 1 else redirect("workspaces")


def own_account(request: HttpRequest) -> int:
    """The number of the signed-in account; 0 for nobody, which no account has."""
    return request.user.pk or 0


def first_page(workspace: OwnWorkspace) -> str:
    """The page a member of a workspace begins with: today, or only what they have themselves."""
    role = Role(workspace.role)
    sees = role == Role.SITES_ONLY or Right.SEE_REGISTER in ROLES[role]
    name = "today" if sees else "me"
    return reverse(name, kwargs={"slug": workspace.slug})


def by_installation(request: HttpRequest, system: str | None = None) -> Actor:
    """The signed-in account, or a part of the system, acting on the installation itself."""
    account_id = None if system else request.user.pk
    return Actor(
        workspace_id=INSTALLATION,
        channel="web",
        account_id=account_id,
        system=system,
        idempotency_key=idempotency_key(request),
    )


def enter(request: HttpRequest, email: str, password: str) -> bool:
    """Sign in with a password just set; false where it does not fit the account."""
    account = authenticate(request, email=email, password=password)
    if account is None:
        return False
    login(request, account)
    return True


@throttled
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
        if not enter(request, given["email"], password):
            raise NotFound("Open sign-up is closed. Ask an owner for an invitation.")
        return redirect("home")

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

    if not people_queries.is_operator(own_account(request)):
        raise NotFound("There is nothing here.")
    form = WorkspaceForm(request.POST or None, initial={"time_zone": "UTC"})
    return fill(request, form, act, {}, template="start/workspace_new.html")


@throttled
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
        enter(request, given["email"], given["password"])
        return _welcome(request, joined.slug)

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
