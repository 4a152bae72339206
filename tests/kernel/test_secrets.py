"""A secret that somebody passes on without thinking shows a mask, or is refused."""

import copy
import io
import json
import logging
import marshal
import pickle
import pprint
import reprlib
from dataclasses import asdict, astuple, dataclass, replace
from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.kernel.secret import MASK, Secret, SecretBytes

CLEAR = "73915548"
BOTH = [Secret(CLEAR), SecretBytes(CLEAR.encode())]


@dataclass(frozen=True)
class Carrier:
    """Something that has a secret among other things."""

    name: str
    secret: Secret | SecretBytes


def logged(*args: object) -> str:
    said = io.StringIO()
    log = logging.getLogger("tests.secrets")
    handler = logging.StreamHandler(said)
    log.addHandler(handler)
    try:
        log.warning(*args)
        log.warning("with %(secret)s", {"secret": args[-1]})
    finally:
        log.removeHandler(handler)
    return said.getvalue()


@pytest.mark.parametrize("secret", BOTH, ids=["text", "bytes"])
def test_wherever_a_secret_is_written_it_shows_its_mask(secret: Secret | SecretBytes) -> None:
    carrier, nested = Carrier("Alarm", secret), {"a": [secret, (secret, {secret})]}
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>30}",
        f"{secret:>30}",
        "%s %r" % (secret, secret),  # noqa: UP031  # this is what is tried
        "{} {!r}".format(secret, secret),  # noqa: UP032
        Template("$secret").substitute(secret=secret),
        repr(carrier),
        str(nested),
        pprint.pformat(nested),
        reprlib.repr(nested),
        repr(asdict(carrier)),
        repr(astuple(carrier)),
        repr(replace(carrier, name="Gate")),
        repr(copy.copy(carrier)),
        repr(copy.deepcopy(nested)),
        json.dumps(asdict(carrier), default=str, ensure_ascii=False),
        json.dumps(asdict(carrier), default=repr, ensure_ascii=False),
        logged("%s", secret),
        logged(secret),
        str(ValueError("wrong", secret)),
        ascii(secret).encode().decode("unicode_escape"),
    ):
        assert CLEAR not in shown
        assert MASK in shown


@pytest.mark.parametrize("secret", BOTH, ids=["text", "bytes"])
def test_what_cannot_be_masked_is_refused(secret: Secret | SecretBytes) -> None:
    carrier = Carrier("Alarm", secret)
    for refused in (
        lambda: json.dumps(secret),
        lambda: json.dumps(asdict(carrier)),
        lambda: pickle.dumps(secret),
        lambda: pickle.dumps(carrier, protocol=0),
        lambda: marshal.dumps(secret),  # type: ignore[arg-type]
        lambda: "code " + secret,  # type: ignore[operator]
        lambda: "".join([secret]),  # type: ignore[list-item]
        lambda: bytes(secret),  # type: ignore[call-overload]
        lambda: list(secret),  # type: ignore[call-overload]
        lambda: len(secret),  # type: ignore[arg-type]
        lambda: vars(secret),
    ):
        with pytest.raises((TypeError, ValueError)) as said:
            refused()
        assert CLEAR not in str(said.value)


@given(st.text())
def test_the_mask_does_not_show_how_long_a_secret_is(value: str) -> None:
    assert repr(Secret(value)) == repr(SecretBytes(value.encode())) == MASK


def test_secrets_are_the_same_when_their_values_are() -> None:
    assert Secret("1") == Secret("1") != Secret("2")
    assert {SecretBytes(b"1"), SecretBytes(b"1")} == {SecretBytes(b"1")}
    assert Secret("1") != SecretBytes(b"1")
    assert Secret("1") != "1"
    assert copy.deepcopy(Secret("1")) == Secret("1")
