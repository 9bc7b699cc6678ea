from collections.abc import Callable, Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import GET_STATE, RETURN_VALUE, FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import Machine, under_way


class Condition(models.IntegerChoices):
    """Under which the formal part starts (Z1)."""

    NO_CONTRACT = 1, _("There is no employment contract")
    NOT_REFERRED = 2, _("There is a contract, and no referral to the occupational physician")
    NOT_ASKED = 3, _("There is a contract, and the insured person asks for no traject at the employer")
    ENDED = 4, _("The traject at the employer ended for good, and no plan of the employer was carried out")


class ReintegrationState(models.TextChoices):
    AWAITING_SIGNATURES = "awaiting_signatures", pgettext_lazy("formal part", "Awaiting signatures")
    PLANNING = "planning", pgettext_lazy("formal part", "Plan to be made")
    IN_REVIEW = "in_review", pgettext_lazy("formal part", "Plan carried out and reviewed")
    EVALUATED = "evaluated", pgettext_lazy("formal part", "Plan evaluated")
    SUSPENDED = "suspended", pgettext_lazy("formal part", "Suspended")
    ENDED = "ended", pgettext_lazy("formal part", "Ended")


S = ReintegrationState
RUNNING = [S.AWAITING_SIGNATURES, S.PLANNING, S.IN_REVIEW, S.EVALUATED]


def _at(*stages: str) -> Callable[[models.Model], bool]:
    """What is suspended had come to one of these."""
    return lambda one: isinstance(one, ReintegrationTraject) and one.resumes_to in stages


