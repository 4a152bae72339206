"""From an upload to the register: staging, applying, importing again, continuing, taking back."""

import re
from collections import Counter

import pytest
from django.utils.timezone import now

from keystead.custody import queries as custody
from keystead.custody import replay
from keystead.custody.models import Stay
from keystead.exchange import imports, operations, queries
from keystead.exchange.errors import (
    ImportEnded,
    ImportUnderWay,
    NotATable,
    NothingToImport,
    QuestionsOpen,
)
from keystead.exchange.guessing import Field
from keystead.exchange.models import Import
from keystead.exchange.operations import Applied
from keystead.exchange.planning import Answers, Plan
from keystead.exchange.planning.records import Outcome, PlannedRow
from keystead.hardware.models import IS_OPEN, Code
from keystead.journal import queries as journal
from keystead.journal import verify
from keystead.journal.models import Entry, Row
from keystead.kernel.actor import Actor
from keystead.kernel.errors import ChangedMeanwhile, Forbidden, NotFound
from keystead.keys import queries as keys
from keystead.people import queries as people
from keystead.vault import sealing
from tests.cast import World
from tests.exchange.support import register

pytestmark = pytest.mark.db

SMALL = (
    "Key,Key #,Building,Room,Hook,Holder,Issued,Returned,Notes\n"
    "BR1,1,Annex,12,4,,,,\n"
    "BR1,2,Annex,12,,Dan Doe,2020-02-03,,viewing only\n"
    "BR1,3,Annex,12,5,Eve Eck,2019-01-02,2019-03-04,\n"
    "BR2,1,Annex,all,,Dan Doe,2020-02-03,,LOST\n"
)


def bring_in(actor: Actor, data: bytes | str, name: str = "register.csv") -> Applied:
    """Upload, take every suggestion, carry out."""
    content = data.encode() if isinstance(data, str) else data
    import_id = imports.upload(actor, content, name)
    found = imports.opened(actor, import_id)
    suggested = imports.plan_for(actor, found).suggested()
    imports.decide(actor, found.view, answers=suggested.choices)
    return imports.carry_out(actor, import_id)


def plan_again(actor: Actor, data: bytes | str, name: str = "register.csv") -> Plan:
    """The plan of a file uploaded now."""
    content = data.encode() if isinstance(data, str) else data
    return imports.plan_for(actor, imports.opened(actor, imports.upload(actor, content, name)))


def copy_states(actor: Actor) -> dict[str, str]:
    """Where every copy is, by its label."""
    found = keys.copies(actor, limit=10_000)
    stays = custody.whereabouts(actor, [copy.id for copy in found])
    return {copy.label: stays[copy.id].state for copy in found}


def test_a_small_register_becomes_keys_copies_people_and_places(world: World) -> None:
    before = copy_states(world.ana)
    applied = bring_in(world.ana, SMALL)
    assert (applied.keys_made, applied.copies_made, applied.persons_made) == (2, 4, 2)
    states = {label: s for label, s in copy_states(world.ana).items() if label not in before}
    assert states == {
        "BR1·1": "stored",
        "BR1·2": "held",
        "BR1·3": "stored",
        "BR2·1": "missing",
    }
    assert {"Dan Doe", "Eve Eck"} <= {person.name for person in people.persons(world.ana)}


def copy_id(actor: Actor, label: str) -> int:
    return next(copy.id for copy in keys.copies(actor, limit=10_000) if copy.label == label)


def test_a_loan_began_on_the_day_the_register_says_as_a_claim(world: World) -> None:
    bring_in(world.ana, SMALL)
    stay = custody.where_is(world.ana, copy_id(world.ana, "BR1·2"))
    assert (stay.person_name, stay.is_late_entry, stay.since.date().isoformat()) == (
        "Dan Doe",
        True,
        "2020-02-03",
    )


def test_a_loan_that_ended_is_part_of_the_story(world: World) -> None:
    bring_in(world.ana, SMALL)
    loan = custody.history(world.ana, copy_id(world.ana, "BR1·3"))[1]
    assert loan.person_name == "Eve Eck"


def test_a_lost_copy_keeps_its_last_holder(world: World) -> None:
    bring_in(world.ana, SMALL)
    (incident,) = custody.incidents(world.ana, copy_id=copy_id(world.ana, "BR2·1"))
    assert (incident.kind, incident.last_holder) == ("lost", "Dan Doe")


