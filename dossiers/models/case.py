from datetime import date
from typing import Self

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.person import InsuredPerson
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund, Team, User, new_uuid
from tnw.core import scope


class Regime(models.TextChoices):
    EMPLOYEE = "employee", _("Employee")
    UNEMPLOYED = "unemployed", _("Unemployed")
    SELF_EMPLOYED = "self_employed", _("Self-employed")


class Cause(models.TextChoices):
    ILLNESS = "illness", _("Illness")
    PRIVATE_ACCIDENT = "private_accident", _("Private accident")
    WORK_ACCIDENT = "work_accident", _("Work accident")
    OCCUPATIONAL_DISEASE = "occupational_disease", _("Occupational disease")


class EndReason(models.TextChoices):
    RESUMED = "resumed", _("Resumed work")
    NOT_RECOGNIZED = "not_recognized", _("No longer recognized")
    PENSION = "pension", _("Pension")
    DEATH = "death", _("Death")
    OTHER = "other", _("Other")


class Exclusion(models.TextChoices):
    WORK_ACCIDENT = "work_accident", _("Victim of a work accident")
    OCCUPATIONAL_DISEASE = "occupational_disease", _("Victim of an occupational disease")
    STATUTORY_CIVIL_SERVANT = "statutory_civil_servant", _("Statutory civil servant")


class Incapacity(models.Model):
    """Arbeidsongeschiktheid: one recognized period; `start` is day 1 (D1). What the law reads of it stands in the ledger."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    person = models.ForeignKey(
        InsuredPerson, models.PROTECT, db_constraint=False, related_name="incapacities"
    )
    reference = models.CharField(_("reference"), max_length=64, db_collation="C")
    version = models.IntegerField(_("version"))
    start = models.DateField(_("start"))
    end = models.DateField(_("last recognized day"), null=True)
    end_reason = models.CharField(_("end reason"), max_length=14, blank=True, choices=EndReason.choices)
    regime = models.CharField(_("regime"), max_length=13, choices=Regime.choices)
    cause = models.CharField(_("cause"), max_length=20, choices=Cause.choices)
    excluded = models.CharField(_("excluded"), max_length=24, blank=True, choices=Exclusion.choices)
    employer_number = models.CharField(_("enterprise number of the employer"), max_length=10, blank=True)
    employment_contract = models.BooleanField(_("employment contract"))
    invalidity_from = models.DateField(_("invalidity from"), null=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("incapacity")
        verbose_name_plural = _("incapacities")
        constraints = [
            models.UniqueConstraint(fields=["fund", "reference"], name="incapacity_reference_once_a_fund"),
            models.UniqueConstraint(fields=["fund", "id"], name="incapacity_within_fund"),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="incapacity_end_after_start",
            ),
        ]
        indexes = [models.Index(fields=["fund", "start"], name="incapacity_by_start")]

    def __str__(self) -> str:
        return self.reference

    def ended(self, today: date) -> bool:
        """Whether the last recognized day lies behind."""
        return self.end is not None and self.end < today


def running_on(today: date, dossier: str = "") -> models.Q:
    """Dossiers that run on a day: not excluded, not ended before it. `dossier` leads to them from elsewhere: `dossier__`."""
    incapacity = f"{dossier}incapacity__"
    goes_on = models.Q(**{f"{incapacity}end__isnull": True}) | models.Q(**{f"{incapacity}end__gte": today})
    return goes_on & models.Q(**{f"{incapacity}excluded": ""})


class DossierQuerySet(WalledQuerySet):
    """Dossiers, behind both walls."""

    def of_service(self, service: str) -> Self:
        """Those in which a regional service has a registration or a referral of its own, in the funds in scope."""
        dealt_with = models.Q()
        for app in apps.get_app_configs():
            for name in getattr(app, "of_services", ()):
                own = app.get_model(name)._default_manager.filter(
                    fund_id__in=scope.fund_ids(), service=service
                )
                dealt_with |= models.Q(pk__in=own.values("dossier_id"))
        return self.filter(dealt_with, fund_id__in=scope.fund_ids())

    def for_acts(self) -> Self:
        """With what every act on a dossier reads of it."""
        return self.select_related("fund", "incapacity__person", "coordinator", "team", "route_a")

    def running(self, today: date) -> Self:
        """Those that run on a day."""
        return self.filter(running_on(today))


class Dossier(models.Model):
    """Terug-naar-werkdossier: one per incapacity. Its facts are the ledger, its dates follow from them."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    incapacity = models.OneToOneField(Incapacity, models.PROTECT, db_constraint=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, db_index=False, verbose_name=_("team"))
    coordinator = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="dossiers",
        verbose_name=_("coordinator"),
    )
    # Set by every recording: the next sweep looks at this dossier whatever day it left off on.
    unswept = models.BooleanField(default=True)
    # The fact that its state machine did not allow: further acts wait until a correction resolves it.
    out_of_order = models.CharField(max_length=200, blank=True, db_default="", db_collation="C")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        constraints = [models.UniqueConstraint(fields=["fund", "id"], name="dossier_within_fund")]
        indexes = [
            models.Index(fields=["fund", "coordinator"], name="dossier_by_coordinator"),
            models.Index(fields=["fund", "id"], condition=models.Q(unswept=True), name="dossier_unswept"),
            models.Index(
                fields=["fund", "id"], condition=models.Q(coordinator=None), name="dossier_unassigned"
            ),
            models.Index(
                fields=["fund", "id"], condition=~models.Q(out_of_order=""), name="dossier_out_of_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
