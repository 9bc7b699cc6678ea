"""The words on the screens for what code and database keep as codes: states, facts, their values."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.explanations import phrases
from dossiers.explanations.explanation import title
from dossiers.explanations.table import OWNERS
from dossiers.law.rules import RULES
from tnw.accounts.access import THROUGH
from trajects.fact_words import MACHINES_OWN, Word, kind, labelled, values

__all__ = [
    "BUCKETS",
    "CONSENTS",
    "INCAPACITY",
    "MACHINES_OWN",
    "STATES",
    "THROUGH",
    "Word",
    "kind",
    "labelled",
    "rule_title",
    "values",
    "whose",
]

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

_RULES = {rule.id: rule for rule in RULES}


def rule_title(rule: str, occurrence: int) -> str:
    """What a deadline asks to be done, in the reader's language."""
    return title(_RULES[rule], occurrence)


def whose(rule: str) -> str:
    """Who has to act on a deadline."""
    return str(OWNERS[_RULES[rule].whose])
