"""Forms about who may sign in, with what, and about the workspace itself."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from keystead.web.forms.fields import Things, ZoneField
from keystead.web.forms.start import LOCALES, ROLES
from keystead.web.forms.who import WhoField

LASTS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
]


SITES_ONLY = ("sites-only", gettext_lazy("None here: only what they are at single sites"))
AT_A_SITE = [
    ("key-manager", gettext_lazy("Key manager: hands out, takes back, describes what is there")),
    ("holder", gettext_lazy("Holder: only what they have themselves")),
    ("auditor", gettext_lazy("Auditor: sees everything of the site, changes nothing")),
]


class InviteForm(forms.Form):
    """Somebody of the register or somebody new, the role, and where it is one."""

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

    def __init__(self, *args: Any, sites: Things, **kwargs: Any) -> None:
        """Offer the sites where there are several."""
        super().__init__(*args, **kwargs)
        if len(sites) > 1:
            everywhere = [("", gettext_lazy("in the whole workspace"))]
            self.fields["site_id"] = forms.TypedChoiceField(
                label=gettext_lazy("Where"),
                choices=[*everywhere, *sites],
                coerce=int,
                empty_value=None,
                required=False,
                help_text=gettext_lazy("At one site they see and do only what belongs to it."),
            )


class RoleForm(forms.Form):
    """What somebody is here for."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[*ROLES, SITES_ONLY], widget=forms.RadioSelect
    )


class SiteRoleForm(forms.Form):
    """What somebody is at one site."""

    site_id = forms.TypedChoiceField(label=gettext_lazy("Site"), coerce=int)
    role = forms.ChoiceField(
        label=gettext_lazy("Role there"),
        choices=AT_A_SITE,
        widget=forms.RadioSelect,
        initial="key-manager",
    )

    def __init__(self, *args: Any, sites: Things, **kwargs: Any) -> None:
        """Offer the sites."""
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["site_id"]).choices = list(sites)


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
