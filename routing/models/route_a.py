from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import GET_STATE, FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import Machine


class RouteAState(models.TextChoices):
    AWAITING = "awaiting_questionnaire", pgettext_lazy("route", "Questionnaire to be sent")
    SENT = "questionnaire_sent", pgettext_lazy("route", "Questionnaire sent")
    RECEIVED = "questionnaire_received", pgettext_lazy("route", "Questionnaire received")
    WAIVED = "waived", pgettext_lazy("route", "Questionnaire waived")
    ASSESSED = "assessed", pgettext_lazy("route", "Assessed")
    REFERRED = "referred", pgettext_lazy("route", "Referred to the coordinator")
    CONTACTED = "first_contact_held", pgettext_lazy("route", "First contact held")
    STARTED = "traject_started", pgettext_lazy("route", "Traject started")
    CLOSED = "closed", pgettext_lazy("route", "Closed")


S = RouteAState
BEFORE_ASSESSMENT = [S.AWAITING, S.SENT, S.RECEIVED, S.WAIVED]
AFTER_ASSESSMENT = [S.ASSESSED, S.REFERRED, S.CONTACTED, S.STARTED, S.CLOSED]
OPEN = [state for state in S if state not in (S.STARTED, S.CLOSED)]
CATEGORIES = (1, 2, 3, 4)
ELIGIBLE = (1, 3, 4)
HEALTH_IN_THE_WAY = (2, 3)


def _category_allows(route: models.Model) -> bool:
    """Category 2 is referred only after a new assessment (A5)."""
    return isinstance(route, RouteA) and route.category in ELIGIBLE