def test_what_fits_nowhere_is_kept_as_a_note_of_the_copy(world: World) -> None:
    bring_in(world.ana, SMALL)
    found = copy_id(world.ana, "BR1·2")
    (note,) = queries.notes_of(world.ana, [found])[found]
    assert (note.text, note.row_number, note.file_name) == (
        "Notes: viewing only",
        3,
        "register.csv",
    )


def test_every_fact_of_an_import_names_it(world: World) -> None:
    before = journal.seal(world.ana).sequence
    applied = bring_in(world.ana, SMALL)
    bodies = Entry.objects.filter(workspace_id=world.workspace, sequence__gt=before + 2)
    assert all(f'"import":{applied.import_id}' in entry.body for entry in bodies)
    assert journal.verify(world.ana).holds


def test_scenario_18_importing_again_changes_nothing(world: World) -> None:
    bring_in(world.ana, SMALL)
    before, rows = copy_states(world.ana), _row_counts()
    plan = plan_again(world.ana, SMALL)
    assert queries.compare(world.ana, plan).changes_nothing
    again = bring_in(world.ana, SMALL)
    assert (again.keys_made, again.copies_made, again.persons_made) == (0, 0, 0)
    assert copy_states(world.ana) == before
    assert _row_counts() == rows


def _row_counts() -> dict[str, int]:
    """How many rows each table of the register has; imports themselves do not count."""
    return {
        model.__name__: model.everything.count()
        for model in Row.__subclasses__()
        + [s for m in Row.__subclasses__() for s in m.__subclasses__()]
        if not model._meta.abstract and model is not Import
    }


@pytest.mark.parametrize(
    "name",
    ["family.csv", "schluesselverzeichnis.csv", "letting-key-book.xlsx", "campus-keys.csv"],
)
def test_scenario_18_the_registers_people_keep_import_once(world: World, name: str) -> None:
    before = len(copy_states(world.ana))
    applied = bring_in(world.ana, register(name), name)
    rows = _row_counts()
    assert len(copy_states(world.ana)) == before + applied.copies_made
    again = bring_in(world.ana, register(name), name)
    assert (again.keys_made, again.copies_made, again.persons_made) == (0, 0, 0)
    assert _row_counts() == rows
    assert journal.verify(world.ana).holds
    balance = custody.total_balance(world.ana)
    assert balance.adds_up


def test_scenario_18_carrying_out_twice_is_refused_the_second_time(world: World) -> None:
    applied = bring_in(world.ana, SMALL)
    with pytest.raises(ImportEnded):
        imports.carry_out(world.ana, applied.import_id)


def test_scenario_19_a_file_without_a_valid_row_writes_nothing(world: World) -> None:
    before = _row_counts()
    import_id = imports.upload(world.ana, b"Colour,Size\nred,3\nblue,4\n", "x.csv")
    with pytest.raises(NothingToImport):
        imports.carry_out(world.ana, import_id)
    assert _row_counts() == before


def test_scenario_21_nothing_is_written_while_questions_are_open(world: World) -> None:
    before = _row_counts()
    data = b"Key,Key #,Hook\nAA7,1,4\nAA7,1,5\n"
    import_id = imports.upload(world.ana, data, "x.csv")
    with pytest.raises(QuestionsOpen) as refusal:
        imports.carry_out(world.ana, import_id)
    assert refusal.value.data["questions"] == ["duplicate:x.csv:Key #:AA7-1"]
    assert _row_counts() == before


def test_scenario_21_a_number_the_register_has_is_listed_and_left_as_it_is(world: World) -> None:
    data = "Key,Key #,Hook,Holder\nAA,1,,Dan Doe\nAA,7,,Dan Doe\n"
    compared = queries.compare(world.ana, plan_again(world.ana, data))
    assert (compared.new_copies, compared.known_copies) == (1, 1)
    assert compared.known_rows == (("register.csv", 2),)
    applied = bring_in(world.ana, data)
    assert applied.copies_made == 1
    assert custody.where_is(world.ana, world.copy).state == "stored"


