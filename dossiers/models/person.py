from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import LANGUAGES, Fund, new_uuid


class InsuredPerson(models.Model):
    """Verzekerde: somebody insured with the fund, known by SSIN, once per fund."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    ssin = models.CharField(_("SSIN"), max_length=11)
    former_ssins = ArrayField(models.CharField(max_length=11), default=list)
    last_name = models.CharField(_("last name"), max_length=120)
    first_name = models.CharField(_("first name"), max_length=120)
    search_name = models.CharField(max_length=250, db_collation="C")
    birth_date = models.DateField(_("birth date"), null=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=12)
    city = models.CharField(_("city"), max_length=120)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("insured person")
        verbose_name_plural = _("insured persons")
        constraints = [
            models.UniqueConstraint(fields=["fund", "ssin"], name="person_ssin_once_a_fund"),
            models.UniqueConstraint(fields=["fund", "id"], name="person_within_fund"),
        ]
        indexes = [
            models.Index(fields=["fund", "search_name"], name="person_by_name"),
            models.Index(
                fields=["fund", "id"], condition=~models.Q(former_ssins=[]), name="person_with_former_ssin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
