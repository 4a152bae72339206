"""Fills an empty migrated SQLite database with a large register and its journal."""

from datetime import UTC, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from keystead.custody import replay
from keystead.custody.models import Stay
from keystead.custody.rules import Place
from keystead.hardware.models import IS_OPEN
from keystead.journal import verify
from keystead.journal.models import Head, Workspace
from keystead.kernel.actor import INSTALLATION, Actor, Channel, system
from keystead.people import facts as people
from keystead.people.models import Account, Membership, Person
from keystead.people.roles import Role
from tests.bench.seed import SLUG
from tests.bench.seed.ledger import Ledger
from tests.bench.seed.metal import add_codes, add_keys, add_rings
from tests.bench.seed.register import Scene, add_people, add_sites
from tests.bench.seed.rows import Rows
from tests.bench.seed.scales import Scale
from tests.bench.seed.stays import Stays
from tests.bench.seed.traffic import Traffic

DAYS_PER_ENTRY_OF_A_COPY = 22
ROLES = (Role.OWNER, *[Role.KEY_MANAGER] * 5, Role.AUDITOR)
"""Who can sign in. The auditor only reads, so that there is somebody who did nothing."""


def build(scale: Scale) -> None:
    """Write everything, then check it. Raises RuntimeError if what was written does not hold."""
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = DAYS_PER_ENTRY_OF_A_COPY * scale.entries / scale.copies
    scene = found(until - timedelta(days=int(days)))
    add_people(scene, scale)
    add_sites(scene, scale)
    pieces = add_keys(scene, scale)
    rings = add_rings(scene, pieces)
    add_codes(scene)
    stays = Stays(scene)
    Traffic(scene, scale, pieces, rings, stays).run(until)
    stays.close()
    scene.ledger.close()
    scene.rows.flush(even_few=True)
    check(scene.ledger.workspace_id)


def found(at: datetime) -> Scene:
    """The workspace, its owner and the key managers who will do the work."""
    rows = Rows()
    workspace_id = rows.add(
        Workspace,
        slug=SLUG,
        name="Stonegate Estates",
        template="empty",
        time_zone="Europe/London",
        locale="en-GB",
        created_at=at,
    )
    created = people.WorkspaceCreated(
        workspace_name="Stonegate Estates",
        slug=SLUG,
        template="empty",
        time_zone="Europe/London",
        locale="en-GB",
        is_demo=False,
    )
    installation, ledger = Ledger(rows, INSTALLATION), Ledger(rows, workspace_id)
    scene = Scene(rows, ledger, Random(2), at, [])
    installation.record(at, system(INSTALLATION, "bench"), created)
    ledger.record(at, system(workspace_id, "bench"), created)
    for number, role in enumerate(ROLES):
        _add_member(scene, installation, number, role)
    rows.flush(even_few=True)
    Head.objects.filter(workspace_id=INSTALLATION).update(
        sequence=installation.sequence, digest=installation.digest
    )
    return scene


def _add_member(scene: Scene, installation: Ledger, number: int, role: Role) -> None:
    """An account and its membership; the first one owns the installation."""
    at, rows, ledger = scene.clock, scene.rows, scene.ledger
    by = system(ledger.workspace_id, "bench")
    account_id = rows.add(
        Account,
        email=f"manager{number}@stonegate.example",
        password=make_password(f"{scene.dice.getrandbits(128):032x}"),
        is_operator=not number,
        date_joined=at,
    )
    made = people.AccountCreated(created_account_id=account_id, is_operator=not number)
    installation.record(at, system(INSTALLATION, "bench"), made)
    person_id = scene.add(Person, name=f"Manager {number}")
    ledger.record(at, by, people.PersonAdded(person_id=person_id, firm_id=None))
    membership_id = scene.add(
        Membership, account_id=account_id, person_id=person_id, role=role, since=at
    )
    joined = people.MemberJoined(
        membership_id=membership_id,
        joined_account_id=account_id,
        person_id=person_id,
        role=role,
        invitation_id=None,
    )
    ledger.record(at, by, joined)
    scene.persons.append(person_id)
    if role == Role.AUDITOR:
        return
    channels: tuple[Channel, ...] = ("web", "web", "api", "cli")
    channel = channels[number % 4]
    scene.managers.append(
        Actor(workspace_id=ledger.workspace_id, channel=channel, account_id=account_id)
    )


def check(workspace_id: int) -> None:
    """The journals must verify, and replaying the large one must give the whereabouts."""
    for number in (INSTALLATION, workspace_id):
        verdict = verify.verify(number)
        if not verdict.holds:
            raise RuntimeError(f"Entry {verdict.first_bad} of workspace {number} {verdict.reason}.")
    told = replay.whereabouts(verify.bodies(workspace_id))
    fields = ("state", "reason", "container_id", "position_id", "person_id", "space_id")
    rows = Stay.objects.filter(IS_OPEN, workspace_id=workspace_id).values_list("copy_id", *fields)
    kept = {copy_id: Place(*place) for copy_id, *place in rows}
    if kept != {copy_id: known.place for copy_id, known in told.items()}:
        raise RuntimeError("The whereabouts are not what the journal says.")
