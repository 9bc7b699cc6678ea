"""What came into a dossier since somebody began to type, beside what was typed."""

from dataclasses import dataclass

from dossiers.models import Dossier, LedgerEntry
from tnw.accounts.models import Actor
from tnw.web import dossier as page_of


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The facts recorded since, the latest day first; `own` where all of them are by whoever looks."""

    events: list[page_of.Event]
    own: bool


def since(dossier: Dossier, actor: Actor, seen: int) -> Meanwhile:
    """What was recorded after the entry number `seen`."""
    found = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, seq__gt=seen)
    entries = list(found.select_related("actor").order_by("seq"))
    return Meanwhile(
        page_of.events(entries, {}), bool(entries) and all(one.actor_id == actor.pk for one in entries)
    )
