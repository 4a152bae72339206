"""A new workspace starts with the usual places, or with nothing."""

import pytest

from keystead.hardware import queries as hardware
from keystead.journal import queries as journal
from keystead.journal.verify import verify
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.people import operations as people
from keystead.places import queries as places
from tests.cast import ANA, PASSWORD

pytestmark = pytest.mark.db


def found(template: str, locale: str = "en") -> Actor:
    made = people.found(
        system(INSTALLATION, "tests"),
        email=ANA,
        password_hash=people.hashed(PASSWORD, ANA),
        owner_name="Ana",
        workspace_name="Ours",
        template=template,
        time_zone="Europe/London",
        locale=locale,
    )
    return Actor(workspace_id=made.workspace_id, channel="web", account_id=made.account_id)


@pytest.mark.parametrize(
    ("template", "doors", "hooks"), [("household", 3, 8), ("small-business", 2, 40)]
)
def test_a_template_describes_doors_and_hooks(template: str, doors: int, hooks: int) -> None:
    ana = found(template)
    box = hardware.containers(ana)[0]
    assert len(places.access_points(ana)) == doors
    assert len(hardware.positions(ana, box.id)) == hooks
    assert verify(ana.workspace_id).holds


def test_an_empty_workspace_has_only_its_owner() -> None:
    ana = found("empty")
    assert places.sites(ana) == []
    assert [e.name for e in reversed(journal.entries(ana))] == [
        "people.workspace-created",
        "vault.data-key-made",
        "people.person-added",
        "people.member-joined",
    ]
