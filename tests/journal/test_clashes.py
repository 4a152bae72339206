"""What an unfinished import hides is refused kindly; other clashes stay mistakes."""

import pytest
from django.db import IntegrityError

from keystead.journal.clashes import TakenByImport
from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right
from keystead.people import facts, queries
from keystead.people import operations as people
from keystead.people.models import Firm
from tests.cast import World

HIDDEN = 77


@operation(Right.EDIT_PEOPLE)
def forget_to_look(change: Change) -> None:
    """Adds a firm without asking whether there is one of that name: a mistake of ours."""
    firm = Firm.everything.create(workspace_id=change.workspace_id, name="Köhler")
    change.record(facts.FirmAdded(firm_id=firm.pk, firm_name=firm.name))


def hide_a_firm(world: World) -> None:
    Firm.everything.create(
        workspace_id=world.ana.workspace_id, name="Köhler", pending_import=HIDDEN
    )


@pytest.mark.db
def test_a_name_hidden_by_an_unfinished_import_is_refused_as_a_conflict(world: World) -> None:
    hide_a_firm(world)
    with pytest.raises(TakenByImport) as refusal:
        people.add_firm(world.ana, name="köhler")
    assert refusal.value.status == 409
    assert [firm.name for firm in queries.firms(world.ana)] == []


@pytest.mark.db
def test_two_equal_rows_without_such_an_import_stay_a_mistake(world: World) -> None:
    forget_to_look(world.ana)
    with pytest.raises(IntegrityError):
        forget_to_look(world.ana)
