"""People with second factors, and many at once."""

import threading
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import replace

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.db import connections
from django.utils.timezone import now

from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.secret import Secret
from keystead.people import mail_links
from keystead.people import operations as people
from keystead.people.models import Account, Session, UsedStep
from tests.cast import BO, signed_in


def account_of(actor: Actor) -> Account:
    """The account of an actor, as it is now."""
    return Account.objects.get(pk=actor.account_id or 0)


def at_home(actor: Actor) -> Actor:
    """The same account, acting on its own sign-in."""
    return replace(actor, workspace_id=INSTALLATION, factor_at=now())


def with_app(actor: Actor) -> str:
    """Give somebody an authenticator app; its secret. The codes of now are unused.

    As if from the browser they signed in with last: that one stays signed in.
    """
    secret: str = generate_totp_secret()
    here = Session.objects.filter(account_id=actor.account_id or 0).order_by("pk").last()
    session_id = here.pk if here else None
    people.add_app(at_home(actor), secret=Secret(secret), step=0, session_id=session_id)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30 + steps)))


def wrong_code(secret: str) -> str:
    """A code that is not right now, nor near now."""
    near = {code_of(secret, steps) for steps in range(-2, 3)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def with_codes(actor: Actor) -> list[str]:
    """An app and a list of recovery codes; the codes."""
    with_app(actor)
    return people.renew_recovery_codes(at_home(actor))


def forget_steps(actor: Actor) -> None:
    """As if the codes of this moment had not been used."""
    UsedStep.objects.filter(account_id=actor.account_id or 0).update(step=0)


def factors_of(actor: Actor) -> list[str]:
    """The kinds of factors somebody has."""
    rows = Authenticator.objects.filter(user_id=actor.account_id)
    return sorted(rows.values_list("type", flat=True))


def at_once(times: int, act: Callable[[], Hashable]) -> Counter[Hashable]:
    """Let `act` run in so many threads that start together; how often it ended how."""
    barrier, found, lock = threading.Barrier(times), Counter[Hashable](), threading.Lock()

    def run() -> None:
        barrier.wait()
        try:
            end: Hashable = act()
        except Exception as error:
            end = type(error).__name__
        finally:
            connections.close_all()
        with lock:
            found[end] += 1

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def use_at_once(times: int, number: str, link: str) -> Counter[Hashable]:
    """Let so many use a link for Bo's new password at once; how often it ended how."""
    hashed = people.hashed(Secret("iron hooks hold better"), BO)

    def use() -> str:
        people.reset_password(
            system(INSTALLATION, "tests"),
            account_id=mail_links.number(number),
            link=Secret(link),
            password_hash=hashed,
        )
        return "changed"

    return at_once(times, use)


__all__ = [
    "account_of",
    "at_home",
    "at_once",
    "code_of",
    "factors_of",
    "forget_steps",
    "signed_in",
    "use_at_once",
    "with_app",
    "with_codes",
    "wrong_code",
]
