from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund, User


class Claim(models.Model):
    """Somebody is at a dossier's assessment, until a moment; after it the row counts for nothing and is taken over."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.OneToOneField(Dossier, models.PROTECT, db_constraint=False, related_name="claim")
    user = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    until = models.DateTimeField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.user_id}"
