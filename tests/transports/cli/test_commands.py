"""The real command line against a live server: what it does, says and answers to the shell."""

import json
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.custody import queries
from keystead.journal import queries as journal
from keystead.keys import operations as keys
from keystead.people import operations as people
from tests.cast import ZONE, World
from tests.transports.api.things import token
from tests.transports.cli.terminal import Commands, Typed, sign_in

TOMORROW = (now().astimezone(ZoneInfo(ZONE)) + timedelta(days=1)).replace(hour=17, minute=0)


def test_a_copy_is_handed_out_and_taken_back(ana: Commands, world: World) -> None:
    said = ana("check-out", "AA·1", "AA-2", "--to", "Bo", "--due", f"{TOMORROW:%Y-%m-%d %H:%M}")
    assert said.startswith("Handed out: 2 copies. Wrong? keystead undo ")
    stay = queries.where_is(world.ana, world.copy)
    assert stay.due_at == TOMORROW.replace(second=0, microsecond=0).astimezone(UTC)
    assert "AA·1  Store" in ana("out")
    assert ana("return", "AA1", "AA 2", "--into", "Cabinet", "--hook", "3").startswith("Taken")
    assert queries.where_is(world.ana, world.copy).position_label == "3"


def test_the_journal_knows_that_it_was_the_command_line(ana: Commands, world: World) -> None:
    ana("check-out", "AA1", "--to", "Bo", "--purpose", "paint")
    entry = journal.entries(world.ana, limit=1)[0]
    assert (entry.channel, entry.account_id) == ("cli", world.ana.account_id)
    assert "“paint”" in ana("journal", "list", "--about", "AA1")


def test_a_copy_is_named_by_label_tag_mark_or_id(ana: Commands, world: World) -> None:
    keys.attach_tag(world.ana, text="0815", kind="copy", thing_id=world.copy)
    for name in ("AA·1", "AA-1", "AA 1", "aa#1", "AA1", "0815", f"id:{world.copy}"):
        assert ana.json("where", name)["id"] == world.copy


def test_a_name_that_fits_several_copies_is_refused_with_them_all(
    typed: Typed, world: World
) -> None:
    key = keys.add_key(world.ana, symbol="AA1")
    custody.cut_copies(world.ana, key_id=key, count=3)
    custody.cut_copies(world.ana, key_id=world.key, numbers=[13])
    result = typed("check-out", "AA13", "--to", "Bo")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "AA·13" in result.stderr
    assert "AA1·3" in result.stderr
    assert typed("check-out", "AA1·3", "--to", "Bo").exit_code == 0


def test_a_name_that_fits_several_people_is_refused_with_them_all(
    typed: Typed, world: World
) -> None:
    firm = people.add_firm(world.ana, name="Brass & Sons")
    other = people.add_person(world.ana, name="Bo", firm_id=firm)
    result = typed("check-out", "AA1", "--to", "Bo")
    assert result.exit_code == 2
    assert f"Bo (Brass & Sons)  id:{other}" in result.stderr
    assert typed("check-out", "AA1", "--to", "Bo (Brass & Sons)").exit_code == 0
    assert queries.where_is(world.ana, world.copy).person_id == other


def test_part_of_a_name_will_do_if_it_begins_a_word_of_only_one(
    ana: Commands, typed: Typed, world: World
) -> None:
    people.add_person(world.ana, name="Dora Dove")
    assert ana("check-out", "AA1", "--to", "dov").startswith("Handed out")
    assert typed("check-out", "AA2", "--to", "ove").exit_code == 3


def test_a_copy_that_is_out_says_to_whom_and_since_when(typed: Typed, world: World) -> None:
    typed("check-out", "AA1", "--to", "Bo")
    since = queries.where_is(world.ana, world.copy).since.astimezone(ZoneInfo(ZONE))
    result = typed("check-out", "AA1", "AA2", "--to", "Ana")
    assert (result.exit_code, result.stdout) == (5, "")
    assert f"AA·1 is already out, with Bo (since {since:%Y-%m-%d %H:%M})" in result.stderr
    assert queries.where_is(world.ana, world.other_copy).state == "stored"


