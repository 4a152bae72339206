"""Registers with odd things in them: what people, imports and programs may have left there."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from keystead.exchange.models import Import
from keystead.hardware.models import Code
from keystead.journal.models import Remark, Replayed
from keystead.people.models import Firm, Person
from tests.cast import World

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(LETTERS, max_size=60)
MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1), max_value=datetime(9990, 1, 1), timezones=st.just(UTC)
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
ODD = st.fixed_dictionaries(
    {
        "names": st.lists(TEXTS, max_size=3),
        "remarks": st.lists(st.tuples(st.text(LETTERS, max_size=400), MOMENTS), max_size=3),
        "salt": st.binary(min_size=0, max_size=16),
        "results": st.lists(PLAIN, max_size=3),
        "answers": st.dictionaries(TEXTS, TEXTS, max_size=3),
        "sealed": st.none() | st.binary(max_size=2_000),
        "uuid": st.uuids(),
        "day": st.dates(min_value=date(1, 1, 1)),
        "at": MOMENTS,
        "email": st.sampled_from(["", "o'brien@example.org", "ü@bücher.example"]),
    }
)


def fill(world: World, odd: dict[str, Any]) -> None:
    """Put odd rows into the world's workspace, past every rule about what people may type."""
    here = {"workspace_id": world.workspace}
    for number, name in enumerate(odd["names"]):
        firm = Firm.objects.create(name=f"{number} {name}"[:120], **here)
        Person.objects.create(name=name, firm=firm, email=odd["email"], left_at=odd["at"], **here)
    for text, at in odd["remarks"]:
        Remark.objects.create(text=text, salt=odd["salt"], written_at=at, **here)
    for number, result in enumerate(odd["results"]):
        Replayed.objects.create(
            principal="token:1",
            key=f"k{number}",
            asked=odd["salt"],
            result=result,
            at=odd["at"],
            **here,
        )
    Code.objects.create(
        uuid=odd["uuid"], lock_id=world.lock, name="Odd", sealed=odd["sealed"], **here
    )
    Import.objects.create(
        uuid=UUID(int=odd["uuid"].int ^ 1),
        file_name="odd.csv",
        file_hash="0" * 64,
        sealed=odd["sealed"],
        layouts=odd["results"],
        answers=odd["answers"],
        site_name="Odd",
        as_of=odd["day"],
        row_count=0,
        staged_at=odd["at"],
        **here,
    )
