from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import GET_STATE, FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import Machine


class RouteBState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("route B", "Contact requested")
    SENT = "questionnaire_sent", pgettext_lazy("route", "Questionnaire sent")
    RECEIVED = "questionnaire_received", pgettext_lazy("route", "Questionnaire received")
    CONTACTED = "contact_held", pgettext_lazy("route B", "Contact held")
    WITH_PHYSICIAN = (
        "with_occupational_physician",
        pgettext_lazy("route B", "With the occupational physician"),
    )
    ASKED = "permission_requested", pgettext_lazy("route B", "Permission asked")
    REFUSED = "permission_refused", pgettext_lazy("route B", "Permission refused")
    GRANTED = "permission_granted", pgettext_lazy("route B", "Permission granted")
    STARTED = "traject_started", pgettext_lazy("route", "Traject started")
    CLOSED = "closed", pgettext_lazy("route", "Closed")


S = RouteBState
BEFORE_CONTACT = [S.REQUESTED, S.SENT, S.RECEIVED]
OPEN = [state for state in S if state not in (S.STARTED, S.CLOSED)]


class RouteB(Machine):
    """Route B, the insured asks (B1 to B5): once or several times, one after the other.

    `aim` is that of the latest request for permission; it may change between two.
    """

    NAME = "route_b"
    BEGINS_WITH = frozenset({"contact_requested"})
    KEY = ("number",)
    TABLE = {
        "contact_requested": "request",
        "questionnaire_sent": "send",
        "questionnaire_received": "receive",
        "first_contact_held:B": "meet",
        "first_contact_held:A": "meet_again",
        "first_contact_held:": "meet_for_none",
        "contact_held": "meet_again",
        "occupational_referral_made": "refer",
        "pre_return_visit_held:no_employer_traject": "come_back",
        "pre_return_visit_held:resumption": "come_back",
        "pre_return_visit_held:other": "come_back",
        "employer_traject_declined": "come_back",
        "employer_traject_ended": "come_back",
        "permission_requested": "ask",
        "permission_granted": "grant",
        "permission_refused": "refuse",
        "traject_started:B": "start_traject",
        "traject_started:A": "supersede",
        "traject_started:C": "supersede",
        "route_closed:B": "close",
    }
    SPLIT_BY = {"pre_return_visit_held": "outcome"}
    OWN = frozenset(
        {
            "first_contact_held:B", "permission_requested", "permission_granted", "permission_refused",
            "traject_started:B", "route_closed:B",
        }
    )  # fmt: skip
    ELSEWHERE = frozenset(TABLE) - OWN - BEGINS_WITH

    _answered = False

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="routes_b"
    )
    number = models.SmallIntegerField(_("number"))
    state = FSMField(_("state"), default="", protected=True, choices=RouteBState.choices, max_length=27)
    requested_on = models.DateField(_("requested on"))
    aim = models.CharField(_("aim"), max_length=16, blank=True)
    reason = models.CharField(_("reason of closing"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("route B")
        verbose_name_plural = _("routes B")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="route_b_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=~models.Q(state__in=["traject_started", "closed"]),
                name="route_b_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RouteBState.values), name="route_b_state_known"
            ),
            models.CheckConstraint(
                condition=(models.Q(state="closed") & ~models.Q(reason=""))
                | (~models.Q(state="closed") & models.Q(reason="")),
                name="route_b_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    state__in=["permission_requested", "permission_granted", "permission_refused"], aim=""
                ),
                name="route_b_permission_for_an_aim",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["fund", "state"],
                condition=~models.Q(state__in=["traject_started", "closed"]),
                name="route_b_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.state}"

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        if made and made[-1].state in OPEN:
            return None
        before = facts[: facts.index(fact)]
        answered = any(one.kind == "questionnaire_received" and one.get("complete") for one in before)
        one = cls(number=len(made) + 1)
        one._answered = answered
        return one

    @transition(
        field=state,
        source="",
        target=GET_STATE(
            lambda route, _fact: S.RECEIVED if route._answered else S.REQUESTED, [S.RECEIVED, S.REQUESTED]
        ),
    )
    @transition(field=state, source=OPEN, target=None)
    def request(self, fact: Fact) -> None:
        """B1, at any moment. Who has sent in a complete questionnaire before is not asked again (B2)."""
        self.requested_on = self.requested_on or fact.on

    @transition(field=state, source=S.REQUESTED, target=S.SENT)
    def send(self, fact: Fact) -> None:
        """To somebody of whom no complete one came in before (B2)."""

    @transition(
        field=state,
        source=[S.REQUESTED, S.SENT],
        target=GET_STATE(
            lambda route, fact: S.RECEIVED if fact.get("complete") else route.state, BEFORE_CONTACT
        ),
    )
    def receive(self, fact: Fact) -> None:
        """Only a complete answer counts as one."""

    @transition(field=state, source=[*BEFORE_CONTACT, S.REFUSED], target=S.CONTACTED)
    @transition(
        field=state, source=[S.CONTACTED, S.WITH_PHYSICIAN, S.ASKED, S.GRANTED, S.STARTED], target=None
    )
    def meet(self, fact: Fact) -> None:
        """The first contact of this route (B3); after a refusal any contact is the new one."""

    @transition(field=state, source=[*BEFORE_CONTACT, S.REFUSED], target=S.CONTACTED)
    def meet_for_none(self, fact: Fact) -> None:
        """A first contact for no route in particular counts here where one was waited for."""

    @transition(field=state, source=S.REFUSED, target=S.CONTACTED)
    def meet_again(self, fact: Fact) -> None:
        """The new contact after a refusal (B5)."""

    @transition(field=state, source=S.CONTACTED, target=S.WITH_PHYSICIAN)
    def refer(self, fact: Fact) -> None:
        """B4: the route waits there."""

    @transition(field=state, source=S.WITH_PHYSICIAN, target=S.CONTACTED)
    def come_back(self, fact: Fact) -> None:
        """B4: it leads nowhere, and the route goes on."""

    @transition(field=state, source=S.CONTACTED, target=S.ASKED)
    def ask(self, fact: Fact) -> None:
        self.aim = fact.values["aim"]

    @transition(field=state, source=S.ASKED, target=S.GRANTED)
    def grant(self, fact: Fact) -> None:
        """The traject may start."""

    @transition(field=state, source=S.ASKED, target=S.REFUSED)
    def refuse(self, fact: Fact) -> None:
        """Not compatible with the general state of health; after a new contact it may be asked again (B5)."""

    @transition(field=state, source=S.GRANTED, target=S.STARTED)
    def start_traject(self, fact: Fact) -> None:
        """With permission (B5)."""

    @transition(field=state, source=OPEN, target=S.CLOSED)
    def supersede(self, fact: Fact) -> None:
        """A traject by another route takes this one's place (R1)."""
        self.reason = "superseded"

    @transition(field=state, source=OPEN, target=S.CLOSED)
    def close(self, fact: Fact) -> None:
        self.reason = fact.values["reason"]
