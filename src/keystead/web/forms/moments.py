"""How long a loan lasts, as a form. What is typed is wall-clock time in the zone of the page."""

from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.kernel.clock import local_to_utc
from keystead.web.forms.fields import DayField, MomentField
from keystead.web.templatetags import time_words

EVENING = time(17, 0)


class Agreed(TypedDict):
    """A due time (aware UTC) or a day to review, as keywords of an operation."""

    due_at: datetime | None
    review_on: date | None


HOURS = {"2h": 2, "4h": 4}
NIGHT = time(23, 59)


def quick_choices() -> dict[str, datetime]:
    """The quick choices for a due time as aware UTC, soonest kinds first.

    In some hours; 17:00 today, tomorrow and in a week; the last minute of today.
    """
    today = timezone.localdate()
    minute = timezone.now().replace(second=0, microsecond=0)
    zone = timezone.get_current_timezone_name()
    days = {
        "today": (0, EVENING),
        "night": (0, NIGHT),
        "tomorrow": (1, EVENING),
        "week": (7, EVENING),
    }
    hours = {name: minute + timedelta(hours=count) for name, count in HOURS.items()}
    return hours | {
        name: local_to_utc(datetime.combine(today + timedelta(days=ahead), clock), zone)
        for name, (ahead, clock) in days.items()
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
        self.quick = quick_choices()
        offered = self._offered()
        choices = [(name, _label(name, self.quick[name])) for name in offered]
        choices += [("at", _("another time")), ("open", _("open-ended"))]
        if self.may_keep_the_old:
            choices.insert(0, ("keep", _("as agreed before")))
        until = cast(forms.ChoiceField, self.fields["until"])
        until.choices = choices
        until.label = _("Until")
        until.initial = "keep" if self.may_keep_the_old else self._usual(offered)
        self.fields["due_at"].label = _("Due")
        self.fields["due_at"].help_text = _("Time in %(zone)s.") % {"zone": zone_words()}
        self.fields["review_on"].label = _("Look at it again on")
        self.fields["review_on"].help_text = _("Without a day: in half a year.")

    def _offered(self) -> list[str]:
        """What lies ahead; of the two ends of today the next. What was sent stays a choice."""
        now, chosen = timezone.now(), self.data.get(self.add_prefix("until"))
        ahead = [name for name, at in self.quick.items() if at > now]
        if "today" in ahead:
            ahead.remove("night")
        return [name for name in self.quick if name in ahead or name == chosen]

    @staticmethod
    def _usual(offered: list[str]) -> str:
        """The end of the working day, or of tomorrow's."""
        return "today" if "today" in offered else "tomorrow"

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


def _label(name: str, moment: datetime) -> str:
    if name in HOURS:
        return ngettext("in %(count)d hour", "in %(count)d hours", HOURS[name]) % {
            "count": HOURS[name]
        }
    if name in ("today", "night"):
        clock = time_words.clock(timezone.localtime(moment))
        return _("end of today (%(clock)s)") % {"clock": clock}
    return time_words.point(timezone.localtime(moment), timezone.localtime())
