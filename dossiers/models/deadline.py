from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund

# The rules that wait for an assessment, or for the referral after it.
ASSESSED = ["T4", "T5", "T6", "T14", "T23"]
WAITING = ["dossier", "rule", "opens_on", "surfaces_on", "paused_from", "paused_until"]
LATE = ["met_late", "missed"]
IN_ORDER = ["act_by", "falls_on", "id"]


class Deadline(models.Model):
    """Uiterste datum: a row that the law made of a dossier's facts. Never edited; nothing in it changes by itself (F3).

    From `closed_on` on it is `outcome`; before that open, paused or overdue follow from a day (see `dossiers.law`).
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="deadlines"
    )
    rule = models.CharField(max_length=4, db_collation="C")
    opened_by = models.CharField(max_length=200, db_collation="C")
    occurrence = models.SmallIntegerField()
    version = models.DateField()
    opens_on = models.DateField()
    falls_on = models.DateField()
    act_by = models.DateField()
    surfaces_on = models.DateField(null=True)
    anchor = models.CharField(max_length=24)
    anchor_on = models.DateField()
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=11, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    closed_by_fact = models.CharField(max_length=200, blank=True)
    paused_from = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    pauses = models.JSONField(default=list)
    # The dossier's own, kept here by the database itself (migration worklist): what waits for somebody is then one
    # stretch of an index, however many dossiers there are. Their keys stand on the dossier.
    for_coordinator = models.BigIntegerField(null=True, editable=False)
    for_team = models.BigIntegerField(null=True, editable=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "rule", "opened_by", "occurrence"], name="deadline_key"
            ),
            models.UniqueConstraint(fields=["fund", "id"], name="deadline_within_fund"),
        ]
        indexes = [
            models.Index(fields=["fund", "rule", "falls_on"], name="deadline_by_date"),
            # All of them, by urgency: a page of what is over, or of everything, begins where the one before ended.
            models.Index(fields=["fund", *IN_ORDER], name="deadline_in_order"),
            # The same of the few that were ever paused, and of those that came late or never.
            models.Index(
                fields=["fund", *IN_ORDER],
                condition=models.Q(paused_from__isnull=False),
                name="deadline_paused",
            ),
            models.Index(
                fields=["fund", "outcome", *IN_ORDER],
                condition=models.Q(outcome__in=LATE),
                name="deadline_late",
            ),
            # What waits, by urgency, answered from the index alone: nothing closes it …
            models.Index(
                fields=["fund", *IN_ORDER],
                include=[*WAITING, "for_coordinator", "for_team"],
                condition=models.Q(closed_on__isnull=True),
                name="deadline_waiting",
            ),
            models.Index(
                fields=["fund", "for_coordinator", *IN_ORDER],
                include=WAITING,
                condition=models.Q(closed_on__isnull=True, for_coordinator__isnull=False),
                name="deadline_of_coordinator",
            ),
            # What waits for an assessment, by the team whose doctors look after it (`routing.assessments`).
            models.Index(
                fields=["fund", "for_team", "act_by", "falls_on", "id"],
                include=["dossier", "rule", "opens_on", "surfaces_on", "paused_from", "paused_until"],
                condition=models.Q(closed_on__isnull=True, rule__in=ASSESSED),
                name="deadline_to_assess",
            ),
            # … or something that is known today closes it later.
            models.Index(
                fields=["fund", "closed_on"],
                include=["act_by", "for_coordinator", "for_team"],
                condition=models.Q(closed_on__gt=models.F("act_by")),
                name="deadline_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.rule} {self.falls_on}"


class Audience(models.TextChoices):
    OWNER = "owner", _("Whoever has to act")
    TEAM_LEAD = "team_lead", _("Team lead")


class Counted(models.TextChoices):
    SURFACES = "surfaces", _("the day it comes into view")
    ACT_BY = "act_by", _("the last working day")
    FALLS_ON = "falls_on", _("the legal date")
    WORKDAYS = "workdays", _("the last working day, in working days")


# So many working days before the last one, at most and at least.
WORKDAYS_BEFORE = (-20, -1)


class ReminderStep(models.Model):
    """Reference data: when a rule's deadline is reminded of or escalated, and to whom."""

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"))
    rule = models.CharField(_("rule"), max_length=4)
    counted_from = models.CharField(_("counted from"), max_length=8, choices=Counted.choices)
    days = models.SmallIntegerField(_("days"), help_text=_("Negative: before."))
    audience = models.CharField(_("audience"), max_length=9, choices=Audience.choices)

    class Meta:
        verbose_name = _("reminder step")
        verbose_name_plural = _("reminder steps")
        ordering = ["rule", "days"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "rule", "counted_from", "days"], name="reminder_step_once"
            ),
            models.CheckConstraint(
                condition=models.Q(days__range=(-366, 366)), name="reminder_step_within_a_year"
            ),
            models.CheckConstraint(
                condition=~models.Q(counted_from=Counted.WORKDAYS) | models.Q(days__range=WORKDAYS_BEFORE),
                name="reminder_step_working_days_before",
                violation_error_message=_("Working days are counted before the last one: from -20 to -1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.counted_from}{self.days:+d}"


class Reminder(models.Model):
    """A step that was taken for a deadline on one of its dates: the marker that it is taken once (T21)."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    deadline = models.ForeignKey(
        Deadline, models.CASCADE, db_constraint=False, db_index=False, related_name="reminders"
    )
    falls_on = models.DateField()
    step = models.CharField(max_length=16, db_collation="C")
    audience = models.CharField(max_length=9, choices=Audience.choices)
    on = models.DateField()

    objects = WalledQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "falls_on", "step"], name="reminder_once")]
        indexes = [models.Index(fields=["fund", "on"], name="reminder_by_day")]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.step}"


class SweptThrough(models.Model):
    """The last day up to which a rule's steps were taken in a fund; locked by the sweep that moves it on."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    rule = models.CharField(max_length=4)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "rule"], name="swept_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"
