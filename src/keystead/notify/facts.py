"""What can happen to notices."""

from dataclasses import dataclass
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesMade(Fact):
    """People have something to know; it stands in their inboxes."""

    name: ClassVar[str] = "notify.notices-made"
    sentence: ClassVar[str] = _("noted what %(people)s people should know")
    person_ids: tuple[int, ...]
    loan_ids: tuple[int, ...]
    incident_ids: tuple[int, ...]
    kinds: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMade(Fact):
    """A digest for a person is ready to be sent."""

    name: ClassVar[str] = "notify.digest-made"
    sentence: ClassVar[str] = _("put together a digest with %(notices)s notices")
    delivery_id: int
    person_id: int
    notices: int
    kinds: tuple[str, ...]
    loan_ids: tuple[int, ...]
    incident_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSent(Fact):
    """The mail server took a digest."""

    name: ClassVar[str] = "notify.digest-sent"
    sentence: ClassVar[str] = _("sent a digest")
    delivery_id: int
    person_id: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGivenUp(Fact):
    """A digest was not sent: `why` is failed (the server never took it) or doubtful."""

    name: ClassVar[str] = "notify.digest-given-up"
    sentence: ClassVar[str] = _("gave up a digest")
    delivery_id: int
    person_id: int
    attempts: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesRead(Fact):
    """A person has read notices of theirs."""

    name: ClassVar[str] = "notify.notices-read"
    sentence: ClassVar[str] = _("read %(notices)s notices")
    person_id: int
    notices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChanged(Fact):
    """The hours of digests were changed; `times` are wall-clock times in the workspace's zone."""

    name: ClassVar[str] = "notify.schedule-changed"
    sentence: ClassVar[str] = _("changed when digests are sent")
    times: tuple[str, ...]
    old_times: tuple[str, ...]
    soon_hours: int
    old_soon_hours: int


FACTS = (NoticesMade, DigestMade, DigestSent, DigestGivenUp, NoticesRead, ScheduleChanged)
