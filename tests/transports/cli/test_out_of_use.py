"""What is out of use can be found at the terminal, and is called so."""

import pytest

from keystead.custody import operations as custody
from keystead.keys import operations as keys
from tests.cast import World
from tests.transports.cli.terminal import Commands, Typed

pytestmark = pytest.mark.db


def test_a_retired_key_is_listed_by_name_and_its_copies_are_found(
    ana: Commands, world: World
) -> None:
    ana("key", "retire", "AA")
    assert "out of use" in ana("key", "list", "--text", "AA")
    rows = ana("copies", "list", "--of", "AA").splitlines()
    assert len(rows) == 3
    assert all("out of use" in row for row in rows[1:])


def test_a_retired_copy_is_not_just_in_stock(ana: Commands, world: World) -> None:
    ana("copies", "retire", "AA·2")
    first, second = ana("copies", "list", "--of", "AA").splitlines()[1:]
    assert "out of use" not in first
    assert "out of use" in second
    assert "out of use" in ana("where", "AA·2")


def test_a_copy_of_a_retired_key_does_not_come_back_alone(
    ana: Commands, typed: Typed, world: World
) -> None:
    ana("copies", "retire", "AA·2")
    ana("key", "retire", "AA")
    result = typed("copies", "bring-back", "AA·2")
    assert result.exit_code == 5
    assert "Bring the key back first." in result.stderr
    ana("key", "bring-back", "AA")
    assert "is in use again." in ana("copies", "bring-back", "AA·2")


def test_a_refusal_says_each_reason_once(typed: Typed, world: World) -> None:
    custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    result = typed("check-out", "AA1", "--to", "Ana")
    assert result.stderr.count("is already out") == 1
    assert "AA·1 is already out, with Bo (since" in result.stderr
    keys.retire_copy(world.ana, copy_id=world.other_copy)
    both = typed("check-out", "AA1", "AA2", "--to", "Ana").stderr
    assert (both.count("is already out"), both.count("is out of use")) == (1, 1)
