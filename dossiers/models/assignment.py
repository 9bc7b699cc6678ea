from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund, User


class Reassignment(models.Model):
    """That a dossier went from one coordinator to another, and why; behind the wall, for the reason may tell of a person."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="reassignments"
    )
    before = models.ForeignKey(
        User, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    after = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False)
    at = models.DateTimeField(_("when"))

    objects = WalledQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["dossier", "-at"], name="reassignment_latest")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="reassignment_with_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.at:%Y-%m-%d %H:%M}"
