"""Forms of the sign-in and of what belongs to it. The library shows some; Keystead checks all."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from keystead.people import factors, passkeys
from keystead.people.throttle import TooManyTries
from keystead.web.forms.start import Password

TOO_MANY = _("Too many wrong tries. Wait a quarter of an hour, then try again.")
WRONG_CODE = _("This code is not right, or was used already. Take the one the app shows now.")
WRONG_PASSKEY = _("This passkey does not belong to your login. Try another, or a code.")


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password, and whether the device is one's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put it in our words; where own devices are not remembered, do not ask."""
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail"),
            max_length=254,
            widget=forms.EmailInput({"autocomplete": "username"}),
        )
        self.fields["password"] = Password(label=_("Password"), is_new=False)
        if settings.OWN_DEVICE_LASTS:
            remember = forms.BooleanField(
                label=_("This is my own device: keep me signed in"), required=False
            )
            self.fields["remember"] = remember
        else:
            self.fields.pop("remember", None)

    def clean(self) -> Any:
        """Compare, unless there were too many wrong tries."""
        try:
            return super().clean()
        except TooManyTries:
            raise forms.ValidationError(TOO_MANY) from None

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Go on to the second factor, or inside."""
        remember_choice(request, is_own=bool(self.cleaned_data.get("remember")))
        self.cleaned_data.setdefault("remember", False)
        answer: HttpResponse = super().login(request, redirect_url)
        return answer


def remember_choice(request: HttpRequest, *, is_own: bool) -> None:
    """Keep, until the sign-in is done, whether the device is one's own."""
    request.session["own-device"] = is_own


def code_field() -> forms.CharField:
    """A code of the app or of the list."""
    return forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Six digits from your app, or one of your recovery codes."),
    )


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """The code that is asked for after the password."""

    code = code_field()

    def clean_code(self) -> str:
        """Accept a code once, counted per account."""
        code: str = self.cleaned_data["code"]
        try:
            found = factors.matching(self.user, code)
        except TooManyTries:
            raise forms.ValidationError(TOO_MANY) from None
        if found is None:
            raise forms.ValidationError(WRONG_CODE)
        found.user = self.user
        self.authenticator = found
        return code


class CredentialField(forms.JSONField):
    """What the browser says about a passkey; filled in by a script."""

    def __init__(self) -> None:
        """Always hidden, and not endless."""
        super().__init__(widget=forms.HiddenInput, max_length=passkeys.LONGEST)

    def to_python(self, value: Any) -> Any:
        """Read it. Raises ValidationError for what is too long, too deep or no answer at all."""
        if isinstance(value, str) and len(value) > passkeys.LONGEST:
            raise forms.ValidationError(WRONG_PASSKEY)
        try:
            found = super().to_python(value)
        except RecursionError:
            raise forms.ValidationError(WRONG_PASSKEY) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(WRONG_PASSKEY)
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing of a broken answer is shown again."""
        return initial


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey shown after the password."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        """The passkey, if it is one of the account's."""
        found = passkeys.answered(self.cleaned_data["credential"], self.user)
        if found is None:
            raise forms.ValidationError(WRONG_PASSKEY)
        return found


class ShownPasskeyForm(forms.Form):
    """A passkey shown instead of a password, or to confirm."""

    credential = CredentialField()
    remember = forms.BooleanField(required=False)


class NewPasskeyForm(forms.Form):
    """A passkey just made, and what to call it."""

    name = forms.CharField(
        label=_("What to call it"),
        max_length=60,
        help_text=_("So that you know it again: “my phone”, “key on my key ring”."),
    )
    credential = CredentialField()


class NewAppForm(forms.Form):
    """The first code of an authenticator app, which proves that it was set up."""

    code = forms.CharField(
        label=_("The six digits it shows now"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ConfirmPasswordForm(forms.Form):
    """The password, to confirm that it is oneself."""

    password = Password(label=_("Password"), is_new=False)


class ConfirmCodeForm(forms.Form):
    """A code, to confirm that it is oneself."""

    code = code_field()


class NewPasswordForm(forms.Form):
    """A new password."""

    password = Password(
        label=_("New password"),
        is_new=True,
        help_text=_("At least 10 characters. Four words in a row are good."),
    )


class AddressForm(forms.Form):
    """An address."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "username"})
    )


class NewAddressForm(forms.Form):
    """Another address to sign in with."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)
