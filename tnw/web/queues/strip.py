"""What stands above every screen of a queue: what was just decided and can be taken back, and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from dossiers.models import Dossier
from routing.models import PendingDecision, PendingState
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web.queues.kinds import KINDS

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """One decision of whoever looks: about whom, what, and its screen; `left` are the seconds in which it can be undone."""

    row: PendingDecision
    name: str
    reference: str
    told: str
    url: str
    left: int

    @property
    def refused(self) -> bool:
        return self.row.state == PendingState.REFUSED


@dataclass(frozen=True, slots=True)
class Strip:
    """The latest decision first."""

    to_come: Sequence[Piece]
    left_over: Sequence[Piece]

    def of(self, dossier: Dossier, act: str, subject: str = "") -> PendingDecision | None:
        """What came back of this very decision: its screen stands there as it was."""
        about = (dossier.pk, act, subject)
        rows = (one.row for one in self.left_over)
        return next((row for row in rows if (row.dossier_id, row.act, row.subject) == about), None)


def strip(actor: Actor) -> Strip:
    """All of it that is this person's own."""
    # What a later release calls otherwise stays with its row, and is not in the way here.
    rows = (
        PendingDecision.objects.visible_to(actor)
        .filter(act__in=KINDS)
        .select_related("dossier__incapacity__person")
    )
    pieces = [_piece(row) for row in rows.order_by("-pk")[:SHOWN]]
    return Strip(
        [one for one in pieces if one.row.state == PendingState.PENDING],
        [one for one in pieces if one.row.state != PendingState.PENDING],
    )


def _piece(row: PendingDecision) -> Piece:
    incapacity = row.dossier.incapacity
    kind = KINDS[row.act]
    return Piece(
        row,
        f"{incapacity.person.last_name} {incapacity.person.first_name}",
        incapacity.reference,
        kind.told(row.values),
        kind.address(row.dossier.public_id, row.subject, row.values),
        max(0, ceil((row.due_at - clock.now()).total_seconds())),
    )
