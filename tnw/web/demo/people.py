"""Invented people: every one follows from the seed, the fund and a running number."""

from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar

from tnw.web.demo.names import BEGINNINGS, ENDS, MEN, PLACES, STREETS, WOMEN

# Serial numbers so high are not given out for an ordinary day: the number is right, and nobody has it.
SERIALS = (960, 997)
BIS = 40  # added to the month of somebody who stands in no national register

T = TypeVar("T")


class Person(NamedTuple):
    """Somebody who is insured, with what the feed says about an incapacity on its first line."""

    fund: str
    number: int
    start: date
    ssin: str
    last_name: str
    first_name: str
    birth_date: date
    language: str
    street: str
    postal_code: str
    city: str
    email: str
    phone: str
    regime: str
    employer_number: str

    @property
    def reference(self) -> str:
        """The fund's own key of the incapacity."""
        return f"{self.fund}-{self.number:06}"


def chance(*parts: object) -> Random:
    """A source of chance that gives the same for the same parts."""
    return Random(":".join(map(str, parts)))  # noqa: S311 - invented people, no secret


def weighed(rng: Random, weights: dict[T, int]) -> T:
    """One of the keys, each as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def person(seed: int, fund: str, number: int, start: date, **told: Any) -> Person:
    """The person of this number, whose incapacity begins on `start`; `told` says what is not left to chance."""
    rng = chance(seed, fund, number, "person")
    woman = rng.random() < 0.56
    place = rng.choices(PLACES, [place.weight for place in PLACES])[0]
    language = told.get("language") or weighed(rng, place.languages)
    last_name = rng.choice(BEGINNINGS[language]) + rng.choice(ENDS[language])
    first_name = rng.choice((WOMEN if woman else MEN)[language])
    born = start - timedelta(days=rng.randint(21 * 365, 63 * 365))
    if (born.month, born.day) == (1, 1):  # a day on which many numbers are given out
        born += timedelta(days=1)
    regime = weighed(rng, {"employee": 70, "unemployed": 15, "self_employed": 15})
    employed = regime == "employee" and rng.random() < 0.93
    made = Person(
        fund=fund,
        number=number,
        start=start,
        ssin=ssin(born, woman=woman, serial=rng.randrange(*SERIALS), bis=rng.random() < 0.03),
        last_name=last_name,
        first_name=first_name,
        birth_date=born,
        language=language,
        street=f"{rng.choice(STREETS[language])} {rng.randint(1, 180)}",
        postal_code=place.postal_code,
        city=place.city,
        email=f"{fund}.{number}@example.org" if rng.random() < 0.7 else "",
        phone=f"02 000 {rng.randint(0, 99):02} {rng.randint(0, 99):02}" if rng.random() < 0.8 else "",
        regime=regime,
        employer_number=enterprise_number(rng.randrange(1000, 99_999)) if employed else "",
    )
    return made._replace(**told)


def ssin(born: date, *, woman: bool, serial: int, bis: bool = False) -> str:
    """A number with right check digits: women have an even serial number, men an odd one."""
    serial += (serial % 2) if woman else (1 - serial % 2)
    return _checked(f"{born:%y}{born.month + (BIS if bis else 0):02}{born:%d}{serial:03}", born.year >= 2000)


def next_number(taken: str) -> str:
    """The next SSIN of the same day, for a second one who would get this."""
    first, last = SERIALS
    serial = first + (int(taken[6:9]) - first + 2) % (last + 1 - first)
    born_since_2000 = _checked(taken[:9], True) == taken
    return _checked(f"{taken[:6]}{serial:03}", born_since_2000)


def _checked(digits: str, born_since_2000: bool) -> str:
    base = int(("2" if born_since_2000 else "") + digits)
    return f"{digits}{97 - base % 97:02}"


def enterprise_number(number: int) -> str:
    """A number with right check digits from a range that was never given out."""
    base = 1_000_000 + number
    return f"{base:08}{97 - base % 97:02}"
