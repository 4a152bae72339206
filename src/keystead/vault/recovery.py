"""The recovery key as people print and type it. Pure.

Eight groups of five characters. The alphabet has no I, L, O and U; the fifth character of each
group checks the four before it and the group's position, and the last bytes check the whole, so
that a slip of the pen is found, and the group named it is in.
"""

import hashlib
import secrets

from keystead.kernel.secret import Secret, SecretBytes
from keystead.kernel.words import said as _
from keystead.vault.errors import WrongRecoveryKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
GROUPS, DATA = 8, 4
SEED, CHECK = 18, 2
"""144 random bits and a check of 16."""


def new_recovery_key() -> tuple[Secret, SecretBytes]:
    """A new recovery key: as it is printed, and the seed it stands for."""
    seed = SecretBytes(secrets.token_bytes(SEED))
    return written(seed), seed


def written(seed: SecretBytes) -> Secret:
    """A seed as people write it."""
    number = int.from_bytes(seed.reveal() + _check(seed), "big")
    digits = [number >> 5 * place & 31 for place in reversed(range(GROUPS * DATA))]
    parts = (digits[n * DATA : (n + 1) * DATA] for n in range(GROUPS))
    return Secret(
        "-".join(
            "".join(ALPHABET[d] for d in (*part, _check_digit(part, n)))
            for n, part in enumerate(parts)
        )
    )


def read(typed: Secret) -> SecretBytes:
    """The seed somebody typed in. Raises WrongRecoveryKey, naming the first wrong group."""
    kept = Secret("".join(c for c in typed.reveal().upper() if c.isalnum()).translate(_LOOKALIKES))
    if len(kept.reveal()) != GROUPS * (DATA + 1):
        raise WrongRecoveryKey(
            _(
                "A recovery key has %(groups)d groups of %(size)d letters and digits.",
                groups=GROUPS,
                size=DATA + 1,
            ),
            field="recovery_key",
        )
    value = 0
    for n in range(GROUPS):
        part = [ALPHABET.find(c) for c in kept.reveal()[n * (DATA + 1) : (n + 1) * (DATA + 1)]]
        if min(part) < 0 or part[DATA] != _check_digit(part[:DATA], n):
            raise WrongRecoveryKey(
                _("There is a slip in group %(number)d of the recovery key.", number=n + 1),
                field="recovery_key",
            )
        for digit in part[:DATA]:
            value = value << 5 | digit
    seed = SecretBytes((value >> 8 * CHECK).to_bytes(SEED, "big"))
    if (value & (1 << 8 * CHECK) - 1).to_bytes(CHECK, "big") != _check(seed):
        raise WrongRecoveryKey(
            _("Two slips in this recovery key hide each other. Compare it with the paper."),
            field="recovery_key",
        )
    return seed


def _check(seed: SecretBytes) -> bytes:
    return hashlib.sha256(b"keystead recovery check|" + seed.reveal()).digest()[:CHECK]


def _check_digit(digits: list[int], position: int) -> int:
    """Odd weights: any one wrong digit shows, and any group in another's place."""
    weighed = sum(weight * digit for weight, digit in zip((1, 3, 5, 7), digits, strict=True))
    return (weighed + 11 * position) % 32
