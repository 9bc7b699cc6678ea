from django.db import models
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import Actor, Fund, new_uuid


class ImportKind(models.TextChoices):
    RECOGNITIONS = "recognitions", _("Recognized incapacities")
    FACTS = "facts", _("History")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READING = "reading", _("Reading")
    APPLYING = "applying", _("Taking in")
    DONE = "done", _("Done")
    REFUSED = "refused", _("File refused")
    LEFT = "left", _("Left off")


UNFINISHED = (ImportState.WAITING, ImportState.READING, ImportState.APPLYING)


class ImportRun(models.Model):
    """One file's way in. Its counters move in the transactions of its chunks, so a killed run goes on where it was."""

    fund = models.ForeignKey(Fund, models.PROTECT)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    actor = models.ForeignKey(Actor, models.PROTECT)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    today = models.DateField()
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=ImportState.choices, default=ImportState.WAITING
    )
    refusal = models.CharField(max_length=30, blank=True)
    refusal_detail = models.CharField(max_length=200, blank=True)
    lines = models.IntegerField(_("lines"), default=0)
    applied_through = models.IntegerField(default=0)
    accepted = models.IntegerField(_("taken in"), default=0)
    unchanged = models.IntegerField(_("unchanged"), default=0)
    excluded = models.IntegerField(_("excluded"), default=0)
    ended = models.IntegerField(_("ended"), default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [models.UniqueConstraint(fields=["fund", "id"], name="import_within_fund")]
        indexes = [models.Index(fields=["fund", "-started_at"], name="import_latest")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportRejection(models.Model):
    """A line that was refused: where and why, never whom."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    run = models.ForeignKey(
        ImportRun, models.CASCADE, db_constraint=False, db_index=False, related_name="rejections"
    )
    line = models.IntegerField(_("line"))
    column = models.CharField(_("column"), max_length=40, blank=True)
    code = models.CharField(_("code"), max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="import_line_refused_once")]

    def __str__(self) -> str:
        return f"{self.line} {self.column} {self.code}"
