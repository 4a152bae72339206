"""Persons, firms and members over the API."""

from keystead.api import cursors
from keystead.api.answers import Call, Page, page
from keystead.api.conditions import Changed
from keystead.api.endpoints import Routes
from keystead.api.values import After, Body, Id, Limit, PathId, Text, Words
from keystead.people import operations, queries

routes = Routes("people")


class NewPerson(Body):
    """Somebody who may hold a key, with or without a firm or a login."""

    name: Text
    firm_id: Id | None = None
    department: Text = ""
    email: Text = ""
    phone: Text = ""


class ChangedPerson(Changed):
    """The whole person as recorded from now on."""

    name: Text
    firm_id: Id | None
    department: Text
    email: Text
    phone: Text


@routes.get("/persons", Page[queries.PersonView])
def persons(
    request: Call,
    text: Words = "",
    present_only: bool = False,
    firm_id: PathId | None = None,
    changed_since: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.PersonView]:
    """List persons by name; `text` is looked for in name and firm.

    `changed_since` finds those the journal mentions after the entry of that number.
    """
    rows = queries.persons(
        request.actor,
        text=text,
        present_only=present_only,
        firm_id=firm_id,
        changed_since=changed_since,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.PERSONS.spot)


@routes.add("/persons", queries.PersonView)
def add_person(request: Call, body: NewPerson) -> queries.PersonView:
    """Add a person. Two persons may share a name."""
    person_id = operations.add_person(request.actor, **body.model_dump())
    return queries.person(request.actor, person_id)


@routes.get("/persons/{person_id}", queries.PersonView)
def person(request: Call, person_id: PathId) -> queries.PersonView:
    """Read one person."""
    return queries.person(request.actor, person_id)


@routes.put("/persons/{person_id}", queries.PersonView)
def change_person(request: Call, person_id: PathId, body: ChangedPerson) -> queries.PersonView:
    """Correct a person's record. 409 when somebody changed it since `version`."""
    operations.change_person(request.actor, person_id=person_id, **body.model_dump())
    return queries.person(request.actor, person_id)


@routes.post("/persons/{person_id}/left")
def note_leaving(request: Call, person_id: PathId) -> None:
    """Note that a person has left. What they hold stays on the register."""
    operations.note_leaving(request.actor, person_id=person_id)


@routes.post("/persons/{person_id}/came-back")
def note_return_of_person(request: Call, person_id: PathId) -> None:
    """Note that a person who had left is here again."""
    operations.note_return_of_person(request.actor, person_id=person_id)


class Named(Body):
    """A name."""

    name: Text


@routes.get("/firms", Page[queries.FirmView])
def firms(
    request: Call, text: Words = "", limit: Limit = 100, after: After = None
) -> Page[queries.FirmView]:
    """List firms by name."""
    rows = queries.firms(
        request.actor, text=text, limit=limit + 1, after=cursors.read(request, after)
    )
    return page(request, rows, limit, queries.FIRMS.spot)


@routes.add("/firms", queries.FirmView)
def add_firm(request: Call, body: Named) -> queries.FirmView:
    """Add a firm."""
    firm_id = operations.add_firm(request.actor, **body.model_dump())
    return queries.firm(request.actor, firm_id)


@routes.get("/firms/{firm_id}", queries.FirmView)
def firm(request: Call, firm_id: PathId) -> queries.FirmView:
    """Read one firm."""
    return queries.firm(request.actor, firm_id)


@routes.put("/firms/{firm_id}", queries.FirmView)
def rename_firm(request: Call, firm_id: PathId, body: Named) -> queries.FirmView:
    """Give a firm another name."""
    operations.rename_firm(request.actor, firm_id=firm_id, **body.model_dump())
    return queries.firm(request.actor, firm_id)


@routes.get("/firms/{firm_id}/workers", Page[queries.PersonView])
def workers(
    request: Call, firm_id: PathId, limit: Limit = 100, after: After = None
) -> Page[queries.PersonView]:
    """List the persons of a firm by name."""
    firm_id = queries.firm(request.actor, firm_id).id
    rows = queries.persons(
        request.actor, firm_id=firm_id, limit=limit + 1, after=cursors.read(request, after)
    )
    return page(request, rows, limit, queries.PERSONS.spot)
