"""The agenda: day, week and month; a free moment is chosen there, for a new appointment or for one that moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers.law.calendar import add_working_days
from tnw.accounts import access
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web.agenda import layout
from tnw.web.agenda.choosing import Choosing, act_address, choosing
from tnw.web.agenda.period import VIEWS, Period, period
from tnw.web.agenda.reading import Entry, Found, read
from tnw.web.agenda.whose import Diary, chosen, diaries
from tnw.web.page import ActingRequest, page
from trajects.models.appointment import Purpose

SATURDAY = 5


@page(may_see_dossiers)
@require_safe
def show(request: ActingRequest) -> HttpResponse:
    looking = choosing(request.actor, request.GET)
    if looking is None:
        return _shown(request, None)
    with transaction.atomic(savepoint=False):
        its = {"fund_id": looking.dossier.fund_id, "dossier_id": looking.dossier.pk}
        access.log(actor=request.actor, **its, through="agenda")
        return _shown(request, looking)


def _shown(request: ActingRequest, looking: Choosing | None) -> HttpResponse:
    given, today = request.GET, clock.today()
    found = diaries(request.actor, today)
    diary = chosen(found, given.get("who", "") or _whose(looking))
    when = period(given.get("view", ""), given.get("on", ""), _begins(looking, today))
    told = read(request.actor, diary, when) if diary else Found((), False)
    if not (given.get("on") or looking) and _over(when, told):
        when = replace(when, ahead=True)
        told = read(request.actor, diary, when) if diary else told
    links = _Links(when, diary, looking, found)
    grid = layout.hours(told.entries)
    days = [_day(on, told.entries, links, grid, today) for on in when.days]
    _first_slot(days, looking)
    context = {
        "when": when,
        "today": today,
        "days": days,
        "weeks": [days[at : at + 7] for at in range(0, len(days), 7)],
        "weekend": any(day.entries or day.slots for day in days if day.on.weekday() >= 5),
        "grid": grid,
        "diary": diary,
        "diaries": found,
        "views": [(name, label, links.to(view=name)) for name, label in VIEWS.items()],
        "before": links.to(on=when.before),
        "after": links.to(on=when.after),
        "now": links.now(today),
        "choosing": looking,
        "back": links.back(when.shown),
        "by_hand": looking.act(None, links.back(when.shown)) if looking else "",
        "purposes": Purpose.choices,
        "more": told.more,
        "clashes": sum(one.clash for one in told.entries),
    }
    return render(request, "agenda/agenda.html", context)


def _over(when: Period, told: Found) -> bool:
    """Whether of this week nothing is left: it is the weekend, and today nothing is planned."""
    return (
        when.view == "week"
        and when.on.weekday() >= SATURDAY
        and all(one.on != when.on for one in told.entries)
    )


class _Links:
    """Addresses from here: of other days and views, of the forms, and back."""

    def __init__(
        self, when: Period, diary: Diary | None, looking: Choosing | None, found: Sequence[Diary]
    ) -> None:
        self.when, self.looking = when, looking
        self.who = str(diary.user.public_id) if diary and diary != next(iter(found), None) else ""

    def to(self, *, view: str = "", on: date | None = None) -> str:
        """The agenda on another day or in another view, still choosing."""
        return self._address(
            view or self.when.view, on or self.when.shown, self.looking.query if self.looking else {}
        )

    def now(self, today: date) -> str:
        """Where the agenda opens by itself in this view; on a weekend that may be the week that comes."""
        if self.looking:
            weekend = self.when.view == "week" and today.weekday() >= SATURDAY
            return self.to(on=add_working_days(today, 1) if weekend else today)
        return self._address(self.when.view, None, {})

    def back(self, on: date) -> str:
        """The same without choosing."""
        return self._address(self.when.view, on, {})

    def _address(self, view: str, on: date | None, more: dict[str, str]) -> str:
        said = {"view": view, **({"on": on.isoformat()} if on else {})}
        said |= {**({"who": self.who} if self.who else {}), **more}
        return f"{reverse('agenda')}?{urlencode(said)}"

    def of(self, one: layout.Block) -> layout.Block:
        """An entry with where it leads: to its dossier, and to where it is moved."""
        entry, back = one.entry, self.back(one.entry.on)
        view = "day" if self.when.view == "day" else "week"
        if not entry.holds:
            looking = {"for": str(entry.dossier), "what": entry.subject}
            return replace(
                one,
                address=act_address(entry.dossier, "plan", entry.subject, back, proposed=True),
                move=self._address(view, entry.on, looking),
            )
        address = reverse("dossier_contacts", args=[entry.dossier])
        if not entry.movable:
            return replace(one, address=address)
        looking = {"for": str(entry.dossier), "move": entry.subject}
        return replace(
            one,
            address=address,
            move=self._address(view, entry.on, looking),
            drag=act_address(entry.dossier, "move", entry.subject, back),
        )


def _day(on: date, entries: Sequence[Entry], links: _Links, grid: layout.Hours, today: date) -> layout.Day:
    its = [one for one in entries if one.on == on]
    when, looking = links.when, links.looking
    day = layout.Day(on, on == today, when.inside(on), its, links.to(view="day", on=on))
    if when.view == "month":
        return day
    placed, day.lanes, day.over = layout.blocks(its, grid)
    day.blocks = [links.of(one) for one in placed]
    if when.view == "day" and day.over:
        drawn = {id(one.entry) for one in placed}
        day.beyond = [
            replace(links.of(layout.Block(one, 1, layout.SMALLEST)), drag="")
            for one in its
            if id(one) not in drawn
        ]
    if looking and day.working:
        back = links.back(on)
        day.slots = [layout.Slot(at, grid.row(at), looking.act(at, back)) for at in looking.free(on, its)]
    return day


def _first_slot(days: Sequence[layout.Day], looking: Choosing | None) -> None:
    """Where the keyboard begins: at the moment that an appointment has now, or the first that is free."""
    if looking is None:
        return
    slots = [(day, number, slot) for day in days for number, slot in enumerate(day.slots)]
    if not slots:
        return
    wanted = looking.moves.at if looking.moves else slots[0][2].at
    day, number, slot = min(slots, key=lambda one: abs(one[2].at - wanted))
    day.slots = [*day.slots[:number], replace(slot, first=True), *day.slots[number + 1 :]]


def _whose(looking: Choosing | None) -> str:
    """Of a dossier the agenda of its coordinator, where that may be looked into."""
    if (
        looking is None
        or looking.purpose == Purpose.MEDICAL_EXAMINATION
        or looking.dossier.coordinator is None
    ):
        return ""
    return str(looking.dossier.coordinator.public_id)


def _begins(looking: Choosing | None, today: date) -> date:
    """Where the agenda opens; who looks for a moment begins on a day that has some."""
    if looking is None:
        return today
    return looking.moves.on if looking.moves else add_working_days(today - timedelta(days=1), 1)
