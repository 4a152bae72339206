"""The one table of who may call what: routes, API operations, commands and tasks.

A row names, per method, PUBLIC, SIGNED_IN, a right (to read), or a verb (`custody.check_out`),
whose own right holds. What has no row is refused, and start-up fails.

A right means the right in the whole workspace. `SEE`, `EDIT` and their like, and verbs that are
`per_site`, admit whoever has the right at some site, too: what they read and write leaves the
other sites out.
"""

from importlib import import_module

from keystead.journal.operation import VERBS, require, scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right

for _context in ("people", "places", "hardware", "keys", "custody", "exchange"):
    import_module(f"keystead.{_context}.operations")

PUBLIC = "public"
SIGNED_IN = "signed-in"

_AT_SITES = " at sites"


def at_sites(right: Right) -> str:
    """A row that admits whoever has this right at some site or everywhere."""
    return f"{right}{_AT_SITES}"


SEE, EDIT = at_sites(Right.SEE_REGISTER), at_sites(Right.EDIT_REGISTER)
HAND_OUT, EDIT_PEOPLE = at_sites(Right.HAND_OUT), at_sites(Right.EDIT_PEOPLE)
EXPORT = at_sites(Right.EXPORT)
GET_REGISTER = {"GET": SEE}


def right_of(needs: str) -> Right:
    """The right behind a row: named directly, or through the verb."""
    verb = VERBS.get(needs)
    return verb.right if verb else Right(needs.removesuffix(_AT_SITES))


def is_per_site(needs: str) -> bool:
    """Whether the right at one site is enough."""
    verb = VERBS.get(needs)
    return verb.per_site if verb else needs.endswith(_AT_SITES)


def admit(actor: Actor, needs: str) -> None:
    """Raise NotFound for a stranger, Forbidden for a member whose roles do not give the right."""
    right = right_of(needs)
    if is_per_site(needs):
        scope_of(actor, right)
    else:
        require(actor, right)


