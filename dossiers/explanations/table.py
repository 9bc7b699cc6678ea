"""The table of the law in words, as it stood on a day, for a lawyer to read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.explanations import phrases
from dossiers.explanations.counting import period_in_words
from dossiers.explanations.days import written
from dossiers.explanations.explanation import KINDS
from dossiers.law.rules import LAW_FROM, LEGAL, RECEIVED_COMPLETE, SCOPES, in_force
from dossiers.law.vocabulary import Rule, When, when
from dossiers.models.case import Regime

OWNERS: dict[str, str | Promise] = {
    "coordinator": _("Coordinator"),
    "advisory_doctor": _("Advisory doctor"),
    "insured": _("Insured person"),
}
# Every deadline ends with the incapacity and with the exclusion (T19).
_ALWAYS = (when("incapacity_ended"), when("incapacity_excluded"))
_FOLLOWS: dict[str, str | Promise] = {
    "T2": _(
        "the day after the questionnaire was due back, unless it came back complete or was asked again by then"
    ),
}
_WAITS: dict[When, str | Promise] = {
    RECEIVED_COMPLETE: _("%(fact)s, once a complete questionnaire of this incapacity is there"),
}
_COUNTS: dict[str, str | Promise] = {
    "ever": _("%(fact)s, at any time"),
    "since_start": _("%(fact)s, since the first day of the incapacity"),
    "since_month": _("%(fact)s, since that month began"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInWords:
    """One row of the table. `id` and `sources` are for whoever checks it, and no words of a screen."""

    id: str
    title: str
    regimes: str
    opens: str
    period: str
    met_by: tuple[str, ...]
    falls_away_by: tuple[str, ...]
    remarks: tuple[str, ...]
    whose: str
    kind_label: str
    legal: bool
    ground: str
    verified: bool
    sources: tuple[str, ...]
    since: str
    valid_to: date | None


def rules_on(day: date) -> list[RuleInWords]:
    """The table as it stood on a day, in the order of the rules."""
    return [_in_words(rule, day) for rule in in_force(day)]


def _in_words(rule: Rule, day: date) -> RuleInWords:
    regimes = [regime for regime in rule.regimes if LAW_FROM[regime] <= day]
    return RuleInWords(
        id=rule.id,
        title=gettext(rule.title),
        regimes=", ".join(str(Regime(regime).label) for regime in regimes),
        opens=_opens(rule),
        period=_period(rule),
        met_by=_each(_met_by(rule, one) for one in rule.met_by),
        falls_away_by=_each(map(phrases.of, (*rule.closed_by, *SCOPES[rule.scope], *_ALWAYS))),
        remarks=tuple(_remarks(rule)),
        whose=str(OWNERS[rule.whose]),
        kind_label=str(KINDS[rule.kind]),
        legal=rule.kind == LEGAL,
        ground="; ".join(dict.fromkeys(gettext(rule.ground.text(regime)) for regime in regimes)),
        verified=rule.ground.verified,
        sources=rule.sources,
        since=_since(rule, regimes),
        valid_to=rule.valid_to,
    )


def _since(rule: Rule, regimes: list[str]) -> str:
    """Since when it holds; where the regimes came under the law on other days, for each of them (P1)."""
    days: dict[date, list[str]] = {}
    for regime in regimes:
        days.setdefault(max(rule.valid_from, LAW_FROM[regime]), []).append(str(Regime(regime).label))
    if len(days) == 1:
        return written(*days)
    return ", ".join(f"{written(day)} ({', '.join(whose)})" for day, whose in days.items())


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _met_by(rule: Rule, pattern: When) -> str:
    fact = phrases.of(pattern)
    return str(_COUNTS[rule.counts] % {"fact": fact}) if rule.counts in _COUNTS else fact


def _opens(rule: Rule) -> str:
    if rule.follows:
        return str(_FOLLOWS[rule.follows])
    told = phrases.of(rule.opens)
    if rule.then:
        told = gettext("%(fact)s for the first time in a formal part; after that, each time: %(next)s") % {
            "fact": told,
            "next": phrases.of(rule.then),
        }
    if rule.waits_for:
        told = str(_WAITS[rule.waits_for] % {"fact": told})
    if rule.one_at_a_time:
        told = gettext("%(fact)s; not while this deadline is open already") % {"fact": told}
    return told


def _period(rule: Rule) -> str:
    told = period_in_words(rule, rule.falls)
    if rule.otherwise is None:
        return told
    return gettext(
        "%(period)s, for a referral on the first assessment and by that day; any other: %(otherwise)s"
    ) % {"period": told, "otherwise": period_in_words(rule, rule.otherwise)}


def _remarks(rule: Rule) -> Iterator[str]:
    if rule.shown_from:
        yield gettext("In view: %(period)s.") % {"period": period_in_words(rule, rule.shown_from)}
    if rule.informs_only:
        yield gettext("Only tells a date and is never overdue.")
    if rule.paused_by_suspension:
        yield gettext("A suspension pauses it; what was still due moves by as many days.")
    if not rule.applies_before:
        yield gettext("Only for incapacities that began on %(day)s or later.") % {
            "day": written(rule.valid_from)
        }
