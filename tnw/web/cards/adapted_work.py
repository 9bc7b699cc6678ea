"""Adapted work, with a traject or alone."""

from collections.abc import Iterator
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, told
from trajects.models import AdaptedWork
from trajects.models.adapted_work import AdaptedWorkState

# W1: named here, explained in the letter.
SPECIAL_RULE = gettext_lazy(
    "A special rule holds for combining its income with the benefit: the letter explains it."
)
S = AdaptedWorkState
TONES = {S.REFUSED: BAD, S.ENDED: GOOD, S.CANCELLED: OVER}


def cards(case: Case) -> Iterator[Card]:
    for one in sorted(case.dossier.adapted_works.all(), key=lambda one: (one.starts_on, one.pk)):
        tone = TONES.get(S(one.state), OPEN)
        what = case.texts(one.subject, "adapted_work_planned")
        yield Card(
            of=AdaptedWork.NAME,
            subject=one.subject,
            title=_("Adapted work"),
            state=one.get_state_display(),
            tone=tone,
            lines=told(
                (_("First day of work"), _starts(one, case.today)),
                (_("Which work"), "" if what or tone != OPEN else _("not recorded")),
                (_("Declared"), _declared(one)),
                (_("Permitted"), _permitted(one)),
                (
                    _("Hours a week"),
                    formats.number_format(one.hours.normalize(), use_l10n=True) if one.hours else "",
                ),
                (_("Ended on"), one.ended_on),
                (_("Income"), SPECIAL_RULE if tone == OPEN else ""),
            ),
            texts=case.texts(one.subject),
        )


def _starts(one: AdaptedWork, today: date) -> str:
    """And that it began before the doctor decided, which the law allows (W1)."""
    if one.state == S.DECLARED and one.starts_on < today:
        return _("%(day)s: begun already, the permission is waited for") % {"day": day(one.starts_on)}
    return day(one.starts_on)


def _declared(one: AdaptedWork) -> str:
    """In time, or late, or by when (T15)."""
    by = {"by": day(one.declare_by)}
    if one.declared_on is None:
        return _("not yet; in time up to and including %(by)s") % by if one.state == S.PLANNED else ""
    by["on"] = day(one.declared_on)
    if one.declared_late:
        return _("on %(on)s, late: the last working day before the start was %(by)s") % by
    return _("on %(on)s, in time: the last working day before the start was %(by)s") % by


def _permitted(one: AdaptedWork) -> str:
    if one.permitted_from is None:
        return ""
    days = {"first": day(one.permitted_from)}
    if one.permitted_to is None:
        return _("from %(first)s") % days
    return _("%(first)s up to and including %(last)s") % {**days, "last": day(one.permitted_to)}
