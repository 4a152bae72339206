"""One good request for every API operation, in an order in which all of them succeed."""

from dataclasses import dataclass
from typing import Any

from tests.transports.api.things import Things, Upload


@dataclass(frozen=True, slots=True)
class Example:
    """A request: its operationId, where it goes, and what it answers for an owner."""

    operation_id: str
    method: str
    path: str
    body: Any = None
    status: int = 200


def examples(t: Things) -> list[Example]:
    """Requests about these things. Reading comes first, then changes, the final ones last."""
    return [*reading(t), *describing(t), *handling(t), *bringing_in(t), *ending(t)]


def reading(t: Things) -> list[Example]:
    """Everything that can be read."""
    paths = {
        "workspace": "",
        "search": "/search?text=AA",
        "read": "/scans?code=AA-1&code=T-1",
        "sites": "/sites",
        "site": f"/sites/{t.site}",
        "spaces": f"/spaces?site_id={t.site}",
        "space": f"/spaces/{t.hall}",
        "access_points": f"/access-points?space_id={t.hall}",
        "access_point": f"/access-points/{t.door}",
        "containers": f"/containers?site_id={t.site}",
        "container": f"/containers/{t.cabinet}",
        "positions": f"/containers/{t.cabinet}/positions",
        "locks": f"/locks?access_point_id={t.door}",
        "cylinder_history": f"/locks/{t.lock}/cylinders",
        "cylinders": "/cylinders?text=Z",
        "cylinder": f"/cylinders/{t.cylinder}",
        "codes": f"/codes?access_point_id={t.door}",
        "code": f"/codes/{t.code}",
        "systems": "/key-systems",
        "keys": f"/keys?system_id={t.system}",
        "key": f"/keys/{t.key}",
        "tree": f"/key-tree?system_id={t.system}",
        "keys_below": f"/keys/{t.key}/below",
        "opens": f"/keys/{t.key}/opens",
        "openers": f"/openers?access_point_id={t.door}",
        "balances": "/balances",
        "total_balance": "/balance",
        "copies": f"/copies?key_id={t.key}",
        "copy": f"/copies/{t.copy}",
        "history": f"/copies/{t.copy}/history",
        "in_container": f"/containers/{t.cabinet}/contents",
        "belonging_to": f"/containers/{t.cabinet}/belonging",
        "rings": "/rings",
        "ring": f"/rings/{t.ring}",
        "tagged": "/tags?text=T-1",
        "past_loans": f"/past-loans?person_id={t.person}",
        "out_now": f"/out?person_id={t.person}",
        "held_by_actor": "/mine",
        "notices": "/notices?unread_only=true",
        "schedule": "/digests",
        "to_review": "/to-review",
        "today_counts": "/today",
        "incidents": f"/incidents?copy_id={t.damaged}",
        "incident": f"/incidents/{t.incident}",
        "persons": "/persons?present_only=true",
        "person": f"/persons/{t.person}",
        "firms": "/firms",
        "firm": f"/firms/{t.firm}",
        "workers": f"/firms/{t.firm}/workers",
        "members": "/members",
        "invitations": "/invitations",
        "own_tokens": "/tokens",
        "imports": "/imports",
        "read_import": f"/imports/{t.staged}",
        "import_problems": f"/imports/{t.staged}/problems",
        "export_copies": "/copies.csv",
        "export_everything": "/everything.json",
        "entries": "/journal",
        "seal": "/journal/seal",
        "verify": "/journal/verification",
        "export_journal": "/journal/export",
        "story_of": f"/story/copy/{t.copy}",
    }
    return [Example(name, "GET", path) for name, path in paths.items()]


