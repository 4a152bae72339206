"""What a new workspace starts with, so that nobody begins with a blank page."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from keystead.hardware import operations as hardware
from keystead.journal.operation import Change
from keystead.keys import operations as keys
from keystead.places import operations as places


def fill(change: Change, template: str, locale: str) -> None:
    """Describe the usual places of a household or small business, in the workspace's language.

    An empty template describes nothing. Everything can be renamed or taken out of use later.
    """
    with override(locale):
        if template == "household":
            _household(change)
        elif template == "small-business":
            _small_business(change)


def _household(change: Change) -> None:
    site = places.add_site(change, name=_("Home"))
    house = places.add_space(change, site_id=site, name=_("House"), kind="building")
    kitchen = places.add_space(change, site_id=site, name=_("Kitchen"), parent_id=house)
    garden = places.add_space(change, site_id=site, name=_("Garden"), kind="yard")
    places.add_access_point(change, site_id=site, name=_("Front door"), leads_to_id=house)
    places.add_access_point(
        change, site_id=site, name=_("Back door"), leads_from_id=garden, leads_to_id=house
    )
    places.add_access_point(change, site_id=site, name=_("Mailbox"), kind="mailbox")
    hardware.add_container(
        change,
        site_id=site,
        name=_("Key hooks"),
        kind="other",
        space_id=kitchen,
        positions=8,
    )


def _small_business(change: Change) -> None:
    site = places.add_site(change, name=_("Office"))
    building = places.add_space(change, site_id=site, name=_("Building"), kind="building")
    reception = places.add_space(change, site_id=site, name=_("Reception"), parent_id=building)
    places.add_access_point(change, site_id=site, name=_("Main entrance"), leads_to_id=building)
    places.add_access_point(change, site_id=site, name=_("Back entrance"), leads_to_id=building)
    hardware.add_container(
        change,
        site_id=site,
        name=_("Key cabinet"),
        kind="cabinet",
        space_id=reception,
        positions=40,
    )
    keys.add_key_system(change, name=_("Main system"))
