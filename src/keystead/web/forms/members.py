"""Forms about who may sign in, with what, and about the workspace itself."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from keystead.web.forms.fields import ZoneField
from keystead.web.forms.start import LOCALES, ROLES
from keystead.web.forms.who import WhoField

LASTS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
]


class InviteForm(forms.Form):
    """Somebody of the register or somebody new, and the role."""

    holder = WhoField(label=gettext_lazy("Who"))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Filled in for them. Keystead sends nothing by itself."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect, initial="holder"
    )


class RoleForm(forms.Form):
    """What somebody is here for."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect)


class TokenForm(forms.Form):
    """What an API token is for, what it may do, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("A program and where it runs: “wall display, hall”."),
    )
    read_only = forms.BooleanField(
        label=gettext_lazy("May only read"), required=False, initial=True
    )
    lasts = forms.ChoiceField(label=gettext_lazy("Good for"), choices=LASTS, initial="90")

    def clean_lasts(self) -> timedelta:
        """The days as a length of time."""
        return timedelta(days=int(self.cleaned_data["lasts"]))


class SettingsForm(forms.Form):
    """What the workspace is called, and in which zone and language it lives."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    locale = forms.ChoiceField(label=gettext_lazy("Language and dates"), choices=LOCALES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep offering a zone that has an old name."""
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = ZoneField(
            kept=self.initial.get("time_zone", ""),
            help_text=gettext_lazy("A site may have its own."),
        )


class DigestsForm(forms.Form):
    """When digests are sent, and from when on a loan is due soon."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    times = forms.CharField(
        label=gettext_lazy("At which times"),
        max_length=80,
        help_text=gettext_lazy("In the time of this workspace, with commas: 07:30, 17:30"),
    )
    soon_hours = forms.IntegerField(
        label=gettext_lazy("Remind so many hours before a key is due"), min_value=1, max_value=336
    )
