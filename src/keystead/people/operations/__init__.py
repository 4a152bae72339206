"""What can be done to people: one function per verb."""

from keystead.people.operations.factors import (
    add_app,
    add_passkey,
    note_recovery_code_used,
    remove_factor,
    renew_recovery_codes,
)
from keystead.people.operations.founding import (
    Founded,
    can_found,
    change_workspace,
    create_workspace,
    found,
    hashed,
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
from keystead.people.operations.passwords import (
    ask_for_new_email,
    ask_for_new_password,
    change_email,
    change_password,
    reset_password,
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
    take_factors_away,
)
from keystead.people.operations.requiring import require_second_factor
from keystead.people.operations.restored import WaysInEnded, end_sign_ins, end_ways_in
from keystead.people.operations.sessions import (
    end_other_sessions,
    end_session,
    note_lock_outs,
    note_sign_in,
    note_sign_out,
)
from keystead.people.operations.site_roles import end_site_role, give_site_role
from keystead.people.operations.tokens import MadeToken, make_token, withdraw_token

__all__ = [
    "Founded",
    "Invited",
    "MadeToken",
    "OpenInvitation",
    "WaysInEnded",
    "accept_invitation",
    "account_called",
    "add_app",
    "add_firm",
    "add_passkey",
    "add_person",
    "ask_for_new_email",
    "ask_for_new_password",
    "can_found",
    "change_email",
    "change_password",
    "change_person",
    "change_role",
    "change_workspace",
    "create_workspace",
    "end_other_sessions",
    "end_session",
    "end_sign_ins",
    "end_site_role",
    "end_ways_in",
    "found",
    "give_site_role",
    "hashed",
    "invite",
    "invite_new_person",
    "make_token",
    "note_leaving",
    "note_lock_outs",
    "note_recovery_code_used",
    "note_recovery_link",
    "note_return_of_person",
    "note_sign_in",
    "note_sign_out",
    "open_invitation",
    "remove_factor",
    "remove_member",
    "rename_firm",
    "renew_recovery_codes",
    "require_second_factor",
    "reset_password",
    "set_password",
    "take_factors_away",
    "withdraw_invitation",
    "withdraw_token",
]
