from collections.abc import Callable, Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine, under_way


class DeclarationState(models.TextChoices):
    DRAWN_UP = "drawn_up", pgettext_lazy("declaration", "Drawn up")
    SIGNED_BY_SOME = "signed_by_some", pgettext_lazy("declaration", "Signed by some")
    COMPLETE = "complete", pgettext_lazy("declaration", "Signed by all three")
    REFUSED = "refused", pgettext_lazy("declaration", "Refused")
    VOID = "void", pgettext_lazy("declaration", "Void")
    LAPSED = "lapsed", pgettext_lazy("declaration", "Lapsed")


S = DeclarationState
TO_SIGN = [S.DRAWN_UP, S.SIGNED_BY_SOME]
FALLEN = [S.REFUSED, S.VOID, S.LAPSED]


def _unsigned(role: str) -> Callable[[models.Model], bool]:
    return lambda one: isinstance(one, EngagementDeclaration) and not one.signed[role]


def _signed_by_all(one: models.Model) -> bool:
    return isinstance(one, EngagementDeclaration) and all(one.signed.values())


class EngagementDeclaration(SubjectMachine):
    """Engagementsverklaring, signed by insured, coordinator and advisory doctor in any order (Z2)."""

    NAME = "declaration"
    BEGINS_WITH = frozenset({"declaration_drawn_up"})
    TABLE = {
        "declaration_drawn_up": "draw_up",
        "declaration_signed:insured": "sign_as_insured",
        "declaration_signed:coordinator": "sign_as_coordinator",
        "declaration_signed:advisory_doctor": "sign_as_doctor",
        "declaration_completed": "complete",
        "declaration_refused": "refuse",
        "declaration_voided": "void",
        "reintegration_ended": "lapse",
        "traject_ended": "lapse",
    }
    SPLIT_BY = {"declaration_signed": "role"}
    ELSEWHERE = frozenset({"reintegration_ended", "traject_ended"})
    OWN = frozenset(TABLE) - ELSEWHERE

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="declarations"
    )
    state = FSMField(_("state"), default="", protected=True, choices=DeclarationState.choices, max_length=14)
    drawn_up_on = models.DateField(_("drawn up on"))
    insured_on = models.DateField(_("signed by the insured person on"), null=True)
    coordinator_on = models.DateField(_("signed by the coordinator on"), null=True)
    doctor_on = models.DateField(_("signed by the advisory doctor on"), null=True)
    completed_on = models.DateField(_("signed by all three on"), null=True)
    refused_by = models.CharField(_("refused by"), max_length=15, blank=True)

    class Meta:
        verbose_name = _("engagement declaration")
        verbose_name_plural = _("engagement declarations")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="declaration_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=DeclarationState.values), name="declaration_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="complete")
                | models.Q(
                    insured_on__isnull=False, coordinator_on__isnull=False, doctor_on__isnull=False,
                    completed_on__isnull=False,
                ),
                name="declaration_complete_with_three",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["fund", "state"],
                condition=models.Q(state__in=["drawn_up", "signed_by_some"]),
                name="declaration_to_sign",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"

    @property
    def signed(self) -> dict[str, bool]:
        """Who has signed, by role."""
        days = {
            "insured": self.insured_on,
            "coordinator": self.coordinator_on,
            "advisory_doctor": self.doctor_on,
        }
        return {role: day is not None for role, day in days.items()}

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        """Z2: within the formal part."""
        ends = ("reintegration_ended", "traject_ended")
        runs = under_way(facts, fact, "reintegration_started", *ends)
        return super().begin(fact, made, facts) if runs else None

    @transition(field=state, source="", target=S.DRAWN_UP)
    def draw_up(self, fact: Fact) -> None:
        self.drawn_up_on = fact.on

    @transition(field=state, source=TO_SIGN, target=S.SIGNED_BY_SOME, conditions=[_unsigned("insured")])
    def sign_as_insured(self, fact: Fact) -> None:
        self.insured_on = fact.on

    @transition(
        field=state,
        source=TO_SIGN,
        target=S.SIGNED_BY_SOME,
        conditions=[_unsigned("coordinator")],
    )
    def sign_as_coordinator(self, fact: Fact) -> None:
        self.coordinator_on = fact.on

    @transition(
        field=state, source=TO_SIGN, target=S.SIGNED_BY_SOME, conditions=[_unsigned("advisory_doctor")]
    )
    def sign_as_doctor(self, fact: Fact) -> None:
        self.doctor_on = fact.on

    @transition(
        field=state,
        source=S.SIGNED_BY_SOME,
        target=S.COMPLETE,
        conditions=[_signed_by_all],
    )
    def complete(self, fact: Fact) -> None:
        """From the last signature the dates of Z3 run."""
        self.completed_on = fact.on

    @transition(field=state, source=TO_SIGN, target=S.REFUSED)
    def refuse(self, fact: Fact) -> None:
        """By one of the three, with the reason; a new one can be drawn up."""
        self.refused_by = fact.values["role"]

    @transition(field=state, source=[*TO_SIGN, S.COMPLETE], target=S.VOID)
    def void(self, fact: Fact) -> None:
        """Its text changes, and what was signed no longer counts."""

    @transition(field=state, source=TO_SIGN, target=S.LAPSED)
    def lapse(self, fact: Fact) -> None:
        """The formal part ended before all had signed (T19)."""
