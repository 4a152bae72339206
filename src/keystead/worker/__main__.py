"""The worker as a process of its own: `python -m keystead.worker [PID OF ITS PARENT]`."""

import os
import signal
import sys
from threading import Event


def main() -> None:
    """Work until SIGTERM or SIGINT, or until the parent is gone, however it ended."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keystead.settings")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    django.setup()

    from keystead.worker.loop import Worker

    Worker().run(stop, parent=int(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    main()
