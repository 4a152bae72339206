"""A large register with years of history, written in bulk but through the chain."""

SLUG = "stonegate"
"""The workspace everything is in."""
