"""The presumptions of incapacity that end within a month (H2, T13), of whoever looks after the dossiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import DateField, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Least

from dossiers.law.calendar import ONE_DAY, add_months
from dossiers.models import Deadline, Dossier
from tnw.accounts.models import Actor, User
from tnw.web.worklist.scope import Part
from trajects.models import TrainingProject
from trajects.models.training import TrainingState
from trajects.presumption import RULE, Band, bands, presumed

SHOWN = 200
COUNTED = 20
# The longest month: what the database finds is looked at again, day by day.
MONTHS = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """A presumption that ends soon, and for which colleague it is in somebody's list."""

    dossier: Dossier
    band: Band
    colleague: User | None


class Number(NamedTuple):
    """How many were counted, and how that is told where there are more."""

    counted: int
    told: str


def endings(
    actor: Actor, parts: Sequence[Part], today: date, *, shown: int = SHOWN
) -> tuple[list[Ending], bool]:
    """The first ones, the nearest end first; and whether there may be more."""
    found: dict[int, Ending] = {}
    more = False
    for part in parts:
        if not part.has_dossiers:
            continue
        dossiers = list(_ending(actor, today).filter(part.dossiers)[: shown + 1])
        more |= len(dossiers) > shown
        for dossier in dossiers[:shown]:
            # What goes on without a day between does not end.
            band = presumed(
                bands(dossier.deadlines.all(), dossier.trainings.all(), dossier.incapacity), today
            )
            if band and band.ends_soon(today):
                found.setdefault(dossier.pk, Ending(dossier, band, part.colleague))
    return sorted(found.values(), key=lambda one: (one.band.until, one.dossier.pk)), more


def count(actor: Actor, parts: Sequence[Part], today: date) -> Number | None:
    """How many, where there are any: not all of many are read where their number is told and nothing else."""
    found, more = endings(actor, parts, today, shown=COUNTED)
    if more and not found:  # whatever ends first goes on
        found, more = endings(actor, parts, today)
    return Number(len(found), f"{len(found)}{'+' if more else ''}") if found else None


def _ending(actor: Actor, today: date) -> QuerySet[Dossier]:
    """Running dossiers with a band that ends near, the nearest first, and with what their bands are made of."""
    before = add_months(today, MONTHS) + 4 * ONE_DAY
    of_law = Deadline.objects.visible_to(actor).filter(
        rule=RULE, falls_on__gte=today, falls_on__lte=add_months(today, 6), closed_on__gt=today
    )
    near = of_law.filter(Q(closed_on__lte=before) | Q(surfaces_on__lte=today))
    running = TrainingProject.objects.visible_to(actor).filter(
        state=TrainingState.APPROVED, starts_on__lte=before, ends_on__gte=today
    )
    own = OuterRef("pk")
    stops = running.filter(Q(ends_on__lte=before) | Q(dossier__incapacity__end__lte=before))
    # As one set, so that the database goes from these few to their dossiers.
    few = near.values("dossier").union(stops.values("dossier"))
    soonest = Least(_first(near, "closed_on", own), _first(running, "ends_on", own), "incapacity__end")
    return (
        Dossier.objects.visible_to(actor)
        .running(today)
        .filter(pk__in=few)
        .select_related("incapacity__person", "coordinator")
        .prefetch_related(Prefetch("deadlines", of_law), Prefetch("trainings", running))
        .order_by(soonest, "pk")
    )


def _first(found: QuerySet[Any], name: str, own: OuterRef) -> Subquery:
    """The earliest day of these in one dossier."""
    days = found.filter(dossier=own).values("dossier").annotate(first=Min(name)).order_by()
    return Subquery(days.values("first"), output_field=DateField())
