"""Loosenings that change nothing anybody could notice, with the reason; they are not tried."""

EQUAL: dict[str, str] = {}
