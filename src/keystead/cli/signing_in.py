"""Where one signed in to: address, workspace and token, in a file only its owner reads."""

import json
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from keystead import config
from keystead.cli.refusing import FORBIDDEN, INVALID, Refused
from keystead.cli.words import translate as _
from keystead.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class SignIn:
    """An installation's address, a workspace's slug and an API token for it."""

    url: str
    workspace: str
    token: Secret = field(repr=False)


def path() -> Path:
    """The file it is kept in."""
    return config.config_folder() / "cli.toml"


def keep(sign_in: SignIn) -> None:
    """Write the file with mode 600, all of it or nothing."""
    values = {
        "url": sign_in.url,
        "workspace": sign_in.workspace,
        "token": sign_in.token.reveal(),
    }
    kept = path()
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    fresh.replace(kept)


def forget() -> None:
    """Delete the file. The token itself stays good until it is withdrawn in the browser."""
    path().unlink(missing_ok=True)


def read() -> SignIn:
    """What was kept. Raises Refused when nobody has signed in, or the file is damaged."""
    try:
        values = tomllib.loads(path().read_text())
        return SignIn(values["url"], values["workspace"], Secret(values["token"]))
    except FileNotFoundError:
        raise Refused(_("Sign in first: keystead login --url … --workspace …"), FORBIDDEN) from None
    except (OSError, KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise Refused(
            _("{path} cannot be read. Sign in again: keystead login").format(path=path()), INVALID
        ) from None
