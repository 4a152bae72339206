"""Where copies are put: the containers a form offers, and the hook that was typed."""

from typing import Any, TypedDict

from django.utils.translation import gettext as _

from keystead.hardware import queries as hardware
from keystead.kernel.actor import Actor
from keystead.kernel.errors import Invalid
from keystead.web.forms.fields import Things


class Place(TypedDict):
    """A container and one of its hooks, as keywords of an operation."""

    container_id: int | None
    position_id: int | None


def offered(actor: Actor) -> Things:
    """The containers in use, each with its site where there is more than one site."""
    found = hardware.containers(actor)
    one_site = len({container.site_id for container in found}) < 2
    return [(c.id, c.name if one_site else f"{c.name}, {c.site_name}") for c in found]


def place(
    actor: Actor, cleaned: dict[str, Any], container: str = "container", hook: str = "hook"
) -> Place:
    """The container and hook chosen, as keywords. Raises Invalid for a hook that is not there."""
    container_id: int | None = cleaned.get(container)
    label = str(cleaned.get(hook) or "").strip()
    if not label:
        return {"container_id": container_id, "position_id": None}
    if container_id is None:
        raise Invalid(_("Choose the container this hook is in."), field=container)
    hooks = hardware.positions(actor, container_id)
    for position in hooks:
        if position.label.casefold() == label.casefold():
            return {"container_id": container_id, "position_id": position.id}
    raise Invalid(_no_such_hook(label, [position.label for position in hooks]), field=hook)


def _no_such_hook(label: str, labels: list[str]) -> str:
    if not labels:
        return _("There are no hooks in it. Leave this empty.")
    return _("There is no hook %(hook)s. They are called %(first)s to %(last)s.") % {
        "hook": label,
        "first": labels[0],
        "last": labels[-1],
    }
