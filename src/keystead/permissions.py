"""The one table of who may call what: routes, API operations, commands and tasks.

A row names, per method, PUBLIC, SIGNED_IN, a right (to read), or a verb (`custody.check_out`),
whose own right holds. What has no row is refused, and start-up fails.
"""

from importlib import import_module

from keystead.journal.operation import VERBS
from keystead.kernel.rights import Right

for _context in ("people", "places", "hardware", "keys", "custody"):
    import_module(f"keystead.{_context}.operations")

PUBLIC = "public"
SIGNED_IN = "signed-in"

GET_REGISTER = {"GET": str(Right.SEE_REGISTER)}


def right_of(needs: str) -> Right:
    """The right behind a row: named directly, or through the verb."""
    verb = VERBS.get(needs)
    return verb.right if verb else Right(needs)


ROUTES: dict[str, dict[str, str]] = {
    # journal and search
    "journal": {"GET": Right.SEE_JOURNAL},
    "journal-verify": {"POST": Right.SEE_JOURNAL},
    "search": GET_REGISTER,
}

API: dict[str, str] = {
    # workspace
    "workspace": Right.SEE_OWN,
    "search": Right.SEE_REGISTER,
    "read": Right.SEE_REGISTER,
    # places
    "sites": Right.SEE_REGISTER,
    "site": Right.SEE_REGISTER,
    "add_site": "places.add_site",
    "change_site": "places.change_site",
    "spaces": Right.SEE_REGISTER,
    "space": Right.SEE_REGISTER,
    "add_space": "places.add_space",
    "change_space": "places.change_space",
    "access_points": Right.SEE_REGISTER,
    "access_point": Right.SEE_REGISTER,
    "add_access_point": "places.add_access_point",
    "change_access_point": "places.change_access_point",
    "retire_access_point": "places.retire_access_point",
    # hardware
    "containers": Right.SEE_REGISTER,
    "container": Right.SEE_REGISTER,
    "add_container": "hardware.add_container",
    "change_container": "hardware.change_container",
    "retire_container": "custody.retire_container",
    "positions": Right.SEE_REGISTER,
    "add_positions": "hardware.add_positions",
    "locks": Right.SEE_REGISTER,
    "add_lock": "hardware.add_lock",
    "retire_lock": "hardware.retire_lock",
    "fit_cylinder": "hardware.fit_cylinder",
    "remove_cylinder": "hardware.remove_cylinder",
    "cylinder_history": Right.SEE_REGISTER,
    "cylinders": Right.SEE_REGISTER,
    "cylinder": Right.SEE_REGISTER,
    "add_cylinder": "hardware.add_cylinder",
    "codes": Right.SEE_REGISTER,
    "code": Right.SEE_REGISTER,
    "record_code": "hardware.record_code",
    "note_code_changed": "hardware.note_code_changed",
    "note_code_told": "hardware.note_code_told",
    # keys
    "systems": Right.SEE_REGISTER,
    "add_key_system": "keys.add_key_system",
    "keys": Right.SEE_REGISTER,
    "key": Right.SEE_REGISTER,
    "tree": Right.SEE_REGISTER,
    "keys_below": Right.SEE_REGISTER,
    "opens": Right.SEE_REGISTER,
    "openers": Right.SEE_REGISTER,
    "balances": Right.SEE_REGISTER,
    "total_balance": Right.SEE_REGISTER,
    "add_key_with_copies": "custody.add_key_with_copies",
    "change_key": "keys.change_key",
    "retire_key": "keys.retire_key",
    "note_key_opens": "keys.note_key_opens",
    "note_key_no_longer_opens": "keys.note_key_no_longer_opens",
    "note_key_opens_access_point": "keys.note_key_opens_access_point",
    # copies, rings and tags
    "copies": Right.SEE_REGISTER,
    "copy": Right.SEE_REGISTER,
    "history": Right.SEE_REGISTER,
    "in_container": Right.SEE_REGISTER,
    "belonging_to": Right.SEE_REGISTER,
    "cut_copies": "custody.cut_copies",
    "change_copy": "keys.change_copy",
    "retire_copy": "keys.retire_copy",
    "rings": Right.SEE_REGISTER,
    "ring": Right.SEE_REGISTER,
    "add_ring": "keys.add_ring",
    "change_ring": "keys.change_ring",
    "put_on_ring": "keys.put_on_ring",
    "take_off_ring": "keys.take_off_ring",
    "seal_ring": "keys.seal_ring",
    "break_seal": "keys.break_seal",
    "retire_ring": "keys.retire_ring",
    "tagged": Right.SEE_REGISTER,
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
    "past_loans": Right.SEE_REGISTER,
    "out_now": Right.SEE_REGISTER,
    "held_by_actor": Right.SEE_OWN,
    "to_review": Right.SEE_REGISTER,
    "today_counts": Right.SEE_REGISTER,
    "incidents": Right.SEE_REGISTER,
    "incident": Right.SEE_REGISTER,
    "close_incident": "custody.close_incident",
    # people
    "persons": Right.SEE_REGISTER,
    "person": Right.SEE_REGISTER,
    "add_person": "people.add_person",
    "change_person": "people.change_person",
    "note_leaving": "people.note_leaving",
    "note_return_of_person": "people.note_return_of_person",
    "firms": Right.SEE_REGISTER,
    "firm": Right.SEE_REGISTER,
    "add_firm": "people.add_firm",
    "rename_firm": "people.rename_firm",
    "workers": Right.SEE_REGISTER,
    "members": Right.MANAGE_MEMBERS,
    # journal
    "entries": Right.SEE_JOURNAL,
    "seal": Right.SEE_JOURNAL,
    "verify": Right.SEE_JOURNAL,
    "story_of": Right.SEE_REGISTER,
}
"""API operations by operationId."""

COMMANDS: dict[str, str] = {}
"""Commands of the command line; remote ones name the API operation they call."""

TASKS: dict[str, str] = {}
"""What the worker does by itself."""
