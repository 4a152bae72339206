"""Checks an exported Keystead journal. One file, only the standard library of Python 3.9+.

    python3 verify_journal.py EXPORT
    python3 verify_journal.py EXPORT --checkpoint FILE --key VERIFIER

EXPORT is what `keystead journal export` wrote: JSON lines with the exact text that was sealed and
its digest. Every entry must follow from the one before it. A CHECKPOINT is a signed note kept
elsewhere; with it (or several) the journal must still be the one that was signed, or the same and
longer. The VERIFIER key is what `keystead checkpoint key` printed, noted when all was well; it
names the journal, too, so that the checkpoint of another one does not pass.

Exit codes: 0 everything holds, 1 something does not, 2 it could not be checked.

Keystead itself reads notes with this module.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, NamedTuple

FORMAT = "keystead-journal/1"
GENESIS = bytes(32)
CHAIN = "chain sha256"
"""The line of a checkpoint that says what its digest is: the end of a chain, no Merkle root."""

LONGEST_LINE = 16 * 1024 * 1024
LONGEST_NOTE = 64 * 1024
MOST_SIGNATURES = 100
ED25519 = b"\x01"


# --- Ed25519 (RFC 8032), verification only ----------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]  # (X, Y, Z, T): x = X/Z, y = Y/Z, x*y = T/Z


def _decoded(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _sum(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    found: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _sum(found, point)
        point, number = _sum(point, point), number >> 1
    return found


_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE = _decoded(_Y.to_bytes(32, "little")) or (0, 1, 1, 0)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a message was made with this public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _decoded(public), _decoded(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or factor >= _L:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(hashed, "little") % _L
    left, right = _times(factor, _BASE), _sum(commitment, _times(challenge, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# --- signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) --------------


class NotGood(Exception):
    """A note, key or checkpoint that proves nothing.

    `code`: `malformed`, `unsigned` (nobody we know signed it), `other-key`, `other-origin` or
    `forged` (signed in the name of a key we know, but not by it).
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message)
        self.code = code


class VerifierKey(NamedTuple):
    """Who signs: the name (for Keystead the origin of one journal) and the public key."""

    name: str
    public: bytes

    @property
    def mark(self) -> bytes:
        """The four bytes that tell this key's signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """As `name+mark+key`, the way it is printed and noted."""
        key = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.mark.hex()}+{key}"


class Note(NamedTuple):
    """A text that ends with a newline, and who signed it: name, mark and signature."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


class Checkpoint(NamedTuple):
    """What was signed: the journal, how many entries it had, and the digest of the last one."""

    origin: str
    size: int
    digest: bytes
    extensions: tuple[str, ...]

    @property
    def at(self) -> str:
        """When it was signed, as its signer says; empty if it does not say."""
        return next((line[3:] for line in self.extensions if line.startswith("at ")), "")


def is_name(name: str) -> bool:
    """Whether a key may be called so: something, without blanks, control characters or plus."""
    return bool(name) and "+" not in name and name.isprintable() and not re.search(r"\s", name)


def _bytes(text: str, what: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not found or base64.b64encode(found).decode() != text:
        raise NotGood("malformed", f"The {what} is not written as base64.")
    return found


def read_key(text: str) -> VerifierKey:
    """Read a verifier key as it is printed. Raises NotGood."""
    name, _, rest = text.strip().partition("+")
    mark, _, key = rest.partition("+")
    if not is_name(name) or not re.fullmatch("[0-9a-f]{8}", mark):
        raise NotGood("malformed", "A verifier key looks like NAME+8 digits or letters+KEY.")
    public = _bytes(key, "verifier key")
    if public[:1] != ED25519 or len(public) != 33:
        raise NotGood("malformed", "Only Ed25519 verifier keys are known.")
    found = VerifierKey(name, public[1:])
    if found.mark.hex() != mark:
        raise NotGood("malformed", "The verifier key has a typing error: its parts do not agree.")
    return found


def tidied(text: str) -> str:
    """A note as people copy it, out of a mail or a form, with the line ends it was signed with."""
    lines = [line.rstrip(" \t") for line in re.split(r"\r\n|\r|\n", text.replace("\ufeff", ""))]
    starts = [n for n, line in enumerate(lines) if line.startswith("keystead/")]
    ends = [n for n, line in enumerate(lines) if line.startswith("\u2014 ")]
    first, last = (starts or [0])[0], (ends or [len(lines) - 1])[-1]
    return "\n".join(lines[first : last + 1]).strip("\n") + "\n"


def read_note(text: str) -> Note:
    """Take a signed note apart; proves nothing yet. Raises NotGood."""
    if len(text) > LONGEST_NOTE:
        raise NotGood("malformed", "This is too long for a signed note.")
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", text):
        raise NotGood("malformed", "A signed note holds no control characters.")
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or not body:
        raise NotGood("malformed", "This is no signed note: a text, a blank line, signatures.")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NotGood("malformed", "The note has too many signatures.")
    return Note(body + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not is_name(parts[1]):
        raise NotGood("malformed", "A line after the blank one is no signature.")
    data = _bytes(parts[2], "signature")
    if len(data) < 5:
        raise NotGood("malformed", "A signature is too short.")
    return parts[1], data[:4], data[4:]


def read_checkpoint(text: str) -> Checkpoint:
    """Take the text of a checkpoint apart. Raises NotGood."""
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not is_name(lines[0]) or not all(lines):
        raise NotGood("malformed", "This is no checkpoint: origin, size, digest.")
    if not re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]):
        raise NotGood("malformed", "The size of the checkpoint is no number.")
    digest = _bytes(lines[2], "digest of the checkpoint")
    if len(digest) != 32:
        raise NotGood("malformed", "The digest of the checkpoint does not have 32 bytes.")
    if CHAIN not in lines[3:]:
        raise NotGood("malformed", "This is no checkpoint of a chain: its digest is another thing.")
    return Checkpoint(lines[0], int(lines[1]), digest, tuple(lines[3:]))


