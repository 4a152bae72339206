"""The upload, and what a column can mean, in words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keystead.exchange.guessing import Field

FIELD_WORDS = {
    Field.KEY: _("Key: its symbol or name"),
    Field.KEY_NAME: _("Name of the key"),
    Field.NUMBER: _("Number of the copy"),
    Field.COUNT: _("How many copies"),
    Field.OPENS: _("What it opens"),
    Field.SITE: _("Property"),
    Field.BUILDING: _("Building"),
    Field.ROOMS: _("Rooms"),
    Field.HOOK: _("Hook or cabinet"),
    Field.WHERE: _("Where it is, or who has it"),
    Field.HOLDER: _("Who has it"),
    Field.HOLDER_LAST: _("Who has it: last name"),
    Field.HOLDER_FIRST: _("Who has it: first name"),
    Field.FIRM: _("Firm"),
    Field.DEPARTMENT: _("Department"),
    Field.ISSUED: _("Handed out on"),
    Field.DUE: _("Due on"),
    Field.RETURNED: _("Came back on"),
    Field.STATUS: _("In, out, lost …"),
    Field.DEPOSIT: _("Deposit"),
    Field.SIGNATURE: _("Signature"),
    Field.SET: _("Set or ring"),
    Field.CODE: _("A code: will be sealed"),
    Field.NOTE: _("Remark"),
    Field.UNKNOWN: _("Something else: kept as a remark"),
}


class UploadForm(forms.Form):
    """A register as people keep it: a spreadsheet or a text file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A spreadsheet (XLSX) or text with commas, semicolons or tabs (CSV). "
            "You see what will happen before anything is written."
        ),
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
    )
    site = forms.CharField(
        label=_("Site for places the file puts on none"),
        required=False,
        max_length=120,
        help_text=_("Empty: the site there is. If there are several, you are asked."),
    )
