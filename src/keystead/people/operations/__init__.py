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
from keystead.people.operations.site_roles import end_site_role, give_site_role
from keystead.people.operations.tokens import MadeToken, make_token, withdraw_token

__all__ = [
    "Founded",
    "Invited",
    "MadeToken",
    "OpenInvitation",
    "accept_invitation",
    "add_firm",
    "add_person",
    "can_found",
    "change_person",
    "change_role",
    "change_workspace",
    "create_workspace",
    "end_site_role",
    "found",
    "give_site_role",
    "hashed",
    "invite",
    "invite_new_person",
    "make_token",
    "note_leaving",
    "note_password_change",
    "note_return_of_person",
    "note_sign_in",
    "note_sign_out",
    "open_invitation",
    "remove_member",
    "rename_firm",
    "withdraw_invitation",
    "withdraw_token",
]