def describing(t: Things) -> list[Example]:
    """Adding to the register and correcting it."""
    place = {"number": "", "version": 1}
    return [
        Example("add_site", "POST", "/sites", {"name": "Annexe"}, 201),
        Example(
            "change_site",
            "PUT",
            f"/sites/{t.site}",
            {"name": "House", "address": "Quay 1", "time_zone": "", **place},
        ),
        Example(
            "add_space",
            "POST",
            "/spaces",
            {"site_id": t.site, "name": "Loft", "parent_id": t.hall},
            201,
        ),
        Example(
            "change_space",
            "PUT",
            f"/spaces/{t.store}",
            {"name": "Stores", "kind": "room", "parent_id": t.hall, **place},
        ),
        Example(
            "add_access_point",
            "POST",
            "/access-points",
            {"site_id": t.site, "name": "Hatch", "leads_from_id": t.hall, "leads_to_id": t.store},
            201,
        ),
        Example(
            "change_access_point",
            "PUT",
            f"/access-points/{t.door}",
            {
                "name": "Stores door",
                "kind": "door",
                "leads_from_id": t.hall,
                "leads_to_id": t.store,
                "needs_all_locks": False,
                **place,
            },
        ),
        Example(
            "add_container",
            "POST",
            "/containers",
            {"site_id": t.site, "name": "Box", "space_id": t.hall},
            201,
        ),
        Example(
            "change_container",
            "PUT",
            f"/containers/{t.cabinet}",
            {"version": 1, "name": "Key cabinet", "kind": "cabinet", "space_id": t.hall},
        ),
        Example(
            "add_positions",
            "POST",
            f"/containers/{t.cabinet}/positions",
            {"labels": ["A", "B"]},
            201,
        ),
        Example("add_lock", "POST", "/locks", {"name": "Bolt", "access_point_id": t.door}, 201),
        Example("add_cylinder", "POST", "/cylinders", {"number": "Z7"}, 201),
        Example(
            "change_cylinder",
            "PUT",
            f"/cylinders/{t.spare_cylinder}",
            {"version": 1, "number": "Z9a", "is_listed_only": True},
        ),
        Example(
            "fit_cylinder",
            "PUT",
            f"/locks/{t.lone_lock}/cylinder",
            {"cylinder_id": t.spare_cylinder},
            204,
        ),
        Example("remove_cylinder", "DELETE", f"/locks/{t.lone_lock}/cylinder", status=204),
        Example("record_code", "POST", "/codes", {"lock_id": t.lock, "name": "Panel"}, 201),
        Example("note_code_told", "POST", f"/codes/{t.code}/told", {"person_id": t.person}, 204),
        Example("note_code_changed", "POST", f"/codes/{t.code}/changed", status=204),
        Example("add_key_system", "POST", "/key-systems", {"name": "Annexe system"}, 201),
        Example(
            "add_key_with_copies",
            "POST",
            "/keys",
            {
                "symbol": "AB",
                "copies": 2,
                "system_id": t.system,
                "container_id": t.cabinet,
                "access_point_ids": [t.door],
            },
            201,
        ),
        Example(
            "change_key",
            "PUT",
            f"/keys/{t.key}",
            {"version": 1, "symbol": "AA", "name": "Stores", "parent_id": None},
        ),
        Example("note_key_opens", "PUT", f"/keys/{t.key}/cylinders/{t.spare_cylinder}", status=204),
        Example(
            "note_key_no_longer_opens",
            "DELETE",
            f"/keys/{t.key}/cylinders/{t.spare_cylinder}",
            status=204,
        ),
        Example("note_key_opens_access_point", "PUT", f"/keys/{t.key}/access-points/{t.door}"),
        Example("cut_copies", "POST", f"/keys/{t.key}/copies", {"count": 2}, 201),
        Example(
            "change_copy",
            "PUT",
            f"/copies/{t.copy}",
            {
                "version": 1,
                "mark": "17",
                "home_container_id": t.cabinet,
                "home_position_id": t.hooks[0],
            },
        ),
        Example("add_ring", "POST", "/rings", {"name": "Day"}, 201),
        Example(
            "change_ring",
            "PUT",
            f"/rings/{t.ring}",
            {
                "version": 1,
                "name": "Night guard",
                "home_container_id": t.cabinet,
                "home_position_id": None,
            },
        ),
        Example("put_on_ring", "POST", f"/rings/{t.ring}/put-on", {"copy_ids": [t.spare]}),
        Example("seal_ring", "POST", f"/rings/{t.ring}/seal", {"seal_number": "0042"}),
        Example("break_seal", "POST", f"/rings/{t.ring}/break-seal"),
        Example("take_off_ring", "POST", f"/rings/{t.ring}/take-off", {"copy_ids": [t.spare]}),
        Example(
            "attach_tag",
            "POST",
            "/tags",
            {"text": "T-2", "kind": "ring", "thing_id": t.ring},
            201,
        ),
        Example("add_person", "POST", "/persons", {"name": "Eve", "firm_id": t.firm}, 201),
        Example(
            "change_person",
            "PUT",
            f"/persons/{t.person}",
            {
                "version": 1,
                "name": "Dora Dove",
                "firm_id": t.firm,
                "department": "",
                "email": "",
                "phone": "",
            },
        ),
        Example(
            "invite_new_person",
            "POST",
            "/invitations/newcomers",
            {"name": "Hal", "role": "holder"},
            201,
        ),
        Example("invite", "POST", "/invitations", {"person_id": t.person, "role": "holder"}, 201),
        Example("add_firm", "POST", "/firms", {"name": "Quay Cleaning"}, 201),
        Example("rename_firm", "PUT", f"/firms/{t.firm}", {"name": "Brass & Daughters"}),
    ]


