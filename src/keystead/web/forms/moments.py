"""How long a loan lasts, as a form. What is typed is wall-clock time in the zone of the page."""

from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from keystead.kernel.clock import local_to_utc
from keystead.web.forms.fields import DayField, MomentField
from keystead.web.templatetags import time_words

EVENING = time(17, 0)


class Agreed(TypedDict):
    """A due time (aware UTC) or a day to review, as keywords of an operation."""

    due_at: datetime | None
    review_on: date | None


def evenings() -> dict[str, datetime]:
    """The quick choices for a due time: 17:00 today, tomorrow and in a week, as aware UTC."""
    today = timezone.localdate()
    zone = timezone.get_current_timezone_name()
    days = {"today": 0, "tomorrow": 1, "week": 7}
    return {
        name: local_to_utc(datetime.combine(today + timedelta(days=ahead), EVENING), zone)
        for name, ahead in days.items()
    }


class Period(forms.Form):
    """How long a loan lasts: until a moment, or open-ended with a day to look at it again."""

    until = forms.ChoiceField(widget=forms.RadioSelect)
    due_at = MomentField(required=False)
    review_on = DayField(required=False)

    may_keep_the_old = False
    """Whether leaving the period as it was is a choice, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quick = evenings()
        now = timezone.now()
        offered = [name for name, at in self.quick.items() if at > now or self.is_bound]
        choices = [(name, _point(self.quick[name])) for name in offered]
        choices += [("at", _("another time")), ("open", _("open-ended"))]
        if self.may_keep_the_old:
            choices.insert(0, ("keep", _("as agreed before")))
        until = cast(forms.ChoiceField, self.fields["until"])
        until.choices = choices
        until.label = _("Until")
        until.initial = choices[0][0]
        self.fields["due_at"].label = _("Due")
        self.fields["due_at"].help_text = _("Time in %(zone)s.") % {"zone": zone_words()}
        self.fields["review_on"].label = _("Look at it again on")
        self.fields["review_on"].help_text = _("Without a day: in half a year.")

    def clean(self) -> dict[str, Any]:
        """Leave exactly one of due time and review date, as `until` says."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("until")
        if chosen == "at" and not cleaned.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", _("Say until when."))
        cleaned["due_at"] = self.quick.get(chosen or "", cleaned.get("due_at"))
        if chosen in ("open", "keep"):
            cleaned["due_at"] = None
        if chosen != "open":
            cleaned["review_on"] = None
        return cleaned

    def agreed(self) -> Agreed:
        """The period as keywords of an operation."""
        return {
            "due_at": self.cleaned_data["due_at"],
            "review_on": self.cleaned_data["review_on"],
        }


def zone_words() -> str:
    """The zone of the page in words: "Europe/London (GMT)"."""
    name = timezone.get_current_timezone_name()
    return f"{name} ({timezone.localtime().tzname()})"


def _point(moment: datetime) -> str:
    return time_words.point(timezone.localtime(moment), timezone.localtime())
