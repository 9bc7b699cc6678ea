"""By when a contact that is being planned has to be held, and why: what whoever chooses its moment goes by."""

from datetime import date
from typing import NamedTuple

from dossiers.models import Dossier
from dossiers.reading import deadlines_of
from tnw.accounts.models import Actor
from tnw.web import dossier as page_of
from tnw.web import outlook
from tnw.web.sentence import urgency
from tnw.web.worklist.reading import MET_BY


class Urge(NamedTuple):
    """How urgent it is, in a sentence, and why the date falls there; `shown` is how near it is."""

    shown: str
    sentence: str
    why: str


def of(actor: Actor, dossier: Dossier, purpose: str, today: date) -> Urge | None:
    """The most urgent deadline that waits for a contact of this purpose; None where none does."""
    rules = {rule for rule, met_by in MET_BY.items() if met_by == purpose}
    if not rules:
        return None
    found = [pair for pair in deadlines_of(actor, dossier, today) if pair[1].rule in rules]
    lines = page_of.lines(found, regime=dossier.incapacity.regime, moves=(), reminded={}, today=today)
    for line in lines:
        if line.waits and outlook.in_view(line, today):
            return Urge(line.shown, urgency(line, today), str(line.words.why))
    return None
