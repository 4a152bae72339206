"""Signed notes: the form, known vectors, and every way in which one proves nothing."""

import base64
import hashlib
import random
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from keystead.journal import notes, standalone
from keystead.journal.standalone import NotGood, VerifierKey, read_key, read_note, tidied

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ORIGIN = notes.origin(UUID("00112233-4455-6677-8899-aabbccddeeff"), 7)
AT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DIGEST = hashlib.sha256(b"the last entry").digest()
TEXT = notes.text_of(ORIGIN, 48_211, DIGEST, AT)
PINNED = VerifierKey(ORIGIN, notes.public_of(KEY))


def signed(text: str = TEXT, name: str = ORIGIN, key: Ed25519PrivateKey = KEY) -> str:
    return notes.note(text, name, notes.sign(text, name, key))


def by_hand() -> str:
    """The note made from the specification alone, with nothing of ours."""
    public = KEY.public_key().public_bytes_raw()
    name = b"keystead/00112233-4455-6677-8899-aabbccddeeff/7"
    mark = hashlib.sha256(name + b"\x0a\x01" + public).digest()[:4]
    digest = base64.b64encode(DIGEST).decode()
    text = f"{name.decode()}\n48211\n{digest}\nchain sha256\nat 2026-11-24T17:00:00Z\n"
    signature = base64.b64encode(mark + KEY.sign(text.encode())).decode()
    return f"{text}\n\u2014 {name.decode()} {signature}\n"


def test_a_note_is_written_as_the_specification_says() -> None:
    assert signed() == by_hand()


GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
    "tpRZb6KE6RyyBwJnAM=\n"
)
"""The example of Go's golang.org/x/mod/sumdb/note, which the specification describes."""


def test_a_note_that_others_signed_holds() -> None:
    key, note = read_key(GO_KEY), read_note(GO_NOTE)
    ((name, mark, signature),) = note.signatures
    assert (name, mark) == (key.name, key.mark)
    assert standalone.signature_holds(key.public, note.text.encode(), signature)
    assert not standalone.signature_holds(key.public, note.text.encode() + b" ", signature)
    assert str(key) == GO_KEY


def test_both_readers_open_what_was_signed() -> None:
    for opened in (notes.opened, standalone.opened):
        found = opened(signed(), [PINNED])
        assert (found.origin, found.size, found.digest) == (ORIGIN, 48_211, DIGEST)
        assert found.at == "2026-11-24T17:00:00Z"


def with_line(line: str) -> str:
    return signed() + line + "\n"


def unknown(name: str = "witness.example/w1") -> str:
    return signed(name=name, key=OTHER).splitlines()[-1]


FORGED = signed().replace("48211", "48212")
REFUSED = {
    "another journal": (signed(TEXT.replace("/7\n", "/8\n")), "other-origin"),
    "another installation": (signed(TEXT.replace("0011", "1100")), "other-origin"),
    "another key in our name": (signed(key=OTHER), "other-key"),
    "signed by somebody unknown": (signed(name="witness.example/w1", key=OTHER), "unsigned"),
    "a changed text": (FORGED, "forged"),
    "a changed signature": (
        signed()[:-5] + ("A" if signed()[-5] != "A" else "B") + signed()[-4:],
        "forged",
    ),
    "a valid signature beside a forged one": (
        FORGED + signed(TEXT.replace("48211", "48212")).splitlines()[-1] + "\n",
        "forged",
    ),
    "no signature": (TEXT + "\n", "malformed"),
    "nothing but the text": (TEXT, "malformed"),
    "nothing": ("", "malformed"),
    "a line that is no signature": (with_line("x"), "malformed"),
    "a signature cut short": (signed()[:-9] + "\n", "forged"),
    "a signature cut to nothing": (signed()[:-93] + "AAAA\n", "malformed"),
    "no last newline": (signed()[:-1], "malformed"),
    "a tab": (signed().replace("chain ", "chain\t"), "malformed"),
    "a carriage return": (signed().replace("\n", "\r\n"), "malformed"),
    "too many signatures": (signed() + (unknown() + "\n") * 101, "malformed"),
    "far too long": (signed() + "x" * 100_000, "malformed"),
    "a root that is no chain": (signed(TEXT.replace("chain sha256\n", "")), "malformed"),
    "a leading zero": (signed(TEXT.replace("48211", "048211")), "malformed"),
    "a negative size": (signed(TEXT.replace("48211", "-1")), "malformed"),
    "a digest that is too short": (
        signed(TEXT.replace(base64.b64encode(DIGEST).decode(), "AAAA")),
        "malformed",
    ),
    "an empty line in the text": (signed().replace("chain", "\nchain"), "malformed"),
}


