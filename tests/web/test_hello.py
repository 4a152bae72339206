"""What one says at which hour."""

import pytest

from keystead.web import today


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good night, %s"),
        (2, "Good night, %s"),
        (4, "Good night, %s"),
        (5, "Good morning, %s"),
        (12, "Good afternoon, %s"),
        (18, "Good evening, %s"),
        (21, "Good evening, %s"),
        (22, "Good night, %s"),
    ],
)
def test_the_greeting_fits_the_hour(hour: int, words: str) -> None:
    assert today.hello(hour) == words
