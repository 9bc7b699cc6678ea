"""The traject tab of a dossier: what runs and what ran in it, and everything that can be done with each."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dossiers import machines
from dossiers.law.facts import corrected, in_order
from dossiers.notes import notes_of
from dossiers.reading import deadlines_of, entries_of, facts_of
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import dossier as page_of
from tnw.web import whatnow
from tnw.web.cards.card import Case
from tnw.web.cards.registry import cards_of
from tnw.web.page import ActingRequest, page
from tnw.web.views import case


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    machines.load(dossier)
    today = clock.today()
    entries = entries_of(request.actor, dossier)
    facts = in_order(corrected(facts_of(entries)))
    cards = cards_of(Case(dossier, request.actor, today, facts, notes_of(request.actor, entries)))
    steps = whatnow.of_cards(request.actor, dossier, today)
    for card in cards:
        card.steps = () if card.over and not card.subject else steps.pop((card.of, card.subject), ())
    lines = page_of.lines(
        deadlines_of(request.actor, dossier, today),
        regime=dossier.incapacity.regime,
        moves=(),
        reminded={},
        today=today,
    )
    now = whatnow.what_now(request.actor, dossier, [line for line in lines if line.waits], today)
    beginnings = [one for left in steps.values() for one in left]
    context = {
        "running": [card for card in cards if not card.over],
        "over": [card for card in cards if card.over],
        "beginnings": beginnings,
        "first": now.next,
    }
    return case.show(request, dossier, "dossier/traject.html", "dossier_traject", context)
