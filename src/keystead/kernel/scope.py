"""Where a right holds: in the whole workspace, or at some of its sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from keystead.kernel.rights import Right


@dataclass(frozen=True, slots=True)
class Scope:
    """What a right reaches: everything (`sites` is None), or what belongs to these sites."""

    sites: frozenset[int] | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing needs to be left out."""
        return self.sites is None

    @property
    def is_nothing(self) -> bool:
        """Whether the right is held nowhere."""
        return self.sites is not None and not self.sites

    def has_site(self, site_id: int) -> bool:
        """Whether it reaches this site."""
        return self.sites is None or site_id in self.sites


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Granted:
    """The rights of an actor: those in the whole workspace, and those at single sites."""

    everywhere: frozenset[Right]
    at_sites: Mapping[int, frozenset[Right]] = field(default_factory=dict)

    @property
    def anywhere(self) -> frozenset[Right]:
        """What the actor may do in the workspace or at one of its sites."""
        return self.everywhere.union(*self.at_sites.values())

    def scope(self, right: Right) -> Scope:
        """Where this right holds."""
        if right in self.everywhere:
            return EVERYTHING
        return Scope(frozenset(site for site, held in self.at_sites.items() if right in held))
