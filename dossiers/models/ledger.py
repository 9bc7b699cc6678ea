from django.db import models

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund

# The kinds that figures count (`routing.figures`), and what takes of them away.
COUNTED = [
    "questionnaire_sent", "questionnaire_received", "assessment_made", "referral_made", "first_contact_held",
    "permission_granted", "permission_refused", "declaration_completed", "declaration_voided", "plan_agreed",
    "fact_corrected", "fact_voided",
]  # fmt: skip


class LedgerEntry(models.Model):
    """One dated fact, as it was recorded: append-only, numbered and hash-chained per dossier.

    `hash` is SHA-256 over the previous entry's hash and this entry's text (function `ledger_text` in the database);
    `values` are what the law reads; free text stands in `LedgerPayload` and counts here by its salted digest.
    """

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="entries"
    )
    seq = models.IntegerField()
    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False)
    trace_id = models.UUIDField()
    fact_id = models.CharField(max_length=200, db_collation="C")
    kind = models.CharField(max_length=40, db_collation="C")
    on = models.DateField()
    subject = models.CharField(max_length=200, blank=True, db_collation="C")
    values = models.JSONField(default=dict)
    payload_digest = models.BinaryField(null=True)
    hash = models.BinaryField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("dossier", "fact_id", name="ledger_fact_once_a_dossier"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="ledger_seq_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["fund"],
                condition=models.Q(kind="registered_letter_sent"),
                name="ledger_registered_letters",
            ),
            # What is counted, by day: each number leads to its facts.
            models.Index(
                fields=["fund", "kind", "on", "dossier", "seq"],
                include=["at"],
                condition=models.Q(kind__in=COUNTED),
                name="ledger_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.seq} {self.kind}"


class LedgerPayload(models.Model):
    """Free text and names of an entry: erasable, with the reason, while the chain still verifies."""

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, db_index=False)
    seq = models.IntegerField()
    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    salt = models.BinaryField(null=True)
    body = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=200, blank=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(salt__isnull=False, body__isnull=False, erased_at__isnull=True)
                | (
                    models.Q(salt__isnull=True, body__isnull=True, erased_at__isnull=False)
                    & ~models.Q(erased_because="")
                ),
                name="payload_whole_or_erased",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.seq}"


class Outbox(models.Model):
    """What the outside world is to be told, written in the transaction of the change; `seq` is the rising version."""

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, db_index=False)
    seq = models.IntegerField()
    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.seq}"
