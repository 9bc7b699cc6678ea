from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund, new_uuid


class Scan(models.Model):
    """A scanned document beside a fact: the proof of a registered letter, kept byte for byte with its SHA-256.

    Not in the audit trail: a row is only ever added, and says itself when and by whom.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="scans"
    )
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    fact = models.CharField(max_length=200, db_collation="C")
    name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=40)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"))
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(Actor, models.PROTECT, verbose_name=_("added by"), db_index=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [models.UniqueConstraint(fields=["fund", "id"], name="scan_within_fund")]
        indexes = [models.Index(fields=["dossier", "fact"], name="scan_of_a_fact")]

    def __str__(self) -> str:
        return self.name
