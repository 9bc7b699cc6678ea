from typing import Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, ActorKind, Fund, User


class PendingState(models.TextChoices):
    """Where a decision stands that is not in the ledger yet."""

    PENDING = "pending", _("is being recorded")
    TAKEN_BACK = "taken_back", _("taken back")
    REFUSED = "refused", _("not recorded")


class PendingQuerySet(WalledQuerySet):
    """What somebody decided is read by him, and by the job that carries it out."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        return rows if actor.kind == ActorKind.JOB else rows.filter(user=actor.user_id)


class PendingDecision(models.Model):
    """A decision out of a queue, as long as it can be taken back, and where it could not be recorded.

    `values` is what was typed, medical texts too: they go with the row once the ledger has them. `seen` is the last
    entry that was on the screen, `reason` why it was refused, in the words of whoever decided.
    """

    public_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True)
    values = models.JSONField()
    seen = models.IntegerField()
    state = models.CharField(max_length=10, choices=PendingState.choices, default=PendingState.PENDING)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    trace_id = models.UUIDField()

    objects = PendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision that can be taken back")
        verbose_name_plural = _("decisions that can be taken back")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(state=PendingState.PENDING),
                name="pending_one_a_dossier",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PendingState.values), name="pending_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(~models.Q(reason=""), state=PendingState.REFUSED)
                | models.Q(~models.Q(state=PendingState.REFUSED), reason=""),
                name="pending_refused_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "id"], name="pending_of_user"),
            models.Index(
                fields=["fund", "due_at"],
                condition=models.Q(state=PendingState.PENDING),
                name="pending_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.state}"
