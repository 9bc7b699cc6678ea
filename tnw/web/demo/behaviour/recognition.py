"""What the insurance says of an incapacity: its first line, what is corrected later, its end."""

from datetime import date, timedelta

from tnw.web.demo.course import Course

CAUSES = {"illness": 86, "private_accident": 9, "work_accident": 3, "occupational_disease": 2}
CHANGES = {
    "nothing": 81,
    "regime": 2,
    "address": 6,
    "excluded": 3,
    "not_excluded_after_all": 2,
    "longer": 6,
}
CORRECTED = 5  # whose first day turns out to be another
TRIES = 12
ENDS = {"none": 52, "resumed": 30, "not_recognized": 8, "pension": 3, "death": 2, "other": 2}
INVALIDITY = {"in_time": 78, "late": 14, "awaited": 8}


def begin(c: Course) -> bool:
    """The first line; gives whether the law concerns this person at all (P2)."""
    person = c.person
    cause = c.pick(CAUSES)
    statutory = person.regime == "employee" and c.maybe(3)
    c.say(
        c.start + c.between(1, 21),
        cause=cause,
        statutory_civil_servant=str(statutory).lower(),
        employment_contract=str(bool(person.employer_number)).lower(),
    )
    if c.maybe(CORRECTED):
        c.start += timedelta(days=c.rng.choice([-9, -5, -2, 3, 7]))
        c.say(c.first_told + c.between(3, 20), start=c.start)
    return not statutory and cause in ("illness", "private_accident")


def change(c: Course) -> None:
    """Most lines stay as they were; an incapacity of a year becomes an invalidity."""
    when = c.start + c.between(30, 260)
    match c.pick(CHANGES):
        case "regime" if c.person.regime == "employee" and not _needs_contract(c):
            c.say(when, regime="unemployed", employment_contract="false", employer_number="")
        case "address":
            c.say(when, street=f"{c.person.street} A", phone="")
        case "excluded":
            c.say(when, cause="work_accident")
            c.closed = (when, date.max)
            c.over_on = min(c.over_on, when)
        case "not_excluded_after_all" if window := _quiet(c):
            c.say(window[0], cause="occupational_disease")
            c.say(window[1], cause="illness")
            c.closed = window
        case "longer":
            c.say(when, end=when + timedelta(days=35), end_reason="resumed")
            c.say(when + c.between(7, 30), end=None, end_reason=None)
    year = c.month(12)
    match c.pick(INVALIDITY):
        case "in_time":
            c.say(year - c.between(5, 25), invalidity_from=year)
        case "late":
            c.say(year + c.between(5, 80), invalidity_from=year)


def _needs_contract(c: Course) -> bool:
    return any(fact.get("step") == "employer" for act in c.acts for fact in act.facts)


def _quiet(c: Course) -> tuple[date, date] | None:
    """Some weeks in which nobody records anything: while somebody is excluded nothing can be."""
    days = {act.day for act in c.acts}
    for _try in range(TRIES):
        first = c.start + c.between(30, 260)
        last = first + c.between(12, 40)
        if not any(first <= day < last for day in days):
            return first, last
    return None


def end(c: Course) -> None:
    """Half of them end some day, most in the first months; the end is told before it or after it."""
    reason = c.pick(ENDS)
    if reason == "none":
        return
    last_day = c.start + timedelta(days=int(20 + 780 * c.rng.betavariate(1.1, 2.2)))
    told = last_day - c.between(5, 45) if c.maybe(55) else last_day + c.between(1, 15)
    c.over(last_day, reason, told=told)
