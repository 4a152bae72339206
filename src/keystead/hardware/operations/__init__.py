"""What can be done to locks, containers and codes: one function per verb."""

from keystead.hardware.operations.codes import (
    CODE_VALUE,
    note_code_changed,
    note_code_told,
    record_code,
    record_code_on,
)
from keystead.hardware.operations.containers import (
    add_container,
    add_positions,
    bring_back_container,
    change_container,
    retire_container,
)
from keystead.hardware.operations.locks import (
    add_cylinder,
    add_lock,
    change_cylinder,
    fit_cylinder,
    fit_cylinder_numbered,
    remove_cylinder,
    retire_lock,
)

__all__ = [
    "CODE_VALUE",
    "add_container",
    "add_cylinder",
    "add_lock",
    "add_positions",
    "bring_back_container",
    "change_container",
    "change_cylinder",
    "fit_cylinder",
    "fit_cylinder_numbered",
    "note_code_changed",
    "note_code_told",
    "record_code",
    "record_code_on",
    "remove_cylinder",
    "retire_container",
    "retire_lock",
]
