"""A field for somebody: a name typed, and the right one of those it may mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NEW = "new"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a name may mean. `value` is person-12, space-3 or new; `hint` tells them apart.

    `is_start`: one of the words of the name begins with what was typed.
    """

    value: str
    name: str
    hint: str = ""
    is_exact: bool = False
    is_start: bool = False


class Holder(TypedDict):
    """Who gets something, as keywords of an operation."""

    person_id: int | None
    space_id: int | None


@dataclass(frozen=True, slots=True)
class Who:
    """Who was chosen: a person or a place of the register, or somebody new by name."""

    person_id: int | None = None
    space_id: int | None = None
    new_name: str = ""

    def ids(self) -> Holder:
        """The choice as keywords of an operation."""
        return {"person_id": self.person_id, "space_id": self.space_id}


LookUp = Callable[[str], Sequence[Candidate]]


def nobody(text: str) -> Sequence[Candidate]:
    """The look-up of a field that was not given one."""
    return []


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in: the name, the name the candidates were shown for, and the one picked."""

    text: str
    shown_for: str
    picked: str

    @property
    def choice(self) -> str:
        """The candidate picked, unless another name was typed since."""
        return self.picked if self.text == self.shown_for or not self.text else ""


class WhoWidget(forms.Widget):
    """A text field with the candidates under it; HTMX asks `url` for them while one types."""

    template_name = "custody/widgets/who.html"
    look_up: LookUp = staticmethod(nobody)
    url = ""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> Typed:
        found = (data.get(name), data.get(f"{name}_for"), data.get(f"{name}_choice"))
        text, shown_for, picked = (str(part or "").replace("\x00", "").strip() for part in found)
        return Typed(text[:120], shown_for[:120], picked[:40])

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed = value if isinstance(value, Typed) else Typed(value or "", value or "", "")
        context = super().get_context(name, typed.text, attrs)
        context |= candidates_context(self.look_up, name, typed)
        context["url"] = self.url
        context["is_asking"] = isinstance(value, Typed) and not context["picked"]
        return context


def candidates_context(look_up: LookUp, name: str, typed: Typed) -> dict[str, Any]:
    """What the template of the candidates needs."""
    found = list(look_up(typed.text)) if typed.text else []
    sure = certain(found)
    return {
        "name": name,
        "shown_for": typed.text,
        "candidates": found,
        "picked": typed.choice or (sure.value if sure else ""),
    }


def certain(found: Sequence[Candidate]) -> Candidate | None:
    """The one that is meant for sure: alone of that very name, else alone and begun with it."""
    exact = [candidate for candidate in found if candidate.is_exact]
    if exact:
        return exact[0] if len(exact) == 1 else None
    known = [candidate for candidate in found if candidate.value != NEW]
    return known[0] if len(known) == 1 and known[0].is_start else None


class WhoField(forms.Field):
    """Cleans to a `Who`, or None where nobody was named and that is allowed.

    `takes_new`: a name like nobody's on the register is somebody new, without asking.
    """

    widget = WhoWidget

    def __init__(self, *, takes_new: bool = False, **kwargs: Any) -> None:
        """Whether a name that nobody has needs no confirmation."""
        super().__init__(**kwargs)
        self.takes_new = takes_new

    def clean(self, value: Typed) -> Who | None:
        """Take the candidate picked, else the only one the name can mean."""
        if value.choice:
            return self._picked(value)
        if not value.text:
            if self.required:
                raise ValidationError(_("Say who."), code="required")
            return None
        found = cast(WhoWidget, self.widget).look_up(value.text)
        sure = certain(found)
        if sure is not None:
            return self._picked(Typed(value.text, value.text, sure.value))
        offers_new = any(candidate.value == NEW for candidate in found)
        if any(candidate.value != NEW for candidate in found):
            words = _("Choose who is meant.")
            if offers_new:
                words = _("Somebody on the register has a name like that. Choose who is meant.")
            raise ValidationError(words, code="ambiguous")
        if offers_new and self.takes_new:
            return Who(new_name=value.text)
        words = _("Nobody on the register is called “%(name)s”.")
        if offers_new:
            words += " " + _("Choose “somebody new”, or correct the name.")
        raise ValidationError(words % {"name": value.text}, code="unknown")

    def _picked(self, value: Typed) -> Who:
        kind, _dash, number = value.choice.partition("-")
        if kind == NEW and value.text:
            return Who(new_name=value.text)
        if kind in ("person", "space") and number.isascii() and number.isdigit():
            row_id = int(number[:18])
            return Who(person_id=row_id) if kind == "person" else Who(space_id=row_id)
        raise ValidationError(_("Choose one of those below."), code="invalid")
