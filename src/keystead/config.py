"""The settings of an installation: a TOML file, the environment, or files named by it.

Each setting is read from `KEYSTEAD_<NAME>`, else from the file `KEYSTEAD_<NAME>_FILE` names, else
from the TOML file `KEYSTEAD_CONFIG` names, else it has a default that works.
"""

import contextlib
import os
import secrets
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse


class BadSetting(SystemExit):
    """A setting is nonsense: start-up stops with a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One documented setting: its name without the prefix, and what it means."""

    name: str
    meaning: str


SETTINGS = (
    Setting("DATA", "Folder for the database and other data of this installation."),
    Setting(
        "DATABASE_URL", "`postgresql://user@host/name` or `sqlite:///path`; also DATABASE_URL."
    ),
    Setting("VAULT_KEY", "The key of the vault in base64, instead of a file."),
    Setting("VAULT_KEY_FILE", "Where the key of the vault lies; never inside DATA."),
    Setting("SECRET_KEY", "Signs sessions; made at first start if missing."),
    Setting("ALLOWED_HOSTS", "Names this server answers to, separated by commas."),
    Setting("HOST", "Address to listen on."),
    Setting("PORT", "Port to listen on."),
    Setting("THREADS", "Requests served at the same time."),
    Setting("BEHIND_TLS", "`true` when a proxy in front speaks HTTPS: cookies become secure."),
    Setting("SESSION_IDLE_MINUTES", "Minutes without a page after which one signs in again: 30."),
    Setting("SESSION_HOURS", "Hours a sign-in lasts at most: 12."),
    Setting("OWN_DEVICE_IDLE_DAYS", "The same on a device said to be one's own, in days: 14."),
    Setting("OWN_DEVICE_DAYS", "Days a sign-in lasts at most there: 60; 0 offers it to nobody."),
    Setting("EMAIL_URL", "`smtp://user:password@host:port`; without it mail goes to DATA/mail."),
    Setting("CHECKPOINTS", "Folder outside DATA, best on another disk, for signed checkpoints."),
    Setting("CHECKPOINT_MAIL", "`true` sends each signed checkpoint to the owners by mail."),
    Setting("CHECKPOINT_HOURS", "Hours after which a journal that grew is signed again."),
    Setting("CHECKPOINT_ENTRIES", "Entries after which it is signed before that."),
    Setting("EMAIL_FROM", "The sender of mails."),
    Setting("PUBLIC_URL", "Where people reach Keystead; mails lead there."),
    Setting("BACKUP_TO", "Folder for backups; with recipients, one is made every day."),
    Setting("BACKUP_RECIPIENTS", "Who may open backups: age public keys, or a file of them."),
    Setting("BACKUP_EVERY_HOURS", "How often the worker makes a backup."),
    Setting("BACKUP_KEEP_DAYS", "Of how many days the newest backup is kept."),
    Setting("BACKUP_KEEP_WEEKS", "Of how many weeks the newest backup is kept."),
    Setting("LOG_LEVEL", "debug, info, warning or error."),
)

_file: dict[str, Any] | None = None


def _from_file(name: str) -> str | None:
    global _file
    if _file is None:
        path = os.environ.get("KEYSTEAD_CONFIG")
        try:
            _file = tomllib.loads(Path(path).read_text()) if path else {}
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise BadSetting(f"KEYSTEAD_CONFIG ({path}) cannot be read: {error}") from None
        if unknown := set(_file) - {setting.name.lower() for setting in SETTINGS}:
            raise BadSetting(f"{path}: unknown settings {', '.join(sorted(unknown))}.")
    value = _file.get(name.lower())
    return None if value is None else str(value)


def read(name: str, default: str | None = None) -> str | None:
    """The text of a setting, or `default`."""
    direct = os.environ.get(f"KEYSTEAD_{name}")
    if direct is not None:
        return direct
    pointed = os.environ.get(f"KEYSTEAD_{name}_FILE")
    if pointed is not None:
        try:
            return Path(pointed).read_text().strip()
        except OSError as error:
            raise BadSetting(f"KEYSTEAD_{name}_FILE cannot be read: {error}") from None
    found = _from_file(name)
    return default if found is None else found


