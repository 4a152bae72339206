"""Fields that several forms share: zones, things named by typing, days, versions and notes."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH, available_timezones

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.kernel.clock import local_to_utc
from keystead.kernel.text import folded

Choices = list[tuple[str, Any]]
Things = Sequence[tuple[int, str]]
Named = Sequence[tuple[Any, str]]

AREAS = (
    "Europe",
    "America",
    "Africa",
    "Asia",
    "Australia",
    "Pacific",
    "Atlantic",
    "Indian",
    "Antarctica",
    "Arctic",
)
LONGEST_TEXT = 2_000
HIGHEST_ID = 10**18
EARLIEST, LATEST = 1900, 2199
"""Years outside these are slips of the keyboard."""


@lru_cache(maxsize=1)
def zones() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every time zone by part of the world: (area, ((name, city), …))."""
    groups: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for name in sorted(_current_zones()):
        area, _slash, city = name.partition("/")
        if city and area in groups:
            groups[area].append((name, city.replace("_", " ").replace("/", ", ")))
    return tuple((area, tuple(cities)) for area, cities in groups.items())


def _current_zones() -> set[str]:
    """The zones of places in use, without the older names they have had (Kiev beside Kyiv).

    Without the table of those on this machine: every name there is.
    """
    for folder in TZPATH:
        table = Path(folder) / "zone.tab"
        if table.is_file():
            lines = table.read_text(encoding="utf-8").splitlines()
            rows = (line.split("\t") for line in lines if not line.startswith("#"))
            return {row[2] for row in rows if len(row) > 2} & available_timezones()
    return available_timezones()


def zone_choices(kept: str = "", empty: Any = "") -> Choices:
    """The zones for a select; `kept` is offered even if it is an old name."""
    found: Choices = [("", empty)] if empty else []
    found.append(("UTC", "UTC"))
    found += [(area, list(cities)) for area, cities in zones()]
    known = {name for _area, cities in zones() for name, _city in cities}
    if kept and kept != "UTC" and kept not in known:
        found.append((kept, kept))
    return found


class ZoneField(forms.ChoiceField):
    """A time zone, grouped by part of the world."""

    def __init__(self, *, empty: Any = "", kept: str = "", **kwargs: Any) -> None:
        """With `empty` a zone need not be chosen: it is the word for that. `kept`: an old name."""
        label = gettext_lazy("Time zone")
        super().__init__(
            choices=zone_choices(kept, empty), required=not empty, **{"label": label} | kwargs
        )


class Suggestions(forms.TextInput):
    """A text field that suggests names as one types, from a list the page brings along."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """Remember what to suggest."""
        super().__init__({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
        self.names = names

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input and its list."""
        list_id = f"{(attrs or {}).get('id', name)}_names"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((n,) for n in self.names))
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class ThingField(forms.CharField):
    """One thing of the register, named by typing; cleans to its id or whatever `find` gives.

    `find` gives (id, words) for a text. Words that only one thing has are enough; several are
    listed in the error, so that one can be typed in full.
    """

    def __init__(
        self, *, find: Callable[[str], Named], none: Any, suggest: Named, **kwargs: Any
    ) -> None:
        """`none` is the error for a name nothing has; `suggest` what is offered while typing."""
        super().__init__(
            max_length=200, widget=Suggestions([words for _id, words in suggest]), **kwargs
        )
        self.find, self.none = find, none

    def clean(self, value: Any) -> Any:
        """The id of the one thing meant, or None. Raises ValidationError where that is not one."""
        text = super().clean(value)
        if not text:
            return None
        wanted = folded(text)
        found = self.find(text)
        exact = [thing for thing in found if wanted == folded(thing[1])]
        plain = [thing for thing in found if wanted == folded(thing[1].partition(" (")[0])]
        for group in (exact, plain, found):
            if len(group) == 1:
                return group[0][0]
        if not found:
            raise forms.ValidationError(self.none)
        named = ", ".join(words for _id, words in (plain or found)[:5])
        raise forms.ValidationError(_("Which one do you mean? %s") % named)


class DayField(forms.DateField):
    """A day at the place the page is about, as the browser's own calendar gives it."""

    def __init__(self, **kwargs: Any) -> None:
        """Use the browser's calendar."""
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **kwargs})

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError for a year that is a slip of the keyboard."""
        typed = super().to_python(value)
        if typed is not None and not EARLIEST <= typed.year <= LATEST:
            raise forms.ValidationError(_("Look at the year again."))
        return typed


class MomentField(forms.DateTimeField):
    """A moment typed as local time in the zone that is active, cleaned to aware UTC.

    A time the clocks skip moves to the end of the gap; one they repeat means the first.
    """

    def __init__(self, **kwargs: Any) -> None:
        """Use the browser's own field for date and time."""
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> datetime | None:
        """The instant. Raises ValidationError for a year that is a slip of the keyboard."""
        with timezone.override("UTC"):
            typed = super().to_python(value)
        if typed is None:
            return None
        if not EARLIEST <= typed.year <= LATEST:
            raise forms.ValidationError(_("Look at the year again."))
        return local_to_utc(typed.replace(tzinfo=None), timezone.get_current_timezone_name())


class VersionField(forms.IntegerField):
    """The version of a thing as it was read, hidden in its form."""

    def __init__(self) -> None:
        """Always hidden, always there."""
        super().__init__(widget=forms.HiddenInput, min_value=1, max_value=HIGHEST_ID)


def note_field(label: Any, **kwargs: Any) -> forms.CharField:
    """A few sentences of free text."""
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}), **kwargs
    )


def id_choice(things: Things, label: Any, empty: Any = "", **kwargs: Any) -> forms.TypedChoiceField:
    """A select of things; cleans to an id, or to None where `empty` names having none."""
    first: Choices = [("", empty)] if empty else []
    return forms.TypedChoiceField(
        label=label,
        choices=first + [(str(thing_id), words) for thing_id, words in things],
        coerce=int,
        empty_value=None,
        required=not empty,
        **kwargs,
    )
