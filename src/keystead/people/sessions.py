"""Where sessions are kept: only a hash of the cookie, and limits that are checked at use."""

import contextlib
import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, OperationalError, transaction
from django.utils.timezone import now

from keystead.people.models import Session

SIGN_IN = "sign-in"
"""Under this name a session holds when it began, on what device, and whether that is one's own."""
NOBODY_KEEPS = timedelta(hours=2)
"""How long a visit that never signed in is remembered."""
PARTS = 6
"""When it was last used is written at most so many times within the idle limit."""


def _hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def limits(*, is_own_device: bool) -> tuple[timedelta, timedelta]:
    """How long a session may lie idle, and how long it may last at all."""
    if is_own_device:
        return settings.OWN_DEVICE_IDLE, settings.OWN_DEVICE_LASTS
    return settings.SESSION_IDLE, settings.SESSION_LASTS


def is_over(row: Session, at: datetime) -> bool:
    """Whether a session has been idle for too long, or has lasted long enough."""
    if row.account_id is None:
        return at - row.used_at > NOBODY_KEEPS
    idle, lasts = limits(is_own_device=row.is_own_device)
    return at - row.used_at > idle or at - row.began_at > lasts


class SessionStore(SessionBase):
    """Django's session, kept in `people.Session`."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it is unknown, ended or over."""
        row = Session.objects.filter(key_hash=_hash_of(self.session_key or "")).first()
        at = now()
        if row is None or is_over(row, at):
            if row is not None:
                row.delete()
            self._session_key = None
            return {}
        self._touch(row, at)
        return self.decode(row.data)

    def _touch(self, row: Session, at: datetime) -> None:
        idle, _lasts = limits(is_own_device=row.is_own_device)
        if at - row.used_at < idle / PARTS:
            return
        with contextlib.suppress(OperationalError):  # busy: the next page will say so
            Session.objects.filter(pk=row.pk).update(used_at=at)

    def exists(self, session_key: str) -> bool:
        """Whether there is such a session."""
        return Session.objects.filter(key_hash=_hash_of(session_key)).exists()

    def create(self) -> None:
        """Begin an empty session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            with contextlib.suppress(CreateError):
                self.save(must_create=True)
                self.modified = True
                return

    def save(self, must_create: bool = False) -> None:
        """Keep what the session holds. Raises UpdateError where it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        held: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        key_hash, at = _hash_of(self.session_key), now()
        about = held.get(SIGN_IN) or {}
        values = {
            "account_id": int(held[SESSION_KEY]) if SESSION_KEY in held else None,
            "device": about.get("device", ""),
            "is_own_device": about.get("own", False),
            "began_at": datetime.fromisoformat(about["began"]) if about else at,
            "used_at": at,
            "data": self.encode(held),
        }
        if must_create:
            try:
                with transaction.atomic():
                    Session.objects.create(key_hash=key_hash, **values)
            except IntegrityError:
                raise CreateError from None
            return
        if not about:
            del values["began_at"]
        if not Session.objects.filter(key_hash=key_hash).update(**values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session: its cookie lets nobody in from the next request on."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=_hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what is over."""
        at = now()
        oldest = at - max(NOBODY_KEEPS, settings.SESSION_IDLE, settings.OWN_DEVICE_IDLE)
        Session.objects.filter(used_at__lt=oldest).delete()
        for row in Session.objects.exclude(account=None).iterator():
            if is_over(row, at):
                row.delete()


def begin(session: SessionBase, *, device: str) -> None:
    """Note at sign-in when it began and on what device, and that a factor was just shown."""
    at = now()
    is_own = bool(session.pop("own-device", False)) and timedelta(0) < settings.OWN_DEVICE_LASTS
    session[SIGN_IN] = {"began": at.isoformat(), "device": device, "own": is_own}
    session["factor-at"] = at.timestamp()
    lasts = limits(is_own_device=is_own)[1]
    session.set_expiry(int(lasts.total_seconds()) if is_own else 0)


def note_factor(session: SessionBase) -> None:
    """Note that a factor was shown now; the session gets a new key."""
    session.cycle_key()
    session["factor-at"] = now().timestamp()


def number_of(session: SessionBase) -> int | None:
    """The number of a session in lists; None before it is kept."""
    rows = Session.objects.filter(key_hash=_hash_of(session.session_key or ""))
    return rows.values_list("pk", flat=True).first()
