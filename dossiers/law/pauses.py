"""Suspensions, and how they move a date (T18)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .facts import Fact

ENDS_OF_THE_FORMAL_PART = frozenset({"reintegration_ended", "traject_ended"})


class Pause(NamedTuple):
    """A suspension as it touched one deadline. `until` is the first day after it; `days` moved the old date.

    Nothing moves (`days` is 0) while it lasts, and where the deadline was closed before it ended.
    """

    since: date
    until: date | None
    days: int
    old_date: date
    reason: str = ""


class Interval(NamedTuple):
    """Days on which the formal part was suspended, the end not included, and why it began."""

    since: date
    until: date | None
    reason: str


def suspensions(facts: Iterable[Fact], ended_on: date) -> tuple[Interval, ...]:
    """The days on which the formal part was suspended: overlaps counted once, the end not included.

    A suspension that nobody ended ends with the formal part, or with the incapacity.
    """
    running: dict[str, tuple[date, str]] = {}
    found: list[tuple[date, date, str]] = []

    def end(name: str, on: date) -> None:
        since, reason = running.pop(name)
        found.append((since, on, reason))

    for item in facts:
        if item.on > ended_on:
            break
        if item.kind == "traject_suspended":
            running.setdefault(item.subject, (item.on, item.get("reason", "")))
        elif item.kind == "traject_resumed":
            # Without a subject it ends all that run; with one, what was begun without one too.
            for name in [name for name in running if not item.subject or name in (item.subject, "")]:
                end(name, item.on)
        elif item.kind in ENDS_OF_THE_FORMAL_PART:
            for name in list(running):
                end(name, item.on)
    for name in list(running):
        end(name, ended_on)
    merged: list[tuple[date, date, str]] = []
    for since, until, reason in sorted(found):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until), merged[-1][2])
        elif until > since:
            merged.append((since, until, reason))
    return tuple(
        Interval(since, None if until == date.max else until, reason) for since, until, reason in merged
    )


def apply_pauses(
    suspended: Iterable[Interval], opens_on: date, falls_on: date, closed_on: date | None
) -> tuple[date, tuple[Pause, ...]]:
    """The date as the suspensions moved it, and each of them with the date it found."""
    pauses: list[Pause] = []
    for begun, until, reason in suspended:
        since = max(begun, opens_on)
        if until is not None and until <= since:
            continue
        # What was late on the day of suspension does not move; its own day is not late.
        if since > falls_on or (closed_on is not None and closed_on <= since):
            break
        # What is met or closed while paused is never late, and has not moved.
        if closed_on is not None and (until is None or closed_on < until):
            pauses.append(Pause(since, closed_on, 0, falls_on, reason))
            break
        if until is None:
            pauses.append(Pause(since, None, 0, falls_on, reason))
            break
        days = until - since
        pauses.append(Pause(since, until, days.days, falls_on, reason))
        falls_on += days
    return falls_on, tuple(pauses)
