"""Pure rules about locks and containers."""

CONTAINER_KINDS = ("cabinet", "lockbox", "safe", "drawer", "envelope", "other")
LOCK_KINDS = ("mechanical", "keypad", "smart")
MOST_POSITIONS = 2_000


def position_labels(count: int, prefix: str = "") -> list[str]:
    """Labels for `count` hooks: 1, 2, 3 … each with `prefix` before it."""
    return [f"{prefix}{number}" for number in range(1, count + 1)]
