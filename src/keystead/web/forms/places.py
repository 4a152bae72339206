"""Forms about places: sites, spaces, access points. They parse and clean only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keystead.web import words
from keystead.web.forms.fields import Things, VersionField, ZoneField, id_choice

OUTSIDE, NOWHERE = _("from outside"), _("not recorded")


def name_field(**kwargs: Any) -> forms.CharField:
    """What people call it."""
    return forms.CharField(**{"label": _("Name"), "max_length": 120, **kwargs})


def number_field(label: Any = None) -> forms.CharField:
    """What stands on it or in the plans."""
    return forms.CharField(label=label or _("Number"), max_length=40, required=False)


class SiteForm(forms.Form):
    """A property."""

    name = name_field()
    number = number_field()
    address = forms.CharField(label=_("Address"), max_length=300, required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        """`zone` is the workspace's, which holds where a site has none of its own."""
        super().__init__(*args, **kwargs)
        empty = _("as everywhere here: %(zone)s") % {"zone": zone}
        kept = self.initial.get("time_zone", "")
        self.fields["time_zone"] = ZoneField(empty=empty, kept=kept)


class SiteChangeForm(SiteForm):
    """A site as it was read."""

    version = VersionField()


class SpaceForm(forms.Form):
    """A space, inside another one or directly on the site."""

    name = name_field()
    kind = forms.ChoiceField(label=_("Kind"), choices=words.choices(words.SPACES), initial="room")
    number = number_field()

    def __init__(self, *args: Any, spaces: Things, site: str, **kwargs: Any) -> None:
        """`spaces` are those it may stand in, `site` is the word for none of them."""
        super().__init__(*args, **kwargs)
        self.fields["parent_id"] = id_choice(spaces, _("Inside"), site)


class SpaceChangeForm(SpaceForm):
    """A space as it was read."""

    version = VersionField()


class AccessPointForm(forms.Form):
    """A door or anything else that can be opened, and what lies on its sides."""

    name = name_field(help_text=_("As people say it: “Boiler room”, “Side gate”."))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=words.choices(words.ACCESS_POINTS), initial="door"
    )
    number = number_field(_("Number on the door"))
    needs_all_locks = forms.BooleanField(
        label=_("Opens only with all of its locks"),
        required=False,
        help_text=_("Leave it empty if any one of them is enough."),
    )
    field_order = ("name", "kind", "number", "leads_from_id", "leads_to_id", "needs_all_locks")

    def __init__(self, *args: Any, spaces: Things, **kwargs: Any) -> None:
        """`spaces` are those of its site."""
        super().__init__(*args, **kwargs)
        self.fields["leads_from_id"] = id_choice(spaces, _("Leads from"), OUTSIDE)
        self.fields["leads_to_id"] = id_choice(spaces, _("Leads into"), NOWHERE)
        self.order_fields(self.field_order)


class AccessPointChangeForm(AccessPointForm):
    """An access point as it was read."""

    version = VersionField()


class AtSiteForm(forms.Form):
    """On which site something will be, where there are several."""

    def __init__(self, *args: Any, sites: Things, **kwargs: Any) -> None:
        """`sites` are all there are."""
        super().__init__(*args, **kwargs)
        self.fields["site"] = id_choice(sites, _("Site"))
