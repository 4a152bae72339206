"""Forms about who may sign in, with what, and about the workspace itself."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.web.forms.fields import Things, ZoneField, id_choice
from keystead.web.forms.start import LOCALES, ROLES

LASTS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
]


class InviteForm(forms.Form):
    """Somebody of the register or somebody new, and the role."""

    name = forms.CharField(label=gettext_lazy("Name, if new"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Filled in for them. Keystead sends nothing by itself."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect, initial="holder"
    )
    field_order = ("person_id", "name", "email", "role")

    def __init__(self, *args: Any, persons: Things, **kwargs: Any) -> None:
        """`persons` are those of the register who cannot sign in yet."""
        super().__init__(*args, **kwargs)
        label, somebody_new = gettext_lazy("Person"), gettext_lazy("Somebody new")
        self.fields["person_id"] = id_choice(persons, label, somebody_new)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Ask for a name where nobody of the register was chosen."""
        given = super().clean() or {}
        if not given.get("person_id") and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Choose somebody above, or write the new name here."))
        return given


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
