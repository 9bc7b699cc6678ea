"""The steps that a fund takes around every date: reference data, seeded with what is sensible and then its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.law.calendar import ONE_DAY, add_working_days, is_working_day
from dossiers.law.rules import RULES
from dossiers.models import ReminderStep
from dossiers.models.deadline import Audience, Counted
from tnw.accounts.models import Fund

RULE_IDS: tuple[str, ...] = tuple(dict.fromkeys(rule.id for rule in RULES))
INFORM_ONLY = frozenset(rule.id for rule in RULES if rule.informs_only)

# Days before the last working day on which the one who acts is reminded; the day itself comes on top.
USUAL = (-14, -5)
# What the system does by itself is reminded of where it still waits for somebody, in working days: the pile of the post.
BY_THE_SYSTEM = {"T1": -2}
SHORT_PERIODS = {"T2": (-5,), "T3": (-2,), "T9": (-2,), "T15": (-5,), "T16": (-2,), "T23": (-2,)}

# At most so many days lie between the day a deadline comes into view and its date (31 a month, per rule).
_LONGEST_MONTH = 31
VIEW: dict[str, int] = {
    rule.id: _LONGEST_MONTH * (rule.falls.months - rule.shown_from.months)
    for rule in RULES
    if rule.shown_from
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule: so many days from one of a deadline's dates, and who is told."""

    rule: str
    counted_from: str
    days: int
    audience: str

    @property
    def code(self) -> str:
        """What marks the step on a deadline's date: `act_by-14`, `falls_on+1`."""
        return f"{self.counted_from}{self.days:+d}"

    def falls_between(self, day: date) -> tuple[date, date] | None:
        """Between which legal dates a deadline lies whose step falls on `day`; None where there is none."""
        counted = day - timedelta(days=self.days)
        if self.counted_from == Counted.FALLS_ON:
            return counted, counted
        if self.counted_from == Counted.ACT_BY:
            if not is_working_day(counted):
                return None
            return _to_be_done_on(counted)
        if self.counted_from == Counted.WORKDAYS:
            return _to_be_done_on(add_working_days(day, -self.days)) if is_working_day(day) else None
        if self.rule not in VIEW:
            return None
        return counted, counted + timedelta(days=VIEW[self.rule])


def _to_be_done_on(working_day: date) -> tuple[date, date]:
    """Between which legal dates a deadline lies that is to be done by this working day."""
    return working_day, add_working_days(working_day, 1) - ONE_DAY


def default_steps() -> Iterator[Step]:
    """The steps that a new fund starts with."""
    for rule in RULE_IDS:
        if rule in INFORM_ONLY:
            yield Step(rule, Counted.SURFACES.value, 0, Audience.OWNER.value)
            continue
        if rule in BY_THE_SYSTEM:
            yield Step(rule, Counted.WORKDAYS.value, BY_THE_SYSTEM[rule], Audience.OWNER.value)
        else:
            for days in SHORT_PERIODS.get(rule, USUAL):
                yield Step(rule, Counted.ACT_BY.value, days, Audience.OWNER.value)
        yield Step(rule, Counted.ACT_BY.value, 0, Audience.OWNER.value)
        yield Step(rule, Counted.FALLS_ON.value, 1, Audience.TEAM_LEAD.value)


def seed_steps(fund: Fund) -> None:
    """Give a new fund its first steps. Where it has any already, nothing changes."""
    if ReminderStep.objects.filter(fund=fund).exists():
        return
    # At once and past the audit: nobody chose these, and what people make of them is saved one by one.
    ReminderStep.objects.bulk_create(
        ReminderStep(
            fund=fund, rule=step.rule, counted_from=step.counted_from, days=step.days, audience=step.audience
        )
        for step in default_steps()
    )


def steps_of(fund: Fund) -> list[Step]:
    """The steps that a fund takes now."""
    rows = ReminderStep.objects.filter(fund=fund)
    return [Step(row.rule, row.counted_from, row.days, row.audience) for row in rows]