DUE, LATER, REVIEW = "2199-01-01T17:00:00+01:00", "2199-01-02T17:00:00+01:00", "2031-05-01"
BEFORE, AFTER = "2020-01-01T09:00:00+00:00", "2020-01-01T17:00:00+00:00"


def handling(t: Things) -> list[Example]:
    """Handing out, taking back, losing and finding."""
    return [
        Example(
            "change_schedule",
            "PUT",
            "/digests",
            {"version": 0, "times": ["06:30"], "soon_hours": 12},
        ),
        Example("read_notices", "POST", "/notices/read", {}),
        Example(
            "check_out",
            "POST",
            "/check-out",
            {"copy_ids": [t.copy], "person_id": t.person, "purpose": "paint"},
        ),
        Example("extend", "POST", "/extend", {"copy_ids": [t.copy], "review_on": REVIEW}, 204),
        Example("pass_on", "POST", "/pass-on", {"copy_ids": [t.copy], "space_id": t.store}),
        Example(
            "return_copies",
            "POST",
            "/return",
            {"copy_ids": [t.copy], "container_id": t.cabinet, "position_id": t.hooks[2]},
        ),
        Example("require_purpose", "POST", "/require-purpose", {"is_required": False}, 204),
        Example("undo", "POST", "/undo", {"handling": 1}, 409),
        Example("move_copies", "POST", "/move", {"copy_ids": [t.copy]}, 204),
        Example(
            "report_missing",
            "POST",
            "/report-missing",
            {"copy_ids": [t.copy], "note": "Ana noticed at the count"},
        ),
        Example("report_found", "POST", "/report-found", {"copy_id": t.copy}, 204),
        Example("report_damaged", "POST", "/report-damaged", {"copy_id": t.copy, "note": "bent"}),
        Example(
            "record_past_loan",
            "POST",
            "/past-loans",
            {
                "copy_id": t.copy,
                "person_id": t.person,
                "from_at": BEFORE,
                "until_at": AFTER,
            },
            409,
        ),
        Example("close_incident", "POST", f"/incidents/{t.incident}/close", {"note": "mended"}),
        *many(t),
    ]


