"""What an unfinished import hides is refused kindly; other clashes stay mistakes."""

import contextlib

import pytest
from django.db import IntegrityError

from keystead.custody.models import Stay
from keystead.journal.clashes import TakenByImport
from keystead.journal.operation import Change, operation
from keystead.journal.verify import verify
from keystead.kernel.errors import NameTaken
from keystead.kernel.rights import Right
from keystead.people import operations as people
from keystead.people import queries
from keystead.people.models import Firm
from tests.cast import World

HIDDEN = 77


@operation(Right.EDIT_PEOPLE)
def forget_to_look(change: Change) -> None:
    """Opens a second stay of a copy without ending the first: a mistake of ours."""
    stay = Stay.objects.filter(workspace_id=change.workspace_id).first()
    assert stay is not None
    stay.pk = None
    stay.save(force_insert=True)


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
    with pytest.raises(IntegrityError):
        forget_to_look(world.ana)


@pytest.mark.db
@pytest.mark.parametrize(
    ("first", "second"), [("Strauß", "STRAUẞ"), ("ix", "İx"), ("Äpfel", "äpfel")]
)
def test_names_the_database_takes_for_the_same_are_refused_kindly_or_kept_apart(
    world: World, first: str, second: str
) -> None:
    people.add_firm(world.ana, name=first)
    with contextlib.suppress(NameTaken):
        people.add_firm(world.ana, name=second)
    assert verify(world.workspace).holds
