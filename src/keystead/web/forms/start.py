"""Forms outside any workspace: the first start, another workspace, an invitation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keystead.web.forms.fields import ZoneField

TEMPLATES = [
    ("household", _("A household: a home or two, family and neighbours")),
    ("small-business", _("An organisation: rooms, staff, contractors, a key cabinet")),
    ("empty", _("Neither: start with nothing prepared")),
]
LOCALES = [("en", _("English")), ("en-GB", _("English (United Kingdom)")), ("de", _("German"))]
ROLES = [
    ("owner", _("Owner: everything, and who may sign in")),
    ("key-manager", _("Key manager: hands out, takes back, describes")),
    ("holder", _("Holder: only what they have themselves")),
    ("auditor", _("Auditor: sees everything, changes nothing")),
]
"""What a role is for, in words for choosing one."""


class Password(forms.CharField):
    """A password as it is typed, neither trimmed nor shown again."""

    def __init__(self, *, is_new: bool, **kwargs: Any) -> None:
        """`is_new` tells the browser's password manager to offer a fresh one."""
        name = "new-password" if is_new else "current-password"
        widget = forms.PasswordInput({"autocomplete": name})
        super().__init__(strip=False, max_length=256, widget=widget, **kwargs)


class LoginEmail(forms.EmailField):
    """The address of a new login."""

    def __init__(self, **kwargs: Any) -> None:
        """As it is everywhere a login is made."""
        super().__init__(
            label=_("E-mail"),
            max_length=254,
            widget=forms.EmailInput({"autocomplete": "username"}),
            help_text=_("You sign in with it."),
            **kwargs,
        )


class WorkspaceForm(forms.Form):
    """What a new workspace is called, whose it is and where."""

    owner_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As it stands on the register, for everybody there to read."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    workspace_name = forms.CharField(
        label=_("Name of the workspace"),
        max_length=120,
        help_text=_("A household or an organisation: “Maple Street 12”, “Harbour & Partners”."),
    )
    template = forms.ChoiceField(
        label=_("What it is for"), choices=TEMPLATES, widget=forms.RadioSelect, initial="household"
    )
    time_zone = ZoneField()
    locale = forms.ChoiceField(label=_("Language and dates"), choices=LOCALES, initial="en-GB")


class StartForm(WorkspaceForm):
    """The first owner: a login, and the first workspace."""

    email = LoginEmail()
    password = Password(
        label=_("Password"),
        is_new=True,
        help_text=_("At least 10 characters. Four words in a row are good."),
    )
    field_order = (
        "owner_name",
        "email",
        "password",
        "workspace_name",
        "template",
        "time_zone",
        "locale",
    )


class JoinForm(forms.Form):
    """A new login for somebody who was invited."""

    email = LoginEmail()
    password = Password(
        label=_("New password"),
        is_new=True,
        help_text=_("At least 10 characters. Four words in a row are good."),
    )
