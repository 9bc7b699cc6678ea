from django.db import models

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund


class FigureCount(models.Model):
    """How many there were in a quarter, as they were last counted: one line of a figure, cut by up to two dimensions.

    `cut` names the dimensions by which it was cut, such as `team/regime`; the others are left open. 0 stands for no
    team or no coordinator. For durations there are also the median and the ninetieth percentile, in days.
    """

    fund = models.ForeignKey(Fund, models.CASCADE, db_constraint=False, db_index=False)
    figure = models.CharField(max_length=40, db_collation="C")
    cut = models.CharField(max_length=20, db_collation="C")
    quarter = models.DateField()
    part = models.CharField(max_length=30, db_collation="C")
    # No keys: whom they name stands on the dossier.
    for_team = models.BigIntegerField(null=True)
    for_coordinator = models.BigIntegerField(null=True)
    regime = models.CharField(max_length=13, null=True)  # noqa: DJ001  # empty where not cut by it
    language = models.CharField(max_length=2, null=True)  # noqa: DJ001  # the same
    number = models.IntegerField()
    median = models.IntegerField(null=True)
    ninetieth = models.IntegerField(null=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["fund", "cut", "for_team", "for_coordinator", "figure", "quarter"],
                name="figure_count_of",
            )
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.cut} {self.quarter} {self.part} {self.number}"


class FiguresCounted(models.Model):
    """When the figures of a fund were last counted, and how long that took."""

    fund = models.OneToOneField(Fund, models.CASCADE, db_constraint=False)
    at = models.DateTimeField()
    seconds = models.FloatField()

    objects = WalledQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.fund_id} {self.at}"


class ClosedQuarter(models.Model):
    """A count that the funding reads, as it stood when its quarter was closed: what comes later is told beside it."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    figure = models.CharField(max_length=40, db_collation="C")
    quarter = models.DateField()
    # Counted as it was recorded by then.
    closed_at = models.DateTimeField()
    number = models.IntegerField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "figure", "quarter"], name="quarter_closed_once"),
            models.UniqueConstraint(fields=["fund", "id"], name="closed_quarter_within_fund"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.quarter} {self.number}"


class ClosedFact(models.Model):
    """A fact that a closed count is made of, with the day on which it counted then."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    closing = models.ForeignKey(
        ClosedQuarter, models.PROTECT, db_constraint=False, db_index=False, related_name="facts"
    )
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, db_index=False)
    fact_id = models.CharField(max_length=200, db_collation="C")
    on = models.DateField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "dossier", "fact_id"], name="fact_closed_once")
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.dossier_id} {self.fact_id}"
