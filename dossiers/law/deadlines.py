"""From facts to deadlines: reads the table of rules over a dossier (F1 to F3). Knows no today."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from . import rules
from .calendar import ONE_DAY, act_by, add_months, add_working_days, end_of_month, last_working_day_before
from .facts import Fact, corrected, in_order
from .pauses import Pause, apply_pauses, suspensions
from .reading import Incapacity, read_ordered
from .row import Row
from .rules import LAW_FROM, RULES, SCOPES
from .vocabulary import Period, Rule, When

__all__ = ["Row", "deadlines"]

NEVER = 1 << 60
# By whether it was met, and whether on or before its day.
OUTCOMES = {
    (True, True): "met",
    (True, False): "met_late",
    (False, True): "fallen_away",
    (False, False): "missed",
}
REMEMBERED = 16_384


class Closing(NamedTuple):
    """What met or closed a deadline: the day, the place in the order of facts, a code and the fact."""

    on: date
    place: int
    code: str
    fact: str


class Opening(NamedTuple):
    """What set a deadline in motion. Facts after `since` can meet or close it."""

    since: int
    fact: Fact
    on: date
    occurrence: int = 1
    # Where the opening fact had to wait for another, or follows another deadline.
    anchor: str = ""
    anchor_on: date | None = None
    closes_after: int = -1


def deadlines(facts: Iterable[Fact], live_from: date = date.min) -> tuple[Row, ...]:
    """All deadlines of one dossier: those that came and went, those that stand, and those still to open.

    `live_from` is the day on which the fund started (T22). Rows come in the order of their rules.
    """
    return _deadlines(facts if type(facts) is tuple else tuple(facts), live_from)


@lru_cache(maxsize=REMEMBERED)
def _deadlines(facts: tuple[Fact, ...], live_from: date) -> tuple[Row, ...]:
    return Course(in_order(corrected(facts)), live_from).rows()


class Course:
    """The course of one dossier: its facts in order, and where the incapacity ends."""

    def __init__(self, facts: list[Fact], live_from: date) -> None:
        self.facts = facts
        self.live_from = live_from
        self.incapacity = read_ordered(facts)
        self.by_kind: dict[str, list[tuple[int, Fact]]] = {}
        for place, item in enumerate(facts):
            self.by_kind.setdefault(item.kind, []).append((place, item))
        self.made: dict[str, list[tuple[Opening, Row]]] = {}
        self.taken_until: dict[str, tuple[int, date]] = {}

    def rows(self) -> tuple[Row, ...]:
        incapacity = self.incapacity
        if incapacity is None or incapacity.never_in:
            return ()
        self.end, self.last_place = self._end(incapacity)
        self.suspended = suspensions(self.facts, self.end.on) if "traject_suspended" in self.by_kind else ()
        rows: list[Row] = []
        for rule in _BY_REGIME[incapacity.regime]:
            if rule.opens.kind in self.by_kind:
                rows.extend(self._rows_of(rule, incapacity))
        return tuple(rows)

    def _end(self, incapacity: Incapacity) -> tuple[Closing, int]:
        """The end or exclusion, whichever comes first, and the place after which nothing opens (T19)."""
        ended, excluded = incapacity.ended_on, incapacity.excluded_on
        if excluded is not None and (ended is None or excluded <= ended):
            place = next(p for p, f in self.by_kind["incapacity_excluded"] if f.id == incapacity.excluded_by)
            return Closing(excluded, place, "incapacity_excluded", incapacity.excluded_by), place
        if ended is not None:
            place = bisect_right(self.facts, ended, key=lambda item: item.on)
            return Closing(ended, place, "incapacity_ended", incapacity.end_by), place
        return Closing(date.max, NEVER, "", ""), NEVER

    def _rows_of(self, rule: Rule, incapacity: Incapacity) -> Iterable[Row]:
        for opening in self._openings(rule, incapacity):
            if rule.one_at_a_time and self._is_taken(rule, opening.since, opening.fact.on):
                continue
            if rule.waits_for is not None:
                waited = self._wait(rule, rule.waits_for, opening)
                if waited is None:
                    continue
                opening = waited
            row, place = self._row(rule, opening, incapacity)
            self.made.setdefault(rule.id, []).append((opening, row))
            if rule.one_at_a_time:
                self.taken_until[rule.id] = (place, row.closed_on or date.max)
            yield row

    def _openings(self, rule: Rule, incapacity: Incapacity) -> Iterable[Opening]:
        """What may open this rule, in order, on the days when this version of it holds (D5)."""
        if rule.opens == rules.RECOGNIZED:
            if _holds(rule, incapacity.start):
                recognized = next(
                    f for _, f in self.by_kind[rule.opens.kind] if f.id == incapacity.recognized_by
                )
                for occurrence in rule.occurrences:
                    yield Opening(-1, recognized, incapacity.start, occurrence)
        elif rule.follows:
            for opening, row in self.made.get(rule.follows, ()):
                opens_on = row.falls_on + ONE_DAY
                answered = row.closed_on is not None and row.closed_on <= opens_on
                if not answered and _holds(rule, opens_on):
                    yield Opening(opening.since, opening.fact, opens_on, 1, rule.falls.anchor, row.falls_on)
        else:
            places = self._plans(rule, rule.then) if rule.then else self.by_kind[rule.opens.kind]
            for place, item in places:
                if place < self.last_place and _fits(rule.opens, item, rule.then) and _holds(rule, item.on):
                    yield Opening(place, item, item.on)

    def _plans(self, rule: Rule, then: When) -> list[tuple[int, Fact]]:
        """The first opening of each formal part, and what renews it from there on (T12)."""
        places = self.by_kind[rule.opens.kind] + self.by_kind.get(then.kind, [])
        for closing in SCOPES[rule.scope]:
            places += self.by_kind.get(closing.kind, [])
        begun, found = False, []
        for place, item in sorted(places):
            if item.kind == rule.opens.kind:
                if not begun:
                    found.append((place, item))
                begun = True
            elif item.kind == then.kind:
                if begun:
                    found.append((place, item))
            else:
                begun = False
        return found

    def _wait(self, rule: Rule, awaited: When, opening: Opening) -> Opening | None:
        """A request opens once what it waits for is there; until then it keeps its place (T8)."""
        place, asked = opening.since, opening.fact
        there = [(p, f) for p, f in self.by_kind.get(awaited.kind, ()) if _fits(awaited, f)]
        if there and there[0][0] < place:
            return opening
        closing = self._first(SCOPES[rule.scope], after=place)
        if not there or there[0][0] >= self.last_place or (closing and closing.place < there[0][0]):
            self.taken_until[rule.id] = (closing.place if closing else NEVER, date.max)
            return None
        received_at, received = there[0]
        return Opening(place, asked, received.on, 1, "receipt", received.on, received_at)

    def _is_taken(self, rule: Rule, place: int, day: date) -> bool:
        until, until_day = self.taken_until.get(rule.id, (-1, date.min))
        return place < until and day < until_day

    def _row(self, rule: Rule, opening: Opening, incapacity: Incapacity) -> tuple[Row, int]:
        """The deadline as the facts leave it, and the place from which on it no longer stands."""
        anchor, anchor_on, falls_on = self._date(rule, opening, incapacity)
        subject = opening.fact.subject
        met = self._first(rule.met_by, opening.since, self._counts_from(rule, opening, incapacity), subject)
        closed = self._first(
            (*rule.closed_by, *SCOPES[rule.scope]), max(opening.since, opening.closes_after), None, subject
        )
        if closed is None or (self.end.on, self.end.place) < closed[:2]:
            closed = self.end if self.end.on != date.max else None
        is_met = met is not None and (closed is None or met.on <= closed.on)
        closing = met if is_met else closed
        closed_on = max(closing.on, opening.on) if closing else None
        pauses: tuple[Pause, ...] = ()
        if rule.paused_by_suspension and self.suspended:
            falls_on, pauses = apply_pauses(self.suspended, opening.on, falls_on, closed_on)
        if rule.informs_only and not (closed_on is not None and closed_on <= falls_on):
            closing = Closing(falls_on + ONE_DAY, NEVER, "day_past", "")
            closed_on, is_met = closing.on, True
        outcome = None
        if closed_on is not None:
            in_time = rule.informs_only or closed_on <= falls_on or bool(pauses and not pauses[-1].days)
            outcome = OUTCOMES[is_met, in_time]
        lapsed = self._lapsed(falls_on, closed_on, is_met, pauses, incapacity)
        if lapsed:
            closed_on, outcome = max(falls_on, opening.on), "fallen_away"
            closing = Closing(closed_on, NEVER, lapsed, "")
        code, by = (closing.code, closing.fact) if closing else ("", "")
        surfaces_on = _add(rule.shown_from, anchor_on, opening.occurrence) if rule.shown_from else None
        row = Row(
            rule.id, rule.valid_from, opening.fact.id, opening.occurrence, opening.on, falls_on,
            act_by(falls_on), surfaces_on, anchor, anchor_on, closed_on, outcome, code, by, pauses,
        )  # fmt: skip
        # What was met while it waited keeps its place until it opened (T8).
        return row, max(closing.place, opening.closes_after) if closing else NEVER

    def _lapsed(
        self,
        falls_on: date,
        closed_on: date | None,
        is_met: bool,
        pauses: tuple[Pause, ...],
        incapacity: Incapacity,
    ) -> str:
        """Whether it fell due before the law (P1) or the fund's start (T22), and was not met before that."""
        if closed_on is not None and not is_met and closed_on <= falls_on:
            return ""
        if pauses and not pauses[-1].days:
            return ""
        for first_day, code in (
            (LAW_FROM[incapacity.regime], "before_the_law"),
            (self.live_from, "before_the_start"),
        ):
            met_before = is_met and closed_on is not None and closed_on < first_day
            if falls_on < first_day and not met_before:
                return code
        return ""

    def _counts_from(self, rule: Rule, opening: Opening, incapacity: Incapacity) -> date | None:
        """The first day of the facts that can meet it, where it is not simply those after the opening."""
        if rule.counts == "since_start":
            return incapacity.start
        if rule.counts == "since_month":
            return add_months(incapacity.start, opening.occurrence - 1)
        return None

    def _first(
        self, patterns: tuple[When, ...], after: int, since: date | None = None, subject: str = ""
    ) -> Closing | None:
        """The first fact after a place that fits one of the patterns, and concerns the same thing."""
        best: Closing | None = None
        for pattern in patterns:
            for place, item in self.by_kind.get(pattern.kind, ()):
                if (
                    place > after
                    and (since is None or item.on >= since)
                    and (not pattern.same_subject or _same(subject, item.subject))
                    and _fits(pattern, item)
                ):
                    if best is None or place < best.place:
                        best = Closing(item.on, place, pattern.code, item.id)
                    break
        return best

    def _date(self, rule: Rule, opening: Opening, incapacity: Incapacity) -> tuple[str, date, date]:
        """The anchor, its day, and the legal date before any pause."""
        period = rule.falls
        if rule.otherwise is not None:
            falls_on = _add(period, incapacity.start, opening.occurrence)
            assessed = sum(place < opening.since for place, _ in self.by_kind.get("assessment_made", ()))
            if assessed == 1 and opening.on <= falls_on:
                return period.anchor, incapacity.start, falls_on
            period = rule.otherwise
        anchor, anchor_on = opening.anchor or period.anchor, opening.anchor_on or opening.on
        if period.anchor == rules.START:
            anchor_on = incapacity.start
        elif period.anchor == rules.PLANNED_START:
            anchor_on = opening.fact.values["starts_on"]
        elif period.anchor == rules.LAST_CONTACT:
            held = [
                (place, item)
                for pattern in rule.met_by
                for place, item in self.by_kind.get(pattern.kind, ())
                if place < opening.since
            ]
            anchor, anchor_on = (anchor, max(held)[1].on) if held else ("refusal", opening.on)
        elif rule.then is not None and opening.fact.kind == rule.then.kind:
            anchor = "review"
        return anchor, anchor_on, _add(period, anchor_on, opening.occurrence)


