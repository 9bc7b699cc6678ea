"""Route A: what happened in it, the first contact and what was decided after it."""

from collections.abc import Iterator
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from dossiers.law.facts import Fact
from routing.models import RouteA, RouteAState
from tnw.core import clock
from tnw.web.cards.card import GOOD, OPEN, OVER, Card, Case, day, said, told
from tnw.web.words import Word
from trajects.fact_words import CODES, KINDS
from trajects.models.appointment import Purpose
from trajects.reading import planned

_TOLD = (
    "questionnaire_sent", "questionnaire_received", "questionnaire_waived", "assessment_made", "referral_made",
    "referral_withdrawn", "first_contact_held", "traject_started", "route_closed",
)  # fmt: skip
# Of these there are some of other routes.
_BY_ROUTE = ("first_contact_held", "traject_started", "route_closed")


def cards(case: Case) -> Iterator[Card]:
    row = getattr(case.dossier, "route_a", None)
    if row is None:
        return
    tone = {RouteAState.STARTED: GOOD, RouteAState.CLOSED: OVER}.get(row.state, OPEN)
    incapacity = case.dossier.incapacity
    if tone == OPEN and (incapacity.excluded or incapacity.ended(case.today)):
        tone = OVER
    yield Card(
        of=RouteA.NAME,
        title=_("Route A: initiative of the advisory doctor"),
        state=row.get_state_display(),
        tone=tone,
        lines=told(
            (_("First contact planned on"), _planned(case) if row.state == RouteAState.REFERRED else ""),
            (_("Closed on"), _closed(case) if row.state == RouteAState.CLOSED else None),
            (_("Reason"), CODES["reason"].get(row.reason, "") or CODES["purpose"].get(row.reason, "")),
        ),
        course=list(_course(case)),
    )


def _planned(case: Case) -> str:
    moments = [one.at.astimezone(clock.BRUSSELS) for one in planned(case.dossier, Purpose.FIRST_CONTACT)]
    return formats.date_format(moments[0], "d/m/Y H:i") if moments else ""


def _closed(case: Case) -> date | None:
    """The day on which it was closed, or on which a traject by another route took its place."""
    ends = ("route_closed", "traject_started")
    days = [fact.on for fact in case.facts if fact.kind in ends and (fact.kind != ends[0] or _of_a(fact))]
    return max(days, default=None)


def _of_a(fact: Fact) -> bool:
    return fact.kind not in _BY_ROUTE or fact.get("route", "") in ("A", "")


def _course(case: Case) -> Iterator[tuple[Word, Word]]:
    """What happened, each with what was written beside it for this reader."""
    for fact in case.facts:
        if fact.kind in _TOLD and _of_a(fact):
            note = case.notes.get(fact.id)
            yield day(fact.on), said(KINDS[fact.kind], note.texts if note else ())
