from django.contrib.postgres.fields import ArrayField
from django.db import models

from tnw.accounts.models import Fund
from tnw.integration.models.client import Client


class IdempotencyKey(models.Model):
    """What was answered to a call with this key, so that the same call again has the same answer.

    Of a fund, where the answer is about somebody insured there. Of what a regional service was answered about somebody only
    the address is kept: what stands there is read again, through the walls.
    """

    client = models.ForeignKey(Client, models.CASCADE, db_index=False)
    fund = models.ForeignKey(Fund, models.CASCADE, null=True, db_index=False)
    key = models.CharField(max_length=200, db_collation="C")
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    # Whom it is about: the access log says so of each time that it is told.
    dossiers = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class RelatedTrace(models.Model):
    """The trace id under which a caller knows a change: joins its logs to our ledger, by our own trace id."""

    trace_id = models.UUIDField(primary_key=True)
    related = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.trace_id} {self.related}"


class UsedAssertion(models.Model):
    """The id of an assertion with which a client signed in: it serves once (RFC 7523 3)."""

    client = models.ForeignKey(Client, models.CASCADE, db_index=False)
    jti = models.CharField(max_length=200, db_collation="C")
    expires = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "jti"], name="assertion_once")]

    def __str__(self) -> str:
        return self.jti
