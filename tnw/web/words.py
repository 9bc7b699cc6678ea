"""The words on the screens for what code and database keep as codes: states, facts, their values."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.explanations import phrases
from dossiers.explanations.explanation import title
from dossiers.explanations.table import OWNERS
from dossiers.law.facts import Values
from dossiers.law.rules import RULES
from dossiers.models.case import Cause, EndReason, Exclusion, Regime
from tnw.core import clock
from tnw.web.fact_words import CODES, KINDS, NAMES

Word = str | Promise

# The law's states, and how near an open deadline is.
STATES: dict[str, Word] = {
    **phrases.STATES,
    "soon": pgettext_lazy("deadline", "Due soon"),
    "today": pgettext_lazy("deadline", "Today"),
    "week": pgettext_lazy("deadline", "This week"),
    "later": pgettext_lazy("deadline", "Later"),
}

BUCKETS: dict[str, Word] = {
    "overdue": _("the legal date is past"),
    "today": _("the last working day to act"),
    "week": _("to do before this week ends"),
    "later": _("in view, after this week"),
}

INCAPACITY: dict[str, tuple[str, Word]] = {
    "running": ("open", pgettext_lazy("incapacity", "Running")),
    "ended": ("fallen_away", pgettext_lazy("incapacity", "Ended")),
    "excluded": ("missed", pgettext_lazy("incapacity", "Excluded")),
}

# How a consent stands: the shape it is shown with, and the word.
CONSENTS: dict[str, tuple[str, Word]] = {
    "given": ("met", _("Consent given")),
    "refused": ("missed", _("Consent refused")),
    "withdrawn": ("fallen_away", _("Consent withdrawn")),
}

THROUGH: dict[str, Word] = {
    "page": _("dossier page"),
    "health": _("health notes"),
    "preview": _("preview of an act"),
    "ssin": _("SSIN shown"),
    "questionnaire": _("questionnaire"),
    "show_dossier": _("command line"),
    "api": _("API"),
    "assessment": _("assessment"),
    "export": _("export of the worklist"),
}

_RULES = {rule.id: rule for rule in RULES}
_REASONS = {**dict(EndReason.choices), **dict(Exclusion.choices)}
_OWN: dict[str, Mapping[str, Word]] = {
    "regime": dict(Regime.choices),
    "cause": dict(Cause.choices),
    "end_reason": dict(EndReason.choices),
}


def rule_title(rule: str, occurrence: int) -> str:
    """What a deadline asks to be done, in the reader's language."""
    return title(_RULES[rule], occurrence)


def whose(rule: str) -> str:
    """Who has to act on a deadline."""
    return str(OWNERS[_RULES[rule].whose])


def kind(code: str) -> Word:
    """What happened, by the kind of a fact."""
    return KINDS.get(code, code)


def values(told: Mapping[str, Any]) -> Iterator[tuple[Word, Word]]:
    """The plain values of a fact as pairs of name and text; versions and ids are the machine's, and stay out."""
    for name, value in told.items():
        if name in ("version", "fact") or value in (None, ""):
            continue
        if name == "to" and isinstance(value, Mapping):
            yield from values(value)
        else:
            yield NAMES.get(name, name), _text(name, value)


def _text(name: str, value: Any) -> Word:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Values):
        return ", ".join(f"{label}: {text}" for label, text in values(dict(value)))
    if isinstance(value, str):
        return _OWN.get(name, {}).get(value) or CODES.get(name, {}).get(value) or _other(name, value)
    return formats.localize(value)


def _other(name: str, value: str) -> Word:
    if name == "reason" and value in _REASONS:
        return _REASONS[value]
    try:
        if len(value) == len("2026-11-21"):
            return formats.date_format(date.fromisoformat(value), "d/m/Y")
        if "T" in value:
            return formats.date_format(datetime.fromisoformat(value).astimezone(clock.BRUSSELS), "d/m/Y H:i")
    except ValueError:
        return value
    return value
