"""What can be done to keys, copies, rings and tags: one function per verb."""

from keystead.keys.operations.copies import (
    bring_back_copy,
    change_copy,
    forget_home,
    make_copies,
    retire_copy,
)
from keystead.keys.operations.designs import (
    add_key,
    add_key_system,
    bring_back_key,
    change_key,
    note_key_no_longer_opens,
    note_key_opens,
    note_key_opens_access_point,
    retire_key,
)
from keystead.keys.operations.rings import (
    add_ring,
    break_seal,
    bring_back_ring,
    change_ring,
    put_on_ring,
    retire_ring,
    seal_ring,
    take_off_ring,
)
from keystead.keys.operations.tags import Taggable, attach_tag, remove_tag

__all__ = [
    "Taggable",
    "add_key",
    "add_key_system",
    "add_ring",
    "attach_tag",
    "break_seal",
    "bring_back_copy",
    "bring_back_key",
    "bring_back_ring",
    "change_copy",
    "change_key",
    "change_ring",
    "forget_home",
    "make_copies",
    "note_key_no_longer_opens",
    "note_key_opens",
    "note_key_opens_access_point",
    "put_on_ring",
    "remove_tag",
    "retire_copy",
    "retire_key",
    "retire_ring",
    "seal_ring",
    "take_off_ring",
]
