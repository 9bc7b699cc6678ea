from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import Machine
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund


class PlanState(models.TextChoices):
    AGREED = "agreed", pgettext_lazy("plan", "Agreed")
    SUPERSEDED = "superseded", pgettext_lazy("plan", "Superseded by a later version")
    EVALUATED = "evaluated", pgettext_lazy("plan", "Evaluated")


class ReintegrationPlan(Machine):
    """An agreed version of the plan of a formal part (Z4, Z6); what it says is the payload of the fact `fact`."""

    NAME = "plan"
    BEGINS_WITH = frozenset({"plan_agreed"})
    KEY = ("part", "version")
    TABLE = {"plan_agreed": "agree", "plan_evaluated": "evaluate"}
    OWN = frozenset({"plan_evaluated"})

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="plans"
    )
    part = models.SmallIntegerField(_("number of the reintegration traject"))
    version = models.SmallIntegerField(_("version"))
    state = FSMField(_("state"), default="", protected=True, choices=PlanState.choices, max_length=10)
    agreed_on = models.DateField(_("agreed on"))
    fact = models.CharField(max_length=200, db_collation="C")

    class Meta:
        verbose_name = _("reintegration plan")
        verbose_name_plural = _("reintegration plans")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "part", "version"], name="plan_once"),
            models.UniqueConstraint(
                fields=["dossier", "part"], condition=~models.Q(state="superseded"), name="plan_one_in_force"
            ),
            models.CheckConstraint(condition=models.Q(state__in=PlanState.values), name="plan_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.part} v{self.version} {self.state}"

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        part = sum(one.kind == "reintegration_started" for one in facts[: facts.index(fact)])
        before = made[-1] if made and made[-1].part == part else None
        if before and before.version >= fact.get("version", 1):
            return None
        if before and before.state == PlanState.AGREED:
            before.supersede()
        return cls(part=part)

    @transition(field=state, source="", target=PlanState.AGREED)
    def agree(self, fact: Fact) -> None:
        self.version = fact.get("version", 1)
        self.agreed_on = fact.on
        self.fact = fact.id

    @transition(field=state, source=PlanState.AGREED, target=PlanState.SUPERSEDED)
    def supersede(self) -> None:
        """A later version is agreed; this one stays readable (Z6)."""

    @transition(field=state, source=PlanState.AGREED, target=PlanState.EVALUATED)
    def evaluate(self, fact: Fact) -> None:
        """Looked back on, before the formal part ends (Z8)."""


class PlanDraft(models.Model):
    """What is being written of the next version of the plan, one for each dossier; nothing follows from it.

    `contents` as `trajects.plans.Contents.plain` gives it. It vanishes when the version is agreed. Not in the audit trail:
    it is kept every few seconds, and what is agreed of it is a fact; until then the row tells who wrote last.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.OneToOneField(Dossier, models.CASCADE, db_constraint=False, related_name="plan_draft")
    contents = models.JSONField(_("contents"), default=dict)
    revision = models.IntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(Actor, models.PROTECT, verbose_name=_("saved by"), db_index=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a plan")
        verbose_name_plural = _("drafts of plans")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.revision}"
