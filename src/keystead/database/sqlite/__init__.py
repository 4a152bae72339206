"""A Django database backend: SQLite with a write gate. Name it as ENGINE.

`report(connection)` says what is used and why; GateTimeout is raised when the queue is too long.
"""

from keystead.database.sqlite.gate import GateTimeout, WriteGate
from keystead.database.sqlite.report import Report, has_wal_reset_bug, report

__all__ = ["GateTimeout", "Report", "WriteGate", "has_wal_reset_bug", "report"]
