from collections.abc import Iterable, Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine
from trajects.models.appointment import Purpose


class AbsenceState(models.TextChoices):
    RECORDED = "recorded", pgettext_lazy("absence", "Recorded")
    WARNED = "letter_sent", pgettext_lazy("absence", "Registered letter sent")
    PROPOSED = "reduction_proposed", pgettext_lazy("absence", "Reduction proposed")
    CONFIRMED = "reduction_confirmed", pgettext_lazy("absence", "Reduction confirmed")
    EXCUSED = "excused", pgettext_lazy("absence", "Excused")
    WITHDRAWN = "withdrawn", pgettext_lazy("absence", "Withdrawn")


S = AbsenceState
OVER = [S.EXCUSED, S.WITHDRAWN]
COUNTS = [state for state in S if state not in OVER]
PURPOSES = (Purpose.MEDICAL_EXAMINATION, Purpose.FIRST_CONTACT)
# Which contact is the one that was missed; `attended` is of the appointment that it names, whatever its purpose.
ATTENDS = {"medical_contact_held": Purpose.MEDICAL_EXAMINATION, "first_contact_held": Purpose.FIRST_CONTACT}


def _without_new_date(one: models.Model) -> bool:
    return isinstance(one, AbsenceProcedure) and one.asked_on is None


def _not_attended(one: models.Model) -> bool:
    return isinstance(one, AbsenceProcedure) and one.attended_on is None


def waited_for(facts: Iterable[Fact]) -> bool:
    """Whether a referral waits for its first contact after these facts, in the law's order (A5, A6, R1)."""
    waits = False
    for fact in facts:
        if fact.kind == "referral_made":
            waits = True
        elif (
            fact.kind in ("referral_withdrawn", "traject_started")
            or (fact.kind == "assessment_made" and fact.values["category"] != 4)
            or (fact.kind in ("first_contact_held", "route_closed") and fact.get("route", "A") == "A")
        ):
            waits = False
    return waits


class AbsenceProcedure(SubjectMachine):
    """What follows on one absence in route A (X1 to X3), by the appointment that was missed; the ladder counts them.

    It computes and proposes; nothing here pays or reduces a benefit.
    """

    NAME = "absence"
    BEGINS_WITH = frozenset({"absence_recorded"})
    TABLE = {
        "absence_recorded": "begin_procedure",
        "absence_excused": "excuse",
        "registered_letter_sent:first": "send_letter",
        "registered_letter_sent:second": "send_letter",
        "registered_letter_sent:again": "send_letter",
        "reduction_proposed": "propose",
        "reduction_confirmed": "confirm",
        "reduction_refused": "refuse",
        "absence_withdrawn": "withdraw",
        "new_date_asked": "ask_new_date",
        "attended": "attend",
        "medical_contact_held": "attend",
        "first_contact_held": "attend",
    }
    SPLIT_BY = {"registered_letter_sent": "step"}
    ELSEWHERE = frozenset({"new_date_asked", "attended", "medical_contact_held", "first_contact_held"})
    OWN = frozenset({"reduction_proposed", "reduction_confirmed", "reduction_refused", "absence_withdrawn"})

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="absences"
    )
    state = FSMField(_("state"), default="", protected=True, choices=AbsenceState.choices, max_length=19)
    purpose = models.CharField(_("purpose"), max_length=19, choices=Purpose.choices)
    absent_on = models.DateField(_("absent on"))
    letter_on = models.DateField(_("registered letter sent on"), null=True)
    proof = models.CharField(_("proof of the registered letter"), max_length=200, blank=True)
    reduced_from = models.DateField(_("reduced from"), null=True)
    reduced_to = models.DateField(_("reduced until"), null=True)
    percent = models.DecimalField(_("percentage"), max_digits=5, decimal_places=2, null=True)
    asked_on = models.DateField(_("new date asked on"), null=True)
    attended_on = models.DateField(_("attended on"), null=True)

    class Meta:
        verbose_name = _("absence procedure")
        verbose_name_plural = _("absence procedures")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="absence_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=AbsenceState.values), name="absence_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["letter_sent", "reduction_proposed", "reduction_confirmed"])
                | (models.Q(letter_on__isnull=False) & ~models.Q(proof="")),
                name="absence_step_with_proof",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="reduction_confirmed")
                | models.Q(reduced_from__isnull=False, percent__isnull=False),
                name="absence_reduced_from_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "state"],
                condition=models.Q(state="reduction_proposed"),
                name="absence_to_confirm",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.absent_on} {self.state}"

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        """X1: only in route A: a first contact for which a referral waits that day, and no appointment of another route."""
        purpose = fact.values["purpose"]
        if purpose not in PURPOSES:
            return None
        if purpose == Purpose.FIRST_CONTACT and not waited_for(facts[: facts.index(fact)]):
            return None
        routes = [
            one.get("route", "A")
            for one in facts
            if one.kind == "appointment_made" and one.subject == fact.subject
        ]
        return super().begin(fact, made, facts) if set(routes) <= {"A"} else None

    @transition(field=state, source=["", *OVER], target=S.RECORDED)
    def begin_procedure(self, fact: Fact) -> None:
        """Absent; a valid reason may still be told. Absent again after it was over, it begins anew."""
        self.purpose = fact.values["purpose"]
        self.absent_on = fact.on
        self.letter_on = self.reduced_from = self.reduced_to = self.asked_on = self.attended_on = None
        self.percent, self.proof = None, ""

    @transition(field=state, source=[*COUNTS, S.WITHDRAWN], target=S.EXCUSED)
    def excuse(self, fact: Fact) -> None:
        """A valid reason stops the step (X3)."""

    @transition(field=state, source=[S.RECORDED, S.WARNED], target=S.WARNED)
    def send_letter(self, fact: Fact) -> None:
        """The registered letter of this step, with its proof; a later one takes its place."""
        self.letter_on = fact.on
        self.proof = fact.values["proof"]

    @transition(field=state, source=[S.WARNED, S.PROPOSED], target=S.PROPOSED)
    def propose(self, fact: Fact) -> None:
        """By one person, for another to confirm (X3); proposed anew where the refusal of that day was taken back."""

    @transition(field=state, source=S.PROPOSED, target=S.CONFIRMED)
    def confirm(self, fact: Fact) -> None:
        self.reduced_from = fact.values["from"]
        self.reduced_to = fact.get("to")
        self.percent = fact.values["percent"]

    @transition(field=state, source=S.PROPOSED, target=S.WARNED)
    def refuse(self, fact: Fact) -> None:
        """Whoever had to confirm it does not."""

    @transition(field=state, source=[*COUNTS, S.EXCUSED], target=S.WITHDRAWN)
    def withdraw(self, fact: Fact) -> None:
        """Taken back, with the reason."""

    @transition(field=state, source=COUNTS, target=None, conditions=[_without_new_date])
    def ask_new_date(self, fact: Fact) -> None:
        """The insured contacts the fund for a new date."""
        self.asked_on = fact.on

    @transition(field=state, source=COUNTS, target=None, conditions=[_not_attended])
    def attend(self, fact: Fact) -> None:
        """The insured really attends what was missed; another contact than that ends nothing here."""
        if fact.kind in ATTENDS:
            attends = ATTENDS[fact.kind] == self.purpose and fact.get("route", "A") == "A"
        else:
            attends = fact.subject in ("", self.subject)
        if attends:
            self.attended_on = fact.on
