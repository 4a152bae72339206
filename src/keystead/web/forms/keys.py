"""Forms that describe keys, copies, rings, containers and tags."""

import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keystead.hardware.rules import MOST_POSITIONS, position_labels
from keystead.keys.rules import KEY_KINDS, MOST_COPIES_AT_ONCE
from keystead.web import words
from keystead.web.forms.custody import Keeping
from keystead.web.forms.fields import (
    HIGHEST_ID,
    ThingField,
    Things,
    VersionField,
    id_choice,
)

KEY_KIND_WORDS = {
    "metal": gettext_lazy("Metal key"),
    "fob": gettext_lazy("Fob"),
    "card": gettext_lazy("Card"),
    "remote": gettext_lazy("Remote control"),
    "other": gettext_lazy("Something else"),
}


class CopiesForm(Keeping):
    """New copies of a key, and where they are kept."""

    count = forms.IntegerField(
        label=gettext_lazy("How many copies"),
        min_value=1,
        max_value=MOST_COPIES_AT_ONCE,
        initial=1,
        help_text=gettext_lazy("They get the next numbers."),
    )
    field_order = ("count", "container", "hook")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the number first."""
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class KeyForm(forms.Form):
    """A key by its symbol, its name or both, and the key above it."""

    symbol = forms.CharField(
        label=gettext_lazy("Symbol"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As stamped or in the key plan: AA1. Not everybody has one."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("What people call it: “Back door”."),
    )

    def __init__(self, *args: Any, above: ThingField, **kwargs: Any) -> None:
        """`above` finds the key that stands directly above this one."""
        super().__init__(*args, **kwargs)
        self.fields["parent_id"] = above


class KeyEditForm(KeyForm):
    """Another symbol, name or place in the hierarchy."""

    version = VersionField()


class KeyAddForm(KeyForm):
    """A new key, its copies and the doors it opens, in one step."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind, KEY_KIND_WORDS[kind]) for kind in KEY_KINDS]
    )
    copies = forms.IntegerField(
        label=gettext_lazy("How many copies there are"),
        min_value=0,
        max_value=MOST_COPIES_AT_ONCE,
        initial=1,
    )
    hook = forms.CharField(label=gettext_lazy("Hook"), max_length=20, required=False)
    doors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Doors it opens"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, systems: Things, containers: Things, doors: Things, **kwargs: Any
    ) -> None:
        """Offer these key systems, containers and doors."""
        super().__init__(*args, **kwargs)
        self.fields["system_id"] = id_choice(
            systems, gettext_lazy("Key system"), gettext_lazy("none, a key of its own")
        )
        self.fields["container"] = id_choice(
            containers, gettext_lazy("Where the copies are"), gettext_lazy("just in stock")
        )
        field = cast(forms.TypedMultipleChoiceField, self.fields["doors"])
        field.choices = [(str(door_id), words) for door_id, words in doors]
        if not doors:
            del self.fields["doors"]
        if not systems:
            del self.fields["system_id"], self.fields["parent_id"]
        self.order_fields(
            ("symbol", "name", "kind", "system_id", "parent_id", "copies", "container", "hook")
        )


class SystemForm(forms.Form):
    """A master-key system."""

    name = forms.CharField(label=gettext_lazy("Name of the key system"), max_length=120)


class OpensForm(forms.Form):
    """A door a key opens."""

    def __init__(self, *args: Any, door: ThingField, **kwargs: Any) -> None:
        """`door` finds it by name or number."""
        super().__init__(*args, **kwargs)
        self.fields["access_point_id"] = door


class CopyForm(Keeping):
    """What is stamped on a copy and where it belongs."""

    mark = forms.CharField(label=gettext_lazy("Stamped on it"), max_length=60, required=False)
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the stamp first."""
        super().__init__(*args, **kwargs)
        self.fields["container"].label = gettext_lazy("Belongs in")
        self.order_fields(("mark", "container", "hook"))


class TagForm(forms.Form):
    """A tag for a copy, ring or container."""

    text = forms.CharField(
        label=gettext_lazy("Tag"),
        max_length=80,
        error_messages={"required": gettext_lazy("Scan or type the tag.")},
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": gettext_lazy("Scan or type the tag"),
            }
        ),
    )
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("copy", "ring", "container", "access_point")],
        widget=forms.HiddenInput,
    )
    thing_id = forms.IntegerField(min_value=1, max_value=HIGHEST_ID, widget=forms.HiddenInput)


class RingForm(Keeping):
    """A ring: its name and where it belongs."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("R7, “Cleaner”, “Van 2”")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the name first."""
        super().__init__(*args, **kwargs)
        self.fields["container"].label = gettext_lazy("Belongs in")
        self.order_fields(("name", "container", "hook"))


