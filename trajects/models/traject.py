from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import Machine


class Route(models.TextChoices):
    A = "A", _("Initiative of the advisory doctor")
    B = "B", _("Request of the insured person")
    C = "C", _("Registration with a regional service")


class FirstStep(models.TextChoices):
    EMPLOYER = "employer", _("employer")
    TRAINING = "training", _("training")
    REGIONAL_SERVICE = "regional_service", _("regional employment service")
    ADAPTED_WORK = "adapted_work", _("adapted work")
    GUIDANCE = "guidance", _("guidance by the fund")


class TrajectState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("traject", "Running")
    ENDED = "ended", pgettext_lazy("traject", "Ended")


class Traject(Machine):
    """Terug-naar-werktraject: the whole guided return, whatever the route; at most one runs in a dossier (R1, R2)."""

    NAME = "traject"
    BEGINS_WITH = frozenset({"traject_started"})
    KEY = ("number",)
    TABLE = {
        "traject_started": "start",
        "first_step_chosen": "choose_step",
        "traject_evaluated": "evaluate",
        "traject_ended": "end",
    }

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="trajects"
    )
    number = models.SmallIntegerField(_("number"))
    state = FSMField(_("state"), default="", protected=True, choices=TrajectState.choices, max_length=7)
    route = models.CharField(_("route"), max_length=1, choices=Route.choices)
    first_step = models.CharField(_("first step"), max_length=16, choices=FirstStep.choices, blank=True)
    started_on = models.DateField(_("started on"))
    ended_on = models.DateField(_("ended on"), null=True)
    evaluated_on = models.DateField(_("evaluated on"), null=True)
    result = models.CharField(_("result"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("return-to-work traject")
        verbose_name_plural = _("return-to-work trajects")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="traject_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(state="running"), name="traject_one_running"
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", ended_on__isnull=True, result="")
                | (
                    # A check lets pass what is unknown: that the day is there has to be said.
                    models.Q(state="ended", ended_on__isnull=False, ended_on__gte=models.F("started_on"))
                    & ~models.Q(result="")
                ),
                name="traject_ended_with_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "dossier"], condition=models.Q(state="running"), name="traject_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.state}"

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        if made and made[-1].state == TrajectState.RUNNING:
            return None
        # The first step is looked for at the first contact, so before the start.
        steps = [one for one in facts[: facts.index(fact)] if one.kind == "first_step_chosen"]
        since = made[-1].ended_on if made else None
        chosen = [one.values["step"] for one in steps if since is None or one.on >= since]
        return cls(number=len(made) + 1, first_step=chosen[-1] if chosen else "")

    @transition(field=state, source="", target=TrajectState.RUNNING)
    def start(self, fact: Fact) -> None:
        self.route = fact.values["route"]
        self.started_on = fact.on

    @transition(field=state, source=TrajectState.RUNNING, target=None)
    def choose_step(self, fact: Fact) -> None:
        """It may change while the traject runs (A7)."""
        self.first_step = fact.values["step"]

    @transition(field=state, source=TrajectState.RUNNING, target=None)
    def evaluate(self, fact: Fact) -> None:
        """Looked back on with the insured, before it ends (Z8)."""
        self.evaluated_on = fact.on

    @classmethod
    def concerned(cls, fact: Fact, made: Sequence[Self]) -> Self | None:
        last = super().concerned(fact, made)
        before_the_next = last and last.state == TrajectState.ENDED and fact.kind == "first_step_chosen"
        return None if before_the_next else last

    @transition(field=state, source=TrajectState.RUNNING, target=TrajectState.ENDED)
    def end(self, fact: Fact) -> None:
        self.result = fact.values["result"]
        self.ended_on = fact.on
