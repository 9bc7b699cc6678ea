"""What an act is about, found by what its address names; and what is read beside its form."""

from datetime import date

from dossiers import machines
from dossiers.law.facts import corrected, in_order
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import notes_of
from dossiers.reading import entries_of, facts_of
from tnw.accounts.models import Actor
from tnw.web.acts.act import Act, Occasion
from tnw.web.cards.card import Card, Case
from tnw.web.cards.registry import cards_of


def find(act: Act, dossier: Dossier, actor: Actor, today: date, subject: str) -> Occasion | None:
    """The occasion of an act; None where what the address names is not there, or not of the right kind."""
    machines.load(dossier)
    if not hasattr(dossier, "route_a") or not (subject or act.may_name or not act.names):
        return None
    appointment = entry = row = None
    if subject and act.names == "appointment":
        there = (one for one in dossier.appointments.all() if one.subject == subject)
        appointment = next(there, None)
        if appointment is None or (act.purposes and appointment.purpose not in act.purposes):
            return None
    elif subject and act.names == "fact":
        entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, fact_id=subject)
        if (entry := entries.select_related("actor").first()) is None:
            return None
    elif subject and not isinstance(act.names, str):
        rows = act.names.objects.visible_to(actor).filter(dossier=dossier, subject=subject)
        if (row := rows.first()) is None:
            return None
    return Occasion(dossier, actor, today, subject, appointment, entry, row)


def beside(act: Act, occasion: Occasion) -> list[Card]:
    """The cards of what the act is about: what is judged or signed is read first."""
    about = (occasion.row.NAME, occasion.subject) if occasion.row else None
    if about is None and not act.beside:
        return []
    entries = entries_of(occasion.actor, occasion.dossier)
    facts = in_order(corrected(facts_of(entries)))
    case = Case(occasion.dossier, occasion.actor, occasion.today, facts, notes_of(occasion.actor, entries))
    return [card for card in cards_of(case) if card.of in act.beside or (card.of, card.subject) == about]
