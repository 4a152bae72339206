"""Names, places, numbers, states and look-alikes, cell by cell."""

import pytest

from keystead.exchange.planning import lookalikes, names, numbers, places, states
from keystead.exchange.planning.records import Flag, State


@pytest.mark.parametrize(
    ("text", "kind", "name", "firm", "purpose"),
    [
        ("Tanaka, Lena", "person", "Lena Tanaka", "", ""),
        ("Lena Tanaka", "person", "Lena Tanaka", "", ""),
        ("O'Brien, Zoë", "person", "Zoë O'Brien", "", ""),
        ("Hausmeister", "role", "Hausmeister", "", ""),
        ("Feuerwehr (FSD)", "role", "Feuerwehr", "", ""),
        ("Fa. Köhler Heizungsbau", "firm", "Köhler Heizungsbau", "", ""),
        ("Köhler GmbH & Co. KG", "firm", "Köhler GmbH & Co. KG", "", ""),
        ("Dieter Kowalski - viewing", "person", "Dieter Kowalski", "", "viewing"),
        ("Hugo Becker (Ace Plumbing)", "person", "Hugo Becker", "Ace Plumbing", ""),
        ("Jean-Luc Vogel", "person", "Jean-Luc Vogel", "", ""),
    ],
)
def test_a_holders_cell(text: str, kind: str, name: str, firm: str, purpose: str) -> None:
    found = names.parsed(text)
    assert found is not None
    holder = found.holder
    assert (holder.kind, holder.name, holder.firm, found.purpose) == (kind, name, firm, purpose)


def test_what_stands_beside_a_name_is_kept() -> None:
    ben, okafor = names.parsed("Ben (school bag)"), names.parsed("neighbour Mrs Okafor")
    assert ben is not None
    assert okafor is not None
    assert (ben.holder.name, ben.holder.note) == ("Ben", "school bag")
    assert (okafor.holder.name, okafor.holder.relation) == ("Mrs Okafor", "neighbour")


@pytest.mark.parametrize("text", ["", "?", "???", " - "])
def test_nobody_is_nobody(text: str) -> None:
    assert names.parsed(text) is None


def test_two_names_in_one_cell_are_seen() -> None:
    found = names.parsed("Ana / Bo")
    assert found is not None
    assert found.others == ("Ana", "Bo")


def test_a_lost_letter_is_seen() -> None:
    assert names.is_damaged("Jean-Luc Y?lmaz")
    assert not names.is_damaged("Ben?")


@pytest.mark.parametrize(
    ("text", "container", "kind", "position"),
    [
        ("safe", "safe", "safe", ""),
        ("C2/54", "C2", "cabinet", "54"),
        ("28", "Key cabinet", "cabinet", "28"),
        ("Haken 12", "Key cabinet", "cabinet", "12"),
        ("Schlüsselkasten A, Haken 3", "Schlüsselkasten A", "cabinet", "3"),
        ("drawer", "drawer", "drawer", ""),
    ],
)
def test_a_hook_cell(text: str, container: str, kind: str, position: str) -> None:
    home = places.home(text, site="Main site", cabinet="Key cabinet")
    assert (home.container.name, home.container.kind, home.position) == (container, kind, position)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("332, 245", [("332", "one"), ("245", "one")]),
        ("114, 114", [("114", "one")]),
        ("all", [("all", "all")]),
        ("3xx", [("3xx", "pattern")]),
        ("144-205", [("144-205", "range")]),
        ("", []),
    ],
)
def test_a_rooms_cell(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(p.name, p.extent) for p in places.rooms(text, ("x",))] == expected


def test_a_property_has_a_site_and_perhaps_a_unit() -> None:
    assert places.property_path("35 The Crescent, Flat 6") == ("35 The Crescent", "Flat 6")
    assert places.property_path("12 High Street, London") == ("12 High Street, London",)


