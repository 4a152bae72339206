"""To which sites places belong."""

from django.db.models import QuerySet

from keystead.journal import reach
from keystead.journal.reach import Ground, Rows
from keystead.places.models import AccessPoint, Site, Space


def _sites(ground: Ground) -> Rows:
    return _ids(ground.at(Site.everything.all(), "pk"))


def _spaces(ground: Ground) -> Rows:
    return _ids(ground.at(Space.everything.all(), "site_id"))


def _access_points(ground: Ground) -> Rows:
    return _ids(ground.at(AccessPoint.everything.all(), "site_id"))


def _ids(rows: QuerySet[reach.R]) -> Rows:
    return rows.values("pk")


def declare() -> None:
    """Tell it to whoever looks after a site."""
    reach.tie(Site, _sites, kind="site")
    reach.tie(Space, _spaces, kind="space")
    reach.tie(AccessPoint, _access_points, kind="access_point")
