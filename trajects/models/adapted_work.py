from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.calendar import last_working_day_before
from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine


class AdaptedWorkState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("adapted work", "Planned")
    DECLARED = "declared", pgettext_lazy("adapted work", "Declared, permission asked")
    PERMITTED = "permitted", pgettext_lazy("adapted work", "Permitted")
    REFUSED = "refused", pgettext_lazy("adapted work", "Refused")
    ENDED = "ended", pgettext_lazy("adapted work", "Ended")
    CANCELLED = "cancelled", pgettext_lazy("adapted work", "Cancelled")


S = AdaptedWorkState


class AdaptedWork(SubjectMachine):
    """Toegelaten activiteit: planned, declared at the latest on the last working day before it, permitted, ended (W1)."""

    NAME = "adapted_work"
    BEGINS_WITH = frozenset({"adapted_work_planned"})
    TABLE = {
        "adapted_work_planned": "plan",
        "adapted_work_declared": "declare",
        "adapted_work_permitted": "permit",
        "adapted_work_refused": "refuse",
        "adapted_work_ended": "end",
        "adapted_work_cancelled": "cancel",
    }
    OWN = frozenset(TABLE) - BEGINS_WITH

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="adapted_works"
    )
    state = FSMField(_("state"), default="", protected=True, choices=AdaptedWorkState.choices, max_length=9)
    starts_on = models.DateField(_("starts on"))
    declared_on = models.DateField(_("declared on"), null=True)
    permitted_from = models.DateField(_("permitted from"), null=True)
    permitted_to = models.DateField(_("permitted until"), null=True)
    hours = models.DecimalField(_("hours a week"), max_digits=5, decimal_places=2, null=True)
    ended_on = models.DateField(_("ended on"), null=True)

    class Meta:
        verbose_name = _("adapted work")
        verbose_name_plural = _("adapted work")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="adapted_work_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=AdaptedWorkState.values), name="adapted_work_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="permitted") | models.Q(permitted_from__isnull=False),
                name="adapted_work_permitted_from_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "state"], condition=models.Q(state="declared"), name="adapted_work_to_judge"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.starts_on} {self.state}"

    @property
    def declare_by(self) -> date:
        """The last working day before its start (T15)."""
        return last_working_day_before(self.starts_on)

    @property
    def declared_late(self) -> bool:
        """Whether it was declared after that day."""
        return self.declared_on is not None and self.declared_on > self.declare_by

    @transition(field=state, source=["", S.PLANNED, S.DECLARED], target=S.PLANNED)
    def plan(self, fact: Fact) -> None:
        """Or planned again, on another day: then it is declared anew (T15)."""
        self.starts_on = fact.values["starts_on"]
        self.declared_on = None

    @transition(field=state, source=S.PLANNED, target=S.DECLARED)
    def declare(self, fact: Fact) -> None:
        """With the request for permission; in time or late."""
        self.declared_on = fact.on

    @transition(field=state, source=[S.DECLARED, S.PERMITTED], target=S.PERMITTED)
    def permit(self, fact: Fact) -> None:
        """By the advisory doctor, or anew for another period or other hours."""
        self.permitted_from = fact.values["from"]
        self.permitted_to = fact.get("to")
        self.hours = fact.get("hours")

    @transition(field=state, source=S.DECLARED, target=S.REFUSED)
    def refuse(self, fact: Fact) -> None:
        """Not compatible with the state of health."""

    @transition(field=state, source=S.PERMITTED, target=S.ENDED)
    def end(self, fact: Fact) -> None:
        self.ended_on = fact.on

    @transition(field=state, source=[S.PLANNED, S.DECLARED, S.PERMITTED], target=S.CANCELLED)
    def cancel(self, fact: Fact) -> None:
        """It does not begin after all."""
