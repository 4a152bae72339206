"""Forms of the acts on copies: they parse and clean, the operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keystead.custody.rules import MISSING_KINDS
from keystead.web.forms.fields import MomentField, Things, id_choice, note_field
from keystead.web.forms.moments import Period
from keystead.web.forms.who import WhoField

MISSING_WORDS = {
    "lost": _("Lost"),
    "stolen": _("Stolen"),
    "unaccounted": _("Nobody knows where it is"),
}


class Keeping(forms.Form):
    """Where copies go: where they belong, or into a container, on one of its hooks."""

    hook = forms.CharField(
        label=_("Hook"), max_length=20, required=False, help_text=_("If it has hooks: the label.")
    )

    def __init__(self, *args: Any, containers: Things, home: str = "", **kwargs: Any) -> None:
        """Offer these containers; `home` is the word for none of them."""
        super().__init__(*args, **kwargs)
        self.fields["container"] = id_choice(containers, _("Where to"), home)
        self.order_fields(["container", "hook"])


class Handing(Period):
    """To whom, until when and what for; `needs_purpose` where the workspace asks for that."""

    purpose = forms.CharField(label=_("What for"), max_length=500, required=False)

    holder = WhoField(label=_("To whom"), help_text=_("A person or a place of the register."))

    def __init__(self, *args: Any, needs_purpose: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = needs_purpose
        if needs_purpose:
            self.fields["purpose"].error_messages["required"] = _(
                "Say what for. Here nothing goes out without a purpose."
            )


class HandOut(Handing):
    """Handing out: to whom, until when, what for; entered later where it happened earlier."""

    firm_name = forms.CharField(label=_("Firm"), max_length=120, required=False)
    occurred_at = MomentField(
        label=_("When it was handed out"),
        required=False,
        help_text=_("Only where it happened earlier: it is marked as entered later."),
    )


class PassOn(Handing):
    """From the holder straight to somebody else; the period goes on unless changed."""

    may_keep_the_old = True


class TakeBack(Keeping):
    """Taking back: everything but the copies is optional, so that it always succeeds."""

    returned_by = WhoField(
        label=_("Brought by"), required=False, help_text=_("Only if it was somebody else.")
    )
    note = note_field(
        _("Note for the next one who takes it"), required=False, help_text=_("“Sticks a little”")
    )
    left_at = forms.CharField(
        label=_("Where it was left"),
        max_length=200,
        required=False,
        help_text=_("For the next one: “car park B, row 4”"),
    )
    meter = forms.CharField(
        label=_("Meter reading"), max_length=60, required=False, help_text=_("As it shows.")
    )
    fault = forms.CharField(
        label=_("Something is wrong with it"),
        max_length=500,
        required=False,
        help_text=_("Opens an incident."),
    )
    fault_is_critical = forms.BooleanField(
        label=_("Do not hand it out until that is settled"), required=False
    )
    seal_number = forms.CharField(label=_("Number on the seal"), max_length=40, required=False)
    occurred_at = MomentField(
        label=_("When it came back"),
        required=False,
        help_text=_("Only where it happened earlier: it is marked as entered later."),
    )


class Extend(Period):
    """Another period for a loan."""


class Missing(forms.Form):
    """Lost, stolen or unaccounted for."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(kind, MISSING_WORDS[kind]) for kind in MISSING_KINDS],
        widget=forms.RadioSelect,
        initial="lost",
    )
    note = note_field(
        _("Who noticed it, when and where"),
        help_text=_("“Ben, on the train to Leeds, Monday evening”"),
    )
    happened_at = MomentField(label=_("When it happened, if known"), required=False)


class Found(Keeping):
    """A missing copy turned up: back into stock, or with somebody."""

    holder = WhoField(
        label=_("Who has it"), required=False, help_text=_("Leave empty if it is back in stock.")
    )
    note = note_field(_("Where and how it turned up"), required=False)


class Damaged(forms.Form):
    """A fault of a copy."""

    note = note_field(_("What is wrong with it"))
    is_critical = forms.BooleanField(
        label=_("Do not hand it out until that is settled"), required=False
    )


class Destroy(forms.Form):
    """Destruction, asked before it is noted."""

    note = forms.CharField(
        label=_("Why and how"),
        max_length=500,
        required=False,
        help_text=_("“Cut in two after the lock was changed”"),
    )


class PastLoan(forms.Form):
    """A loan that began and ended in the past."""

    holder = WhoField(label=_("Who had it"))
    from_at = MomentField(label=_("From"))
    until_at = MomentField(label=_("Until"))
    purpose = forms.CharField(label=_("What for"), max_length=500, required=False)
