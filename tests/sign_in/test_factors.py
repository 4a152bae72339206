"""Second factors: what is kept of them, that codes are good once, and how many are compared."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import NotFound
from keystead.people import factors, sign_in
from keystead.people import operations as people
from keystead.people.errors import FactorThere
from keystead.people.models import Tries
from keystead.people.throttle import TooManyTries
from keystead.vault.sealing import CannotOpen
from tests.cast import ANA, BO, PASSWORD, World
from tests.sign_in.support import (
    account_of,
    at_home,
    at_once,
    code_of,
    factors_of,
    forget_steps,
    with_app,
    with_codes,
    wrong_code,
)
from tests.support.browsing import Browser, Page

pytestmark = pytest.mark.db


def sign_in_with_code(code: str, email: str = ANA) -> Page:
    """The password, then a code, in a new browser."""
    browser = Browser(email)
    return browser.fill(reverse("mfa_authenticate"), reverse("mfa_authenticate"), code=code)


def is_inside(page: Page, world: World) -> bool:
    return page.url.startswith(f"/w/{world.slug}")


# --- what is kept ---------------------------------------------------------------------------


def test_the_secrets_of_app_and_list_are_sealed(world: World) -> None:
    secret = with_app(world.ana)
    codes = people.renew_recovery_codes(at_home(world.ana))
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_a_secret_moved_to_another_account_does_not_open(world: World) -> None:
    secret = with_app(world.ana)
    with_app(world.bo)
    of_ana = Authenticator.objects.get(user_id=world.ana.account_id)
    Authenticator.objects.filter(user_id=world.bo.account_id).update(data=of_ana.data)
    with pytest.raises(CannotOpen):
        factors.matching(account_of(world.bo), code_of(secret))


def test_the_librarys_hooks_seal_for_an_account_only() -> None:
    with pytest.raises(RuntimeError):
        sign_in.FactorAdapter().encrypt("seed")
    with factors.secrets_of(5):
        closed = sign_in.FactorAdapter().encrypt("seed")
        assert sign_in.FactorAdapter().decrypt(closed) == "seed"
    with factors.secrets_of(6), pytest.raises(CannotOpen):
        sign_in.FactorAdapter().decrypt(closed)


def test_the_secret_of_an_app_being_set_up_is_sealed_in_its_session(world: World) -> None:
    ana = Browser(ANA)
    page = ana.get(reverse("app-add"))
    secret = page.body.split('mono secret">')[1].split("<")[0].replace(" ", "")
    assert len(secret) == 32
    assert secret not in str(dict(ana.client.session.items()))


# --- signing in -----------------------------------------------------------------------------


def test_the_password_alone_does_not_get_in(world: World) -> None:
    with_app(world.ana)
    ana = Browser(ANA)
    page = ana.get(reverse("account_login"))
    assert page.heading == "One more thing"
    assert ana.get(f"/w/{world.slug}/").url.startswith(reverse("mfa_authenticate"))
    assert ana.get(reverse("security")).url.startswith(reverse("mfa_authenticate"))


def test_a_code_gets_in_once(world: World) -> None:
    code = code_of(with_app(world.ana))
    assert is_inside(sign_in_with_code(code), world)
    again = sign_in_with_code(code)
    assert not is_inside(again, world)
    assert "was used already" in again.text


def test_an_older_code_is_not_good_after_a_newer_one(world: World) -> None:
    secret = with_app(world.ana)
    assert factors.matching(account_of(world.ana), code_of(secret, 1))
    assert factors.matching(account_of(world.ana), code_of(secret)) is None


def test_of_many_identical_codes_at_once_one_counts(world: World) -> None:
    code, account = code_of(with_app(world.ana)), account_of(world.ana)
    found = at_once(8, lambda: factors.matching(account, code) is not None)
    assert found[True] == 1


def test_of_many_identical_recovery_codes_at_once_one_counts(world: World) -> None:
    codes, account = with_codes(world.ana), account_of(world.ana)
    found = at_once(8, lambda: factors.matching(account, codes[0]) is not None)
    assert found[True] == 1
    assert factors.recovery_codes_left(account.pk) == 9


def test_a_recovery_code_gets_in_once_and_is_recorded(world: World) -> None:
    codes = with_codes(world.ana)
    assert is_inside(sign_in_with_code(f"{codes[3][:5]} {codes[3][5:]}"), world)
    assert not is_inside(sign_in_with_code(codes[3]), world)
    entry = Entry.objects.get(workspace_id=INSTALLATION, name="people.recovery-code-used")
    assert '"codes_left":9' in entry.body
    assert codes[3] not in entry.body


def test_codes_are_counted_per_account_whatever_the_session(world: World) -> None:
    secret = with_app(world.ana)
    for _ in range(10):
        sign_in_with_code(wrong_code(secret))
    page = sign_in_with_code(code_of(secret))
    assert not is_inside(page, world)
    assert "Too many wrong tries" in page.text
    row = Tries.objects.order_by("-touched_at").first()
    assert row is not None


def test_no_more_than_a_hundred_codes_are_compared_in_a_day(world: World) -> None:
    secret, account = with_app(world.ana), account_of(world.ana)
    compared = 0
    for _ in range(250):
        try:
            factors.matching(account, wrong_code(secret))
            compared += 1
        except TooManyTries:
            _as_if_a_quarter_had_passed()
    assert compared <= 200


def _as_if_a_quarter_had_passed() -> None:
    for row in Tries.objects.all():
        row.times = [time - timedelta(minutes=16).total_seconds() for time in row.times]
        row.full_until = None
        row.save()


def test_wrong_codes_of_one_do_not_lock_another_out(world: World) -> None:
    secret, of_bo = with_app(world.ana), with_app(world.bo)
    for _ in range(11):
        sign_in_with_code(wrong_code(secret))
    assert is_inside(sign_in_with_code(code_of(of_bo), BO), world)


@pytest.mark.parametrize("code", ["", "0", "abc", "١٢٣٤٥٦", "9" * 40, "\x00", "-1"])
def test_nonsense_is_no_code(world: World, code: str) -> None:
    with_codes(world.ana)
    assert factors.matching(account_of(world.ana), code) is None


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "null",
        "5",
        '"x"',
        "{}",
        '{"id":"AA","rawId":"AA","type":"public-key"}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"MQ"}}',
        "[" * 9_000,
    ],
)
def test_nonsense_is_no_passkey(world: World, credential: str) -> None:
    with_app(world.ana)
    somebody = Browser()
    somebody.get(reverse("passkey-sign-in"), Accept="application/json")
    token = somebody.get(reverse("account_login")).form().values["csrfmiddlewaretoken"]
    sent = {"credential": credential, "csrfmiddlewaretoken": token}
    answer = somebody.client.post(reverse("passkey-sign-in"), sent)
    assert answer["Location"] == reverse("account_login")
    ana = Browser(ANA)
    form = ana.get(reverse("mfa_authenticate")).form(reverse("mfa_authenticate"))
    del form.values["code"]
    page = ana.send(form, credential=credential)
    assert page.heading == "One more thing"


# --- adding and removing --------------------------------------------------------------------


def test_an_app_is_added_with_its_first_code_and_that_code_is_used_up(world: World) -> None:
    ana = Browser(ANA)
    page = ana.get(reverse("app-add"))
    secret = page.body.split('mono secret">')[1].split("<")[0].replace(" ", "")
    wrong = ana.send(page.form(), code=wrong_code(secret))
    assert wrong.status == 422
    code = code_of(secret)
    done = ana.send(wrong.form(), code=code)
    assert done.heading == "Make a list of recovery codes"
    made = ana.send(done.form())
    assert made.heading == "Write these down now"
    assert factors_of(world.ana) == ["recovery_codes", "totp"]
    assert not is_inside(sign_in_with_code(code), world)
    forget_steps(world.ana)
    assert is_inside(sign_in_with_code(code_of(secret)), world)


def test_with_the_first_second_factor_sessions_that_showed_only_a_password_end(
    world: World,
) -> None:
    here, elsewhere = Browser(ANA), Browser(ANA)
    page = here.get(reverse("app-add"))
    secret = page.body.split('mono secret">')[1].split("<")[0].replace(" ", "")
    here.send(page.form(), code=code_of(secret))
    assert here.get(reverse("security")).url == reverse("security")
    assert elsewhere.get(reverse("security")).heading == "Sign in"


def test_there_is_one_app_per_account(world: World) -> None:
    with_app(world.ana)
    with pytest.raises(FactorThere):
        with_app(world.ana)


def test_a_new_list_voids_the_old_one(world: World) -> None:
    old = with_codes(world.ana)
    people.renew_recovery_codes(at_home(world.ana))
    assert factors.matching(account_of(world.ana), old[0]) is None


def test_removing_the_last_factor_takes_the_codes_along(world: World) -> None:
    with_codes(world.ana)
    row = Authenticator.objects.get(user_id=world.ana.account_id, type="totp")
    people.remove_factor(at_home(world.ana), factor_id=row.pk)
    assert factors_of(world.ana) == []
    assert is_inside(Browser(ANA).get("/"), world)


def test_nobody_removes_what_is_somebody_elses(world: World) -> None:
    with_app(world.ana)
    row = Authenticator.objects.get(user_id=world.ana.account_id)
    with pytest.raises(NotFound):
        people.remove_factor(at_home(world.bo), factor_id=row.pk)
    bo = Browser(BO)
    assert bo.get(reverse("factor-remove", kwargs={"factor_id": row.pk})).status == 404


def test_adding_and_removing_stand_in_the_installations_journal(world: World) -> None:
    with_codes(world.ana)
    row = Authenticator.objects.get(user_id=world.ana.account_id, type="totp")
    people.remove_factor(at_home(world.ana), factor_id=row.pk)
    names = list(
        Entry.objects.filter(workspace_id=INSTALLATION, name__startswith="people.factor")
        .order_by("sequence")
        .values_list("name", flat=True)
    )
    assert names == ["people.factor-added"] * 2 + ["people.factor-removed"] * 2


def test_the_page_shows_when_something_was_last_used(world: World) -> None:
    code = code_of(with_app(world.ana))
    browser = Browser(ANA)
    browser.fill(reverse("mfa_authenticate"), reverse("mfa_authenticate"), code=code)
    page = browser.get(reverse("security"))
    assert page.heading == "A password alone does not let anybody in as you"
    assert "last used" in page.text
    used = Authenticator.objects.get(type="totp").last_used_at
    assert used is not None
    assert now() - used < timedelta(minutes=1)
    assert PASSWORD.reveal() not in page.body
