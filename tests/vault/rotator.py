"""Another process that rotates keys and is killed, at one SQL statement or another."""

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

LONGEST_WAIT_S = 600
BATCH = 7


def run(url: str, *, kill_at: int | None, replace_vault_key: bool = False) -> int:
    """Rotate on this database, in a new process; its exit code, negative for a signal.

    With `kill_at` it is killed (SIGKILL) before that statement, counted from 1.
    """
    process = get_context("spawn").Process(
        target=_rotate, args=(url, kill_at, replace_vault_key), daemon=True
    )
    process.start()
    process.join(LONGEST_WAIT_S)
    assert process.exitcode is not None
    return process.exitcode


def _rotate(url: str, kill_at: int | None, replace_vault_key: bool) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "keystead.settings"
    import django

    django.setup()
    from dataclasses import replace

    from django.db import connection

    from keystead.cli.acting import local_actor
    from keystead.cli.vault import _replace_vault_key
    from keystead.vault import rotating
    from keystead.vault.registry import COLUMNS

    for purpose, column in COLUMNS.items():
        COLUMNS[purpose] = replace(column, batch=BATCH)
    with connection.execute_wrapper(_Killer(kill_at)):
        if replace_vault_key:
            _replace_vault_key(None)
        else:
            rotating.rotate(local_actor)


class _Killer:
    def __init__(self, at: int | None) -> None:
        self.left = at

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)
