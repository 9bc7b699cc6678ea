from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import GET_STATE, FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine


class TrainingState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("training", "Proposed")
    ADVISED = "advised", pgettext_lazy("training", "Advice favourable")
    ADVISED_AGAINST = "advised_against", pgettext_lazy("training", "Advice unfavourable")
    SUBMITTED = "submitted", pgettext_lazy("training", "Submitted to RIZIV")
    REVIEWED = "reviewed", pgettext_lazy("training", "Reviewed by RIZIV")
    APPROVED = "approved", pgettext_lazy("training", "Approved")
    REFUSED = "refused", pgettext_lazy("training", "Refused")
    COMPLETED = "completed", pgettext_lazy("training", "Completed with success")
    FAILED = "failed", pgettext_lazy("training", "Completed without success")
    BROKEN_OFF = "broken_off", pgettext_lazy("training", "Broken off")
    REASSESSED = "reassessed", pgettext_lazy("training", "Reassessed")


S = TrainingState
BEFORE_SUBMISSION = [S.PROPOSED, S.ADVISED, S.ADVISED_AGAINST]
BEFORE_DECISION = [*BEFORE_SUBMISSION, S.SUBMITTED, S.REVIEWED]
OVER = [S.COMPLETED, S.FAILED, S.BROKEN_OFF]


class TrainingProject(SubjectMachine):
    """A paid training, from the proposal to the reassessment after it (H1 to H3); approved, it runs between its days.

    The presumption of incapacity stands from `starts_on` up to `ends_on`, or the day on which it ended before that.
    """

    NAME = "training"
    BEGINS_WITH = frozenset({"training_proposed"})
    TABLE = {
        "training_proposed": "propose",
        "training_advised": "advise",
        "training_submitted": "submit",
        "training_reviewed": "review",
        "training_decided": "decide",
        "registered_letter_sent:training_decision": "send_letter",
        "training_completed": "complete",
        "training_broken_off": "break_off",
        "assessment_made": "reassess",
        "traject_ended": "fall_away",
    }
    SPLIT_BY = {"registered_letter_sent": "step"}
    ELSEWHERE = frozenset({"assessment_made", "traject_ended"})
    OWN = frozenset(TABLE) - ELSEWHERE - BEGINS_WITH

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="trainings"
    )
    state = FSMField(_("state"), default="", protected=True, choices=TrainingState.choices, max_length=15)
    proposed_on = models.DateField(_("proposed on"))
    proposed_by = models.CharField(_("proposed by"), max_length=16, blank=True)
    favorable = models.BooleanField(_("review favourable"), null=True)
    decided_on = models.DateField(_("decided on"), null=True)
    starts_on = models.DateField(_("first day"), null=True)
    ends_on = models.DateField(_("last day"), null=True)
    letter_on = models.DateField(_("registered letter sent on"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="training_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=TrainingState.values), name="training_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "state"],
                condition=models.Q(state__in=["proposed", "approved"]),
                name="training_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"

    @transition(field=state, source="", target=S.PROPOSED)
    def propose(self, fact: Fact) -> None:
        """By the insured, or by the mediator of the regional service."""
        self.proposed_on = fact.on
        self.proposed_by = fact.get("proposed_by", "")

    @transition(
        field=state,
        source=[S.PROPOSED, S.ADVISED, S.ADVISED_AGAINST],
        target=GET_STATE(
            lambda _one, fact: S.ADVISED if fact.values["favorable"] else S.ADVISED_AGAINST,
            [S.ADVISED, S.ADVISED_AGAINST],
        ),
    )
    def advise(self, fact: Fact) -> None:
        """The advisory doctor, on its compatibility with the state of health."""

    @transition(field=state, source=S.ADVISED, target=S.SUBMITTED)
    def submit(self, fact: Fact) -> None:
        """To RIZIV."""

    @transition(field=state, source=S.SUBMITTED, target=S.REVIEWED)
    def review(self, fact: Fact) -> None:
        """By the team of RIZIV."""
        self.favorable = fact.values["favorable"]

    @transition(
        field=state,
        source=S.REVIEWED,
        target=GET_STATE(
            lambda _one, fact: S.APPROVED if fact.values["approved"] else S.REFUSED, [S.APPROVED, S.REFUSED]
        ),
    )
    def decide(self, fact: Fact) -> None:
        """By the HCGRI."""
        self.decided_on = fact.on
        self.starts_on = fact.get("from")
        self.ends_on = fact.get("to")
        if self.letter_on != fact.on:  # a letter of before the decision tells nobody of it
            self.letter_on = None

    @transition(
        field=state,
        source=[S.SUBMITTED, S.REVIEWED, S.APPROVED, S.REFUSED, *OVER, S.REASSESSED],
        target=None,
    )
    def send_letter(self, fact: Fact) -> None:
        """A refusal is told by registered letter (H2). Within a day letters come before decisions (F1)."""
        self.letter_on = fact.on

    @transition(
        field=state,
        source=S.APPROVED,
        target=GET_STATE(
            lambda _one, fact: S.COMPLETED if fact.values["success"] else S.FAILED, [S.COMPLETED, S.FAILED]
        ),
    )
    def complete(self, fact: Fact) -> None:
        self.ended_on = fact.on

    @transition(field=state, source=[*BEFORE_DECISION, S.APPROVED], target=S.BROKEN_OFF)
    def break_off(self, fact: Fact) -> None:
        """Given up, before the decision or after it."""
        self.ended_on = fact.on

    @transition(field=state, source=BEFORE_SUBMISSION, target=S.BROKEN_OFF)
    def fall_away(self, fact: Fact) -> None:
        """What nobody submitted ends with the traject (T19); what RIZIV has before it goes on."""
        self.ended_on = fact.on

    @transition(field=state, source=OVER, target=S.REASSESSED)
    def reassess(self, fact: Fact) -> None:
        """The remaining capacities are assessed anew (H3)."""