class ReintegrationTraject(Machine):
    """Re-integratietraject gericht op sociaalprofessionele re-integratie, the formal part (Z1 to Z8): one after the other.

    While suspended, `resumes_to` is the state to which it returns; what is done meanwhile counts there.
    """

    NAME = "reintegration"
    BEGINS_WITH = frozenset({"reintegration_started"})
    KEY = ("number",)
    TABLE = {
        "reintegration_started": "start",
        "declaration_completed": "complete",
        "declaration_voided": "void",
        "plan_meeting_held": "meet",
        "plan_agreed": "agree",
        "plan_reviewed": "review",
        "plan_evaluated": "evaluate",
        "traject_suspended": "suspend",
        "traject_resumed": "resume",
        "reintegration_ended": "end",
        "traject_ended": "end_with_traject",
    }
    ELSEWHERE = frozenset({"declaration_voided", "traject_ended"})
    OWN = frozenset(TABLE) - ELSEWHERE

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="reintegrations"
    )
    number = models.SmallIntegerField(_("number"))
    state = FSMField(
        _("state"), default="", protected=True, choices=ReintegrationState.choices, max_length=19
    )
    condition = models.SmallIntegerField(_("condition"), choices=Condition.choices)
    started_on = models.DateField(_("started on"))
    met_on = models.DateField(_("interview for the plan held on"), null=True)
    plan_version = models.SmallIntegerField(_("version of the plan"), null=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True)
    suspended_on = models.DateField(_("suspended on"), null=True)
    suspended_for = models.CharField(_("reason of the suspension"), max_length=16, blank=True)
    resumes_to = models.CharField(max_length=19, choices=ReintegrationState.choices, blank=True)
    ended_on = models.DateField(_("ended on"), null=True)
    result = models.CharField(_("result"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("reintegration traject")
        verbose_name_plural = _("reintegration trajects")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="reintegration_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=~models.Q(state="ended"), name="reintegration_one_running"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReintegrationState.values), name="reintegration_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_on__isnull=False) & ~models.Q(result="")
                | (~models.Q(state="ended") & models.Q(ended_on__isnull=True, result="")),
                name="reintegration_ended_with_result",
            ),
            models.CheckConstraint(
                condition=models.Q(state="suspended", suspended_on__isnull=False, resumes_to__in=RUNNING)
                | (~models.Q(state="suspended") & models.Q(suspended_on__isnull=True, resumes_to="")),
                name="reintegration_suspended_from_a_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["in_review", "evaluated"])
                | models.Q(plan_version__isnull=False),
                name="reintegration_reviewed_with_a_plan",
            ),
        ]

    # The declaration that all three signed, while the facts are replayed: within a day it is void after the next is signed.
    _rests_on = ""

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.state}"

    @property
    def stage(self) -> str:
        """How far it has come, whether or not it is suspended."""
        return self.resumes_to or self.state

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        if made and made[-1].state != S.ENDED:
            return None
        if not under_way(facts, fact, "traject_started", "traject_ended"):
            return None  # it is a part of a traject
        return cls(number=len(made) + 1)

    @transition(field=state, source="", target=S.AWAITING_SIGNATURES)
    def start(self, fact: Fact) -> None:
        self.condition = fact.values["condition"]
        self.started_on = fact.on

    @transition(field=state, source=[S.AWAITING_SIGNATURES, S.PLANNING], target=S.PLANNING)
    @transition(
        field=state,
        source=S.SUSPENDED,
        target=None,
        conditions=[_at(S.AWAITING_SIGNATURES, S.PLANNING)],
    )
    def complete(self, fact: Fact) -> None:
        """All three have signed (Z3)."""
        self._rests_on = fact.subject
        self._goes_on(S.PLANNING)

    @transition(
        field=state,
        source=[S.AWAITING_SIGNATURES, S.PLANNING],
        target=GET_STATE(lambda one, _fact: one._without(), [S.AWAITING_SIGNATURES, S.PLANNING]),
    )
    @transition(field=state, source=S.SUSPENDED, target=None, conditions=[_at(S.PLANNING)])
    def void(self, fact: Fact) -> None:
        """Its text changed: everybody signs anew (Z2), or has done so that day already."""
        if fact.subject in (self._rests_on, ""):
            self._rests_on = ""
        self._goes_on(self._without())

    def _without(self) -> S:
        """How far it has come by the declarations that are not void."""
        return S.PLANNING if self._rests_on else S.AWAITING_SIGNATURES

    @transition(field=state, source=[S.PLANNING, S.IN_REVIEW], target=None)
    @transition(
        field=state,
        source=S.SUSPENDED,
        target=None,
        conditions=[_at(S.PLANNING, S.IN_REVIEW)],
    )
    def meet(self, fact: Fact) -> None:
        """The interview for the plan, a second one where it is needed (Z4)."""
        self.met_on = fact.on

    @transition(field=state, source=[S.PLANNING, S.IN_REVIEW], target=S.IN_REVIEW)
    @transition(
        field=state,
        source=S.SUSPENDED,
        target=None,
        conditions=[_at(S.PLANNING, S.IN_REVIEW)],
    )
    def agree(self, fact: Fact) -> None:
        """The plan, or a new version of it (Z4, Z6)."""
        self.plan_version = fact.get("version", 1)
        self._goes_on(S.IN_REVIEW)

    @transition(field=state, source=[S.IN_REVIEW, S.EVALUATED], target=None)
    @transition(field=state, source=S.SUSPENDED, target=None, conditions=[_at(S.IN_REVIEW, S.EVALUATED)])
    def review(self, fact: Fact) -> None:
        """Every three months (Z6), until it ends."""
        self.reviewed_on = fact.on

    @transition(field=state, source=S.IN_REVIEW, target=S.EVALUATED)
    @transition(field=state, source=S.SUSPENDED, target=None, conditions=[_at(S.IN_REVIEW)])
    def evaluate(self, fact: Fact) -> None:
        """Before it ends (Z8)."""
        self._goes_on(S.EVALUATED)

    @transition(field=state, source=RUNNING, target=S.SUSPENDED)
    def suspend(self, fact: Fact) -> None:
        """From each running state, as often as it happens (Z7, T18)."""
        self.resumes_to = str(self.state)
        self.suspended_on = fact.on
        self.suspended_for = fact.values["reason"]

    @transition(field=state, source=S.SUSPENDED, target=RETURN_VALUE(*RUNNING))
    def resume(self, fact: Fact) -> S:
        """Back to where it was, or has come to meanwhile."""
        back = S(self.resumes_to)
        self._suspension_over()
        return back

    @transition(field=state, source=[*RUNNING, S.SUSPENDED], target=S.ENDED)
    def end(self, fact: Fact) -> None:
        self._end(fact)

    @transition(field=state, source=[*RUNNING, S.SUSPENDED], target=S.ENDED)
    def end_with_traject(self, fact: Fact) -> None:
        """The end of the traject takes it along (T19)."""
        self._end(fact)

    def _end(self, fact: Fact) -> None:
        self.ended_on = fact.on
        self.result = fact.values["result"]
        self._suspension_over()

    def _suspension_over(self) -> None:
        self.suspended_on = None
        self.suspended_for = self.resumes_to = ""

    def _goes_on(self, stage: str) -> None:
        if self.resumes_to:
            self.resumes_to = stage
