"""Persons and firms: who they are, and that they left."""

from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_version, within
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line, optional_line
from keystead.kernel.words import said as _
from keystead.people import facts
from keystead.people.models import Firm, Person


@operation(Right.EDIT_PEOPLE, per_site=True)
def add_firm(change: Change, *, name: str) -> int:
    """Add a firm and return its id. Raises NameTaken when there is one of this name."""
    cleaned = line(name, field="name")
    _require_free_firm_name(change, cleaned)
    firm = Firm.everything.create(
        workspace_id=change.workspace_id, name=cleaned, pending_import=change.pending_import
    )
    change.record(facts.FirmAdded(firm_id=firm.pk, firm_name=cleaned))
    return firm.pk


@operation(Right.EDIT_PEOPLE)
def rename_firm(change: Change, *, firm_id: int, name: str) -> None:
    """Give a firm another name."""
    firm = one(change, Firm, firm_id, "firm")
    cleaned = line(name, field="name")
    if cleaned == firm.name:
        return change.unchanged(None)
    _require_free_firm_name(change, cleaned, but=firm_id)
    fact = facts.FirmRenamed(firm_id=firm.pk, old_name=firm.name, new_name=cleaned)
    firm.name = cleaned
    firm.save(update_fields=["name"])
    change.record(fact)
    return None


@operation(Right.EDIT_PEOPLE, per_site=True)
def add_person(
    change: Change,
    *,
    name: str,
    firm_id: int | None = None,
    department: str = "",
    email: str = "",
    phone: str = "",
) -> int:
    """Add a person, with or without a firm, and return its id. Two persons may share a name."""
    if firm_id is not None:
        one(change, Firm, firm_id, "firm")
    person = Person.everything.create(
        workspace_id=change.workspace_id,
        name=line(name, field="name"),
        firm_id=firm_id,
        department=optional_line(department, field="department"),
        email=_email(email),
        phone=optional_line(phone, field="phone", longest=40),
        pending_import=change.pending_import,
    )
    change.record(facts.PersonAdded(person_id=person.pk, firm_id=firm_id))
    return person.pk


@operation(Right.EDIT_PEOPLE)
def change_person(
    change: Change,
    *,
    person_id: int,
    version: int,
    name: str,
    firm_id: int | None = None,
    department: str = "",
    email: str = "",
    phone: str = "",
) -> None:
    """Correct a person's record as read at `version`. Raises ChangedMeanwhile if that is old."""
    person = one(change, Person, person_id, "person")
    require_version(person, version)
    if firm_id is not None:
        one(change, Firm, firm_id, "firm")
    wanted = {
        "name": line(name, field="name"),
        "firm_id": firm_id,
        "department": optional_line(department, field="department"),
        "email": _email(email),
        "phone": optional_line(phone, field="phone", longest=40),
    }
    changed = apply(person, wanted)
    if not changed:
        return change.unchanged(None)
    change.record(facts.PersonChanged(person_id=person_id, firm_id=firm_id, changed=changed))
    return None


@operation(Right.EDIT_PEOPLE)
def note_return_of_person(change: Change, *, person_id: int) -> None:
    """Note that a person who had left is here again."""
    person = one(change, Person, person_id, "person")
    if person.left_at is None:
        return change.unchanged(None)
    apply(person, {"left_at": None})
    change.record(facts.PersonCameBack(person_id=person_id))
    return None


def _email(text: str) -> str:
    cleaned = optional_line(text, field="email", longest=254)
    if cleaned and ("@" not in cleaned[1:-1] or " " in cleaned):
        raise Invalid(_("This is not an e-mail address."), field="email")
    return cleaned


def _require_free_firm_name(change: Change, name: str, but: int | None = None) -> None:
    same = within(change, Firm).filter(name__iexact=name)
    if same.exclude(pk=but or 0).exists():
        raise NameTaken(_("There already is a firm called %(name)s.", name=name), field="name")
