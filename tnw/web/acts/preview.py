"""What an act will make of the dates and the states: the real thing, undone (habit 7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dossiers import machines
from dossiers.acts import head_of
from dossiers.explanations import Explanation, explain
from dossiers.law.row import Row
from dossiers.models import Deadline, Dossier, LedgerEntry
from dossiers.models.machine import Machine
from dossiers.reading import as_row
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web import words
from tnw.web.frame import Trouble, trouble
from trajects.models import Appointment

TOLD: dict[str, words.Word] = {
    "opens": _("opens"),
    "ends": pgettext_lazy("date", "on"),
    "moves": _("moves"),
    "met": _("is met"),
    "met_late": _("is met, late"),
    "fallen_away": _("falls away"),
    "missed": _("is closed as missed"),
    "reopens": _("opens again"),
    "vanishes": _("was closed, and disappears"),
}
TONES = {"opens": "open", "ends": "paused", "reopens": "open", "moves": "paused", "vanishes": "fallen_away"}
PAST = "day_past"
REPLACED = "replaced"  # why a fact is voided of which the same is done anew
Rows = dict[tuple[str, str, int], Row]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one deadline; `before` is its date as it was, where it moves.

    What only tells a date, and asks nothing, is `warned` of from a day on.
    """

    tone: str
    told: words.Word
    words: Explanation
    falls_on: date
    before: date | None = None
    warned: date | None = None


class Stood(NamedTuple):
    """How a machine stands, in words; `at` is the moment of an appointment."""

    name: str
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The changes of the deadlines, the earliest first, and the state to which the route goes, where it goes on.

    `recorded` are the facts, `states` tells the same of the other machines. `trouble` is the fact that will contradict
    what is recorded before it; `resolved` that none does any more.
    """

    changes: list[Change]
    recorded: list[str]
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
    before, head = _picture(dossier, actor), head_of(dossier)
    with transaction.atomic():
        do()
        after = _picture(dossier, actor)
        recorded = list(_recorded(dossier, actor, head, today))
        told = trouble(actor, dossier, after.contradicts)
        transaction.set_rollback(True)
    regime = dossier.incapacity.regime
    changes = sorted(_changes(before.rows, after.rows, regime, today), key=lambda one: one.falls_on)
    return Preview(
        changes,
        recorded,
        after.route if after.route != before.route else "",
        list(_moves(before.states, after.states)),
        told,
        bool(before.contradicts and not after.contradicts),
    )


def _recorded(dossier: Dossier, actor: Actor, head: int, today: date) -> Iterator[str]:
    """The facts after an entry in words, each with its plain values, and its day where that is not today."""
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, seq__gt=head)
    colon = gettext(":")
    for entry in entries.order_by("seq"):
        if entry.kind == "fact_voided" and entry.values.get("reason") == REPLACED:
            yield _replaced(dossier, actor, entry.values["fact"])
            continue
        told = [f"{name}{colon} {text}" for name, text in words.values(entry.values)]
        kind = str(words.kind(entry.kind))
        if entry.on != today:
            kind = f"{kind}, {formats.date_format(entry.on, 'd/m/Y')}"
        yield f"{kind} ({', '.join(told)})" if told else kind


def _replaced(dossier: Dossier, actor: Actor, fact_id: str) -> str:
    """What was done before on this day and is done anew."""
    before = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, fact_id=fact_id).first()
    if before is None or before.kind == "appointment_moved":
        return gettext("The earlier move of today falls away.")
    return gettext("What was recorded earlier today falls away: %(what)s.") % {
        "what": words.kind(before.kind)
    }


def _picture(dossier: Dossier, actor: Actor) -> _Picture:
    seen = Dossier.objects.visible_to(actor).select_related("route_a").get(pk=dossier.pk)
    machines.load(seen)
    route = getattr(seen, "route_a", None)
    states = {key: _stood(one) for key, one in machines.of(seen)}
    return _Picture(
        _rows(dossier, actor), str(route.get_state_display()) if route else "", states, seen.out_of_order
    )


def _stood(one: Machine) -> Stood:
    if isinstance(one, Appointment):
        return Stood(one.get_purpose_display(), one.get_state_display(), one.at)
    # Every machine has the choices of its states.
    return Stood(capfirst(str(one._meta.verbose_name)), one.get_state_display())  # type: ignore[attr-defined]


def _moves(before: dict[str, Stood], after: dict[str, Stood]) -> Iterator[str]:
    """What becomes of the other machines, a sentence each."""
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
        warned = row.surfaces_on if told == "ends" else None
        words_of = explain(row, regime=regime, today=today)
        yield Change(TONES.get(told, told), TOLD[told], words_of, row.falls_on, moved, warned)
    for key, row in before.items():
        if key not in after:
            told = "vanishes" if _closed(row) else "fallen_away"
            gone = explain(row, regime=regime, today=today)
            yield Change(TONES.get(told, told), TOLD[told], gone, row.falls_on)


def _told(before: Row | None, after: Row) -> str | None:
    """What becomes of a deadline; None where it stays as it is."""
    if before is None:
        if _closed(after):
            return after.outcome
        return "ends" if after.closed_by == PAST else "opens"
    if _closed(after):
        return after.outcome if not _closed(before) or before.outcome != after.outcome else None
    if _closed(before):
        return "reopens"
    return "moves" if before.falls_on != after.falls_on else None


def _closed(row: Row) -> bool:
    """Whether something was done or decided about it: that its day passes is neither."""
    return row.closed_on is not None and row.closed_by != PAST
