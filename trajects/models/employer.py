from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import Machine


class EmployerState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("employer", "Referral proposed")
    AGREED = "agreed", pgettext_lazy("employer", "Referral agreed")
    DECLINED = "declined", pgettext_lazy("employer", "Referral declined")
    REFERRED = "referred", pgettext_lazy("employer", "With the occupational physician")
    VISITED = "visited", pgettext_lazy("employer", "Visit before resumption held")
    ASKED = "asked", pgettext_lazy("employer", "Traject at the employer asked for")
    NOT_ASKED = "not_asked", pgettext_lazy("employer", "No traject at the employer asked for")
    RUNNING = "running", pgettext_lazy("employer", "Running")
    ENDED = "ended", pgettext_lazy("employer", "Ended")


S = EmployerState
OVER = [S.DECLINED, S.NOT_ASKED, S.ENDED]
OPEN = [state for state in S if state not in OVER]
BEFORE_REFERRAL = [S.PROPOSED, S.AGREED]


class EmployerTraject(Machine):
    """Re-integratietraject (Codex), from the proposal to refer to the occupational physician on to its decision (A7, Z9)."""

    NAME = "employer"
    BEGINS_WITH = frozenset(
        {"occupational_referral_proposed", "occupational_referral_made", "employer_traject_started"}
    )
    KEY = ("number",)
    TABLE = {
        "occupational_referral_proposed": "propose",
        "consent_given:employer_referral": "agree",
        "consent_refused:employer_referral": "decline",
        "consent_withdrawn:employer_referral": "decline",
        "consent_withdrawn:data_processing": "decline",
        "occupational_referral_made": "refer",
        "pre_return_visit_held:employer_traject": "visit_and_ask",
        "pre_return_visit_held:no_employer_traject": "not_ask",
        "pre_return_visit_held:resumption": "visit",
        "pre_return_visit_held:other": "visit",
        "employer_traject_declined": "not_ask",
        "employer_traject_started": "start",
        "employer_traject_ended": "end",
        "traject_ended": "fall_away",
        "route_closed:B": "fall_away",
    }
    SPLIT_BY = {
        "consent_given": "purpose", "consent_refused": "purpose", "consent_withdrawn": "purpose",
        "pre_return_visit_held": "outcome",
    }  # fmt: skip
    ELSEWHERE = frozenset(key for key, move in TABLE.items() if move in ("agree", "decline", "fall_away"))
    OWN = frozenset({"employer_traject_declined", "employer_traject_ended"})

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="employer_trajects"
    )
    number = models.SmallIntegerField(_("number"))
    state = FSMField(_("state"), default="", protected=True, choices=EmployerState.choices, max_length=9)
    referred_on = models.DateField(_("referred on"), null=True)
    # The day of the visit, or of the decision without one, on which it was not asked for (Z1).
    visited_on = models.DateField(_("visit held on"), null=True)
    outcome = models.CharField(_("outcome"), max_length=19, blank=True)
    decided_on = models.DateField(_("not asked for since"), null=True)
    started_on = models.DateField(_("started on"), null=True)
    requested_by = models.CharField(_("asked by"), max_length=15, blank=True)
    ended_on = models.DateField(_("ended on"), null=True)
    decision = models.CharField(_("decision"), max_length=1, blank=True)
    refused_by = models.CharField(_("plan refused by"), max_length=8, blank=True)
    # Of the employer; unknown before the end, and where it was not asked (Z1).
    plan_carried_out = models.BooleanField(_("plan carried out"), null=True)

    class Meta:
        verbose_name = _("traject at the employer")
        verbose_name_plural = _("trajects at the employer")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="employer_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=~models.Q(state__in=["declined", "not_asked", "ended"]),
                name="employer_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=EmployerState.values), name="employer_state_known"
            ),
            models.CheckConstraint(
                condition=(models.Q(state="ended", ended_on__isnull=False) & ~models.Q(decision=""))
                | (~models.Q(state="ended") & models.Q(ended_on__isnull=True, decision="")),
                name="employer_ended_with_decision",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.state}"

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        return None if made and made[-1].state in OPEN else cls(number=len(made) + 1)

    @transition(field=state, source="", target=S.PROPOSED)
    def propose(self, fact: Fact) -> None:
        """To the insured, who agrees or not (A7)."""

    @transition(field=state, source=S.PROPOSED, target=S.AGREED)
    def agree(self, fact: Fact) -> None:
        """With the consent for it."""

    @transition(field=state, source=BEFORE_REFERRAL, target=S.DECLINED)
    def decline(self, fact: Fact) -> None:
        """No consent for it, or not any more."""

    @transition(field=state, source=BEFORE_REFERRAL, target=S.DECLINED)
    def fall_away(self, fact: Fact) -> None:
        """What was only proposed ends with the traject, or with route B (T19); where he was referred to, he is."""

    @transition(field=state, source=["", *BEFORE_REFERRAL], target=S.REFERRED)
    def refer(self, fact: Fact) -> None:
        """For a visit before resumption, or for an employer traject."""
        self.referred_on = fact.on

    @transition(field=state, source=S.REFERRED, target=S.ASKED)
    def visit_and_ask(self, fact: Fact) -> None:
        """After the visit the insured asks for an employer traject."""
        self._visited(fact)

    @transition(field=state, source=S.REFERRED, target=S.VISITED)
    def visit(self, fact: Fact) -> None:
        """The visit led elsewhere, or to no decision yet."""
        self._visited(fact)

    @transition(field=state, source=[S.REFERRED, S.VISITED, S.ASKED], target=S.NOT_ASKED)
    def not_ask(self, fact: Fact) -> None:
        """After the visit, or without asking for one, the insured decides not to ask for an employer traject (Z1)."""
        if fact.kind == "pre_return_visit_held":
            self._visited(fact)
        self.decided_on = fact.on

    @transition(field=state, source=["", *OPEN[:-1]], target=S.RUNNING)
    def start(self, fact: Fact) -> None:
        """Whoever asked for it (Z7)."""
        self.started_on = fact.on
        self.requested_by = fact.values["requested_by"]

    @transition(field=state, source=S.RUNNING, target=S.ENDED)
    def end(self, fact: Fact) -> None:
        """With the decision of the occupational physician (Z9)."""
        self.ended_on = fact.on
        self.decision = fact.values["decision"]
        self.refused_by = fact.get("refused_by", "")
        self.plan_carried_out = fact.get("plan_carried_out")

    def _visited(self, fact: Fact) -> None:
        self.visited_on = fact.on
        self.outcome = fact.values["outcome"]
