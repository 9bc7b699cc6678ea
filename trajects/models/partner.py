from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import GET_STATE, FSMField, transition

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine
from dossiers.models.walled import ServiceQuerySet


class PartnerState(models.TextChoices):
    DRAWN_UP = "drawn_up", pgettext_lazy("partner", "Form drawn up")
    SENT = "sent", pgettext_lazy("partner", "Form sent")
    ACCEPTED = "accepted", pgettext_lazy("partner", "Accepted")
    REFUSED = "refused", pgettext_lazy("partner", "Refused")
    ENDED = "ended", pgettext_lazy("partner", "Ended")


S = PartnerState
OPEN = [S.DRAWN_UP, S.SENT, S.ACCEPTED]


class PartnerReferral(SubjectMachine):
    """A registration with a regional service on a form that the coordinator draws up, and its guidance there (G1)."""

    NAME = "partner"
    BEGINS_WITH = frozenset({"partner_form_drawn_up", "partner_form_sent"})
    TABLE = {
        "partner_form_drawn_up": "draw_up",
        "partner_form_sent": "send",
        "partner_answered": "answer",
        "service_step": "take_step",
        "partner_ended": "end",
        "traject_ended": "end",
    }
    ELSEWHERE = frozenset({"traject_ended"})
    OWN = frozenset({"partner_answered", "partner_ended"})

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="partner_referrals"
    )
    state = FSMField(_("state"), default="", protected=True, choices=PartnerState.choices, max_length=8)
    service = models.CharField(_("service"), max_length=7)
    drawn_up_on = models.DateField(_("drawn up on"), null=True)
    sent_on = models.DateField(_("sent on"), null=True)
    answered_on = models.DateField(_("answered on"), null=True)
    step = models.CharField(_("latest step"), max_length=24, blank=True)
    step_on = models.DateField(_("day of the latest step"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)

    objects: ClassVar = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral to a regional service")
        verbose_name_plural = _("referrals to a regional service")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "subject"], name="partner_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=PartnerState.values), name="partner_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.service} {self.state}"

    @transition(field=state, source="", target=S.DRAWN_UP)
    def draw_up(self, fact: Fact) -> None:
        self.service = fact.values["service"]
        self.drawn_up_on = fact.on

    @transition(field=state, source=["", S.DRAWN_UP], target=S.SENT)
    def send(self, fact: Fact) -> None:
        self.service = fact.values["service"]
        self.sent_on = fact.on

    @transition(
        field=state,
        source=S.SENT,
        target=GET_STATE(
            lambda _one, fact: S.ACCEPTED if fact.values["accepted"] else S.REFUSED, [S.ACCEPTED, S.REFUSED]
        ),
    )
    def answer(self, fact: Fact) -> None:
        self.answered_on = fact.on

    @transition(field=state, source=S.ACCEPTED, target=None)
    def take_step(self, fact: Fact) -> None:
        """The coordinator follows each step (G1)."""
        self.step = fact.values["step"]
        self.step_on = fact.on

    @transition(field=state, source=OPEN, target=S.ENDED)
    def end(self, fact: Fact) -> None:
        """By itself, or with the traject (T19)."""
        self.ended_on = fact.on
