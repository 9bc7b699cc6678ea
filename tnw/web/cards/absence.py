"""Each absence in route A: its step of the ladder, its letter with proof, the reduction; nothing is reduced here (X3)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dossiers import scans
from dossiers.law.facts import Fact
from dossiers.law.reductions import FIRST, Span
from tnw.web.absences import NOTHING_REDUCED, percent_in_words, period_in_words, step_in_words
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, told
from tnw.web.words import Word
from trajects.models import AbsenceProcedure
from trajects.models.absence import AbsenceState
from trajects.policies import absence as policies

TEXTS = (
    "absence_excused", "registered_letter_sent", "reduction_proposed", "new_date_asked", "absence_withdrawn",
)  # fmt: skip


def cards(case: Case) -> Iterator[Card]:
    absences = sorted(case.dossier.absences.all(), key=lambda one: (one.absent_on, one.subject))
    if not absences:
        return
    kept = scans.of_facts(case.actor, case.dossier)
    for one in absences:
        letters = [fact for fact in case.facts if _is_letter(fact, one)]
        yield Card(
            of=AbsenceProcedure.NAME,
            subject=one.subject,
            title=_("Absence: %(purpose)s") % {"purpose": one.get_purpose_display()},
            state=one.get_state_display(),
            tone=_tone(case, one),
            lines=list(_lines(case, one)),
            texts=case.texts(one.subject, *TEXTS),
            template="parts/letters.html",
            more={
                "dossier": case.dossier,
                "letters": [
                    {"on": fact.on, "number": fact.values["proof"], "scans": kept.get(fact.id, ())}
                    for fact in letters
                ],
                "told": NOTHING_REDUCED
                if policies.ladder(case.dossier).get(one.subject, FIRST) != FIRST
                else "",
            },
        )


def _is_letter(fact: Fact, one: AbsenceProcedure) -> bool:
    return fact.kind == "registered_letter_sent" and fact.subject == one.subject


def _tone(case: Case, one: AbsenceProcedure) -> str:
    """A first absence is over with its warning, until another makes it count; a confirmed one once its end is known."""
    if one.state in (AbsenceState.EXCUSED, AbsenceState.WITHDRAWN):
        return OVER
    span = policies.period(case.dossier, one)
    if one.state == AbsenceState.WARNED and span is None:
        return GOOD
    if one.state == AbsenceState.CONFIRMED and span and span.until and span.until < case.today:
        return BAD if _differs(one, span) else GOOD
    return OPEN


def _differs(one: AbsenceProcedure, span: Span | None) -> bool:
    """Whether what is recorded since makes the period another one than was confirmed."""
    if span is None:
        return True
    return one.reduced_from != span.since or (one.reduced_to is not None and one.reduced_to != span.until)


def _lines(case: Case, one: AbsenceProcedure) -> Iterator[tuple[Word, Word]]:
    dossier = case.dossier
    yield from told((_("Absent on"), one.absent_on), (_("Step"), step_in_words(dossier, one)))
    for fact in case.facts:
        if fact.kind == "reduction_refused" and fact.subject == one.subject:
            why = case.notes[fact.id].texts if fact.id in case.notes else ()
            yield _("Reduction not confirmed on"), ": ".join([day(fact.on), *why])
    if one.subject in policies.ladder(dossier):
        span, percent = policies.period(dossier, one), policies.percentage(dossier, one)
        if span is not None:
            yield _("Period of the reduction"), period_in_words(span)
            yield _("Percentage"), percent_in_words(percent)
        if one.state == AbsenceState.CONFIRMED:
            yield _("Confirmed"), _confirmed(one)
            if _differs(one, span) or one.percent != percent:
                yield (
                    _("No longer right"),
                    _("What was recorded since makes this another reduction: it has to be withdrawn."),
                )
    yield from told((_("New date asked on"), one.asked_on), (_("Came on"), one.attended_on))


def _confirmed(one: AbsenceProcedure) -> str:
    assert one.reduced_from is not None  # a constraint says so
    return f"{period_in_words(Span(one.reduced_from, one.reduced_to))}, {percent_in_words(one.percent)}"
