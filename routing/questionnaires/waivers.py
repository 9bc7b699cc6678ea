"""When nobody is asked (A2): what the facts and the birth date say of that by themselves."""

from collections.abc import Iterable, Sequence
from datetime import date

from dossiers.law.calendar import add_months
from dossiers.law.facts import Fact, corrected, in_order

# The pension age, and from which day on it holds. Who reaches an age while it holds has reached the pension age.
PENSION_AGES: tuple[tuple[date, int], ...] = (
    (date.min, 65),
    (date(2025, 2, 1), 66),
    (date(2030, 2, 1), 67),
)
MONTHS_BEFORE_PENSION = 6


def waiver(facts: Iterable[Fact], born: date | None, today: date) -> str | None:
    """The code of the reason for which no questionnaire is sent on a day; None where it is to be sent."""
    ordered = in_order(corrected(facts))
    if _lasts(ordered, "employer_traject_started", "employer_traject_ended", today):
        return "employer_traject"
    if _adapted_work(ordered, today):
        return "adapted_work"
    if _lasts(ordered, "traject_started", "traject_ended", today, routes=("B", "C")):
        return "requested_traject"
    if born and add_months(pension_day(born), -MONTHS_BEFORE_PENSION) <= today:
        return "near_pension"
    return None


def pension_day(born: date) -> date:
    """The day on which somebody reaches the pension age that holds on it."""
    ends = [since for since, _age in PENSION_AGES[1:]] + [date.max]
    days = ((add_months(born, 12 * age), end) for (_since, age), end in zip(PENSION_AGES, ends, strict=True))
    return next(day for day, end in days if day < end)


def _lasts(
    ordered: Sequence[Fact], begins: str, ends: str, today: date, routes: tuple[str, ...] = ()
) -> bool:
    """Whether what began has not ended by a day."""
    lasts = False
    for fact in ordered:
        if fact.on > today:
            break
        if fact.kind == begins:
            lasts = not routes or fact.get("route") in routes
        elif fact.kind == ends:
            lasts = False
    return lasts


def _adapted_work(ordered: Sequence[Fact], today: date) -> bool:
    """Whether some adapted work is permitted for this day, and did not end before it."""
    permitted: dict[str, Fact] = {}
    for fact in ordered:
        if fact.kind == "adapted_work_permitted":
            permitted[fact.subject] = fact
        elif fact.kind in ("adapted_work_refused", "adapted_work_cancelled", "adapted_work_ended"):
            permitted.pop(fact.subject, None)
    return any(
        fact.values["from"] <= today and (fact.get("to") is None or today <= fact.values["to"])
        for fact in permitted.values()
    )