@pytest.mark.parametrize(("note", "code"), REFUSED.values(), ids=REFUSED)
def test_what_proves_nothing_is_told_apart(note: str, code: str) -> None:
    for opened in (notes.opened, standalone.opened):
        with pytest.raises(NotGood) as refused:
            opened(note, [PINNED])
        assert refused.value.code == code


def test_signatures_of_others_are_left_aside() -> None:
    first, last = signed().rsplit("\n\n", 1)
    note = f"{first}\n\n{unknown()}\n{last}{unknown('w2.example')}\n"
    for opened in (notes.opened, standalone.opened):
        assert opened(note, [PINNED]).size == 48_211


def test_an_earlier_key_of_the_installation_still_counts() -> None:
    newer = VerifierKey(ORIGIN, notes.public_of(OTHER))
    assert notes.opened(signed(), [newer, PINNED]).size == 48_211
    with pytest.raises(NotGood, match="another key"):
        notes.opened(signed(), [newer])


def test_a_verifier_key_is_read_as_it_is_printed() -> None:
    assert read_key(str(PINNED)) == PINNED
    name, mark, key = str(PINNED).split("+", 2)
    for bad in (
        "",
        name,
        f"{name}+{mark}",
        f"{name}+{mark[:-1]}0+{key}",
        f"a b+{mark}+{key}",
        f"{name}+{mark}+{key[:-4]}AAA=",
        f"{name}+{mark}+Ag{key[2:]}",
    ):
        with pytest.raises(NotGood):
            read_key(bad)


def test_a_note_is_found_in_a_mail_with_other_line_ends() -> None:
    mail = f"Keep this mail.\n\n{signed()}\n-- \nsent from somewhere\n".replace("\n", "\r\n")
    assert tidied(mail) == signed()
    assert tidied("\ufeff" + signed().rstrip()) == signed()
    assert tidied("") == "\n"


def test_a_text_that_could_be_read_in_two_ways_is_not_signed() -> None:
    for text in ("no newline", "two\n\nparts\n"):
        with pytest.raises(ValueError, match="newline"):
            notes.sign(text, ORIGIN, KEY)


RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
)


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_vectors_of_the_rfc_hold(public: str, message: str, signature: str) -> None:
    parts = [bytes.fromhex(text) for text in (public, message, signature)]
    assert standalone.signature_holds(*parts)
    assert library_says(*parts)


def library_says(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


L = 2**252 + 27742317777372353535851937790883648493


def test_our_verification_agrees_with_the_library() -> None:
    """Hundreds of random signatures, good and damaged, and the known traps."""
    chance = random.Random(8032)
    verdicts = []
    for _ in range(150):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, message = notes.public_of(key), chance.randbytes(chance.randrange(200))
        signature = key.sign(message)
        damaged = bytearray(signature)
        damaged[chance.randrange(64)] ^= 1 << chance.randrange(8)
        malleable = int.from_bytes(signature[32:], "little") + L
        wrong = bytearray(public)
        wrong[chance.randrange(32)] ^= 1 << chance.randrange(8)
        for case in (
            (public, message, signature),
            (public, message + b"x", signature),
            (public, message, bytes(damaged)),
            (public, message, signature[:32] + malleable.to_bytes(32, "little")),
            (bytes(wrong), message, signature),
            (public, message, chance.randbytes(64)),
        ):
            assert standalone.signature_holds(*case) == library_says(*case), case
            verdicts.append(standalone.signature_holds(*case))
    assert (len(verdicts), sum(verdicts)) == (900, 150)


@pytest.mark.parametrize("size", [0, 1, 31, 33, 63, 65])
def test_keys_and_signatures_of_the_wrong_size_hold_nothing(size: int) -> None:
    assert not standalone.signature_holds(bytes(size), b"", bytes(64))
    assert not standalone.signature_holds(notes.public_of(KEY), b"", bytes(size))


def test_points_that_are_none_hold_nothing() -> None:
    signature = KEY.sign(b"m")
    for public in (b"\xff" * 32, (2).to_bytes(32, "little"), b"\x01" + bytes(30) + b"\x80"):
        assert not standalone.signature_holds(public, b"m", signature)
        assert not standalone.signature_holds(notes.public_of(KEY), b"m", public + signature[32:])
