"""What the journals say about backups and quarantine. For the server itself and its operator."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from keystead.exchange import facts
from keystead.hardware.models import Code
from keystead.journal.models import Entry, Head, Workspace
from keystead.journal.operation import require
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.rights import Right
from keystead.people.models import ApiToken, Invitation, Membership

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far one journal reached: the number and hex digest of its last entry."""

    workspace_id: int
    sequence: int
    digest: str

    def plain(self) -> Mapping[str, int | str]:
        """As facts keep it."""
        return {
            "workspace_id": self.workspace_id,
            "sequence": self.sequence,
            "digest": self.digest,
        }


def checkpoints(using: str = "default") -> list[Checkpoint]:
    """The end of every journal."""
    rows = Head.objects.using(using).order_by("workspace_id")
    return [Checkpoint(row.workspace_id, row.sequence, bytes(row.digest).hex()) for row in rows]


def digest_at(workspace_id: int, sequence: int) -> str | None:
    """The hex digest of one entry; None where there is none of that number."""
    row = Entry.objects.filter(workspace_id=workspace_id, sequence=sequence)
    digest = row.values_list("digest", flat=True).first()
    return None if digest is None else bytes(digest).hex()


def workspace_ids() -> list[int]:
    """Every workspace, the installation first."""
    return list(Workspace.objects.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup the journal knows. `size` in bytes."""

    file_name: str
    made_at: datetime
    size: int
    digest: str
    recipients: int
    is_good: bool


def _told(*kinds: str) -> Any:
    rows = Entry.objects.filter(workspace_id=INSTALLATION, name__in=kinds)
    return rows.order_by("-sequence")


def _payload(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.body)["payload"]
    return found


def _backup(entry: Entry) -> Backup:
    told = _payload(entry)
    return Backup(
        told["file_name"],
        entry.at,
        told["size"],
        told["file_digest"],
        told["recipients"],
        not told["broken_journals"],
    )


def last_backup() -> Backup | None:
    """The newest backup."""
    entry = _told(facts.BackupMade.name).first()
    return None if entry is None else _backup(entry)


def good_backups() -> dict[str, int]:
    """The sizes, by file name, of backups that were made of journals that held."""
    found = map(_backup, _told(facts.BackupMade.name).iterator())
    return {one.file_name: one.size for one in found if one.is_good}


def last_attempt_at() -> tuple[datetime, str | None] | None:
    """When a backup was last tried, and why it failed if it did."""
    entry = _told(facts.BackupMade.name, facts.BackupFailed.name).first()
    return None if entry is None else (entry.at, _payload(entry).get("reason"))


def in_use_since() -> datetime | None:
    """When the first real register was begun; None where there is none, or a demonstration."""
    real = Workspace.objects.filter(is_demo=False).exclude(pk=INSTALLATION)
    return real.order_by("created_at").values_list("created_at", flat=True).first()


def place() -> str | None:
    """The number of the place the installation is at home, as the journal knows it."""
    entry = _told(facts.Placed.name, facts.QuarantineEnded.name).first()
    return None if entry is None else str(_payload(entry)["place"])


@dataclass(frozen=True, slots=True)
class Held:
    """Why this copy is held back and how old its data are.

    `reason` is `restored`, `copied` or `older`; `made_at` is when the backup was made.
    """

    since: datetime
    reason: str
    made_at: datetime | None
    tokens_withdrawn: int
    invitations_ended: int
    loaded: tuple[Checkpoint, ...]


def held(actor: Actor, since: datetime) -> Held:
    """What the journal tells about the quarantine that began at `since`."""
    require(actor, Right.MANAGE_INSTALLATION)
    entry = _told(facts.RestoredFrom.name, facts.QuarantineBegun.name).first()
    told = {} if entry is None else _payload(entry)
    if "made_at" not in told:
        return Held(since, told.get("reason", "copied"), None, 0, 0, ())
    return Held(
        since,
        "restored",
        datetime.fromisoformat(told["made_at"]),
        told["tokens_withdrawn"],
        told["invitations_ended"],
        tuple(Checkpoint(**one) for one in told["checkpoints"]),
    )


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Who could get into one workspace as its data stand: to be compared with what is known.

    `last_at` is the time of the last entry somebody made there; members are told by role, address
    and since when. Tokens and invitations are those that were good when the copy was made, by
    name and by role.
    """

    workspace_id: int
    slug: str
    name: str
    last_sequence: int
    last_at: datetime | None
    members: tuple[tuple[str, str, datetime], ...]
    tokens: tuple[tuple[str, datetime], ...]
    invitations: tuple[tuple[str, datetime], ...]
    codes: int


def ways_in(actor: Actor) -> list[WaysIn]:
    """The ways into every workspace. For the operator and for commands on the server itself."""
    require(actor, Right.MANAGE_INSTALLATION)
    found = []
    for workspace in Workspace.objects.exclude(pk=INSTALLATION).order_by("pk"):
        found.append(_ways_in(workspace))
    return found


def _ways_in(workspace: Workspace) -> WaysIn:
    ended_here = _restored_at()
    members = Membership.objects.filter(workspace=workspace, ended_at=None, account__is_active=True)
    tokens = ApiToken.objects.filter(workspace=workspace)
    tokens = tokens.filter(withdrawn_at=None) | tokens.filter(withdrawn_at__gte=ended_here)
    invitations = Invitation.objects.filter(workspace=workspace, used_at=None)
    invitations = invitations.filter(withdrawn_at=None) | invitations.filter(
        withdrawn_at__gte=ended_here
    )
    last = Entry.objects.filter(workspace=workspace, at__lt=ended_here).order_by("-sequence")
    end = last.first()
    return WaysIn(
        workspace.pk,
        workspace.slug,
        workspace.name,
        end.sequence if end else 0,
        end.at if end else None,
        tuple(members.order_by("role", "pk").values_list("role", "account__email", "since")),
        tuple(tokens.order_by("pk").values_list("name", "made_at")),
        tuple(invitations.order_by("pk").values_list("role", "made_at")),
        Code.objects.filter(workspace=workspace).count(),
    )


def _restored_at() -> datetime:
    """From when on entries are of restoring itself and later; NEVER where nothing was restored."""
    entry = _told(facts.RestoredFrom.name).first()
    return entry.at if entry is not None else NEVER