class RouteA(Machine):
    """Route A, the advisory doctor's initiative (A1 to A7): every recognized incapacity goes this way by itself.

    Whether the incapacity has ended or is excluded is not repeated here: it depends on the day, and stands with the
    incapacity. The latest `category` is that of the assessment in force; `round` counts how often it began anew.
    """

    NAME = "route_a"
    BEGINS_WITH = frozenset({"incapacity_recognized"})
    TABLE = {
        "incapacity_recognized": "open",
        "questionnaire_sent": "send",
        "questionnaire_received": "receive",
        "questionnaire_waived": "waive",
        "assessment_made": "assess",
        "referral_made": "refer",
        "referral_withdrawn": "withdraw",
        "first_contact_held:A": "meet",
        "first_contact_held:": "meet_for_none",
        "traject_started:A": "start_traject",
        "traject_started:B": "supersede",
        "traject_started:C": "supersede",
        "route_closed:A": "close",
        "permission_granted": "permit",
        "permission_refused": "forbid",
    }
    ELSEWHERE = frozenset(
        {
            "first_contact_held:", "traject_started:B", "traject_started:C", "permission_granted",
            "permission_refused",
        }
    )  # fmt: skip

    dossier = models.OneToOneField(Dossier, models.PROTECT, db_constraint=False, related_name="route_a")
    state = FSMField(_("state"), default="", protected=True, choices=RouteAState.choices, max_length=22)
    round = models.SmallIntegerField(_("round"), default=1)
    category = models.SmallIntegerField(_("category"), null=True)
    reason = models.CharField(_("reason of closing"), max_length=20, blank=True)
    # P5, the doctor's newest finding: until there is one nothing speaks against it; a referral or a permission says
    # that a resumption turned out possible, whatever the category; a later assessment or refusal may say no.
    health_allows = models.BooleanField(_("health allows a traject"), default=False, db_default=False)

    class Meta:
        verbose_name = _("route A")
        verbose_name_plural = _("routes A")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RouteAState.values), name="route_a_state_known"
            ),
            models.CheckConstraint(
                condition=(models.Q(state="closed") & ~models.Q(reason=""))
                | (~models.Q(state="closed") & models.Q(reason="")),
                name="route_a_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="referred") | models.Q(category__in=ELIGIBLE),
                name="route_a_referred_after_assessment",
            ),
            # Who was never assessed has come no further, and has had no round before this one. A check lets pass what
            # is unknown: that the category is there has to be said.
            models.CheckConstraint(
                condition=models.Q(state__in=[*BEFORE_ASSESSMENT, "closed"], category__isnull=True, round=1)
                | models.Q(state__in=AFTER_ASSESSMENT, category__isnull=False, category__in=CATEGORIES),
                name="route_a_assessed_in_a_category",
            ),
            models.CheckConstraint(condition=models.Q(round__gte=1), name="route_a_round_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["fund", "state"],
                condition=models.Q(state__in=["referred", "first_contact_held", "traject_started"]),
                name="route_a_with_coordinator",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        return None if made else cls()

    @transition(field=state, source="", target=S.AWAITING)
    def open(self, fact: Fact) -> None:
        """A1: by itself, with the recognition."""
        self.health_allows = True

    @transition(field=state, source=BEFORE_ASSESSMENT, target=S.SENT)
    @transition(field=state, source=AFTER_ASSESSMENT, target=None)
    def send(self, fact: Fact) -> None:
        """Asked, for whichever route; after an assessment it changes nothing here any more."""

    @transition(
        field=state,
        source=BEFORE_ASSESSMENT,
        target=GET_STATE(
            lambda route, fact: S.RECEIVED if fact.get("complete") else route.state, BEFORE_ASSESSMENT
        ),
    )
    @transition(field=state, source=AFTER_ASSESSMENT, target=None)
    def receive(self, fact: Fact) -> None:
        """Only a complete answer counts as one."""

    @transition(field=state, source=[S.AWAITING, S.SENT, S.WAIVED], target=S.WAIVED)
    @transition(field=state, source=AFTER_ASSESSMENT, target=None)
    def waive(self, fact: Fact) -> None:
        """A2: not asked, or not insisted on; also where an early assessment came before it."""

    @transition(
        field=state,
        source=S.REFERRED,
        target=GET_STATE(
            lambda _route, fact: S.REFERRED if fact.values["category"] == 4 else S.ASSESSED,
            [S.REFERRED, S.ASSESSED],
        ),
    )
    @transition(field=state, source=[*BEFORE_ASSESSMENT, S.ASSESSED, S.CLOSED], target=S.ASSESSED)
    @transition(field=state, source=[S.CONTACTED, S.STARTED], target=None)
    def assess(self, fact: Fact) -> None:
        """At any moment (A4). Other than category 4 takes a referral back; after closing it begins a new round."""
        if self.state == S.CLOSED:
            self.round += 1
            self.reason = ""
        self.category = fact.values["category"]
        self.health_allows = self.category not in HEALTH_IN_THE_WAY

    @transition(field=state, source=S.ASSESSED, target=S.REFERRED, conditions=[_category_allows])
    @transition(field=state, source=S.STARTED, target=S.REFERRED, conditions=[_category_allows])
    def refer(self, fact: Fact) -> None:
        """A5. After a traject it is the beginning of a new round."""
        self.health_allows = True
        if self.state == S.STARTED:
            self.round += 1

    @transition(field=state, source=S.REFERRED, target=S.ASSESSED)
    def withdraw(self, fact: Fact) -> None:
        """The referral is taken back; the assessment stands."""

    @transition(field=state, source=S.REFERRED, target=S.CONTACTED)
    @transition(field=state, source=[S.CONTACTED, S.STARTED], target=None)
    def meet(self, fact: Fact) -> None:
        """The first contact of this route (A6)."""

    @transition(field=state, source=S.REFERRED, target=S.CONTACTED)
    def meet_for_none(self, fact: Fact) -> None:
        """A first contact for no route in particular counts here where one was waited for."""

    @transition(field=state, source=S.CONTACTED, target=S.STARTED)
    def start_traject(self, fact: Fact) -> None:
        """With consent (A6)."""

    @transition(field=state, source=OPEN, target=S.CLOSED)
    def supersede(self, fact: Fact) -> None:
        """A traject by another route takes this one's place (R1)."""
        self.reason = "superseded"

    @transition(field=state, source=list(S), target=None)
    def permit(self, fact: Fact) -> None:
        """B5: the doctor finds that health allows a traject, whatever was assessed before (P5)."""
        self.health_allows = True

    @transition(field=state, source=list(S), target=None)
    def forbid(self, fact: Fact) -> None:
        """B5: not compatible with the general state of health, by whatever route (P5)."""
        self.health_allows = False

    @transition(field=state, source=OPEN, target=S.CLOSED)
    def close(self, fact: Fact) -> None:
        self.reason = fact.values["reason"]