ROUTES: dict[str, dict[str, str]] = {
    # start and sign-in
    "home": {"GET": PUBLIC},
    "start": {"GET": PUBLIC, "POST": PUBLIC},
    "workspaces": {"GET": SIGNED_IN},
    "workspace-new": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "invitation": {"GET": PUBLIC, "POST": PUBLIC},
    "theme": {"POST": PUBLIC},
    "account_login": {"GET": PUBLIC, "POST": PUBLIC},
    "account_logout": {"GET": PUBLIC, "POST": PUBLIC},
    "account_inactive": {"GET": PUBLIC},
    "account_change_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account_reset_password": {"GET": PUBLIC, "POST": PUBLIC},
    "account_reset_password_done": {"GET": PUBLIC},
    "account_reset_password_from_key": {"GET": PUBLIC, "POST": PUBLIC},
    "account_reset_password_from_key_done": {"GET": PUBLIC},
    # register pages
    "members": {"GET": Right.MANAGE_MEMBERS},
    "member-invite": {"GET": Right.MANAGE_MEMBERS, "POST": "people.invite"},
    "member-role": {"GET": Right.MANAGE_MEMBERS, "POST": "people.change_role"},
    "member-site-role": {"GET": Right.MANAGE_MEMBERS, "POST": "people.give_site_role"},
    "member-site-role-end": {"POST": "people.end_site_role"},
    "member-remove": {"GET": Right.MANAGE_MEMBERS, "POST": "people.remove_member"},
    "invitation-withdraw": {"POST": "people.withdraw_invitation"},
    "tokens": {"GET": Right.MANAGE_OWN_ACCESS, "POST": "people.make_token"},
    "token-withdraw": {"POST": "people.withdraw_token"},
    "settings": {"GET": Right.MANAGE_MEMBERS, "POST": "people.change_workspace"},
    "places": GET_REGISTER,
    "sites": GET_REGISTER,
    "site-add": {"GET": Right.EDIT_REGISTER, "POST": "places.add_site"},
    "site": GET_REGISTER,
    "site-change": {"GET": EDIT, "POST": "places.change_site"},
    "space-add": {"GET": EDIT, "POST": "places.add_space"},
    "space": GET_REGISTER,
    "space-change": {"GET": EDIT, "POST": "places.change_space"},
    "access-points": GET_REGISTER,
    "access-point-add": {"GET": EDIT, "POST": "places.add_access_point"},
    "access-point": GET_REGISTER,
    "access-point-change": {"GET": EDIT, "POST": "places.change_access_point"},
    "access-point-retire": {"GET": EDIT, "POST": "places.retire_access_point"},
    "access-point-key": {"POST": "keys.note_key_opens_access_point"},
    "lock-add": {"GET": EDIT, "POST": "hardware.add_lock"},
    "container-lock-add": {"GET": EDIT, "POST": "hardware.add_lock"},
    "lock-cylinder": {"GET": EDIT, "POST": "hardware.fit_cylinder_numbered"},
    "lock-retire": {"GET": EDIT, "POST": "hardware.retire_lock"},
    "cylinders": GET_REGISTER,
    "cylinder-add": {"GET": Right.EDIT_REGISTER, "POST": "hardware.add_cylinder"},
    "cylinder": GET_REGISTER,
    "cylinder-key-add": {"POST": "keys.note_key_opens"},
    "cylinder-key-remove": {"POST": "keys.note_key_no_longer_opens"},
    "cylinder-take-out": {"POST": "hardware.remove_cylinder"},
    "codes": GET_REGISTER,
    "code-add": {"GET": EDIT, "POST": "hardware.record_code_on"},
    "code": GET_REGISTER,
    "code-told": {"POST": "hardware.note_code_told"},
    "code-changed": {"GET": EDIT, "POST": "hardware.note_code_changed"},
    "incidents": GET_REGISTER,
    "incident": GET_REGISTER,
    "incident-close": {"POST": "custody.close_incident"},
    # custody pages
    "today": {"GET": Right.SEE_OWN},
    "me": {"GET": Right.SEE_OWN},
    "out": GET_REGISTER,
    "desk": {"GET": HAND_OUT, "POST": HAND_OUT},
    "holders": {"GET": HAND_OUT},
    "hand-out": {"GET": HAND_OUT, "POST": "custody.check_out"},
    "take-back": {"GET": HAND_OUT, "POST": "custody.return_copies"},
    "pass-on": {"GET": HAND_OUT, "POST": "custody.pass_on"},
    "extend": {"GET": HAND_OUT, "POST": "custody.extend"},
    "move": {"GET": HAND_OUT, "POST": "custody.move_copies"},
    "lost": {"GET": Right.REPORT, "POST": "custody.report_missing"},
    "found": {"GET": HAND_OUT, "POST": "custody.report_found"},
    "damaged": {"GET": Right.REPORT, "POST": "custody.report_damaged"},
    "destroy": {"GET": HAND_OUT, "POST": "custody.destroy_copies"},
    "past-loan": {"GET": HAND_OUT, "POST": "custody.record_past_loan"},
    "undo": {"POST": "custody.undo"},
    "copy": GET_REGISTER,
    "copy-edit": {"GET": EDIT, "POST": "keys.change_copy"},
    "copy-retire": {"GET": EDIT, "POST": "keys.retire_copy"},
    "tag-attach": {"POST": "keys.attach_tag"},
    "tag-remove": {"POST": "keys.remove_tag"},
    "keys": GET_REGISTER,
    "key": GET_REGISTER,
    "key-add": {"GET": EDIT, "POST": "custody.add_key_with_copies"},
    "key-edit": {"GET": EDIT, "POST": "keys.change_key"},
    "key-copies": {"GET": EDIT, "POST": "custody.cut_copies"},
    "key-opens": {"GET": EDIT, "POST": "keys.note_key_opens_access_point"},
    "key-opens-no-longer": {"POST": "keys.note_key_no_longer_opens"},
    "key-retire": {"GET": EDIT, "POST": "keys.retire_key"},
    "key-system-add": {"GET": Right.EDIT_REGISTER, "POST": "keys.add_key_system"},
    "rings": GET_REGISTER,
    "ring": GET_REGISTER,
    "ring-add": {"GET": EDIT, "POST": "keys.add_ring"},
    "ring-edit": {"GET": EDIT, "POST": "keys.change_ring"},
    "ring-put-on": {"GET": EDIT, "POST": "keys.put_on_ring"},
    "ring-take-off": {"POST": "keys.take_off_ring"},
    "ring-seal": {"GET": HAND_OUT, "POST": "keys.seal_ring"},
    "ring-unseal": {"POST": "keys.break_seal"},
    "ring-retire": {"GET": EDIT, "POST": "keys.retire_ring"},
    "containers": GET_REGISTER,
    "container": GET_REGISTER,
    "container-add": {"GET": EDIT, "POST": "hardware.add_container"},
    "container-edit": {"GET": EDIT, "POST": "hardware.change_container"},
    "container-hooks": {"GET": EDIT, "POST": "hardware.add_positions"},
    "container-retire": {"GET": EDIT, "POST": "custody.retire_container"},
    "people": GET_REGISTER,
    "person": GET_REGISTER,
    "person-add": {"GET": EDIT_PEOPLE, "POST": "people.add_person"},
    "person-edit": {"GET": Right.EDIT_PEOPLE, "POST": "people.change_person"},
    "person-leave": {"GET": Right.EDIT_PEOPLE, "POST": "people.note_leaving"},
    "person-back": {"POST": "people.note_return_of_person"},
    "firm": GET_REGISTER,
    "firm-add": {"GET": EDIT_PEOPLE, "POST": "people.add_firm"},
    "firm-edit": {"GET": Right.EDIT_PEOPLE, "POST": "people.rename_firm"},
    # imports
    "import": {"GET": Right.IMPORT, "POST": "exchange.stage"},
    "import-look": {"GET": Right.IMPORT},
    "import-answer": {"POST": "exchange.prepare"},
    "import-columns": {"POST": "exchange.prepare"},
    "import-apply": {"POST": "exchange.apply_rows"},
    "import-undo": {"POST": "exchange.undo_import"},
    "import-discard": {"POST": "exchange.discard_import"},
    "import-problems": {"GET": Right.IMPORT},
    "export-copies": {"GET": EXPORT},
    # journal and search
    "journal": {"GET": Right.SEE_JOURNAL},
    "journal-verify": {"POST": Right.SEE_JOURNAL},
    "search": GET_REGISTER,
}

