"""What a form needs to know when a draft of it comes back: whether anybody else was at the dossier meanwhile."""

from dossiers.models import Dossier, LedgerEntry
from tnw.accounts.models import Actor


def last_of_others(actor: Actor, dossier: Dossier) -> int:
    """The number of the last entry by somebody else: who has read up to there meets nobody but himself."""
    theirs = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier).exclude(actor=actor)
    return theirs.order_by("-seq").values_list("seq", flat=True).first() or 0
