"""From its anchor to its date: one sentence for a deadline, one phrase for the table of rules."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from dossiers.explanations.days import free_weekdays, named, written
from dossiers.law.calendar import ONE_DAY, add_months
from dossiers.law.row import Row
from dossiers.law.vocabulary import Period, Rule

Words = Mapping[tuple[str, str], str | Promise]

WEEKS, MONTHS, WORKING_DAYS = "weeks", "months", "working_days"
MONTH_OF_INCAPACITY, TO_END_OF_MONTH, WORKING_DAY_BEFORE = (
    "month_of_incapacity",
    "to_end_of_month",
    "working_day_before",
)

# By anchor and by the shape of the period. %(anchor)s and %(date)s are days, %(n)d is the length.
COUNTED: Words = {
    ("start", WEEKS): ngettext_lazy(
        "Counted from the first day of the incapacity, %(anchor)s: one week, so %(date)s",
        "Counted from the first day of the incapacity, %(anchor)s: %(n)d weeks, so %(date)s",
        "n",
    ),
    ("start", MONTHS): ngettext_lazy(
        "Counted from the first day of the incapacity, %(anchor)s: one month, so %(date)s",
        "Counted from the first day of the incapacity, %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("start", MONTH_OF_INCAPACITY): _(
        "Month %(n)d of the incapacity that began on %(anchor)s ends on %(date)s"
    ),
    ("sending", WEEKS): ngettext_lazy(
        "Counted from the sending of the questionnaire on %(anchor)s: one week, so %(date)s",
        "Counted from the sending of the questionnaire on %(anchor)s: %(n)d weeks, so %(date)s",
        "n",
    ),
    ("return_date", WEEKS): ngettext_lazy(
        "Counted from %(anchor)s, the day by which the questionnaire was due back: one week, so %(date)s",
        "Counted from %(anchor)s, the day by which the questionnaire was due back: %(n)d weeks, so %(date)s",
        "n",
    ),
    ("assessment", MONTHS): ngettext_lazy(
        "Counted from the assessment on %(anchor)s: one month, so %(date)s",
        "Counted from the assessment on %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("assessment", WORKING_DAYS): ngettext_lazy(
        "Counted from the assessment on %(anchor)s: one working day, so %(date)s",
        "Counted from the assessment on %(anchor)s: %(n)d working days, so %(date)s",
        "n",
    ),
    ("referral", MONTHS): ngettext_lazy(
        "Counted from the referral on %(anchor)s: one month, so %(date)s",
        "Counted from the referral on %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("request", MONTHS): ngettext_lazy(
        "Counted from the request on %(anchor)s: one month, so %(date)s",
        "Counted from the request on %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("receipt", MONTHS): ngettext_lazy(
        "Counted from the receipt of the complete questionnaire on %(anchor)s, after the request: "
        "one month, so %(date)s",
        "Counted from the receipt of the complete questionnaire on %(anchor)s, after the request: "
        "%(n)d months, so %(date)s",
        "n",
    ),
    ("asked", WORKING_DAYS): ngettext_lazy(
        "Counted from the day on which permission was asked, %(anchor)s: one working day, so %(date)s",
        "Counted from the day on which permission was asked, %(anchor)s: %(n)d working days, so %(date)s",
        "n",
    ),
    ("last_contact", MONTHS): ngettext_lazy(
        "Counted from the coordinator's last contact before the refusal, on %(anchor)s: one month, so %(date)s",
        "Counted from the coordinator's last contact before the refusal, on %(anchor)s: "
        "%(n)d months, so %(date)s",
        "n",
    ),
    ("refusal", MONTHS): ngettext_lazy(
        "Counted from the refusal on %(anchor)s, as no contact of the coordinator came before it: "
        "one month, so %(date)s",
        "Counted from the refusal on %(anchor)s, as no contact of the coordinator came before it: "
        "%(n)d months, so %(date)s",
        "n",
    ),
    ("last_signature", MONTHS): ngettext_lazy(
        "Counted from the last signature under the engagement declaration, on %(anchor)s: "
        "one month, so %(date)s",
        "Counted from the last signature under the engagement declaration, on %(anchor)s: "
        "%(n)d months, so %(date)s",
        "n",
    ),
    ("agreed", MONTHS): ngettext_lazy(
        "Counted from the day on which the plan was agreed, %(anchor)s: one month, so %(date)s",
        "Counted from the day on which the plan was agreed, %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("review", MONTHS): ngettext_lazy(
        "Counted from the previous review of the plan on %(anchor)s: one month, so %(date)s",
        "Counted from the previous review of the plan on %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("completion", MONTHS): ngettext_lazy(
        "Counted from the completion of the training on %(anchor)s: one month, so %(date)s",
        "Counted from the completion of the training on %(anchor)s: %(n)d months, so %(date)s",
        "n",
    ),
    ("completion", TO_END_OF_MONTH): ngettext_lazy(
        "The training was completed on %(anchor)s; the month after that month ends on %(date)s",
        "The training was completed on %(anchor)s; month %(n)d after that month ends on %(date)s",
        "n",
    ),
    ("planned_start", WORKING_DAY_BEFORE): _(
        "The last working day before the planned start of the adapted work on %(anchor)s is %(date)s"
    ),
    ("reported", WORKING_DAYS): ngettext_lazy(
        "Counted from the day on which the regional service reported the registration, %(anchor)s: "
        "one working day, so %(date)s",
        "Counted from the day on which the regional service reported the registration, %(anchor)s: "
        "%(n)d working days, so %(date)s",
        "n",
    ),
}

# A rule that counts otherwise on the first assessment says which of its two periods it took.
ON_THE_FIRST_ASSESSMENT: Words = {
    ("start", MONTH_OF_INCAPACITY): _(
        "For a self-employed person referred on the first assessment: "
        "month %(n)d of the incapacity that began on %(anchor)s ends on %(date)s"
    ),
    ("referral", MONTHS): ngettext_lazy(
        "For a self-employed person referred later than on the first assessment, or after month %(limit)d: "
        "counted from the referral on %(anchor)s one month, so %(date)s",
        "For a self-employed person referred later than on the first assessment, or after month %(limit)d: "
        "counted from the referral on %(anchor)s %(n)d months, so %(date)s",
        "n",
    ),
}

# The same for the table: a phrase without days.
PERIODS: Words = {
    ("start", WEEKS): ngettext_lazy(
        "one week after the first day of the incapacity",
        "%(n)d weeks after the first day of the incapacity",
        "n",
    ),
    ("start", MONTHS): ngettext_lazy(
        "one month after the first day of the incapacity",
        "%(n)d months after the first day of the incapacity",
        "n",
    ),
    ("start", MONTH_OF_INCAPACITY): _("the last day of month %(n)s of the incapacity"),
    ("sending", WEEKS): ngettext_lazy("one week after the sending", "%(n)d weeks after the sending", "n"),
    ("return_date", WEEKS): ngettext_lazy(
        "one week after the day by which the questionnaire was due back",
        "%(n)d weeks after the day by which the questionnaire was due back",
        "n",
    ),
    ("assessment", MONTHS): ngettext_lazy(
        "one month after the assessment", "%(n)d months after the assessment", "n"
    ),
    ("assessment", WORKING_DAYS): ngettext_lazy(
        "one working day after the assessment", "%(n)d working days after the assessment", "n"
    ),
    ("referral", MONTHS): ngettext_lazy(
        "one month after the referral", "%(n)d months after the referral", "n"
    ),
    ("request", MONTHS): ngettext_lazy(
        "one month after the request, or after the first complete questionnaire where that comes later",
        "%(n)d months after the request, or after the first complete questionnaire where that comes later",
        "n",
    ),
    ("asked", WORKING_DAYS): ngettext_lazy(
        "one working day after permission was asked", "%(n)d working days after permission was asked", "n"
    ),
    ("last_contact", MONTHS): ngettext_lazy(
        "one month after the coordinator's last contact before the refusal, or after the refusal "
        "where there was none",
        "%(n)d months after the coordinator's last contact before the refusal, or after the refusal "
        "where there was none",
        "n",
    ),
    ("last_signature", MONTHS): ngettext_lazy(
        "one month after the last signature", "%(n)d months after the last signature", "n"
    ),
    ("agreed", MONTHS): ngettext_lazy(
        "one month after the plan was agreed or last reviewed",
        "%(n)d months after the plan was agreed or last reviewed",
        "n",
    ),
    ("completion", MONTHS): ngettext_lazy(
        "one month after the completion of the training",
        "%(n)d months after the completion of the training",
        "n",
    ),
    ("completion", TO_END_OF_MONTH): ngettext_lazy(
        "the last day of the month after that in which the training was completed",
        "the last day of month %(n)d after that in which the training was completed",
        "n",
    ),
    ("planned_start", WORKING_DAY_BEFORE): _("the last working day before the planned start"),
    ("reported", WORKING_DAYS): ngettext_lazy(
        "one working day after the report", "%(n)d working days after the report", "n"
    ),
}


def shape(period: Period) -> str:
    """How a period is counted."""
    if period.last_working_day_before:
        return WORKING_DAY_BEFORE
    if period.working_days:
        return WORKING_DAYS
    if period.weeks:
        return WEEKS
    if period.to_end_of_month:
        return TO_END_OF_MONTH
    return MONTH_OF_INCAPACITY if period.less_days else MONTHS


def _length(period: Period, occurrence: int) -> int:
    if period.month_of_occurrence:
        return occurrence
    return period.working_days or period.weeks or period.months


def period_in_words(rule: Rule, period: Period) -> str:
    """A period of the table."""
    n: Any = _length(period, 1)
    if period.month_of_occurrence:
        n = ", ".join(map(str, rule.occurrences))
    return str(PERIODS[period.anchor, shape(period)] % {"n": n})


def why(row: Row, rule: Rule, falls_on: date, moved_by: int) -> str:
    """One sentence on why it falls on that day: anchor, period, and the days by which suspensions moved it."""
    period = rule.falls
    if rule.otherwise is not None and row.anchor == rule.otherwise.anchor:
        period = rule.otherwise
    words = ON_THE_FIRST_ASSESSMENT if rule.otherwise is not None else COUNTED
    at_first = row.pauses[0].old_date if row.pauses else row.falls_on
    values: dict[str, Any] = {
        "anchor": written(row.anchor_on),
        "date": written(at_first),
        "n": _length(period, row.occurrence),
        "limit": rule.falls.months,
    }
    told = str(words[row.anchor, shape(period)] % values)
    if remark := _remark(period, row.anchor_on, at_first, values["n"]):
        told = f"{told} ({remark})"
    if moved_by:
        told = ngettext(
            "%(sentence)s; one day of suspension makes it %(date)s",
            "%(sentence)s; %(n)d days of suspension make it %(date)s",
            moved_by,
        ) % {"sentence": told, "n": moved_by, "date": written(falls_on)}
    return f"{told}."


def _remark(period: Period, anchor_on: date, falls_on: date, n: int) -> str:
    """What makes the counting less than plain: a month without that day, a holiday on the way."""
    how = shape(period)
    if how in (WORKING_DAYS, WORKING_DAY_BEFORE):
        first, last = sorted((anchor_on, falls_on))
        if skipped := named(free_weekdays(first + ONE_DAY, last - ONE_DAY)):
            return gettext("weekends and legal holidays do not count: %(holidays)s") % {"holidays": skipped}
    if how in (MONTHS, MONTH_OF_INCAPACITY) and add_months(anchor_on, n).day != anchor_on.day:
        if how == MONTHS:
            return gettext("that month has no day %(day)d") % {"day": anchor_on.day}
        return gettext("the next one begins on %(first)s, as that month has no day %(day)d") % {
            "first": written(falls_on + ONE_DAY),
            "day": anchor_on.day,
        }
    return ""
