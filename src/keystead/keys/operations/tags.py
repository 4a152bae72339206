"""The tags things wear."""

from typing import Literal

from keystead.hardware.models import IS_OPEN, Container
from keystead.journal.operation import Change, operation
from keystead.journal.rows import one, require_in_use, within
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.keys import facts
from keystead.keys.errors import TagTaken
from keystead.keys.models import Copy, Ring, Tag
from keystead.keys.operations.copies import label_of
from keystead.places.models import AccessPoint

Taggable = Literal["copy", "ring", "container", "access_point"]


@operation(Right.EDIT_REGISTER, per_site=True)
def attach_tag(change: Change, *, text: str, kind: Taggable, thing_id: int) -> int:
    """Put a tag on a copy, ring, container or access point; a tag it wears comes off.

    `text` is what a scanner reads. Raises TagTaken while another thing wears it.
    """
    cleaned = line(text, field="text", longest=80)
    thing = _taggable(change, kind, thing_id)
    worn = within(change, Tag).filter(IS_OPEN, text__iexact=cleaned).first()
    if worn is not None and getattr(worn, f"{kind}_id") == thing_id:
        return change.unchanged(worn.pk)
    require_in_use(change, thing, _called(thing))
    if worn is not None:
        raise TagTaken(_("Another thing wears this tag. Take it off there first."), field="text")
    before = within(change, Tag).filter(IS_OPEN, **{kind: thing})
    old = before.values_list("text", flat=True).first() or ""
    before.update(valid_to=change.at)
    tag = Tag.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        text=cleaned,
        valid_from=change.at,
        recorded_seq=change.sequence,
        **{kind: thing},
    )
    change.record(
        facts.TagAttached(
            tag_id=tag.pk, thing=_called(thing), tag=cleaned, old_tag=old, **_target(tag)
        )
    )
    return tag.pk


def _taggable(change: Change, kind: str, thing_id: int) -> Copy | Ring | Container | AccessPoint:
    if kind == "copy":
        return one(change, Copy, thing_id, "copy")
    if kind == "ring":
        return one(change, Ring, thing_id, "ring")
    if kind == "container":
        return one(change, Container, thing_id, "container")
    if kind == "access_point":
        return one(change, AccessPoint, thing_id, "access point")
    raise Invalid(_("A tag goes on a copy, ring, container or access point."), field="kind")


def _called(thing: object) -> str:
    return label_of(thing) if isinstance(thing, Copy) else str(thing)


def _target(tag: Tag) -> dict[str, int | None]:
    return {
        "copy_id": tag.copy_id,
        "ring_id": tag.ring_id,
        "container_id": tag.container_id,
        "access_point_id": tag.access_point_id,
    }


@operation(Right.EDIT_REGISTER, per_site=True)
def remove_tag(change: Change, *, tag_id: int) -> None:
    """Take a tag off its thing; the thing's record stays."""
    tag = one(change, Tag, tag_id, "tag")
    if tag.valid_to is not None:
        return change.unchanged(None)
    tag.valid_to = change.at
    tag.save(update_fields=["valid_to"])
    thing = tag.copy or tag.ring or tag.container or tag.access_point
    change.record(
        facts.TagRemoved(tag_id=tag.pk, thing=_called(thing), tag=tag.text, **_target(tag))
    )
    return None
