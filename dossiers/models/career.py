from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund, new_uuid


class CareerKind(models.TextChoices):
    JOB = "job", _("Job")
    TRAINING = "training", _("Training")
    LANGUAGE = "language", _("Language skill")
    AIM = "aim", _("Aim")


class CareerSource(models.TextChoices):
    HAND = "hand", _("noted by hand")
    QUESTIONNAIRE = "questionnaire", _("from the questionnaire")


class CareerItem(models.Model):
    """Loopbaan: a job, training, language or aim of the insured. Removed ones stay, with the moment of it.

    Not a fact: a career is described and described again, and the law counts nothing from it. `version` rises with
    each change, so that of two people at work on it the second is told.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, related_name="career")
    kind = models.CharField(_("kind"), max_length=8, choices=CareerKind.choices)
    title = models.CharField(_("title"), max_length=200)
    organization = models.CharField(_("employer or organization"), max_length=200, blank=True)
    enterprise_number = models.CharField(_("enterprise number"), max_length=10, blank=True)
    physician_name = models.CharField(_("occupational physician"), max_length=120, blank=True)
    physician_contact = models.CharField(
        _("how to reach the occupational physician"), max_length=200, blank=True
    )
    first_day = models.DateField(_("first day"), null=True)
    last_day = models.DateField(_("last day"), null=True)
    level = models.CharField(_("level"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(
        _("source"), max_length=13, choices=CareerSource.choices, default=CareerSource.HAND
    )
    created_by = models.ForeignKey(Actor, models.PROTECT, db_index=False, related_name="+")
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(Actor, models.PROTECT, db_index=False, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("career item")
        verbose_name_plural = _("career items")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=CareerKind.values), name="career_item_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__isnull=True)
                | models.Q(last_day__isnull=True)
                | models.Q(last_day__gte=models.F("first_day")),
                name="career_item_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
