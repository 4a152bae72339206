"""The workspace a token opens, and the one search over everything in it."""

from dataclasses import dataclass

from ninja import P, QueryEx

from keystead.api.answers import Call
from keystead.api.copies import PlacedCopy, placed
from keystead.api.endpoints import Routes
from keystead.api.values import Body, Flag, Words
from keystead.custody import operations as custody_operations
from keystead.custody import queries as custody
from keystead.hardware.queries import CodeView, ContainerView, CylinderView
from keystead.journal import queries as journal
from keystead.journal.operation import granted
from keystead.keys import queries as key_queries
from keystead.keys.queries import KeyView, RingView
from keystead.people import queries as people
from keystead.people.queries import PersonView
from keystead.places.queries import AccessPointView, SpaceView
from keystead.search import queries
from keystead.search import scans as scanning

routes = Routes("workspace")


@dataclass(frozen=True, slots=True)
class RightsAtSite:
    """What the token may do at one site, for what belongs there."""

    site_id: int
    rights: list[str]


@dataclass(frozen=True, slots=True)
class OpenWorkspace:
    """The workspace, and what the token may do there. `time_zone` is an IANA name.

    `rights` hold in the whole workspace, those in `at_sites` at single sites. With
    `needs_purpose` nothing goes out without a `purpose`.
    """

    slug: str
    name: str
    template: str
    time_zone: str
    locale: str
    is_demo: bool
    person_id: int | None
    rights: list[str]
    at_sites: list[RightsAtSite]
    needs_purpose: bool


@routes.get("", OpenWorkspace)
def workspace(request: Call) -> OpenWorkspace:
    """Read the workspace and what the token may do in it."""
    found = journal.workspace(request.actor.workspace_id)
    held = granted(request.actor)
    return OpenWorkspace(
        found.slug,
        found.name,
        found.template,
        found.time_zone,
        found.locale,
        found.is_demo,
        people.own_person_id(request.actor),
        sorted(held.everywhere),
        [RightsAtSite(site, sorted(held.at_sites[site])) for site in sorted(held.at_sites)],
        custody.purpose_required(request.actor),
    )


class RequirePurpose(Body):
    """Whether copies go out, or from one person to another, only with a `purpose`."""

    is_required: Flag


@routes.post("/require-purpose")
def require_purpose(request: Call, body: RequirePurpose) -> None:
    """Say whether copies go out only with a purpose. Loans of the past never need one."""
    custody_operations.require_purpose(request.actor, **body.model_dump())


@dataclass(frozen=True, slots=True)
class Exact:
    """The one thing whose tag or label the text is."""

    kind: str
    thing_id: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds, a few of each kind."""

    text: str
    exact: Exact | None
    copies: list[PlacedCopy]
    keys: list[KeyView]
    rings: list[RingView]
    persons: list[PersonView]
    access_points: list[AccessPointView]
    spaces: list[SpaceView]
    containers: list[ContainerView]
    cylinders: list[CylinderView]
    codes: list[CodeView]


@routes.get("/search", Found)
def search(request: Call, text: Words) -> Found:
    """Find everything whose number, name, tag or room contains a text."""
    found = queries.search(request.actor, text)
    return Found(
        found.text,
        Exact(*found.exact) if found.exact else None,
        placed(request.actor, [copy for copy, _ in found.copies]),
        list(found.keys),
        list(found.rings),
        list(found.persons),
        list(found.access_points),
        list(found.spaces),
        list(found.containers),
        list(found.cylinders),
        list(found.codes),
    )


@dataclass(frozen=True, slots=True)
class Read:
    """What scanned or typed codes mean. `copies` are all copies meant, those of `ambiguous`, too.

    `repeated` were in the list before; `other` are tags of things that cannot be handed out.
    """

    copy_ids: list[int]
    ring_ids: list[int]
    container_ids: list[int]
    unknown: list[str]
    repeated: list[str]
    other: list[str]
    ambiguous: dict[str, list[int]]
    copies: list[PlacedCopy]


@routes.get("/scans", Read)
def read(request: Call, code: QueryEx[list[Words], P(max_length=scanning.MOST)]) -> Read:
    """Find out what codes mean: a tag, a copy's label (AA·3, AA-3, AA 3) or a ring's name."""
    found = scanning.read(request.actor, code)
    meant = {*found.copy_ids, *(copy for copies in found.ambiguous.values() for copy in copies)}
    return Read(
        found.copy_ids,
        found.ring_ids,
        found.container_ids,
        found.unknown,
        found.repeated,
        found.other,
        found.ambiguous,
        placed(request.actor, key_queries.copies(request.actor, ids=meant)),
    )
