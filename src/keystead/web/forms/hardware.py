"""Forms about locks, cylinders and codes. They parse and clean only."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.web import words
from keystead.web.forms.fields import DayField, MomentField, Named, Suggestions, ThingField
from keystead.web.forms.places import name_field
from keystead.web.forms.who import WhoField

Find = Callable[[str], Named]
LISTED_ONLY = gettext_lazy("Only the keys listed open it (X or NMK)")
LISTED_ONLY_HELP = gettext_lazy(
    "Cross-keyed or not master keyed: no key that stands above opens it."
)


class KeyForm(forms.Form):
    """A key, named by typing."""

    def __init__(self, *args: Any, find: Find, suggest: Named, **kwargs: Any) -> None:
        """`find` looks a text up, `suggest` is offered while typing."""
        super().__init__(*args, **kwargs)
        self.fields["key"] = ThingField(
            label=gettext_lazy("Key (symbol or name)"),
            find=find,
            suggest=suggest,
            none=gettext_lazy("There is no such key. Add it first, or look at the spelling."),
        )


class CylinderForm(forms.Form):
    """A cylinder by its number."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)
    is_listed_only = forms.BooleanField(
        label=LISTED_ONLY, help_text=LISTED_ONLY_HELP, required=False
    )


class CylinderChangeForm(CylinderForm):
    """A cylinder as it is to be, and the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class FitForm(CylinderForm):
    """The cylinder that goes into a lock: a new number, or one that lies around."""

    def __init__(self, *args: Any, free: list[str], **kwargs: Any) -> None:
        """`free` are the numbers of cylinders that sit in no lock."""
        super().__init__(*args, **kwargs)
        self.fields["number"].widget = Suggestions(free)
        self.fields["number"].label = _("Number of the new cylinder")
        self.fields["number"].help_text = _("One that is not described yet is added.")


class LockForm(forms.Form):
    """A lock, with the cylinder in it if its number is known."""

    name = name_field(help_text=gettext_lazy("What tells it from other locks: “upper lock”."))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=words.choices(words.LOCKS), initial="mechanical"
    )
    cylinder_number = forms.CharField(
        label=gettext_lazy("Number of its cylinder"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("If it has one. It can be put in later."),
    )


class CodeForm(forms.Form):
    """That there is a code, and since when it is this one; never the code itself."""

    name = name_field(
        label=gettext_lazy("What people call it"), help_text=gettext_lazy("Never the code itself.")
    )
    changed_on = DayField(
        label=gettext_lazy("Changed last on"),
        required=False,
        help_text=gettext_lazy("Leave it empty where nobody knows."),
    )

    def clean_changed_on(self) -> date | None:
        """A code cannot have been changed tomorrow."""
        chosen: date | None = self.cleaned_data["changed_on"]
        if chosen is not None and chosen > timezone.localdate():
            raise forms.ValidationError(_("That lies in the future."))
        return chosen


class CodeSomewhereForm(CodeForm):
    """A code, and what it opens, where that is not known yet."""

    field_order = ("on", "name", "changed_on")

    def __init__(self, *args: Any, find: Find, suggest: Named, **kwargs: Any) -> None:
        """`find` looks containers and access points up, `suggest` is offered while typing."""
        super().__init__(*args, **kwargs)
        self.fields["on"] = ThingField(
            label=gettext_lazy("What it opens"),
            help_text=gettext_lazy("A lockbox, a safe, a door, an alarm panel."),
            find=find,
            suggest=suggest,
            none=gettext_lazy("Nothing is called so. Add it first, or look at the spelling."),
        )
        self.order_fields(self.field_order)


class KnowsForm(forms.Form):
    """Who else knows a code, and since when."""

    holder = WhoField(label=gettext_lazy("Who knows it, too"))
    occurred_at = MomentField(
        label=gettext_lazy("Since"),
        required=False,
        help_text=gettext_lazy("Empty means: from now on."),
    )


class SettleForm(forms.Form):
    """How an incident was settled."""

    note = forms.CharField(
        label=gettext_lazy("How it was settled"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )
