"""Keystead: who has which key, and who can get in."""

__version__ = "0.1.0"
