"""What an act will make of the dates: the real thing, undone (habit 7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.explanations import Explanation, explain
from dossiers.law.row import Row
from dossiers.models import Deadline, Dossier
from dossiers.reading import as_row
from routing.models import RouteA, RouteAState
from tnw.accounts.models import Actor
from tnw.web import words

TOLD: dict[str, words.Word] = {
    "opens": _("opens"),
    "moves": _("moves"),
    "met": _("is met"),
    "met_late": _("is met, late"),
    "fallen_away": _("falls away"),
    "missed": _("is closed as missed"),
    "reopens": _("opens again"),
}
TONES = {"opens": "open", "reopens": "open", "moves": "paused"}
Rows = dict[tuple[str, str, int], Row]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one deadline; `before` is its date as it was, where it moves."""

    tone: str
    told: words.Word
    words: Explanation
    falls_on: date
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The changes of the deadlines, the earliest first, and the state to which the route goes, where it goes on."""

    changes: list[Change]
    route: words.Word


def preview(dossier: Dossier, actor: Actor, today: date, do: Callable[[], object]) -> Preview:
    """Do it, look, and undo it: nothing remains of it. Raises what doing it raises."""
    before, stood = _rows(dossier, actor), _route(dossier, actor)
    with transaction.atomic():
        do()
        after, stands = _rows(dossier, actor), _route(dossier, actor)
        transaction.set_rollback(True)
    regime = dossier.incapacity.regime
    changes = sorted(_changes(before, after, regime, today), key=lambda one: one.falls_on)
    return Preview(changes, RouteAState(stands).label if stands and stands != stood else "")


def _rows(dossier: Dossier, actor: Actor) -> Rows:
    rows = map(as_row, Deadline.objects.visible_to(actor).filter(dossier=dossier))
    return {row.key: row for row in rows}


def _route(dossier: Dossier, actor: Actor) -> str:
    route = RouteA.objects.visible_to(actor).filter(dossier=dossier).values_list("state", flat=True)
    return route.first() or ""


def _changes(before: Rows, after: Rows, regime: str, today: date) -> Iterator[Change]:
    for key, row in after.items():
        if (told := _told(before.get(key), row)) is None:
            continue
        moved = before[key].falls_on if told == "moves" else None
        yield Change(
            TONES.get(told, told), TOLD[told], explain(row, regime=regime, today=today), row.falls_on, moved
        )
    for key, row in before.items():
        if key not in after and row.closed_on is None:
            gone = explain(row, regime=regime, today=today)
            yield Change("fallen_away", TOLD["fallen_away"], gone, row.falls_on)


def _told(before: Row | None, after: Row) -> str | None:
    """What becomes of a deadline; None where it stays as it is."""
    if before is None:
        return after.outcome or "opens"
    if after.closed_on is not None:
        return after.outcome if before.closed_on is None or before.outcome != after.outcome else None
    if before.closed_on is not None:
        return "reopens"
    return "moves" if before.falls_on != after.falls_on else None