def test_marks_and_plain_numbers_of_one_key_do_not_take_each_others_place(world: World) -> None:
    data = "Key,Key #,Hook\nMM1,5-1,\nMM1,1,\nMM1,x,\nMM1,2,\n"
    assert bring_in(world.ana, data).copies_made == 4
    found = keys.copies(world.ana, limit=10_000)
    marks = {copy.label: copy.mark for copy in found if copy.label.startswith("MM1")}
    assert marks == {"MM1·1": "", "MM1·2": "", "MM1·3": "5-1", "MM1·4": "x"}
    assert bring_in(world.ana, data).copies_made == 0
    assert bring_in(world.ana, "Key,Key #,Hook\nMM1,3,\nMM1,y,\n").copies_made == 2
    again = {copy.label: copy.mark for copy in keys.copies(world.ana, limit=10_000)}
    assert (again["MM1·5"], again["MM1·4"]) == ("3", "x")


def test_codes_are_sealed_and_nowhere_in_clear(world: World) -> None:
    data = "Key no,Property,Notes\n1,1 Quay St,alarm 4471\n2,2 Quay St,gate code 9902\n"
    applied = bring_in(world.ana, data)
    codes = list(Code.objects.filter(workspace_id=world.workspace).order_by("pk"))
    assert [code.name for code in codes] == ["Alarm", "Gate code"]
    opened = sealing.open_secret(
        bytes(codes[0].sealed or b""),
        workspace_id=world.workspace,
        row=codes[0].uuid,
        purpose="code.value",
    )
    assert opened.reveal() == "4471"
    bodies = Entry.objects.filter(workspace_id=world.workspace).values_list("body", flat=True)
    # Whole words: a random hash may well have these digits inside.
    assert not any(re.search(r"\b(?:4471|9902)\b", body) for body in bodies)
    found = [copy.id for copy in keys.copies(world.ana, limit=10_000)]
    notes = [note.text for each in queries.notes_of(world.ana, found).values() for note in each]
    assert notes == ["Notes: alarm ••••", "Notes: gate code ••••"]
    kept = Import.objects.get(pk=applied.import_id)
    assert (kept.sealed, kept.answers) == (None, {})


def test_the_uploaded_file_is_sealed_and_deleted_after_the_import(world: World) -> None:
    import_id = imports.upload(world.ana, SMALL.encode(), "x.csv")
    row = Import.objects.get(pk=import_id)
    assert b"Annex" not in bytes(row.sealed or b"")
    assert queries.uploaded(world.ana, import_id) == SMALL.encode()
    imports.carry_out(world.ana, import_id)
    with pytest.raises(ImportEnded):
        queries.uploaded(world.ana, import_id)


def test_a_staged_file_can_be_thrown_away(world: World) -> None:
    import_id = imports.upload(world.ana, SMALL.encode(), "x.csv")
    operations.discard_import(world.ana, import_id=import_id)
    operations.discard_import(world.ana, import_id=import_id)
    assert Import.objects.get(pk=import_id).sealed is None
    with pytest.raises(ImportEnded):
        imports.carry_out(world.ana, import_id)


def test_columns_can_be_mapped_otherwise_and_are_kept(world: World) -> None:
    import_id = imports.upload(world.ana, b"Name,Ort\nZZ1,4\nZZ2,5\n", "x.csv")
    found = imports.opened(world.ana, import_id)
    layout = found.view.layouts[0]
    fields = (Field.KEY, Field.HOOK)
    changed = type(layout)(found.view.layouts[0].purpose.REGISTER, 1, fields)
    imports.decide(world.ana, found.view, layouts=[changed])
    assert imports.carry_out(world.ana, import_id).copies_made == 2


def test_two_people_deciding_at_once_do_not_overwrite_each_other(world: World) -> None:
    import_id = imports.upload(world.ana, SMALL.encode(), "x.csv")
    view = queries.import_view(world.ana, import_id)
    imports.decide(world.ana, view, answers={"a:*": "b"})
    with pytest.raises(ChangedMeanwhile):
        imports.decide(world.ana, view, answers={"c:*": "d"})


def check_replay(actor: Actor) -> None:
    """The journal alone says where every copy is, as the tables do."""
    told = replay.whereabouts(verify.bodies(actor.workspace_id))
    rows = Stay.objects.filter(IS_OPEN, workspace_id=actor.workspace_id).select_related("loan")
    found = {
        stay.copy_id: (stay.state, stay.reason, stay.position_id, stay.person_id) for stay in rows
    }
    assert found == {
        copy: (
            known.place.state,
            known.place.reason,
            known.place.position_id,
            known.place.person_id,
        )
        for copy, known in told.items()
    }


