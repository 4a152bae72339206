"""What can be done with copies: one function per verb."""

from keystead.custody.operations.asking import require_purpose
from keystead.custody.operations.lending import CheckedOut, check_out, extend, pass_on, undo
from keystead.custody.operations.newcomers import check_out_to_newcomer
from keystead.custody.operations.retiring import retire_container, retire_site, retire_space
from keystead.custody.operations.returning import (
    Returned,
    add_key_with_copies,
    cut_copies,
    destroy_copies,
    move_copies,
    return_copies,
)
from keystead.custody.operations.trouble import (
    close_incident,
    record_past_loan,
    report_damaged,
    report_found,
    report_missing,
)

__all__ = [
    "CheckedOut",
    "Returned",
    "add_key_with_copies",
    "check_out",
    "check_out_to_newcomer",
    "close_incident",
    "cut_copies",
    "destroy_copies",
    "extend",
    "move_copies",
    "pass_on",
    "record_past_loan",
    "report_damaged",
    "report_found",
    "report_missing",
    "require_purpose",
    "retire_container",
    "retire_site",
    "retire_space",
    "return_copies",
    "undo",
]
