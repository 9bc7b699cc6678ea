from collections.abc import Sequence
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine
from tnw.core import clock


class Purpose(models.TextChoices):
    MEDICAL_EXAMINATION = "medical_examination", _("Medical examination")
    FIRST_CONTACT = "first_contact", _("First contact")
    FOLLOW_UP = "follow_up", _("Follow-up interview")
    PLAN_MEETING = "plan_meeting", _("Interview for the plan")
    OTHER = "other", pgettext_lazy("appointment", "Other contact")


class Form(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("by phone")
    VIDEO = "video", _("by video")
    HOME_VISIT = "home_visit", _("home visit")
    OTHER = "other", pgettext_lazy("code", "other")


class AppointmentState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("appointment", "Planned")
    HELD = "held", pgettext_lazy("appointment", "Held")
    MISSED = "missed", pgettext_lazy("appointment", "Missed")
    EXCUSED = "excused", pgettext_lazy("appointment", "Missed with a valid reason")
    CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")


class Appointment(SubjectMachine):
    """An appointment with the insured: planned, moved, held, missed or cancelled (A4, A6, X1)."""

    NAME = "appointment"
    BEGINS_WITH = frozenset({"appointment_made"})
    TABLE = {
        "appointment_made": "plan",
        "appointment_moved": "move",
        "appointment_cancelled": "cancel",
        "medical_contact_held": "hold",
        "first_contact_held": "hold",
        "contact_held": "hold",
        "absence_recorded": "miss",
        "absence_excused": "excuse",
    }

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="appointments"
    )
    state = FSMField(_("state"), default="", protected=True, choices=AppointmentState.choices, max_length=9)
    purpose = models.CharField(_("purpose"), max_length=19, choices=Purpose.choices)
    at = models.DateTimeField(_("moment"))
    form = models.CharField(_("form"), max_length=10, choices=Form.choices, blank=True)
    # Of a first contact: by which route it is held; only that of route A has consequences when it is missed (X1).
    route = models.CharField(_("route"), max_length=1, blank=True, db_default="")
    # Who else is there, besides the insured.
    party = models.CharField(_("party"), max_length=22, blank=True, db_default="")

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="appointment_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=AppointmentState.values), name="appointment_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="appointment_purpose_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "at"], condition=models.Q(state="planned"), name="appointment_planned"
            ),
            # The diary of a medical team, past and to come; that of a coordinator goes by the dossiers.
            models.Index(
                fields=["fund", "at"],
                condition=models.Q(purpose="medical_examination"),
                name="appointment_examinations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.at:%Y-%m-%d %H:%M}"

    @property
    def on(self) -> date:
        """Its day, in Belgium."""
        return self.at.astimezone(clock.BRUSSELS).date()

    @classmethod
    def concerned(cls, fact: Fact, made: Sequence[Self]) -> Self | None:
        # A contact that names no appointment was held without one.
        return super().concerned(fact, made) if fact.subject else None

    @transition(field=state, source=["", "missed", "excused", "cancelled"], target=AppointmentState.PLANNED)
    def plan(self, fact: Fact) -> None:
        """Made, or made again after it came to nothing."""
        self.purpose = fact.values["purpose"]
        self.at = fact.values["at"]
        self.form = fact.get("form", "")
        self.route = fact.get("route", "")
        self.party = fact.get("party", "")

    @transition(field=state, source=AppointmentState.PLANNED, target=None)
    def move(self, fact: Fact) -> None:
        self.at = fact.get("at", self.at)
        self.form = fact.get("form", self.form)

    @transition(field=state, source=AppointmentState.PLANNED, target=AppointmentState.CANCELLED)
    def cancel(self, fact: Fact) -> None:
        """It will not take place."""

    @transition(field=state, source=AppointmentState.PLANNED, target=AppointmentState.HELD)
    def hold(self, fact: Fact) -> None:
        self.form = fact.get("form", self.form)

    @transition(field=state, source=AppointmentState.PLANNED, target=AppointmentState.MISSED)
    def miss(self, fact: Fact) -> None:
        """The insured did not come; it moves no date (A6)."""

    @transition(field=state, source=AppointmentState.MISSED, target=AppointmentState.EXCUSED)
    def excuse(self, fact: Fact) -> None:
        """There was a valid reason (X3)."""
