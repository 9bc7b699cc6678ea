from collections.abc import Sequence
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, can_proceed, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine
from dossiers.models.walled import ServiceQuerySet


class Service(models.TextChoices):
    VDAB = "vdab", "VDAB"
    FOREM = "forem", "Forem"
    ACTIRIS = "actiris", "Actiris"
    ADG = "adg", "ADG"


class RouteCState(models.TextChoices):
    REPORTED = "reported", pgettext_lazy("route C", "Registration reported")
    REFUSED = "refused", pgettext_lazy("route C", "Registration refused")
    CONFIRMED = "invalidity_confirmed", pgettext_lazy("route C", "Invalidity confirmed")
    DENIED = "invalidity_denied", pgettext_lazy("route C", "Invalidity denied")
    STARTED = "traject_started", pgettext_lazy("route", "Traject started")
    CLOSED = "closed", pgettext_lazy("route", "Closed")


S = RouteCState
OPEN = [S.REPORTED, S.CONFIRMED]


class RouteC(SubjectMachine):
    """Route C, one registration with a regional service (C1 to C4); the service guides the traject that it starts.

    `reason` says why it was refused, denied or closed; `step` is the latest that the service reported.
    """

    NAME = "route_c"
    BEGINS_WITH = frozenset({"registration_reported", "registration_refused"})
    TABLE = {
        "registration_reported": "report",
        "registration_refused": "refuse",
        "invalidity_confirmed": "confirm",
        "invalidity_denied": "deny",
        "service_step": "take_step",
        "traject_started:C": "start_traject",
        "traject_started:A": "supersede",
        "traject_started:B": "supersede",
        "route_closed:C": "close",
    }
    ELSEWHERE = frozenset({"traject_started:A", "traject_started:B"})
    OWN = frozenset({"invalidity_confirmed", "invalidity_denied", "traject_started:C", "route_closed:C"})

    _beside: Sequence[Self] = ()

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="routes_c"
    )
    state = FSMField(_("state"), default="", protected=True, choices=RouteCState.choices, max_length=20)
    service = models.CharField(_("service"), max_length=7, choices=Service.choices, blank=True)
    registered_on = models.DateField(_("registered on"), null=True)
    reported_on = models.DateField(_("reported on"))
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    step = models.CharField(_("latest step"), max_length=24, blank=True)
    step_on = models.DateField(_("day of the latest step"), null=True)

    objects: ClassVar = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("route C")
        verbose_name_plural = _("routes C")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="route_c_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=RouteCState.values), name="route_c_state_known"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state__in=["refused", "invalidity_denied", "closed"]) & ~models.Q(reason="")
                )
                | (
                    models.Q(state__in=["reported", "invalidity_confirmed", "traject_started"])
                    & models.Q(reason="")
                ),
                name="route_c_closed_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "state"],
                condition=models.Q(state__in=["reported", "invalidity_confirmed"]),
                name="route_c_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.service} {self.state}"

    @classmethod
    def concerned(cls, fact: Fact, made: Sequence[Self]) -> Self | None:
        its = super().concerned(fact, made) if fact.subject else cls._furthest(made)
        if its is not None:
            its._beside = [one for one in made if one is not its]
        return its

    @classmethod
    def _furthest(cls, made: Sequence[Self]) -> Self | None:
        """Which one a start or closing is about that names no registration."""
        last = [one for one in made if one.state == S.CONFIRMED] or [one for one in made if one.state in OPEN]
        found = last or made
        return found[-1] if found else None

    @transition(field=state, source="", target=S.REPORTED)
    def report(self, fact: Fact) -> None:
        self.service = fact.values["service"]
        self.registered_on = fact.values["registered_on"]
        self.reported_on = fact.on

    @transition(field=state, source=["", S.REPORTED], target=S.REFUSED)
    def refuse(self, fact: Fact) -> None:
        """Outside the window of its service (C2), or not somebody of this fund."""
        self.service = self.service or fact.get("service", "")
        self.registered_on = self.registered_on or fact.get("registered_on")
        self.reported_on = self.reported_on or fact.on
        self.reason = fact.values["reason"]

    @transition(field=state, source=S.REPORTED, target=S.CONFIRMED)
    def confirm(self, fact: Fact) -> None:
        """The fund confirms that the insured is in invalidity (C1)."""

    @transition(field=state, source=S.REPORTED, target=S.DENIED)
    def deny(self, fact: Fact) -> None:
        """The service is told why (C1)."""
        self.reason = fact.values["reason"]

    @transition(field=state, source=[S.REPORTED, S.CONFIRMED, S.STARTED], target=None)
    def take_step(self, fact: Fact) -> None:
        """C4: as it is reported."""
        self.step = fact.values["step"]
        self.step_on = fact.on

    @transition(field=state, source=S.CONFIRMED, target=S.STARTED)
    def start_traject(self, fact: Fact) -> None:
        """With confirmation and consent (C4); registrations beside it close for it (R1)."""
        for one in self._beside:
            if can_proceed(one.supersede):
                one.supersede(fact)

    @transition(field=state, source=OPEN, target=S.CLOSED)
    def supersede(self, fact: Fact) -> None:
        """A traject by another route or registration takes this one's place (R1)."""
        self.reason = "superseded"

    @transition(field=state, source=OPEN, target=S.CLOSED)
    def close(self, fact: Fact) -> None:
        self.reason = fact.values["reason"]
