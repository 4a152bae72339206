"""The environment tests run in: nothing of the developer's own installation reaches them."""

import base64
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

SERVER = "KEYSTEAD_TEST_DATABASE_URL"
"""Names a PostgreSQL server for tests, with the right to create databases. Unset: SQLite."""


def prepare() -> Path:
    """Set every setting to a private temporary folder, before Django reads them; the folder."""
    for name in list(os.environ):
        if name.startswith("KEYSTEAD_") and not name.startswith("KEYSTEAD_TEST_"):
            del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="keystead-tests-"))
    (home / "keys").mkdir()
    (home / "keys" / "vault.key").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    (home / "keys" / "vault.key").chmod(0o600)
    os.environ.update(
        DATABASE_URL=url_of_no_database(home),
        KEYSTEAD_DATA=str(home / "data"),
        KEYSTEAD_VAULT_KEY_FILE=str(home / "keys" / "vault.key"),
        KEYSTEAD_SECRET_KEY=secrets.token_urlsafe(48),
        KEYSTEAD_ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
        XDG_CONFIG_HOME=str(home / "config"),
        XDG_DATA_HOME=str(home / "share"),
    )
    return home


def url_of_no_database(home: Path) -> str:
    """What settings hold between tests: the right kind of database, but none that exists."""
    if server := os.environ.get(SERVER):
        return urlsplit(server)._replace(path="/keystead_without_a_test").geturl()
    return f"sqlite://{home}/without-a-test/keystead.sqlite3"
