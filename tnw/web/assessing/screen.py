"""What stands beside the assessment: why the dossier waits, and what a doctor reads before judging."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dossiers.models import Dossier
from dossiers.reading import as_row, entries_of
from routing.assessments import asks_referral, examinations_of, waiting_of
from tnw.accounts.models import Actor
from tnw.web import dossier as page_of
from tnw.web.assessing import background
from tnw.web.assessing.background import Background
from tnw.web.dossier import Line, Standing


@dataclass(frozen=True, slots=True)
class Screen:
    """One dossier as the doctor reads it before deciding. `head` is the number of the last entry that is in it."""

    head: int
    standing: Standing
    waits_for: Sequence[Line]
    to_refer: bool
    background: Background
    examination: datetime | None


def read(actor: Actor, dossier: Dossier, today: date) -> Screen:
    """Read it all. Begin with a dossier that may be seen."""
    ledger = entries_of(actor, dossier)
    waiting = waiting_of(actor, [dossier.pk], today).get(dossier.pk, [])
    lines = page_of.lines(
        [(deadline, as_row(deadline)) for deadline in waiting],
        regime=dossier.incapacity.regime,
        moves=(),
        reminded={},
        today=today,
    )
    return Screen(
        head=max((entry.seq for entry in ledger), default=0),
        standing=page_of.standing(dossier.incapacity, today),
        waits_for=lines,
        to_refer=asks_referral(waiting),
        background=background.read(actor, dossier, ledger),
        examination=examinations_of(actor, [dossier.pk]).get(dossier.pk),
    )
