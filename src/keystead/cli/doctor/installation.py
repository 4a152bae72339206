"""The program, its folder, its keys and its built files."""

import os
import re
import shutil
import stat
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders

import keystead
from keystead import config
from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.words import translate as _

LITTLE_SPACE = 500 * 1024 * 1024
OTHERS = stat.S_IRWXG | stat.S_IRWXO
ENTRIES = ("keystead/dist/app.css", "keystead/dist/app.js")
VARIED = 12
WEAK = re.compile(r"insecure|change.?me|secret.?key|password|example", re.IGNORECASE)


def _version() -> Iterator[Finding]:
    yield Finding("version", keystead.__version__)


def _folder() -> Iterator[Finding]:
    folder = config.data_folder()
    if not folder.is_dir():
        says = _("{folder} is not there; `keystead up` makes it").format(folder=folder)
        yield Finding("data", says)
        return
    if folder.stat().st_mode & OTHERS:
        yield Finding(
            "data",
            _("{f} can be read by other users").format(f=folder),
            is_well=False,
            why=_("Whoever reads the database knows where every key is."),
            do=_("Run: chmod 700 {f}").format(f=folder),
        )
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "data",
            _("{f} cannot be written to by this user").format(f=folder),
            is_well=False,
            why=_("Nothing can be recorded."),
            do=_("Run Keystead as the user who owns the folder, or give it to this one."),
        )
    else:
        yield Finding("data", str(folder))


def _disk() -> Iterator[Finding]:
    folder = config.data_folder()
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    says = _("{mb} MB free").format(mb=free // 1024**2)
    if free > LITTLE_SPACE:
        yield Finding("disk", says)
        return
    yield Finding(
        "disk",
        says,
        is_well=False,
        why=_("On a full disk nothing can be recorded; what is there stays whole."),
        do=_("Make room where {f} is, at least {mb} MB.").format(
            f=folder, mb=LITTLE_SPACE // 1024**2
        ),
    )


def _secret_key() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if len(set(key)) < VARIED or WEAK.search(key):
        yield Finding(
            "secret key",
            _("looks as if somebody had made it up"),
            is_well=False,
            why=_("Who guesses it can sign in as anybody."),
            do=_("Leave KEYSTEAD_SECRET_KEY out, or set it to: openssl rand -base64 48"),
        )
    else:
        yield Finding("secret key", _("long and random"))


def _static_files() -> Iterator[Finding]:
    missing = [entry for entry in ENTRIES if finders.find(entry) is None]
    if not missing:
        yield Finding("pages", _("style sheets and scripts are there"))
        return
    yield Finding(
        "pages",
        _("not built: {names}").format(names=", ".join(missing)),
        is_well=False,
        why=_("Pages come without their looks, and without what scripts make pleasant."),
        do=_("In a copy of the source run: make assets. Otherwise install the package again."),
    )


CHECKS = (
    Check("version", _version),
    Check("data", _folder),
    Check("disk", _disk),
    Check("secret key", _secret_key),
    Check("pages", _static_files),
)