class RingEditForm(RingForm):
    """The same, as read at a version."""

    version = VersionField()


def codes_field(**kwargs: Any) -> forms.CharField:
    """Copies by label or tag, scanned or typed; what they mean is looked up from the request."""
    widget = forms.Textarea({"rows": 3, "class": "mono", "spellcheck": "false"})
    text = gettext_lazy("Labels or tags, one per line: AA·3")
    return forms.CharField(max_length=8_000, widget=widget, help_text=text, **kwargs)


class CopiesOnRingForm(forms.Form):
    """Copies to hang on a ring."""

    tags = codes_field(label=gettext_lazy("Copies"))


class RingAddForm(RingForm):
    """A new ring with copies on it, sealed or not."""

    tags = codes_field(label=gettext_lazy("Copies on it"), required=False)
    seal_number = forms.CharField(
        label=gettext_lazy("Number of the seal"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Only if it is sealed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the copies after the name."""
        super().__init__(*args, **kwargs)
        self.order_fields(("name", "tags", "container", "hook", "seal_number"))


class SealForm(forms.Form):
    """The number of a new seal."""

    seal_number = forms.CharField(
        label=gettext_lazy("Number of the seal"),
        max_length=40,
        widget=forms.TextInput({"placeholder": gettext_lazy("Number of the seal")}),
    )


class ContainerForm(forms.Form):
    """A cabinet, lockbox, drawer …: its name, its kind, and the space it stands in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=words.choices(words.CONTAINERS),
    )

    def __init__(self, *args: Any, spaces: Things, **kwargs: Any) -> None:
        """Offer these spaces."""
        super().__init__(*args, **kwargs)
        self.fields["space_id"] = id_choice(
            spaces, gettext_lazy("Stands in"), gettext_lazy("not recorded")
        )


class ContainerEditForm(ContainerForm):
    """The same, as read at a version."""

    version = VersionField()


class ContainerAddForm(ContainerForm):
    """A new container with numbered hooks."""

    positions = forms.IntegerField(
        label=gettext_lazy("How many hooks or slots"),
        min_value=0,
        max_value=MOST_POSITIONS,
        initial=0,
        help_text=gettext_lazy("They are numbered from 1. None for a box or drawer."),
    )

    def __init__(self, *args: Any, sites: Things, **kwargs: Any) -> None:
        """Offer these sites; a single one needs no choice."""
        super().__init__(*args, **kwargs)
        self.fields["site_id"] = id_choice(sites, gettext_lazy("Site"))
        if len(sites) == 1:
            self.fields["site_id"].widget = forms.HiddenInput()
            self.fields["site_id"].initial = sites[0][0]
        self.order_fields(("name", "kind", "site_id", "space_id", "positions"))


_RANGE = re.compile(r"(\D*)(\d{1,5})\s*[-–]\s*(\d{1,5})")


class HooksForm(forms.Form):
    """More hooks: labels, or ranges of them."""

    labels = forms.CharField(
        label=gettext_lazy("Labels of the new hooks"),
        max_length=2_000,
        help_text=gettext_lazy("41-60, or A1, A2, A3"),
    )

    def clean_labels(self) -> list[str]:
        """The labels one by one; 41-60 gives twenty."""
        found: list[str] = []
        for part in re.split(r"[,;\n]+", self.cleaned_data["labels"]):
            text = part.strip()
            if span := _RANGE.fullmatch(text):
                first, last = int(span[2]), int(span[3])
                if not first <= last < first + MOST_POSITIONS:
                    raise forms.ValidationError(_("Write a range from low to high: 41-60."))
                found += position_labels(last, span[1].strip())[first - 1 :]
            elif text:
                found.append(text)
        if not found:
            raise forms.ValidationError(_("Give at least one label."))
        return found
