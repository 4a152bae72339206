"""Bringing a register in from the browser."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from keystead.exchange import imports, queries
from keystead.exchange.models import Import
from keystead.journal import queries as journal
from keystead.keys import queries as keys
from keystead.worker import steps
from tests.cast import ANA, BO, PASSWORD, World
from tests.exchange.test_importing import bring_in

pytestmark = pytest.mark.db
REGISTERS = Path(__file__).parents[2] / "data" / "registers"
FILES = sorted(path.name for path in REGISTERS.iterdir() if path.suffix in {".csv", ".xlsx"})


def signed_in(email: str) -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD.reveal()})
    assert answer.status_code == 302
    return client


@pytest.fixture
def ana(world: World) -> Client:
    return signed_in(ANA)


def upload(client: Client, world: World, content: bytes, name: str) -> str:
    """Upload a file; returns the address of its import, or "" when it was refused."""
    answer = client.post(
        reverse("import", kwargs={"slug": world.slug}),
        {"file": SimpleUploadedFile(name, content), "site": ""},
    )
    return str(answer["Location"]) if answer.status_code == 302 else ""


@pytest.mark.parametrize("name", FILES)
def test_each_register_comes_in_through_the_pages_and_a_second_time_changes_nothing(
    world: World, ana: Client, name: str
) -> None:
    content = (REGISTERS / name).read_bytes()
    look = upload(ana, world, content, name)
    assert ana.get(look).status_code == 200
    ana.post(f"{look}/answers", {"suggested": "1"})
    assert ana.post(f"{look}/apply").status_code == 302
    made = queries.imports(world.ana)[0]
    assert (made.state, made.copies_made > 0) == ("finished", True)
    assert Import.objects.get(pk=made.id).sealed is None

    again = upload(ana, world, content, name)
    ana.post(f"{again}/answers", {"suggested": "1"})
    page = ana.get(again).content.decode()
    assert "Importing it changes nothing" in page
    assert 'class="import-tally"' not in page
    assert 'class="btn btn--primary" type="submit">Import' not in page
    before = journal.seal(world.ana).sequence
    ana.post(f"{again}/apply")
    told = journal.entries(world.ana, limit=200)
    fresh = {entry.name for entry in told if entry.sequence > before}
    assert fresh == {"exchange.import-finished"}


def test_a_code_in_a_notes_column_is_masked_everywhere(world: World, ana: Client) -> None:
    look = upload(ana, world, b"key,copies,opens,note\nA1,1,Door,alarm 447193\n", "codes.csv")
    for page in (look, f"{look}/problems"):
        assert b"447193" not in ana.get(page).content
    ana.post(f"{look}/answers", {"suggested": "1"})
    ana.post(f"{look}/apply")
    for entry in journal.entries(world.ana, limit=200):
        assert "447193" not in str(entry)


def test_a_person_may_say_what_a_column_means(world: World, ana: Client) -> None:
    look = upload(ana, world, b"foo,bar\nA1,2\nB2,3\n", "odd.csv")
    answer = ana.post(
        f"{look}/columns",
        {"sheet": "1", "purpose": "register", "header": "1", "field-0": "key", "field-1": "count"},
    )
    assert answer.status_code == 302
    ana.post(f"{look}/answers", {"suggested": "1"})
    ana.post(f"{look}/apply")
    assert {key.label for key in keys.keys(world.ana)} == {"AA", "A1", "B2"}
    assert queries.imports(world.ana)[0].copies_made == 5


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\x00\x01\x02" * 100, "binary.csv"),
        (b"PK\x03\x04 not really", "broken.xlsx"),
        (b'a,b\n"never closed,1\n', "quote.csv"),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n", "wide.csv"),
        (b"a\x00b,c\n1,2\n", "nul.csv"),
    ],
)
def test_a_file_that_is_no_register_is_refused_with_a_sentence(
    world: World, ana: Client, content: bytes, name: str
) -> None:
    answer = ana.post(
        reverse("import", kwargs={"slug": world.slug}),
        {"file": SimpleUploadedFile(name, content), "site": ""},
    )
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_thrown_away_file_is_deleted(world: World, ana: Client) -> None:
    look = upload(ana, world, b"key,copies\nA1,1\n", "small.csv")
    assert ana.post(f"{look}/discard").status_code == 302
    row = Import.objects.get()
    assert (row.state, row.sealed) == ("discarded", None)
    assert "thrown away" in ana.get(look).content.decode()


def test_two_people_deciding_about_the_same_import_do_not_overwrite_each_other(
    world: World, ana: Client
) -> None:
    look = upload(ana, world, b"foo,bar\nA1,2\nB2,3\n", "odd.csv")
    columns = {"sheet": "1", "purpose": "register", "header": "1", "version": "1"}
    ana.post(f"{look}/columns", {**columns, "field-0": "key", "field-1": "count"})
    answer = ana.post(
        f"{look}/columns", {**columns, "field-0": "key", "field-1": "number"}, follow=True
    )
    assert "Somebody changed this" in answer.content.decode()


def test_a_holder_cannot_import(world: World) -> None:
    bo = signed_in(BO)
    assert bo.get(reverse("import", kwargs={"slug": world.slug})).status_code == 403
    assert upload(bo, world, b"key,copies\nA1,1\n", "small.csv") == ""


def test_all_copies_are_offered_as_a_file(world: World, ana: Client) -> None:
    export = reverse("export-copies", kwargs={"slug": world.slug})
    for name in ("keys", "import"):
        assert export in ana.get(reverse(name, kwargs={"slug": world.slug})).content.decode()
    answer = ana.get(export)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer).decode("utf-8-sig").startswith("Key,Name,Copy number")
    assert signed_in(BO).get(export).status_code == 403


def test_the_page_of_a_copy_tells_what_its_row_said(world: World, ana: Client) -> None:
    bring_in(world.ana, "Key,Copy,Notes\nQ1,1,viewing only\nQ2,1,copied without permission\n")
    pages = {
        copy.label: ana.get(
            reverse("copy", kwargs={"slug": world.slug, "copy_id": copy.id})
        ).content.decode()
        for copy in keys.copies(world.ana)
    }
    assert "viewing only" in pages["Q1·1"]
    assert "compromised" not in pages["Q2·1"]


def test_a_big_import_shows_how_far_it_is(
    world: World, ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    monkeypatch.setattr(imports, "BATCH", 1)
    look = upload(ana, world, b"Key,Copy\nQ1,1\nQ2,1\nQ3,1\n", "big.csv")
    assert ana.post(f"{look}/apply").status_code == 302
    page = ana.get(look).content.decode()
    assert '<progress class="progress" max="4" value="0"' in page
    assert "does not run just now" in page
    seen: list[str] = []
    steps.carry_out_imports(lambda: seen.append(ana.get(look).content.decode()))
    assert 'value="1"' in seen[0]
    assert 'value="2"' in seen[1]
    polled = ana.get(look, headers={"HX-Request": "true"})
    assert polled["HX-Refresh"] == "true"
    assert "imported: 3 copies" in ana.get(look).content.decode()


def test_everything_can_be_taken_out(world: World, ana: Client) -> None:
    page = ana.get(reverse("take-out", kwargs={"slug": world.slug}))
    assert page.status_code == 200
    address = ""
    for kind, beginning in (("csv", b"PK"), ("xlsx", b"PK"), ("json", b"{")):
        address = reverse("take-out-file", kwargs={"slug": world.slug, "kind": kind})
        assert address in page.content.decode()
        answer = ana.get(address)
        content = b"".join(answer)
        assert content.startswith(beginning)
        assert int(answer["Content-Length"]) == len(content)
        assert f"{world.slug}-" in answer["Content-Disposition"]
    nonsense = reverse("take-out-file", kwargs={"slug": world.slug, "kind": "exe"})
    assert ana.get(nonsense).status_code == 404
    assert signed_in(BO).get(address).status_code == 403