def _typed(name: str, default: str, convert: Callable[[str], Any], wants: str) -> Any:
    text = read(name, default) or default
    try:
        return convert(text)
    except ValueError:
        raise BadSetting(f"KEYSTEAD_{name} is {text!r}; it must be {wants}.") from None


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between `low` and `high`."""

    def convert(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError
        return value

    found: int = _typed(name, str(default), convert, f"a whole number from {low} to {high}")
    return found


def truth(name: str, *, default: bool) -> bool:
    """A yes or no: true, false, yes, no, 1, 0."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    text = (read(name) or str(default)).lower()
    if text not in words:
        raise BadSetting(f"KEYSTEAD_{name} is {text!r}; it must be true or false.")
    return words[text]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of a few words."""
    text = (read(name, default) or default).lower()
    if text not in allowed:
        raise BadSetting(f"KEYSTEAD_{name} is {text!r}; it must be one of {', '.join(allowed)}.")
    return text


def data_folder() -> Path:
    """Where the data lies: `KEYSTEAD_DATA`, else the user's data folder."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(read("DATA") or Path(base) / "keystead").expanduser().absolute()


def config_folder() -> Path:
    """Where keys lie by default: the user's configuration folder, apart from the data."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base).expanduser().absolute() / "keystead"


def names_vault_key_file() -> bool:
    """Whether somebody said where the file of the vault's key is."""
    return bool(os.environ.get("KEYSTEAD_VAULT_KEY_FILE") or _from_file("VAULT_KEY_FILE"))


def vault_key_file() -> Path:
    """The file of the vault's key. It must not lie inside the data folder."""
    named = os.environ.get("KEYSTEAD_VAULT_KEY_FILE") or _from_file("VAULT_KEY_FILE")
    path = Path(named).expanduser().absolute() if named else config_folder() / "vault.key"
    if path.resolve().is_relative_to(data_folder().resolve()):
        raise BadSetting(
            f"KEYSTEAD_VAULT_KEY_FILE ({path}) lies inside the data folder, where a copy of the "
            "data would carry the key along. Put it elsewhere."
        )
    return path


def kept_text(path: Path, make: Callable[[], str]) -> str:
    """The content of a private file, made (mode 600) on first use."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        return path.read_text().strip()
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
    return path.read_text().strip()


def secret_key() -> str:
    """What signs sessions; made beside the vault's key at first start."""
    given = read("SECRET_KEY")
    if given is not None and len(given) < 32:
        raise BadSetting("KEYSTEAD_SECRET_KEY must have at least 32 characters.")
    if given is not None and (len(set(given)) < 12 or given.startswith("django-insecure")):
        raise BadSetting(
            "KEYSTEAD_SECRET_KEY is an example or a pattern. Use what `openssl rand -base64 48` "
            "prints, or leave it out: a random one is made."
        )
    return given or kept_text(
        vault_key_file().with_name("secret.key"), lambda: secrets.token_urlsafe(48)
    )


def database() -> dict[str, Any]:
    """Django's description of the database that `DATABASE_URL` names."""
    url = read("DATABASE_URL") or os.environ.get("DATABASE_URL")
    parsed = urlparse(url or f"sqlite:///{data_folder() / 'keystead.sqlite3'}")
    if parsed.scheme == "sqlite":
        return {
            "ENGINE": "keystead.database.sqlite",
            "NAME": unquote(parsed.path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
        }
    if parsed.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parsed.path.lstrip("/")),
            "USER": unquote(parsed.username or ""),
            "PASSWORD": unquote(parsed.password or ""),
            "HOST": unquote(parsed.hostname or ""),
            "PORT": str(parsed.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": "-c lock_timeout=20000 -c timezone=UTC"},
        }
    raise BadSetting(
        f"DATABASE_URL starts with {parsed.scheme!r}; use postgresql://… or sqlite:///…"
    )