API: dict[str, str] = {
    # workspace
    "workspace": Right.SEE_OWN,
    "search": SEE,
    "read": SEE,
    # places
    "sites": SEE,
    "site": SEE,
    "add_site": "places.add_site",
    "change_site": "places.change_site",
    "spaces": SEE,
    "space": SEE,
    "add_space": "places.add_space",
    "change_space": "places.change_space",
    "access_points": SEE,
    "access_point": SEE,
    "add_access_point": "places.add_access_point",
    "change_access_point": "places.change_access_point",
    "retire_access_point": "places.retire_access_point",
    # hardware
    "containers": SEE,
    "container": SEE,
    "add_container": "hardware.add_container",
    "change_container": "hardware.change_container",
    "retire_container": "custody.retire_container",
    "positions": SEE,
    "add_positions": "hardware.add_positions",
    "locks": SEE,
    "add_lock": "hardware.add_lock",
    "retire_lock": "hardware.retire_lock",
    "fit_cylinder": "hardware.fit_cylinder",
    "remove_cylinder": "hardware.remove_cylinder",
    "cylinder_history": SEE,
    "cylinders": SEE,
    "cylinder": SEE,
    "add_cylinder": "hardware.add_cylinder",
    "codes": SEE,
    "code": SEE,
    "record_code": "hardware.record_code",
    "note_code_changed": "hardware.note_code_changed",
    "note_code_told": "hardware.note_code_told",
    # keys
    "systems": SEE,
    "add_key_system": "keys.add_key_system",
    "keys": SEE,
    "key": SEE,
    "tree": SEE,
    "keys_below": SEE,
    "opens": SEE,
    "openers": SEE,
    "balances": SEE,
    "total_balance": SEE,
    "add_key_with_copies": "custody.add_key_with_copies",
    "change_key": "keys.change_key",
    "retire_key": "keys.retire_key",
    "note_key_opens": "keys.note_key_opens",
    "note_key_no_longer_opens": "keys.note_key_no_longer_opens",
    "note_key_opens_access_point": "keys.note_key_opens_access_point",
    # copies, rings and tags
    "copies": SEE,
    "copy": SEE,
    "history": SEE,
    "in_container": SEE,
    "belonging_to": SEE,
    "cut_copies": "custody.cut_copies",
    "change_copy": "keys.change_copy",
    "retire_copy": "keys.retire_copy",
    "rings": SEE,
    "ring": SEE,
    "add_ring": "keys.add_ring",
    "change_ring": "keys.change_ring",
    "put_on_ring": "keys.put_on_ring",
    "take_off_ring": "keys.take_off_ring",
    "seal_ring": "keys.seal_ring",
    "break_seal": "keys.break_seal",
    "retire_ring": "keys.retire_ring",
    "tagged": SEE,
    "attach_tag": "keys.attach_tag",
    "remove_tag": "keys.remove_tag",
    # custody
    "check_out": "custody.check_out",
    "return_copies": "custody.return_copies",
    "pass_on": "custody.pass_on",
    "extend": "custody.extend",
    "undo": "custody.undo",
    "move_copies": "custody.move_copies",
    "destroy_copies": "custody.destroy_copies",
    "report_missing": "custody.report_missing",
    "report_found": "custody.report_found",
    "report_damaged": "custody.report_damaged",
    "record_past_loan": "custody.record_past_loan",
    "past_loans": SEE,
    "out_now": SEE,
    "held_by_actor": Right.SEE_OWN,
    "to_review": SEE,
    "today_counts": SEE,
    "incidents": SEE,
    "incident": SEE,
    "close_incident": "custody.close_incident",
    # people
    "persons": SEE,
    "person": SEE,
    "add_person": "people.add_person",
    "change_person": "people.change_person",
    "note_leaving": "people.note_leaving",
    "note_return_of_person": "people.note_return_of_person",
    "firms": SEE,
    "firm": SEE,
    "add_firm": "people.add_firm",
    "rename_firm": "people.rename_firm",
    "workers": SEE,
    "members": Right.MANAGE_MEMBERS,
    # imports and exports
    "imports": Right.IMPORT,
    "add_import": Right.IMPORT,
    "read_import": Right.IMPORT,
    "change_answers": Right.IMPORT,
    "change_columns": Right.IMPORT,
    "apply_import": Right.IMPORT,
    "undo_import": "exchange.undo_import",
    "discard_import": "exchange.discard_import",
    "import_problems": Right.IMPORT,
    "export_copies": EXPORT,
    # journal
    "entries": Right.SEE_JOURNAL,
    "seal": Right.SEE_JOURNAL,
    "verify": Right.SEE_JOURNAL,
    "story_of": SEE,
}
"""API operations by operationId."""