def test_refusals_are_json_too_where_that_was_asked_for(typed: Typed) -> None:
    typed("check-out", "AA1", "--to", "Bo")
    result = typed("check-out", "AA1", "--to", "Ana", "--json")
    assert (result.exit_code, result.stdout) == (5, "")
    assert json.loads(result.stderr)["code"] == "copy-already-out"
    result = typed("where", "ZZ9", "--json")
    assert (result.exit_code, json.loads(result.stderr)["data"]) == (3, {"candidates": []})


def test_each_kind_of_refusal_has_its_exit_code(
    typed: Typed, anonymous: Typed, world: World, url: str
) -> None:
    assert typed("check-out", "AA1", "--to", "Bo", "--due", "2020-01-01 10:00").exit_code == 2
    assert typed("check-out", "AA1", "--to", "Bo", "--due", "soon").exit_code == 2
    assert typed("check-out", "AA1", "--to", "Bo", "--due", "2031-01-01").exit_code == 2
    assert typed("check-out", "AA1", "--to", "Bo", "--place", "Hall").exit_code == 2
    assert typed("check-out", "--to", "Bo").exit_code == 2
    assert typed("incident", "close", "id:77").exit_code == 3
    assert typed("where", "id:x").exit_code == 2
    assert typed("pass-on", "AA1", "--to", "Bo").exit_code == 5
    sign_in(anonymous, url, world.slug, token(world.ana, read_only=True))
    assert anonymous("person", "add", "Eve").exit_code == 4


def test_times_are_read_and_told_as_at_the_workspace(ana: Commands, world: World) -> None:
    ana("check-out", "AA1", "--to", "Bo", "--due", f"{TOMORROW:%Y-%m-%d} 09:30")
    due = queries.where_is(world.ana, world.copy).due_at
    assert due == TOMORROW.replace(hour=9, minute=30, second=0, microsecond=0)
    assert f"{TOMORROW:%Y-%m-%d} 09:30" in ana("where", "AA1")
    assert f"Times at {ZONE}." in ana.typed("out").stderr
    elsewhere = TOMORROW.astimezone(UTC).replace(microsecond=0)
    ana("extend", "AA1", "--due", elsewhere.isoformat())
    assert f"{TOMORROW:%Y-%m-%d %H:%M}" in ana("out")


def test_what_people_hold_is_passed_on_extended_and_undone(ana: Commands, world: World) -> None:
    ana("check-out", "AA1", "--to", "Bo")
    ana("extend", "AA1", "--review", "2029-05-01" if now().year < 2029 else "2033-05-01")
    answer = ana.json("pass-on", "AA1", "--place", "Store")
    assert queries.where_is(world.ana, world.copy).space_name == "Store"
    ana("undo", str(answer["handling"]))
    assert queries.where_is(world.ana, world.copy).person_name == "Bo"


def test_a_ring_is_handed_out_by_its_name_and_comes_back_in_part(
    ana: Commands, world: World
) -> None:
    ana("ring", "add", "Night", "AA1", "AA2")
    ana("check-out", "Night", "--to", "Bo")
    ana("return", "Night", "--without", "AA2", "--by", "Ana")
    assert queries.where_is(world.ana, world.copy).state == "stored"
    assert queries.where_is(world.ana, world.other_copy).person_name == "Bo"
    assert "part" in ana("incident", "list")


def test_a_copy_is_lost_found_damaged_and_destroyed(ana: Commands, world: World) -> None:
    ana("lost", "AA1", "--kind", "stolen", "--note", "Ana noticed at the count")
    assert "stolen" in ana("where", "AA1")
    ana("found", "AA1", "--with", "Bo", "--note", "in the van")
    number = ana.json("damaged", "AA1", "--note", "bent", "--critical")["ids"][0]
    ana("incident", "close", f"id:{number}", "--note", "mended")
    assert ana("incident", "list") == "No incident is open.\n"
    ana("destroy", "AA1", "--yes")
    assert queries.where_is(world.ana, world.copy).state == "destroyed"


def test_destroying_asks_first(typed: Typed, world: World) -> None:
    assert typed("destroy", "AA1", typed="n\n").exit_code == 1
    assert queries.where_is(world.ana, world.copy).state == "stored"


