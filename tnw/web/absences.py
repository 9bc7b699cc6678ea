"""Step, period and percentage of an absence in words, for acts and cards alike (X1, X2)."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.law.reductions import Span
from dossiers.models import Dossier
from trajects.fact_words import CODES
from trajects.models import AbsenceProcedure
from trajects.policies import absence as policies

NOTHING_REDUCED = gettext_lazy(
    "It is worked out and proposed here, and another person confirms it. Nothing is paid or reduced by this "
    "application: that remains with the service that pays the benefits."
)


def step_in_words(dossier: Dossier, one: AbsenceProcedure) -> str:
    """Which step of the ladder it is; of what does not count, none."""
    step = policies.ladder(dossier).get(one.subject, "")
    return str(CODES["step"][step]) if step else ""


def period_in_words(span: Span | None) -> str:
    """From when until when a benefit is reduced."""
    if span is None:
        return _("no reduction")
    told = {"since": formats.date_format(span.since, "d/m/Y")}
    if span.until is None:
        return _("from %(since)s, its end is not known yet") % told
    if span.empty:
        return _("no day to reduce")
    told["until"] = formats.date_format(span.until, "d/m/Y")
    return _("from %(since)s up to and including %(until)s") % told


def percent_in_words(percent: Decimal | None) -> str:
    """The percentage of the daily benefit."""
    if percent is None:
        return _("no percentage")
    return _("%(percent)s %% of the daily benefit") % {"percent": _number(percent)}


def _number(value: Decimal) -> str:
    """Without the zeros behind the comma that say nothing."""
    return str(formats.localize(int(value) if value == int(value) else value.normalize()))
