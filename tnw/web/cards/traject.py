"""The traject itself, from its start to its result."""

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from tnw.web.cards.card import GOOD, OPEN, Card, Case, told
from trajects.fact_words import CODES
from trajects.models import Traject
from trajects.models.traject import TrajectState

TEXTS = ("traject_started", "traject_evaluated", "traject_ended")


def cards(case: Case) -> Iterator[Card]:
    for one in sorted(case.dossier.trajects.all(), key=lambda one: one.number):
        yield Card(
            of=Traject.NAME,
            title=_("Return-to-work traject"),
            state=one.get_state_display(),
            tone=OPEN if one.state == TrajectState.RUNNING else GOOD,
            lines=told(
                (_("Route"), f"{one.route} ({one.get_route_display()})"),
                (_("First step"), one.get_first_step_display() if one.first_step else ""),
                (_("Started on"), one.started_on),
                (_("Evaluated on"), one.evaluated_on),
                (_("Ended on"), one.ended_on),
                (_("Result"), CODES["result"].get(one.result, "")),
            ),
            texts=texts_between(case, TEXTS, one.started_on, one.ended_on),
        )


def texts_between(case: Case, kinds: Collection[str], since: date, until: date | None) -> list[str]:
    """What was written beside facts of these kinds while one of several that have no subject ran."""
    return [
        text
        for fact in case.facts
        if fact.kind in kinds and fact.id in case.notes and since <= fact.on <= (until or date.max)
        for text in case.notes[fact.id].texts
    ]
