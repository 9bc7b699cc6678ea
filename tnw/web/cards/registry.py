"""All cards of a dossier, in the order in which they stand."""

from collections.abc import Callable, Iterable

from tnw.web.cards import (
    absence,
    adapted_work,
    declaration,
    employer,
    partner,
    plan,
    reintegration,
    route_a,
    route_b,
    route_c,
    training,
    traject,
)
from tnw.web.cards.card import Card, Case

NOUNS: tuple[Callable[[Case], Iterable[Card]], ...] = (
    route_a.cards,
    route_b.cards,
    route_c.cards,
    traject.cards,
    plan.cards,
    reintegration.cards,
    declaration.cards,
    employer.cards,
    partner.cards,
    absence.cards,
    training.cards,
    adapted_work.cards,
)


def cards_of(case: Case) -> list[Card]:
    """What runs first, what is over last; otherwise in the order of the nouns."""
    cards = [card for noun in NOUNS for card in noun(case)]
    return sorted(cards, key=lambda card: card.over)