def _fits(pattern: When, item: Fact, or_else: When | None = None) -> bool:
    if or_else is not None and item.kind == or_else.kind:
        return True
    return all(item.values.get(name, "") in told for name, told in pattern.having)


def _same(subject: str, other: str) -> bool:
    return subject == other or not subject or not other


def _holds(rule: Rule, on: date) -> bool:
    """Whether this version holds on the day of opening; before the law, the first one does (D5)."""
    if rule.valid_to is not None and on > rule.valid_to:
        return False
    return rule.valid_from <= on or (rule.applies_before and rule in _FIRST_VERSIONS)


def _add(period: Period, day: date, occurrence: int) -> date:
    if period.last_working_day_before:
        return last_working_day_before(day)
    if period.working_days:
        return add_working_days(day, period.working_days)
    months = occurrence if period.month_of_occurrence else period.months
    day = add_months(day, months) if months else day
    if period.to_end_of_month:
        return end_of_month(day)
    return day + timedelta(days=7 * period.weeks - period.less_days)


_BY_REGIME = {regime: tuple(rule for rule in RULES if regime in rule.regimes) for regime in LAW_FROM}
_FIRST_VERSIONS = frozenset(
    min(
        (rule for rule in RULES if rule.id == one.id and rule.regimes == one.regimes),
        key=lambda r: r.valid_from,
    )
    for one in RULES
)
