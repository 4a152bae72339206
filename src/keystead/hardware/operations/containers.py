"""Describing containers and their hooks."""

from keystead.hardware import facts, rules
from keystead.hardware.models import (
    Container,
    Position,
)
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_in_use, require_version, within
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.places.models import Site, Space


@operation(Right.EDIT_REGISTER, per_site=True)
def add_container(
    change: Change,
    *,
    site_id: int,
    name: str,
    kind: str = "cabinet",
    space_id: int | None = None,
    positions: int = 0,
) -> int:
    """Add a cabinet, lockbox, drawer … with `positions` numbered hooks; returns its id."""
    require_in_use(change, one(change, Site, site_id, "site"))
    require_kind(kind, rules.CONTAINER_KINDS)
    _require_space_on(change, site_id, space_id)
    cleaned = line(name, field="name")
    _require_free_container_name(change, site_id, cleaned)
    container = Container.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        site_id=site_id,
        space_id=space_id,
        kind=kind,
        name=cleaned,
    )
    change.record(
        facts.ContainerAdded(
            container_id=container.pk,
            container_name=cleaned,
            kind=kind,
            site_id=site_id,
            space_id=space_id,
        )
    )
    if positions:
        add_positions(change, container_id=container.pk, labels=rules.position_labels(positions))
    return container.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_container(
    change: Change,
    *,
    container_id: int,
    version: int,
    name: str,
    kind: str,
    space_id: int | None = None,
) -> None:
    """Rename a container or note that it stands in another space of its site."""
    container = one(change, Container, container_id, "container")
    require_in_use(change, container)
    require_version(container, version)
    require_kind(kind, rules.CONTAINER_KINDS)
    _require_space_on(change, container.site_id, space_id)
    cleaned = line(name, field="name")
    _require_free_container_name(change, container.site_id, cleaned, but=container_id)
    old_name, old_space = container.name, container.space_id
    if not apply(container, {"name": cleaned, "kind": kind, "space_id": space_id}):
        return change.unchanged(None)
    change.record(
        facts.ContainerChanged(
            container_id=container.pk,
            old_name=old_name,
            new_name=cleaned,
            kind=kind,
            old_space_id=old_space,
            new_space_id=space_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def add_positions(change: Change, *, container_id: int, labels: list[str]) -> list[int]:
    """Give a container hooks or slots with these labels, in this order; returns their ids."""
    container = one(change, Container, container_id, "container")
    require_in_use(change, container)
    cleaned = [line(label, field="labels", longest=20) for label in labels]
    taken = {
        label.casefold(): rank
        for label, rank in within(change, Position)
        .filter(container=container)
        .values_list("label", "rank")
    }
    if not cleaned or len(taken) + len(cleaned) > rules.MOST_POSITIONS:
        raise Invalid(
            _("Give 1 to %(most_positions)s hooks.", most_positions=rules.MOST_POSITIONS),
            field="labels",
        )
    wanted = [label.casefold() for label in cleaned]
    doubled = sorted({label for label in wanted if label in taken or wanted.count(label) > 1})
    if doubled:
        raise NameTaken(_("The hook %(value)s is there already.", value=doubled[0]), field="labels")
    first = max(taken.values(), default=0) + 1
    rows = Position.everything.bulk_create(
        Position(
            workspace_id=change.workspace_id,
            pending_import=change.pending_import,
            container=container,
            label=label,
            rank=first + index,
        )
        for index, label in enumerate(cleaned)
    )
    change.record(
        facts.PositionsAdded(
            container_id=container.pk,
            container_name=container.name,
            count=len(cleaned),
            labels=tuple(cleaned),
        )
    )
    return [row.pk for row in rows]


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_container(change: Change, *, container_id: int) -> None:
    """Note that a container is no longer used. Refused by custody while something is in it."""
    container = one(change, Container, container_id, "container")
    if container.retired_at is not None:
        return change.unchanged(None)
    apply(container, {"retired_at": change.at})
    change.record(facts.ContainerRetired(container_id=container.pk, container_name=container.name))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def bring_back_container(change: Change, *, container_id: int) -> None:
    """Use a container again that was retired. What belonged into it does so no longer.

    Raises OutOfUse while the site or space it stands in is retired.
    """
    container = one(change, Container, container_id, "container")
    if container.retired_at is None:
        return change.unchanged(None)
    require_in_use(change, container.site)
    if container.space is not None:
        require_in_use(change, container.space)
    apply(container, {"retired_at": None})
    change.record(
        facts.ContainerBroughtBack(container_id=container.pk, container_name=container.name)
    )
    return None


def require_kind(kind: str, allowed: tuple[str, ...]) -> None:
    """Raise Invalid unless `kind` is one of those allowed."""
    if kind not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.", choices=", ".join(allowed)), field="kind")


def _require_space_on(change: Change, site_id: int, space_id: int | None) -> None:
    if space_id is None:
        return
    space = one(change, Space, space_id, "space")
    if space.site_id != site_id:
        raise Invalid(_("That space is on another site."), field="space_id")
    require_in_use(change, space)


def _require_free_container_name(
    change: Change, site_id: int, name: str, but: int | None = None
) -> None:
    same = within(change, Container).filter(site_id=site_id, name__iexact=name)
    if same.exclude(pk=but or 0).exists():
        raise NameTaken(
            _("There already is a container called %(name)s here.", name=name), field="name"
        )
