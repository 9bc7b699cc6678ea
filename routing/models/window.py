from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.walled import WalledQuerySet
from routing.models.route_c import Service
from tnw.accounts.models import Fund


class RegistrationWindow(models.Model):
    """From when until when a regional service can register somebody in route C (C2): reference data, by the day."""

    fund = models.ForeignKey(
        Fund, models.PROTECT, verbose_name=_("fund"), db_constraint=False, db_index=False
    )
    service = models.CharField(_("service"), max_length=7, choices=Service.choices)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration window")
        verbose_name_plural = _("registration windows")
        ordering = ["service", "opens_on"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "service", "opens_on"], name="window_once"),
            models.CheckConstraint(
                condition=models.Q(closes_on__isnull=True) | models.Q(closes_on__gte=models.F("opens_on")),
                name="window_not_backwards",
            ),
            models.CheckConstraint(
                condition=models.Q(service__in=Service.values), name="window_service_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()} {self.opens_on:%d/%m/%Y}"