def many(t: Things) -> list[Example]:
    """Many at once."""
    return [
        Example(
            "check_out_many",
            "POST",
            "/many/check-out",
            {"items": [{"copy_ids": [t.copy], "person_id": t.person}]},
        ),
        Example(
            "extend_many",
            "POST",
            "/many/extend",
            {"items": [{"copy_ids": [t.copy], "review_on": REVIEW}]},
        ),
        Example(
            "return_copies_many",
            "POST",
            "/many/return",
            {"items": [{"copy_ids": [t.copy], "container_id": t.cabinet}]},
        ),
        Example("move_copies_many", "POST", "/many/move", {"items": [{"copy_ids": [t.copy]}]}),
        Example(
            "add_person_many",
            "POST",
            "/many/persons",
            {"items": [{"name": "Fay"}, {"name": "Gus", "firm_id": t.firm}]},
        ),
        Example(
            "add_key_with_copies_many",
            "POST",
            "/many/keys",
            {"items": [{"symbol": "M1", "copies": 2, "container_id": t.cabinet}], "atomic": True},
        ),
    ]


def bringing_in(t: Things) -> list[Example]:
    """A register from a file."""
    here = f"/imports/{t.staged}"
    columns = {"purpose": "register", "header": 1, "fields": ["key", "number"]}
    return [
        Example("add_import", "POST", "/imports", Upload("keys.csv", b"Key,Copy\nQ2,1\n"), 201),
        Example("change_answers", "PUT", f"{here}/answers", {"version": 1}),
        Example("change_columns", "PUT", f"{here}/columns", {"version": 1, "sheets": [columns]}),
        Example("apply_import", "POST", f"{here}/apply"),
        Example("undo_import", "POST", f"{here}/undo", status=409),
        Example("discard_import", "POST", f"{here}/discard", status=409),
    ]


def ending(t: Things) -> list[Example]:
    """What takes things out of use."""
    return [
        Example("note_leaving", "POST", f"/persons/{t.person}/left", status=204),
        Example("note_return_of_person", "POST", f"/persons/{t.person}/came-back", status=204),
        Example("remove_tag", "DELETE", f"/tags/{t.tag}", status=204),
        Example("destroy_copies", "POST", "/destroy", {"copy_ids": [t.spare]}, 204),
        Example("retire_copy", "POST", f"/copies/{t.damaged}/retire", status=204),
        Example("retire_ring", "POST", f"/rings/{t.ring}/retire", status=204),
        Example("retire_lock", "POST", f"/locks/{t.lone_lock}/retire", status=204),
        Example("retire_key", "POST", f"/keys/{t.key}/retire", status=204),
        Example("retire_access_point", "POST", f"/access-points/{t.door}/retire", status=204),
        Example("retire_container", "POST", f"/containers/{t.cabinet}/retire", status=409),
        Example("retire_space", "POST", f"/spaces/{t.hall}/retire", status=409),
        Example("retire_site", "POST", f"/sites/{t.site}/retire", status=409),
        Example("bring_back_site", "POST", f"/sites/{t.site}/bring-back", status=204),
        Example("bring_back_space", "POST", f"/spaces/{t.hall}/bring-back", status=204),
        Example(
            "bring_back_access_point", "POST", f"/access-points/{t.door}/bring-back", status=204
        ),
        Example("bring_back_container", "POST", f"/containers/{t.cabinet}/bring-back", status=204),
        Example("bring_back_key", "POST", f"/keys/{t.key}/bring-back", status=204),
        Example("bring_back_copy", "POST", f"/copies/{t.damaged}/bring-back", status=204),
        Example("bring_back_ring", "POST", f"/rings/{t.ring}/bring-back", status=204),
        Example("withdraw_invitation", "POST", f"/invitations/{t.invitation}/withdraw", status=204),
        Example("withdraw_token", "POST", f"/tokens/{t.token}/withdraw", status=204),
        Example("remove_member", "DELETE", f"/members/{t.membership}", status=204),
    ]
