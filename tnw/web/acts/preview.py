"""What an act will make of the dates and the states: the real thing, undone (habit 7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.explanations import Explanation, explain
from dossiers.law.row import Row
from dossiers.models import Deadline, Dossier
from dossiers.reading import as_row
from routing.models import RouteA
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web import words
from tnw.web.frame import Trouble, trouble
from trajects.models import Appointment, Traject

TOLD: dict[str, words.Word] = {
    "opens": _("opens"),
    "moves": _("moves"),
    "met": _("is met"),
    "met_late": _("is met, late"),
    "fallen_away": _("falls away"),
    "missed": _("is closed as missed"),
    "reopens": _("opens again"),
    "vanishes": _("was closed, and disappears"),
}
TONES = {"opens": "open", "reopens": "open", "moves": "paused", "vanishes": "fallen_away"}
Rows = dict[tuple[str, str, int], Row]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one deadline; `before` is its date as it was, where it moves."""

    tone: str
    told: words.Word
    words: Explanation
    falls_on: date
    before: date | None = None


class Stood(NamedTuple):
    """How a traject or an appointment stands, in words; `at` is the moment of an appointment."""

    name: str
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The changes of the deadlines, the earliest first, and the state to which the route goes, where it goes on.

    `states` tells the same of the traject and the appointments. `trouble` is the fact that will contradict what is
    recorded before it; `resolved` that none does any more.
    """

    changes: list[Change]
    route: words.Word
    states: list[str]
    trouble: Trouble | None
    resolved: bool


class _Picture(NamedTuple):
    """All of it at one moment."""

    rows: Rows
    route: str
    states: dict[str, Stood]
    contradicts: str


def preview(dossier: Dossier, actor: Actor, today: date, do: Callable[[], object]) -> Preview:
    """Do it, look, and undo it: nothing remains of it. Raises what doing it raises."""
    before = _picture(dossier, actor)
    with transaction.atomic():
        do()
        after = _picture(dossier, actor)
        told = trouble(actor, dossier, after.contradicts)
        transaction.set_rollback(True)
    regime = dossier.incapacity.regime
    changes = sorted(_changes(before.rows, after.rows, regime, today), key=lambda one: one.falls_on)
    return Preview(
        changes,
        after.route if after.route != before.route else "",
        list(_moves(before.states, after.states)),
        told,
        bool(before.contradicts and not after.contradicts),
    )


def _picture(dossier: Dossier, actor: Actor) -> _Picture:
    route = RouteA.objects.visible_to(actor).filter(dossier=dossier).first()
    states = {
        f"traject {one.number}": Stood(gettext("Traject"), one.get_state_display())
        for one in Traject.objects.visible_to(actor).filter(dossier=dossier).order_by("number")
    }
    for made in Appointment.objects.visible_to(actor).filter(dossier=dossier).order_by("at", "pk"):
        states[made.subject] = Stood(made.get_purpose_display(), made.get_state_display(), made.at)
    flags = Dossier.objects.visible_to(actor).filter(pk=dossier.pk).values_list("out_of_order", flat=True)
    return _Picture(
        _rows(dossier, actor), str(route.get_state_display()) if route else "", states, flags.first() or ""
    )


def _moves(before: dict[str, Stood], after: dict[str, Stood]) -> Iterator[str]:
    """What becomes of the traject and the appointments, a sentence each."""
    for key, stands in after.items():
        stood = before.get(key)
        if stood is not None and stood.at != stands.at:
            told = {"what": _named(stood), "at": _moment(stands)}
            yield gettext("%(what)s moves to %(at)s.") % told
        if stood is None or stood.state != stands.state:
            yield gettext("%(what)s goes to: %(state)s.") % {"what": _named(stands), "state": stands.state}
    for key, stood in before.items():
        if key not in after:
            yield gettext("%(what)s is not there any more.") % {"what": _named(stood)}


def _named(one: Stood) -> str:
    return f"{one.name}, {_moment(one)}" if one.at else one.name


def _moment(one: Stood) -> str:
    return formats.date_format(one.at.astimezone(clock.BRUSSELS), "d/m/Y H:i") if one.at else ""


def _rows(dossier: Dossier, actor: Actor) -> Rows:
    rows = map(as_row, Deadline.objects.visible_to(actor).filter(dossier=dossier))
    return {row.key: row for row in rows}


def _changes(before: Rows, after: Rows, regime: str, today: date) -> Iterator[Change]:
    for key, row in after.items():
        if (told := _told(before.get(key), row)) is None:
            continue
        moved = before[key].falls_on if told == "moves" else None
        yield Change(
            TONES.get(told, told), TOLD[told], explain(row, regime=regime, today=today), row.falls_on, moved
        )
    for key, row in before.items():
        if key not in after:
            told = "fallen_away" if row.closed_on is None else "vanishes"
            gone = explain(row, regime=regime, today=today)
            yield Change(TONES.get(told, told), TOLD[told], gone, row.falls_on)


def _told(before: Row | None, after: Row) -> str | None:
    """What becomes of a deadline; None where it stays as it is."""
    if before is None:
        return after.outcome or "opens"
    if after.closed_on is not None:
        return after.outcome if before.closed_on is None or before.outcome != after.outcome else None
    if before.closed_on is not None:
        return "reopens"
    return "moves" if before.falls_on != after.falls_on else None
