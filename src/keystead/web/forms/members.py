"""Forms about who may sign in, with what, and about the workspace itself."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from keystead.kernel.rights import Right
from keystead.people.roles import AT_THE_DESK, READING
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

    holder = WhoField(label=gettext_lazy("Who"), takes_new=True)
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


SCOPES = [
    ("read", gettext_lazy("Only read")),
    ("desk", gettext_lazy("Hand out and take back, like a desk")),
    ("all", gettext_lazy("Everything I may do here, now and later")),
    ("chosen", gettext_lazy("Only what I tick below")),
]
RIGHT_WORDS = {
    Right.SEE_OWN: gettext_lazy("See the keys I have myself"),
    Right.SEE_REGISTER: gettext_lazy("See places, keys, copies and holders"),
    Right.SEE_JOURNAL: gettext_lazy("Read the journal"),
    Right.HAND_OUT: gettext_lazy("Hand out, take back, pass on"),
    Right.REPORT: gettext_lazy("Report lost and damaged keys"),
    Right.EDIT_REGISTER: gettext_lazy("Describe places, locks and keys"),
    Right.EDIT_PEOPLE: gettext_lazy("Add and change people"),
    Right.IMPORT: gettext_lazy("Import files"),
    Right.EXPORT: gettext_lazy("Export files"),
    Right.MANAGE_MEMBERS: gettext_lazy("See who may sign in"),
}
"""What a token may be limited to, in words for choosing."""


class TokenForm(forms.Form):
    """What an API token is for, what it may do, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("A program and where it runs: “wall display, hall”."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"),
        choices=SCOPES,
        widget=forms.RadioSelect,
        initial="read",
    )
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Only this"), required=False, widget=forms.CheckboxSelectMultiple
    )
    lasts = forms.ChoiceField(label=gettext_lazy("Good for"), choices=LASTS, initial="90")

    def __init__(self, *args: Any, rights: Collection[Right], **kwargs: Any) -> None:
        """Offer what the person may do themselves."""
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["chosen"]
        chosen.choices = [
            (str(right), words) for right, words in RIGHT_WORDS.items() if right in rights
        ]

    def clean_lasts(self) -> timedelta:
        """The days as a length of time."""
        return timedelta(days=int(self.cleaned_data["lasts"]))

    def clean(self) -> dict[str, Any]:
        """The rights a choice stands for; None is everything."""
        given: dict[str, Any] = super().clean() or {}
        scope, chosen = given.pop("scope", ""), given.pop("chosen", [])
        if scope == "chosen" and not chosen:
            self.add_error("chosen", gettext_lazy("Tick what the token may do."))
        rights = {"read": READING, "desk": AT_THE_DESK, "chosen": frozenset(map(Right, chosen))}
        return {**given, "rights": rights.get(scope)}


class PurposeRuleForm(forms.Form):
    """Whether copies go out only with a purpose."""

    is_required = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=[
            ("no", gettext_lazy("May be left out")),
            ("yes", gettext_lazy("Must be said, or nothing goes out")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Loans of the past, typed in from a paper log, never need it."),
    )


class SignInRuleForm(forms.Form):
    """Of whom a second factor is asked, and how long they have to add one."""

    wanted_for = forms.ChoiceField(
        label=gettext_lazy("A second factor is required of"),
        choices=[
            ("nobody", gettext_lazy("Nobody")),
            ("managers", gettext_lazy("Owners and key managers")),
            ("everybody", gettext_lazy("Everybody who signs in here")),
        ],
        widget=forms.RadioSelect,
    )
    grace_days = forms.TypedChoiceField(
        label=gettext_lazy("Time to add one"),
        choices=[
            ("0", gettext_lazy("None: from now on")),
            ("3", gettext_lazy("3 days")),
            ("7", gettext_lazy("a week")),
            ("14", gettext_lazy("two weeks")),
            ("30", gettext_lazy("30 days")),
        ],
        coerce=int,
        help_text=gettext_lazy(
            "Newcomers have as long. Afterwards whoever has none, and their API tokens, can do "
            "nothing here until they add one."
        ),
    )


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
