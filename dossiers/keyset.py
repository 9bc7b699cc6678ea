"""Where a deadline stands in a list of the most urgent first, so that the list goes on from there on the next page."""

from datetime import date
from typing import NamedTuple, Self

from django.db.models import Q

from dossiers.models import Deadline

ORDER = ("act_by", "falls_on", "pk")


class Place(NamedTuple):
    """The place of one deadline, as `ORDER` puts it: what comes after it is the rest."""

    act_by: date
    falls_on: date
    pk: int

    def __str__(self) -> str:
        return f"{self.act_by}_{self.falls_on}_{self.pk}"

    @classmethod
    def read(cls, mark: str) -> Self | None:
        """A place as an address names it; None for anything else."""
        act_by, _sep, rest = mark.partition("_")
        falls_on, _sep, pk = rest.partition("_")
        try:
            return cls(date.fromisoformat(act_by), date.fromisoformat(falls_on), int(pk))
        except ValueError:
            return None

    @classmethod
    def of(cls, deadline: Deadline) -> Self:
        return cls(deadline.act_by, deadline.falls_on, deadline.pk)


def beyond(after: Place | None) -> Q:
    """The deadlines after a place; all of them, where the list begins."""
    if after is None:
        return Q()
    later = Q(falls_on__gt=after.falls_on) | Q(falls_on=after.falls_on, pk__gt=after.pk)
    return Q(act_by__gte=after.act_by) & (Q(act_by__gt=after.act_by) | later)
