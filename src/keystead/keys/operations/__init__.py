"""What can be done to keys, copies, rings and tags: one function per verb."""

from keystead.keys.operations.copies import (
    Taggable,
    add_ring,
    attach_tag,
    break_seal,
    change_copy,
    change_ring,
    make_copies,
    put_on_ring,
    remove_tag,
    retire_copy,
    retire_ring,
    seal_ring,
    take_off_ring,
)
from keystead.keys.operations.designs import (
    add_key,
    add_key_system,
    change_key,
    note_key_no_longer_opens,
    note_key_opens,
    note_key_opens_access_point,
    retire_key,
)

__all__ = [
    "Taggable",
    "add_key",
    "add_key_system",
    "add_ring",
    "attach_tag",
    "break_seal",
    "change_copy",
    "change_key",
    "change_ring",
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
