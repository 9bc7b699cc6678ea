from typing import ClassVar, Self

from django.db import models

from dossiers.models import Dossier
from dossiers.models.walled import ServiceQuerySet
from tnw.accounts.models import Fund, new_uuid
from tnw.core import scope
from tnw.integration.models.client import Client


class RegistrationQuerySet(ServiceQuerySet):
    """What regional services reported; a service sees its own also while it is of no fund."""

    def of_service(self, service: str) -> Self:
        """Its own: of the funds in scope, or of none yet."""
        of_these = models.Q(fund=None) | models.Q(fund_id__in=scope.fund_ids())
        return self.filter(of_these, service=service)


class PartnerRegistration(models.Model):
    """A registration as a regional service reported it (C3), until it is known whose it is.

    The SSIN is sealed, and gone once somebody was looked for. `fund`, `dossier` and `subject` say which registration of
    route C it became; without them, and processed, it was nobody's, or was `given_up` after trying long enough.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    service = models.CharField(max_length=7)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    sealed_ssin = models.TextField(blank=True)
    registered_on = models.DateField()
    reported_on = models.DateField()
    received_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False, db_default=False)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    subject = models.CharField(max_length=200, blank=True, db_collation="C")

    objects: ClassVar = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(processed_at=None, fund=None) & ~models.Q(sealed_ssin="")
                | models.Q(processed_at__isnull=False, sealed_ssin=""),
                name="partner_registration_forgets_the_ssin",
            ),
            models.CheckConstraint(
                condition=models.Q(fund=None, dossier=None, subject="")
                | models.Q(fund__isnull=False, dossier__isnull=False) & ~models.Q(subject=""),
                name="partner_registration_of_a_dossier_or_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(given_up=False) | models.Q(processed_at__isnull=False, fund=None),
                name="partner_registration_given_up_is_nobodys",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "-public_id"], name="partner_registration_latest"),
            models.Index(
                fields=["id"], condition=models.Q(processed_at=None), name="partner_registration_waits"
            ),
            models.Index(fields=["dossier", "subject"], name="partner_registration_became"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
