from django.db import models

from dossiers.models import ImportRun
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund
from tnw.integration.models.client import Client


class IncapacityFeed(models.Model):
    """A file of incapacities that a client sent: its import, and whether its end was told."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    run = models.OneToOneField(ImportRun, models.PROTECT, db_constraint=False, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, db_index=False, related_name="+")
    told = models.BooleanField(default=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["fund", "id"], condition=models.Q(told=False), name="feed_to_tell_of")
        ]

    def __str__(self) -> str:
        return str(self.run_id)
