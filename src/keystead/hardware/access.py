"""To which sites hardware belongs: where it stands or sits, or sat last."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keystead.hardware.models import Code, Container, Cylinder, Fitting, Knower, Lock, Position
from keystead.journal import reach
from keystead.journal.reach import Ground, Rows

DOOR, BOX = "access_point__site_id", "container__site_id"


def _containers(ground: Ground) -> Rows:
    return ground.at(Container.everything.all(), "site_id").values("pk")


def _positions(ground: Ground) -> Rows:
    return ground.at(Position.everything.all(), "container__site_id").values("pk")


def _by_lock(rows: QuerySet[Any], ground: Ground, lock: str = "lock__") -> Rows:
    found = rows.annotate(of_site=Coalesce(f"{lock}{DOOR}", f"{lock}{BOX}"))
    return ground.at(found, "of_site").values("pk")


def _locks(ground: Ground) -> Rows:
    return _by_lock(Lock.everything.all(), ground, "")


def _codes(ground: Ground) -> Rows:
    return _by_lock(Code.everything.all(), ground)


def _knowers(ground: Ground) -> Rows:
    return _by_lock(Knower.everything.all(), ground, "code__lock__")


def _fittings(ground: Ground) -> Rows:
    return _by_lock(Fitting.everything.all(), ground)


def _cylinders(ground: Ground) -> Rows:
    """Cylinders whose lock, or whose last lock where they lie about, is at these sites."""
    latest = (
        Fitting.objects.filter(cylinder=OuterRef("pk"), superseded_seq=None)
        .annotate(of_site=Coalesce(f"lock__{DOOR}", f"lock__{BOX}"))
        .order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "-pk")
    )
    rows = Cylinder.everything.annotate(of_site=Subquery(latest.values("of_site")[:1]))
    return ground.at(rows, "of_site").values("pk")


def declare() -> None:
    """Tell it to whoever looks after a site."""
    reach.tie(Container, _containers, kind="container")
    reach.tie(Position, _positions)
    reach.tie(Lock, _locks, kind="lock")
    reach.tie(Code, _codes, kind="code")
    reach.tie(Knower, _knowers)
    reach.tie(Fitting, _fittings)
    reach.tie(Cylinder, _cylinders, kind="cylinder")
