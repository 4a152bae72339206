"""The worker as a process of its own: `python -m keystead.worker`."""

import os
import signal
from threading import Event


def main() -> None:
    """Work until SIGTERM or SIGINT."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keystead.settings")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    django.setup()

    from keystead.worker.loop import Worker

    Worker().run(stop)


if __name__ == "__main__":
    main()
