"""What one compares a journal with: checkpoints kept elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SeveralFiles(forms.ClearableFileInput):
    """A choice of any number of files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.Field):
    """The files that were chosen, as a list."""

    widget = SeveralFiles


class CompareForm(forms.Form):
    """Checkpoints as files or as text, and the key that has to have signed them."""

    text = forms.CharField(
        label=_("A checkpoint, pasted"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("The whole mail will do."),
    )
    kept = SeveralFilesField(label=_("Files with checkpoints"), required=False)
    key = forms.CharField(
        label=_("Verifier key you noted"),
        required=False,
        max_length=300,
        help_text=_(
            "With it nobody can pass off a checkpoint, not even somebody who has this whole "
            "computer. Without it the keys kept here count."
        ),
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
