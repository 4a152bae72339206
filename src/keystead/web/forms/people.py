"""Forms about persons and firms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keystead.web.forms.fields import Things, VersionField, id_choice


class PersonForm(forms.Form):
    """A person of the register; only the name is needed."""

    name = forms.CharField(label=_("Name"), max_length=120)
    department = forms.CharField(
        label=_("Department or role"),
        max_length=120,
        required=False,
        help_text=_("What tells people of the same name apart: “night shift”, “neighbour at 14”."),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput
    )

    def __init__(self, *args: Any, firms: Things, **kwargs: Any) -> None:
        """Offer these firms."""
        super().__init__(*args, **kwargs)
        self.fields["firm_id"] = id_choice(firms, _("Firm"), _("none"))
        self.order_fields(("name", "firm_id", "department", "phone", "email"))


class PersonEditForm(PersonForm):
    """The same, as read at a version."""

    version = VersionField()


class FirmForm(forms.Form):
    """A firm whose workers hold keys."""

    name = forms.CharField(label=_("Name of the firm"), max_length=120)