Holds = Callable[[bytes, bytes, bytes], bool]


def opened(text: str, keys: Sequence[VerifierKey], holds: Holds = signature_holds) -> Checkpoint:
    """The checkpoint in a signed note, if one of these keys signed it. Raises NotGood.

    All keys are of one journal. Signatures of keys we do not know are left aside; one that claims
    to be of a key we know must hold.
    """
    note = read_note(text)
    found = read_checkpoint(note.text)
    names = {key.name for key in keys}
    if found.origin not in names:
        raise NotGood("other-origin", f"It is a checkpoint of another journal: {found.origin}")
    is_signed = False
    for key in keys:
        for name, mark, signature in note.signatures:
            if (name, mark) == (key.name, key.mark):
                if not holds(key.public, note.text.encode(), signature):
                    raise NotGood("forged", "Its signature does not hold: somebody changed it.")
                is_signed = True
    if is_signed:
        return found
    if any(name in names for name, _, _ in note.signatures):
        raise NotGood("other-key", "It is signed with another key than the one expected.")
    raise NotGood("unsigned", "Nobody known has signed it.")


# --- the export -------------------------------------------------------------------------------


class Broken(Exception):
    """The first entry that does not hold, and what is wrong with it."""

    def __init__(self, sequence: int, reason: str) -> None:
        """Keep the number beside the sentence."""
        super().__init__(f"entry {sequence} {reason}")
        self.sequence = sequence


class Unreadable(Exception):
    """This is no export of a journal."""


class Checked(NamedTuple):
    """An export whose every entry holds: its journal, its length, digests at the sizes asked."""

    origin: str
    size: int
    digest: bytes
    at: dict[int, bytes]


def check(lines: BinaryIO, sizes: Iterable[int] = ()) -> Checked:
    """Recompute the chain of an export. Raises Broken at the first bad entry, or Unreadable."""
    header = _json(lines.readline(LONGEST_LINE))
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise Unreadable("This is no exported journal of a kind this program knows.")
    wanted, found = set(sizes), {0: GENESIS}
    origin, promised = str(header.get("origin")), header.get("entries")
    workspace = origin.rpartition("/")[2]
    previous, sequence = GENESIS, 0
    while line := lines.readline(LONGEST_LINE):
        sequence += 1
        previous = _followed(line, sequence, workspace, previous)
        if sequence in wanted:
            found[sequence] = previous
    if not isinstance(promised, int) or sequence < promised:
        raise Broken(sequence + 1, "is missing: the export says it is longer")
    if sequence > promised or header.get("digest") != previous.hex():
        raise Broken(min(promised + 1, sequence), "does not match the head of the export")
    return Checked(origin, sequence, previous, found)


def _json(line: bytes) -> Any:
    try:
        return json.loads(line.decode())
    except (ValueError, RecursionError):
        return None