COMMANDS: dict[str, str] = {
    # the installation
    "up": Right.RUN,
    "migrate": Right.RUN,
    "manage": Right.RUN,
    "doctor": Right.RUN,
    "openapi": PUBLIC,
    "verify": Right.SEE_JOURNAL,
    "journal verify": Right.SEE_JOURNAL,
    # signing in
    "login": "workspace",
    "logout": PUBLIC,
    "status": "workspace",
    # custody
    "check-out": "check_out",
    "return": "return_copies",
    "pass-on": "pass_on",
    "extend": "extend",
    "undo": "undo",
    "move": "move_copies",
    "lost": "report_missing",
    "found": "report_found",
    "damaged": "report_damaged",
    "destroy": "destroy_copies",
    "past-loan": "record_past_loan",
    # looking
    "out": "out_now",
    "mine": "held_by_actor",
    "today": "today_counts",
    "where": "copy",
    "who": "out_now",
    "history": "history",
    "search": "search",
    "incident list": "incidents",
    "incident close": "close_incident",
    "journal list": "entries",
    # files
    "import": "add_import",
    "export": "export_copies",
    # register
    "key add": "add_key_with_copies",
    "key list": "keys",
    "key opens": "opens",
    "key retire": "retire_key",
    "copies add": "cut_copies",
    "copies list": "copies",
    "copies tag": "attach_tag",
    "ring add": "add_ring",
    "ring list": "rings",
    "person add": "add_person",
    "person list": "persons",
    "person left": "note_leaving",
    "firm add": "add_firm",
    "firm list": "firms",
    "site add": "add_site",
    "site list": "sites",
    "site show": "site",
    "site add-space": "add_space",
    "site add-door": "add_access_point",
    "site add-container": "add_container",
}
"""Commands of the command line; remote ones name the API operation they call."""

TASKS: dict[str, str] = {
    "clear_sessions": Right.RUN,
    "clear_uploads": Right.RUN,
    "discard_stale_imports": "exchange.discard_import",
}
"""What the worker does by itself."""