def public_url() -> str:
    """Where people reach Keystead, without a slash at the end; "" if nobody said so."""
    url = (read("PUBLIC_URL") or "").rstrip("/")
    parsed = urlparse(url)
    if url and (parsed.scheme not in {"http", "https"} or not parsed.netloc or parsed.query):
        raise BadSetting(f"KEYSTEAD_PUBLIC_URL is {url!r}; it must look like https://keys.home.")
    return url


def _sender() -> str:
    sender = read("EMAIL_FROM") or "Keystead <keystead@localhost>"
    if "@" not in sender or "\n" in sender or "\r" in sender:
        raise BadSetting("KEYSTEAD_EMAIL_FROM must look like keys@example.org.")
    return sender


def backups() -> tuple[int, int, int]:
    """How many hours lie between backups; of how many days, and weeks besides, one is kept."""
    return (
        number("BACKUP_EVERY_HOURS", 24, low=1, high=24 * 31),
        number("BACKUP_KEEP_DAYS", 14, low=1, high=3660),
        number("BACKUP_KEEP_WEEKS", 8, low=0, high=520),
    )


def session_limits() -> tuple[timedelta, timedelta]:
    """How long a sign-in may lie idle, and how long it lasts at most."""
    idle = number("SESSION_IDLE_MINUTES", 30, low=1, high=24 * 60)
    lasts = number("SESSION_HOURS", 12, low=1, high=30 * 24)
    return timedelta(minutes=idle), timedelta(hours=lasts)


def own_device_limits() -> tuple[timedelta, timedelta]:
    """The same on devices people say are their own; nothing where that is not offered."""
    lasts = number("OWN_DEVICE_DAYS", 60, low=0, high=400)
    idle = number("OWN_DEVICE_IDLE_DAYS", 14, low=1, high=400)
    return timedelta(days=min(idle, lasts)), timedelta(days=lasts)


def email() -> dict[str, Any]:
    """Django's e-mail settings from `EMAIL_URL`; without it mail is written to files."""
    url, sender = read("EMAIL_URL"), _sender()
    if not url:
        return {
            "DEFAULT_FROM_EMAIL": sender,
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data_folder() / "mail"),
        }
    parsed = urlparse(url)
    if parsed.scheme not in {"smtp", "smtps"} or not parsed.hostname:
        raise BadSetting("KEYSTEAD_EMAIL_URL must look like smtp://user:password@host:587.")
    return {
        "DEFAULT_FROM_EMAIL": sender,
        "EMAIL_HOST": parsed.hostname,
        "EMAIL_TIMEOUT": 30,  # seconds; a server that does not answer must not stop the worker
        "EMAIL_PORT": parsed.port or 587,
        "EMAIL_HOST_USER": unquote(parsed.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parsed.password or ""),
        "EMAIL_USE_SSL": parsed.scheme == "smtps",
        "EMAIL_USE_TLS": parsed.scheme == "smtp" and (parsed.port or 587) != 25,
    }


def checkpoint_folder() -> Path | None:
    """Where signed checkpoints are put; None: nowhere. It must not lie inside the data folder."""
    named = read("CHECKPOINTS")
    if not named:
        return None
    path = Path(named).expanduser().absolute()
    if path.resolve().is_relative_to(data_folder().resolve()):
        raise BadSetting(
            f"KEYSTEAD_CHECKPOINTS ({path}) lies inside the data folder. Whoever brings back an "
            "old copy of the data would bring back old checkpoints, too. Put it elsewhere."
        )
    return path


def sends_checkpoints() -> bool:
    """Whether checkpoints go to the owners by mail, which needs a mail server."""
    wanted = truth("CHECKPOINT_MAIL", default=False)
    if wanted and not read("EMAIL_URL"):
        raise BadSetting(
            "KEYSTEAD_CHECKPOINT_MAIL needs KEYSTEAD_EMAIL_URL: without a mail server mails stay "
            "in the data folder."
        )
    return wanted


def checkpoint_every() -> timedelta:
    """After how long a journal that grew is signed again."""
    return timedelta(hours=number("CHECKPOINT_HOURS", 24, low=1, high=24 * 31))


def checkpoint_entries() -> int:
    """After how many entries a journal is signed before that time has passed."""
    return number("CHECKPOINT_ENTRIES", 1_000, low=10, high=1_000_000)
