"""Who is insured where, and from when: so many people evenly over the replayed months, and on at the same pace."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from dossiers.law.calendar import add_months
from tnw.web.demo import scenes
from tnw.web.demo.behaviour import live
from tnw.web.demo.course import Life
from tnw.web.demo.people import chance, next_number, person

LARGE, SMALL = "311", "509"
SMALLER = 0.08  # the second fund beside the first
MONTHS_FOR_SCENES = 21


class Plan(NamedTuple):
    """What the whole demo follows from; from `first_day` to `origin` are the months that it was begun with."""

    seed: int
    people: int
    first_day: date
    origin: date

    @classmethod
    def until(cls, today: date, *, people: int, months: int, seed: int = 2026) -> "Plan":
        return cls(seed, people, add_months(today, -months), today)

    def lives(self, fund: str, today: date) -> Iterator[Life]:
        """Everybody of a fund whose incapacity begins on or before a day, each with a number of their own."""
        given: set[str] = set()
        for life in self._told(fund, today):
            one = life.person
            while one.ssin in given:
                one = one._replace(ssin=next_number(one.ssin))
            given.add(one.ssin)
            yield life._replace(person=one)

    def _told(self, fund: str, today: date) -> Iterator[Life]:
        people = self.people
        if fund == LARGE and self.with_scenes:
            yield from scenes.play(self.seed, fund, self.origin)
            people -= len(scenes.SCENES)
        elif fund == SMALL:
            people = max(2, round(people * SMALLER))
        pace = (self.origin - self.first_day).days / people
        for number in range(int((today - self.first_day).days / pace) + 1):
            at = (number + chance(self.seed, fund, number, "start").random()) * pace
            start = self.first_day + timedelta(days=int(at))
            if start <= today:
                yield live(person(self.seed, fund, number, start), self.seed)

    @property
    def with_scenes(self) -> bool:
        """Whether the scenes find their place: enough people, enough months."""
        return self.people >= 2 * len(scenes.SCENES) and self.origin >= add_months(
            self.first_day, MONTHS_FOR_SCENES
        )
