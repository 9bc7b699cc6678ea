"""The plan of each formal part: what it says, its versions, and how it was reviewed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from dossiers.law.facts import Fact
from tnw.web.cards.card import GOOD, OPEN, OVER, PAUSED, Card, Case, told
from trajects.models import ReintegrationPlan, ReintegrationTraject
from trajects.models.plan import PlanState
from trajects.models.reintegration import ReintegrationState
from trajects.versions import Version, versions_of


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review: with an interview or without, what was done and found."""

    on: date
    with_interview: bool
    texts: Sequence[str]
    erased: bool


@dataclass(frozen=True, slots=True)
class More:
    """What the card shows below its lines."""

    version: Version | None
    reviews: Sequence[Reviewed]
    versions: str
    count: int


def cards(case: Case) -> Iterator[Card]:
    """One for each formal part in which a plan is to be made, or was."""
    versions = versions_of(case.actor, case.dossier)
    for part in sorted(case.dossier.reintegrations.all(), key=lambda one: one.number):
        its = [one for one in versions if one.plan.part == part.number]
        if its or part.stage == ReintegrationState.PLANNING:
            yield _card(case, part, its)


def _card(case: Case, part: ReintegrationTraject, its: Sequence[Version]) -> Card:
    latest = its[-1] if its else None
    plan = latest.plan if latest else None
    reviews = [
        _reviewed(case, fact) for fact in case.facts if fact.kind == "plan_reviewed" and _in(part, fact)
    ]
    address = reverse("dossier_plan_versions", args=[case.dossier.public_id])
    return Card(
        of=ReintegrationPlan.NAME,
        title=_("Reintegration plan"),
        state=plan.get_state_display() if plan else _("To be agreed"),
        tone=_tone(part, plan),
        lines=told(
            (_("Version"), str(plan.version) if plan else ""),
            (_("Interview held on"), part.met_on),
            (_("Agreed on"), plan.agreed_on if plan else None),
            (_("Last reviewed on"), part.reviewed_on),
        ),
        template="plan/card.html",
        more=More(latest, reviews[::-1], address, len(its)),
    )


def _tone(part: ReintegrationTraject, plan: ReintegrationPlan | None) -> str:
    if part.state == ReintegrationState.ENDED:
        return GOOD if plan and plan.state == PlanState.EVALUATED else OVER
    return PAUSED if part.state == ReintegrationState.SUSPENDED else OPEN


def _in(part: ReintegrationTraject, fact: Fact) -> bool:
    return part.started_on <= fact.on and (part.ended_on is None or fact.on <= part.ended_on)


def _reviewed(case: Case, fact: Fact) -> Reviewed:
    note = case.notes.get(fact.id)
    return Reviewed(
        fact.on,
        bool(fact.get("with_interview")),
        note.texts if note else (),
        bool(note and note.erased),
    )