def _followed(line: bytes, sequence: int, workspace: str, previous: bytes) -> bytes:
    """The digest of an entry that follows from the one before it."""
    entry = _json(line)
    if not isinstance(entry, dict) or not isinstance(entry.get("body"), str):
        raise Broken(sequence, "is not an entry")
    if entry.get("sequence") != sequence:
        raise Broken(sequence, "is missing")
    try:
        body = entry["body"].encode()
    except UnicodeEncodeError:
        raise Broken(sequence, "is not an entry") from None
    digest = hashlib.sha256(previous + body).digest()
    if digest.hex() != entry.get("digest"):
        raise Broken(sequence, "does not match its seal")
    content = _json(body)
    if not isinstance(content, dict) or content.get("sequence") != sequence:
        raise Broken(sequence, "is not an entry")
    if str(content.get("workspace")) != workspace:
        raise Broken(sequence, "belongs to another journal")
    return digest


# --- the program ------------------------------------------------------------------------------


def _say(text: str) -> None:
    """Print a line of plain letters: nothing in a file may steer the terminal."""
    print(ascii(text)[1:-1].replace("\\'", "'") if not text.isascii() else text)


def _read_checkpoints(paths: Sequence[str], key: VerifierKey) -> dict[str, Checkpoint]:
    found = {}
    for path in paths:
        try:
            with open(path, "rb") as file:  # noqa: PTH123  # standard library, few imports
                text = file.read(LONGEST_NOTE + 1).decode()
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(f"{path}: {error}") from None
        try:
            found[path] = opened(tidied(text), [key])
        except NotGood as error:
            raise NotGood(error.code, f"{path}: {error}") from None
    return found


def compared(size: int, at: dict[int, bytes], checkpoint: Checkpoint) -> str:
    """What a journal of `size` entries is, seen from a checkpoint; empty: the same or longer."""
    if checkpoint.size > size:
        return (
            f"the journal has {size} entries, the checkpoint was signed at {checkpoint.size}:"
            f" {checkpoint.size - size} were cut off"
        )
    if at[checkpoint.size] != checkpoint.digest:
        return (
            f"the journal (now {size} entries) is another one: up to entry {checkpoint.size} it"
            " is not what was signed"
        )
    return ""


def forks(checkpoints: dict[str, Checkpoint]) -> list[tuple[str, str]]:
    """Pairs of checkpoints of one size that differ: somebody signed two histories."""
    seen: dict[int, str] = {}
    found = []
    for name, checkpoint in checkpoints.items():
        other = seen.setdefault(checkpoint.size, name)
        if checkpoints[other].digest != checkpoint.digest:
            found.append((other, name))
    return found


def _run(export: str, paths: Sequence[str], key_text: str | None) -> int:
    checkpoints: dict[str, Checkpoint] = {}
    key = read_key(key_text) if key_text else None
    if key is not None:
        checkpoints = _read_checkpoints(paths, key)
    with open(export, "rb") as lines:  # noqa: PTH123  # standard library, few imports
        journal = check(lines, (one.size for one in checkpoints.values()))
    _say(f"{journal.origin}: {journal.size} entries hold.")
    _say(f"Seal: {journal.size}:{journal.digest.hex()}")
    if key is not None and key.name != journal.origin:
        raise NotGood("other-origin", f"The key is of another journal: {key.name}")
    is_good = True
    for one, other in forks(checkpoints):
        is_good = False
        _say(f"FORK: two checkpoints at entry {checkpoints[one].size} differ:")
        for name in (one, other):
            _say(f"  {name}: {checkpoints[name].digest.hex()} {checkpoints[name].at}")
    for name, checkpoint in checkpoints.items():
        problem = compared(journal.size, journal.at, checkpoint)
        is_good = is_good and not problem
        same = f"the first {checkpoint.size} of {journal.size} entries are those that were signed"
        _say(f"{name}: {problem or same} ({checkpoint.at})")
    if not checkpoints:
        _say("No checkpoint was given: this cannot exclude truncation, an end that was cut off.")
    return 0 if is_good else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Checks an exported Keystead journal. Exit codes: 0 holds, 1 does not, 2 error."
    )
    parser.add_argument("export", metavar="EXPORT", help="what `keystead journal export` wrote")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[])
    parser.add_argument("--key", metavar="VERIFIER", help="what `keystead checkpoint key` printed")
    given = parser.parse_args(arguments)
    if bool(given.checkpoint) != bool(given.key):
        parser.error("--checkpoint and --key belong together: the key says who had to sign.")
    try:
        return _run(given.export, given.checkpoint, given.key)
    except Broken as error:
        _say(f"The journal does not hold: {error}.")
    except NotGood as error:
        if error.code == "malformed":
            _say(str(error))
            return 2
        _say(f"{error} ({error.code})")
    except (Unreadable, OSError) as error:
        _say(str(error))
        return 2
    return 1


if __name__ == "__main__":
    sys.exit(main())
