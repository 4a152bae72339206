"""What `keystead doctor` says about one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it says, and whether that is as it should be."""

    about: str
    says: str
    is_well: bool = True
