"""Copies of everything, encrypted before they leave, and bringing one back.

`making` writes a backup, `checking` reads one without writing anything, `restoring` loads one
into an empty place. The format is told in docs/adr/0015-backups.md.
"""
