"""A person leaves: nothing can be given to them, and they cannot sign in any more."""

from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one
from keystead.kernel.rights import Right
from keystead.people import facts
from keystead.people.models import Person
from keystead.people.operations.members import remove_member, withdraw_open_invitations


@operation(Right.EDIT_PEOPLE)
def note_leaving(change: Change, *, person_id: int) -> None:
    """Note that a person has left from now on. What they still hold stays on the register.

    Whoever can sign in loses that at once, which only who manages members may do: Forbidden, or
    LastOwner for the only owner.
    """
    person = one(change, Person, person_id, "person")
    if person.left_at is not None:
        return change.unchanged(None)
    for membership in person.memberships.filter(ended_at=None):
        change.require(Right.MANAGE_MEMBERS)
        remove_member(change, membership_id=membership.pk)
    withdraw_open_invitations(change, person_id=person_id)
    apply(person, {"left_at": change.at})
    change.record(facts.PersonLeft(person_id=person_id, left_at=change.at))
    return None