def test_the_journal_alone_tells_where_imported_copies_are(world: World) -> None:
    bring_in(world.ana, SMALL)
    import_id, _version, _rows = batches(world, 2, SMALL.replace("BR", "CR"))
    operations.undo_import(world.ana, import_id=import_id)
    check_replay(world.ana)
    bring_in(world.ana, register("schluesselverzeichnis.csv"), "schluesselverzeichnis.csv")
    check_replay(world.ana)


def batches(world: World, count: int, data: str = SMALL) -> tuple[int, int, tuple[PlannedRow, ...]]:
    """An import of which only the first batches are written: its id, version and rows."""
    import_id = imports.upload(world.ana, data.encode(), "x.csv")
    found = imports.opened(world.ana, import_id)
    rows = imports.plan_for(world.ana, found).outcomes(Outcome.PLANNED)
    version = found.view.version
    for n in range(count):
        version = operations.apply_rows(
            world.ana, import_id=import_id, version=version, rows=rows[n : n + 1], is_last=False
        ).version
    return import_id, version, rows


def test_a_stopped_import_shows_nothing_and_can_be_continued(world: World) -> None:
    before = copy_states(world.ana)
    import_id, _version, _rows = batches(world, 2)
    assert copy_states(world.ana) == before
    assert queries.import_view(world.ana, import_id).state == "applying"
    heard: list[tuple[int, int]] = []
    applied = imports.carry_out(world.ana, import_id, progress=lambda *at: heard.append(at))
    assert (applied.copies_made, applied.keys_made, heard[-1]) == (4, 2, (4, 4))
    assert len(copy_states(world.ana)) == len(before) + 4
    assert journal.verify(world.ana).holds


def test_a_stopped_import_can_be_taken_back_without_a_trace_in_the_register(world: World) -> None:
    before = _row_counts()
    import_id, _version, _rows = batches(world, 3)
    assert _row_counts() != before
    operations.undo_import(world.ana, import_id=import_id)
    operations.undo_import(world.ana, import_id=import_id)
    assert _row_counts() == before
    assert journal.verify(world.ana).holds
    assert bring_in(world.ana, SMALL).copies_made == 4


def test_an_import_under_way_cannot_be_changed_or_thrown_away(world: World) -> None:
    import_id, _version, _rows = batches(world, 1)
    view = queries.import_view(world.ana, import_id)
    with pytest.raises(ImportUnderWay):
        imports.decide(world.ana, view, answers={"x:*": "y"})
    with pytest.raises(ImportUnderWay):
        operations.discard_import(world.ana, import_id=import_id)


def test_a_staged_import_cannot_be_undone_but_thrown_away(world: World) -> None:
    import_id = imports.upload(world.ana, SMALL.encode(), "x.csv")
    with pytest.raises(ImportUnderWay):
        operations.undo_import(world.ana, import_id=import_id)


def test_two_writers_of_one_import_do_not_write_a_row_twice(world: World) -> None:
    import_id, version, rows = batches(world, 1)
    with pytest.raises(ChangedMeanwhile):
        operations.apply_rows(
            world.ana,
            import_id=import_id,
            version=version - 1,
            rows=rows[:1],
            is_last=False,
        )


def test_only_who_may_import_does(world: World) -> None:
    with pytest.raises(Forbidden):
        imports.upload(world.bo, SMALL.encode(), "x.csv")
    import_id = imports.upload(world.ana, SMALL.encode(), "x.csv")
    with pytest.raises(NotFound):
        imports.opened(world.cy, import_id)
    with pytest.raises(NotFound):
        imports.carry_out(world.cy, import_id)
    with pytest.raises(NotFound):
        queries.imports(world.intruder)


def test_a_file_that_is_no_table_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(NotATable):
        imports.upload(world.ana, b"%PDF-1.7 ...", "x.pdf")
    assert queries.imports(world.ana) == []


def test_the_day_of_a_plan_is_the_day_of_the_upload(world: World) -> None:
    import_id = imports.upload(world.ana, SMALL.encode(), "x.csv")
    view = queries.import_view(world.ana, import_id)
    assert abs((view.as_of - now().date()).days) <= 1
    assert view.answers == Answers({})
    assert Counter(one.state for one in queries.imports(world.ana)) == {"staged": 1}
