from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund
from tnw.core import clock
from trajects.models.appointment import Form, Purpose

# What a job may propose: the contacts that a deadline of the coordinator waits for.
PROPOSED = (Purpose.FIRST_CONTACT, Purpose.FOLLOW_UP)


class Proposal(models.Model):
    """A moment and a place that a job found for a contact that is due; nothing was told to the insured yet.

    Not a fact, and nothing follows from it: it is filled in where somebody plans the appointment, and vanishes then.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.CASCADE, db_constraint=False, db_index=False, related_name="proposals"
    )
    purpose = models.CharField(
        _("purpose"), max_length=19, choices=[(one.value, one.label) for one in PROPOSED]
    )
    at = models.DateTimeField(_("moment"))
    form = models.CharField(_("form"), max_length=10, choices=Form.choices, default=Form.IN_PERSON)
    place = models.CharField(_("place"), max_length=200, blank=True)
    made_on = models.DateField(_("proposed on"))
    # The deadline that it is for, by its key.
    rule = models.CharField(max_length=4, db_collation="C")
    opened_by = models.CharField(max_length=200, db_collation="C")
    occurrence = models.SmallIntegerField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed appointment")
        verbose_name_plural = _("proposed appointments")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "purpose"], name="proposal_once"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=[one.value for one in PROPOSED]), name="proposal_purpose_known"
            ),
        ]
        indexes = [models.Index(fields=["fund", "rule"], name="proposal_by_rule")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.at:%Y-%m-%d %H:%M}"

    @property
    def on(self) -> date:
        """Its day, in Belgium."""
        return self.at.astimezone(clock.BRUSSELS).date()
