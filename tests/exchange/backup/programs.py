"""A backup or a restore in a process of its own that ends by kill -9 at a chosen point.

`python -m tests.exchange.backup.programs <backup|restore> <path> <point> [key]`, where the point is
`before:<function>`, `after:<function>` or `call:<number>` of a call inside the backup package. Says
`calls:<number>` if it comes to its end.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

PACKAGE = f"{os.sep}exchange{os.sep}backup{os.sep}"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Watch:
    """Counts calls inside the package, and dies at the point."""

    def __init__(self, point: str) -> None:
        self.kind, _, self.which = point.partition(":")
        self.calls = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if PACKAGE not in code.co_filename or "tests" in code.co_filename:
            return
        if event == "call":
            self.calls += 1
            if self.kind == "call" and self.calls == int(self.which):
                die()
            if self.kind == "before" and code.co_name == self.which:
                die()
        elif event == "return" and self.kind == "after" and code.co_name == self.which:
            die()


def main() -> None:
    what, path, point, *rest = sys.argv[1:]
    from keystead.cli import starting

    starting.set_up_django()
    from keystead.cli.acting import local_actor
    from keystead.exchange.backup import keys
    from keystead.exchange.backup.making import make
    from keystead.exchange.backup.restoring import restore
    from keystead.kernel.secret import Secret

    watch = Watch(point)
    sys.setprofile(watch)
    if what == "backup":
        make(local_actor(0), Path(path))
    else:
        restore(local_actor(0), Path(path), keys.identities(Secret(rest[0])))
    sys.setprofile(None)
    print(f"calls:{watch.calls}")


if __name__ == "__main__":
    main()