def test_a_register_can_be_described(ana: Commands) -> None:
    ana("site", "add", "Annexe", "--zone", "Europe/Vienna")
    ana("site", "add-space", "Loft", "--site", "Annexe")
    ana("site", "add-door", "Hatch", "--site", "Annexe", "--number", "7", "--into", "Loft")
    ana("site", "add-container", "Box", "--site", "Annexe", "--in", "Loft", "--hooks", "3")
    shown = ana("site", "show", "Annexe")
    assert all(word in shown for word in ("Loft", "7 Hatch", "Box"))
    ana("key", "add", "BB", "--name", "Loft", "--copies", "2", "--opens", "7", "--into", "Box")
    assert "7 Hatch" in ana("key", "opens", "BB")
    assert ana("copies", "add", "BB", "2") == "Added BB·3, BB·4.\n"
    ana("copies", "tag", "BB3", "T-3")
    assert "BB·3" in ana("search", "T-3")
    assert [copy["label"] for copy in ana.json("copies", "list", "--of", "BB")["items"]] == [
        "BB·1",
        "BB·2",
        "BB·3",
        "BB·4",
    ]
    ana("key", "retire", "BB")
    assert "BB" not in ana("key", "list")


def test_people_come_and_go(ana: Commands) -> None:
    ana("firm", "add", "Brass & Sons")
    ana("person", "add", "Dora", "--firm", "Brass")
    ana("check-out", "AA1", "--to", "Dora")
    assert "AA·1" in ana("who", "Dora")
    assert ana("person", "left", "Dora") == "Dora has left. Still out: AA·1.\n"
    assert "Dora" not in ana("person", "list", "--here")
    assert "Brass & Sons" in ana("firm", "list")


def test_a_past_loan_is_typed_in_as_a_late_entry(typed: Typed) -> None:
    words = ("--from", "2020-01-01 09:00", "--until", "2020-01-01 17:00")
    result = typed("past-loan", "AA1", "--to", "Bo", *words)
    assert result.exit_code == 5  # the copy is younger than that


def test_every_list_has_something_to_say_when_it_is_empty(ana: Commands) -> None:
    assert ana("out") == "Nothing is out.\n"
    assert ana("mine") == "You have nothing.\n"
    assert ana("notices", "--read") == "Nothing new.\n"
    assert ana("who", "Bo") == "Bo has nothing.\n"
    assert ana("ring", "list") == "No rings yet.\n"
    assert ana("firm", "list") == "No firms yet.\n"
    assert ana("search", "nonsense").startswith("nothing")
    assert "copies" in ana("today")
    assert ana.json("today")["copies"] == 2
    assert "Cabinet 1" in ana("history", "AA1")
    assert "AA" in ana("key", "list")
    assert "Harbour House" in ana("site", "list")


def test_nothing_somebody_wrote_steers_the_terminal(ana: Commands, world: World) -> None:
    custody.check_out(
        world.ana, copy_ids=[world.copy], person_id=world.bo_person, purpose="\x1b[2Jpaint\a"
    )
    assert "\x1b" not in ana("out") + ana("journal", "list")
    assert "paint" in ana("out")


def test_more_than_a_page_is_read_page_by_page(ana: Commands, world: World) -> None:
    for number in range(201):
        people.add_firm(world.ana, name=f"Firm {number:03}")
    ana("person", "add", "Eve", "--firm", "Firm 200")
    assert "There are more." in ana.typed("firm", "list").stderr


def test_a_long_list_is_read_page_by_page(ana: Commands, world: World) -> None:
    custody.cut_copies(world.ana, key_id=world.key, count=230)
    assert len(ana.json("copies", "list", "--limit", "225")["items"]) == 225
    whole = ana.json("copies", "list", "--limit", "1000")
    assert (len(whole["items"]), whole["next"]) == (232, None)


def test_each_shell_completes_commands(anonymous: Typed) -> None:
    for shell in ("bash", "zsh", "fish"):
        script = anonymous("completion", shell)
        assert script.exit_code == 0
        assert "_KEYSTEAD_COMPLETE" in script.stdout
    assert anonymous("completion", "csh").exit_code == 2