def test_a_comma_in_a_doors_name_does_not_make_two_doors() -> None:
    assert places.door("Küche, Teeküche", ("x",)).name == "Küche, Teeküche"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Tiefgarage Tor", "gate"), ("Skoda", "vehicle"), ("Keller", "door"), ("Tresor", "safe")],
)
def test_the_kind_of_an_access_point(text: str, kind: str) -> None:
    assert places.door(text, ("x",)).kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", [(4, "")]),
        ("3 + fob", [(3, ""), (1, "fob")]),
        ("2 yale 1 mortice", [(2, "yale"), (1, "mortice")]),
        ("2x Yale, 1 mortice", [(2, "yale"), (1, "mortice")]),
        ("3 keys", [(3, "")]),
        ("zwei", [(2, "")]),
    ],
)
def test_a_count_cell(text: str, expected: list[tuple[int, str]]) -> None:
    found = numbers.pieces(text)
    assert found is not None
    assert [(piece.count, piece.sort) for piece in found] == expected


@pytest.mark.parametrize("text", ["many", "0", "1000", "?", "2-3", "4 (one bent)", "-1", "3.5"])
def test_what_is_no_count_is_not_guessed(text: str) -> None:
    assert numbers.pieces(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AC28-2", ("2", "")),
        ("ac28-2", ("2", "")),
        ("#2", ("2", "")),
        ("2", ("2", "")),
        ("5-1", ("5-1", "")),
        ("AD20-4", ("AD20-4", "ad20")),
    ],
)
def test_a_copy_number(text: str, expected: tuple[str, str]) -> None:
    assert numbers.copy_number(text, "AC28", frozenset({"ac28", "ad20"})) == expected


@pytest.mark.parametrize(
    ("text", "state", "flag"),
    [
        ("LOST", State.LOST, None),
        ("lost - see J. 3/14", State.LOST, None),
        ("verloren!", State.LOST, None),
        ("missing since audit", State.MISSING, None),
        ("stolen w/ bag, police rpt 18-2231", State.STOLEN, None),
        ("returned to landlord", State.RETURNED_TO_OWNER, None),
        ("broken, in envelope", None, Flag.BROKEN),
        ("defekt", None, Flag.BROKEN),
        ("DO NOT ISSUE", None, Flag.DO_NOT_ISSUE),
        ("old core", None, Flag.OLD_CYLINDER),
        ("spare for fire dept", None, Flag.RESERVED),
        ("???", None, Flag.UNCLEAR),
        ("ask Ray", None, Flag.UNCLEAR),
        ("Duplikat nachgemacht; ohne Genehmigung", None, Flag.DUPLICATE_MADE),
        ("lost and found again", None, Flag.UNCLEAR),
    ],
)
def test_what_a_remark_says(text: str, state: State | None, flag: Flag | None) -> None:
    (meaning,) = states.of_remark(text)
    assert (meaning.state, meaning.flag) == (state, flag)


@pytest.mark.parametrize(
    "text", ["not lost", "DO NOT GIVE TO TENANT", "ring doorbell", "alarm 4471", "Blostein"]
)
def test_a_remark_that_says_nothing_about_the_copy(text: str) -> None:
    assert states.of_remark(text) == ()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"Science Hall": 90, "Sci. Hall": 121}, [("Sci. Hall", "Science Hall")]),
        ({"Old Main": 109, "OLD MAIN": 108}, [("OLD MAIN", "Old Main")]),
        ({"High Street 1": 5, "High St 1": 2}, [("High St 1", "High Street 1")]),
        ({"Libary": 1, "Library": 9}, [("Libary", "Library")]),
        ({"Residence A": 5, "Residence B": 5}, []),
        ({"35 The Crescent": 1, "37 The Crescent": 1}, []),
        ({"IT": 5, "IT Services": 5}, []),
    ],
)
def test_spellings_that_look_alike(counts: dict[str, int], expected: list[tuple[str, str]]) -> None:
    assert list(lookalikes.pairs(counts)) == expected


def test_loosely_a_longer_name_may_be_the_same() -> None:
    counts = {"IT": 92, "IT Services": 70, "Köhler GmbH & Co. KG": 3, "Köhler Heizungsbau": 2}
    assert dict(lookalikes.pairs(counts, loose=True)) == {
        "IT Services": "IT",
        "Köhler Heizungsbau": "Köhler GmbH & Co. KG",
    }


def test_symbols_of_one_shape() -> None:
    assert lookalikes.symbol_shape("008") == lookalikes.symbol_shape("8")
    assert lookalikes.symbol_shape("GS 2") == lookalikes.symbol_shape("gs-02")
    assert lookalikes.symbol_shape("HP8") != lookalikes.symbol_shape("8")
