"""Signing in on the command line: what is kept, and what is refused before a token travels."""

import stat

from keystead.cli import signing_in
from keystead.cli.signing_in import SignIn
from keystead.kernel.secret import Secret
from tests.cast import World
from tests.transports.api.things import token
from tests.transports.cli.terminal import Typed


def test_a_token_is_kept_where_only_its_owner_reads_it(
    anonymous: Typed, world: World, url: str
) -> None:
    secret = token(world.ana)
    result = anonymous("login", "--url", url, "--workspace", world.slug, typed=f"{secret}\n")
    assert (result.exit_code, result.stdout) == (0, "Signed in to Harbour House.\n")
    assert stat.S_IMODE(signing_in.path().stat().st_mode) == 0o600
    assert stat.S_IMODE(signing_in.path().parent.stat().st_mode) == 0o700
    assert signing_in.read().token.reveal() == secret
    assert secret not in repr(signing_in.read())
    assert anonymous("status").stdout.splitlines()[1] == "workspace  Harbour House (harbour-house)"


def test_a_bad_token_is_refused_and_not_kept(anonymous: Typed, world: World, url: str) -> None:
    for secret in ("ks_00000000_guess", "", "ä"):
        result = anonymous("login", "--url", url, "--workspace", world.slug, typed=f"{secret}\n")
        assert result.exit_code in {2, 4}
        assert result.stderr
    assert not signing_in.path().exists()


def test_another_workspaces_token_is_refused(anonymous: Typed, world: World, url: str) -> None:
    secret = token(world.cy)
    for slug in (world.slug, "no-such", "../x"):
        result = anonymous("login", "--url", url, "--workspace", slug, typed=f"{secret}\n")
        assert (result.exit_code, result.stdout) == (3, "")


def test_a_token_never_crosses_a_network_in_clear(anonymous: Typed) -> None:
    for url in ("http://keys.example", "ftp://127.0.0.1", "keys.example", "http://u:p@127.0.0.1"):
        result = anonymous("login", "--url", url, "--workspace", "x", typed="ks_1_2\n")
        assert result.exit_code == 2
        assert "https://" in result.stderr


def test_without_a_sign_in_a_command_says_how(anonymous: Typed) -> None:
    result = anonymous("out")
    assert result.exit_code == 4
    assert "keystead login" in result.stderr


def test_a_damaged_file_is_told(anonymous: Typed) -> None:
    signing_in.path().parent.mkdir(parents=True)
    for text in ("url = ", "", 'url = "x"'):
        signing_in.path().write_text(text)
        result = anonymous("out")
        assert result.exit_code == 2
        assert "cli.toml" in result.stderr


def test_signing_out_forgets(typed: Typed) -> None:
    assert typed("logout").exit_code == 0
    assert not signing_in.path().exists()
    assert typed("logout").exit_code == 0
    assert typed("out").exit_code == 4


def test_a_server_that_is_not_there_is_told(anonymous: Typed) -> None:
    signing_in.keep(SignIn("http://127.0.0.1:9", "x", Secret("ks_1_2")))
    result = anonymous("out")
    assert result.exit_code == 6
    assert "does not answer" in result.stderr
