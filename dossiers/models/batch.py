from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.document import Document
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund, User, new_uuid

REASSIGN = "reassign"


class Batch(models.Model):
    """One step for many dossiers, taken in the background; its rows tell what became of each.

    `kind` is a letter (a slug of `dossiers.documents.kinds`), or `REASSIGN` with the `coordinator` and the reason.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    kind = models.CharField(_("step"), max_length=40)
    channel = models.CharField(_("channel"), max_length=11, blank=True)
    coordinator = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("coordinator"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, db_default="")
    # What was asked for, and from which page: sent twice, it is one step.
    once = models.UUIDField(null=True, editable=False)
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False, verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk step")
        verbose_name_plural = _("bulk steps")
        constraints = [
            models.UniqueConstraint(fields=["fund", "id"], name="letter_batch_within_fund"),
            models.UniqueConstraint(fields=["actor", "once"], name="batch_asked_once"),
            models.CheckConstraint(
                condition=models.Q(~models.Q(reason=""), kind=REASSIGN, coordinator__isnull=False)
                | models.Q(~models.Q(kind=REASSIGN), coordinator=None, reason=""),
                name="batch_reassigns_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "-id"], name="letter_batch_latest"),
            models.Index(fields=["fund", "id"], condition=models.Q(done_at=None), name="letter_batch_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"

    @property
    def reassigns(self) -> bool:
        """Whether dossiers change hands; otherwise letters are written."""
        return self.kind == REASSIGN


class BatchRow(models.Model):
    """What became of one dossier of a batch: a document or an outcome, or why there is none."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, db_constraint=False, db_index=False, related_name="rows")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    # What a reassignment came to (`dossiers.services.Given`).
    outcome = models.CharField(max_length=12, blank=True, db_default="")
    refused = models.TextField(_("why not"), blank=True)
    done_at = models.DateTimeField(null=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier of a bulk step")
        verbose_name_plural = _("dossiers of a bulk step")
        constraints = [
            models.UniqueConstraint(fields=["batch", "dossier"], name="batch_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.dossier_id}"
