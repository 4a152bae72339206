"""What can be done to people: one function per verb."""

from keystead.people.operations.founding import (
    Founded,
    can_found,
    change_workspace,
    create_workspace,
    found,
    hashed,
    note_password_change,
    note_sign_in,
    note_sign_out,
)
from keystead.people.operations.leaving import note_leaving
from keystead.people.operations.members import (
    Invited,
    OpenInvitation,
    accept_invitation,
    change_role,
    invite,
    invite_new_person,
    open_invitation,
    remove_member,
    withdraw_invitation,
)
from keystead.people.operations.persons import (
    add_firm,
    add_person,
    change_person,
    note_return_of_person,
    rename_firm,
)
from keystead.people.operations.recovering import (
    account_called,
    note_recovery_link,
    set_password,
)
from keystead.people.operations.restored import WaysInEnded, end_sign_ins, end_ways_in
from keystead.people.operations.tokens import MadeToken, make_token, withdraw_token

__all__ = [
    "Founded",
    "Invited",
    "MadeToken",
    "OpenInvitation",
    "WaysInEnded",
    "accept_invitation",
    "account_called",
    "add_firm",
    "add_person",
    "can_found",
    "change_person",
    "change_role",
    "change_workspace",
    "create_workspace",
    "end_sign_ins",
    "end_ways_in",
    "found",
    "hashed",
    "invite",
    "invite_new_person",
    "make_token",
    "note_leaving",
    "note_password_change",
    "note_recovery_link",
    "note_return_of_person",
    "note_sign_in",
    "note_sign_out",
    "open_invitation",
    "remove_member",
    "rename_firm",
    "set_password",
    "withdraw_invitation",
    "withdraw_token",
]
