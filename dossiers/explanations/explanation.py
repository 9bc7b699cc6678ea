"""One deadline explained: what it asks, why on that day, what paused it, what closed it, on which ground."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dossiers.explanations import days, phrases
from dossiers.explanations.counting import why
from dossiers.explanations.days import written
from dossiers.law.row import Row
from dossiers.law.rules import LAW_FROM, LEGAL, rule_of
from dossiers.law.vocabulary import Rule
from dossiers.models import Deadline
from dossiers.reading import as_row

KINDS: dict[str, str | Promise] = {"legal": _("Set by law"), "internal": _("The fund's own target")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A deadline in words. `pause`, `closing` and `act_by` are empty where there is nothing to say.

    `article` is the legal ground alone: beside a date that somebody has to trust. `ground` says also whether it was checked.
    Where it `informs_only` its day only tells when something ends: nobody has to act by then.
    """

    title: str
    why: str
    pause: tuple[str, ...]
    closing: str
    act_by: str
    article: str
    ground: str
    kind_label: str
    legal: bool
    informs_only: bool


def explain(deadline: Deadline | Row, *, regime: str, today: date | None = None) -> Explanation:
    """Explain a deadline of an incapacity of that regime, as it stands on a day.

    Without a day it tells all that the facts say, also of a closing that is still to come. Raises KeyError where
    no rule made this deadline.
    """
    row = deadline if isinstance(deadline, Row) else as_row(deadline)
    rule = rule_of(row.rule, row.version, regime)
    day = today or date.max
    falls_on = row.falls_on_at(day)
    moved_by = sum(pause.days for pause in row.pauses if pause.until is not None and pause.until <= day)
    return Explanation(
        title=title(rule, row.occurrence),
        why=why(row, rule, falls_on, moved_by),
        pause=tuple(_pauses(row, day)),
        closing=_closing(row, regime) if row.closed_on is not None and row.closed_on <= day else "",
        act_by="" if rule.informs_only else days.to_act(falls_on),
        article=gettext(rule.ground.text(regime)),
        ground=ground(rule, regime),
        kind_label=str(KINDS[rule.kind]),
        legal=rule.kind == LEGAL,
        informs_only=rule.informs_only,
    )


def title(rule: Rule, occurrence: int) -> str:
    """What the deadline asks to be done."""
    if len(rule.occurrences) > 1:
        return gettext("Hold the medical contact of month %(month)d") % {"month": occurrence}
    return gettext(rule.title)


def ground(rule: Rule, regime: str) -> str:
    """The legal ground, and whether its text was checked."""
    text = gettext(rule.ground.text(regime))
    if rule.ground.verified:
        return text
    return gettext("%(ground)s (not yet verified in the Belgian Official Gazette)") % {"ground": text}


def _pauses(row: Row, day: date) -> Iterator[str]:
    after = [pause.old_date for pause in row.pauses[1:]] + [row.falls_on]
    for pause, new in zip(row.pauses, after, strict=False):
        if pause.since > day:
            return
        told = {
            "since": written(pause.since),
            "until": written(pause.until) if pause.until else "",
            "old": written(pause.old_date),
            "new": written(new),
            "n": pause.days,
            "reason": phrases.SUSPENSIONS.get(pause.reason, phrases.SUSPENSIONS["other"]),
        }
        if pause.until is None or pause.until > day:
            yield (
                gettext(
                    "Paused since %(since)s (%(reason)s): once resumed, %(old)s moves by the days of the pause."
                )
                % told
            )
        elif pause.days:
            yield (
                ngettext(
                    "Paused on %(since)s (%(reason)s) and resumed on %(until)s: one day, so %(old)s became %(new)s.",
                    "Paused on %(since)s (%(reason)s) and resumed on %(until)s: %(n)d days, so %(old)s became %(new)s.",
                    pause.days,
                )
                % told
            )
        else:
            yield (
                gettext(
                    "Paused on %(since)s (%(reason)s) and closed on %(until)s during the pause: %(old)s did not move, "
                    "and nothing is late."
                )
                % told
            )


def _closing(row: Row, regime: str) -> str:
    """What met or closed it, and when."""
    assert row.closed_on is not None
    if row.closed_by == "day_past":
        return gettext("Its day is past; it only told a date.")
    if row.closed_by == "before_the_law":
        return gettext("Fell away: its date lies before %(day)s, when the law came into force.") % {
            "day": written(LAW_FROM[regime])
        }
    if row.closed_by == "before_the_start":
        return gettext("Fell away: its date lies before the day on which the fund started with this system.")
    late = (row.closed_on - row.falls_on).days
    told = {"day": written(row.closed_on), "what": phrases.HAPPENED[row.closed_by], "n": late}
    match row.outcome:
        case "met":
            if row.closed_on == row.opens_on:
                return gettext("Met on %(day)s, the day on which it opened: %(what)s.") % told
            return gettext("Met on %(day)s: %(what)s.") % told
        case "met_late":
            return (
                ngettext(
                    "Met on %(day)s, one day late: %(what)s.",
                    "Met on %(day)s, %(n)d days late: %(what)s.",
                    late,
                )
                % told
            )
        case "missed":
            return (
                ngettext(
                    "Missed: closed on %(day)s, one day after its date, without being met (%(what)s).",
                    "Missed: closed on %(day)s, %(n)d days after its date, without being met (%(what)s).",
                    late,
                )
                % told
            )
        case _:
            return gettext("Fell away on %(day)s: %(what)s.") % told
