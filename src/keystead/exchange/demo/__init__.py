"""The demonstration: a family and a small business, each with a year of history up to now.

Everything is done through operations, at times in the past, which only demonstrations may set.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from keystead.exchange.demo.business import HARBOUR
from keystead.exchange.demo.diary import YEAR, Diary
from keystead.exchange.demo.errors import RealRegister
from keystead.exchange.demo.family import MAPLE_STREET
from keystead.exchange.demo.operations import note_demonstration_loaded
from keystead.exchange.demo.stage import Story
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _
from keystead.people import access, links
from keystead.people import operations as people
from keystead.people import queries as people_queries

EMAIL = "ana@keystead.example"


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """How to sign in to the demonstration. `password` is None where an earlier call set it."""

    email: str
    password: Secret | None


def load(password: Secret | None = None, *, now: datetime | None = None) -> DemoSignIn:
    """Load the demonstration into an empty database, up to `now` (aware; default: this moment).

    The account's password is `password`, or a random one. Keep it before calling: a load that
    was interrupted goes on where it stopped, with the password of the first call, and on a
    complete demonstration nothing happens. Raises RealRegister, changing nothing.
    """
    chosen = password or links.new_token()
    begin = _begun_at()
    is_new = begin is None
    if begin is None:
        begin = (now or timezone.now()) - YEAR
    elif _is_complete():
        return DemoSignIn(EMAIL, None)
    first = people.found(
        _installation(begin, "demo-found"),
        email=EMAIL,
        password_hash=people.hashed(chosen, EMAIL),
        owner_name=MAPLE_STREET.owner,
        workspace_name=MAPLE_STREET.name,
        template="household",
        time_zone=MAPLE_STREET.zone,
        locale="en-GB",
        is_demo=True,
    )
    second = people.create_workspace(
        _installation(begin, "demo-second"),
        owner_name=HARBOUR.owner,
        workspace_name=HARBOUR.name,
        template="small-business",
        time_zone=HARBOUR.zone,
        locale="en-GB",
        is_demo=True,
        account_id=first.account_id,
    )
    _tell(MAPLE_STREET, first.account_id, first.slug, begin)
    _tell(HARBOUR, first.account_id, second, begin)
    note_demonstration_loaded(_installation(begin + YEAR, "demo-loaded"))
    return DemoSignIn(EMAIL, chosen if is_new else None)


def _installation(at: datetime, key: str) -> Actor:
    actor = system(INSTALLATION, "demo")
    return replace(actor, at=at, idempotency_key=key)


def _begun_at() -> datetime | None:
    """When the demonstration in this database begins; None for an empty one."""
    wanted = journal.Filter(names=("people.workspace-created",))
    created = journal.entries(system(INSTALLATION, "demo"), only=wanted, limit=100)
    if any(not entry.payload["is_demo"] for entry in created) or (
        not created and not people.can_found()
    ):
        raise RealRegister(
            _(
                "This database holds a real register. Start the demonstration with another "
                "data folder."
            )
        )
    return created[-1].at if created else None


def _is_complete() -> bool:
    wanted = journal.Filter(names=("exchange.demonstration-loaded",))
    return bool(journal.entries(system(INSTALLATION, "demo"), only=wanted, limit=1))


def _tell(story: Story, account_id: int, slug: str, begin: datetime) -> None:
    owner = access.actor_for(account_id, slug, "web")
    person_id = people_queries.own_person_id(owner)
    if person_id is None:
        raise LookupError("The demonstration's owner is no person in its workspace.")
    diary = Diary(owner, zone=story.zone, hours=story.hours, begin=begin, now=begin + YEAR)
    story.tell(diary, person_id)
