"""A training, from its proposal to the assessment after it."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, said, told, with_traject
from tnw.web.presumption import between
from tnw.web.words import Word
from trajects.fact_words import CODES, KINDS
from trajects.models import TrainingProject
from trajects.models.training import TrainingState
from trajects.policies.training import letter_lacks
from trajects.presumption import bands

S = TrainingState
TONES = {S.FAILED: OVER, S.BROKEN_OFF: OVER, S.REASSESSED: GOOD}


def cards(case: Case) -> Iterator[Card]:
    for one in sorted(case.dossier.trainings.all(), key=lambda one: (one.proposed_on, one.pk)):
        letter = day(one.letter_on) if one.letter_on else ""
        # A refusal is over once it was told.
        tone = TONES.get(S(one.state), OPEN)
        if one.state == S.REFUSED:
            tone = BAD if one.letter_on else OPEN
        days = (
            {"first": day(one.starts_on), "last": day(one.ends_on)} if one.starts_on and one.ends_on else {}
        )
        band = next(iter(bands((), [one], case.dossier.incapacity)), None)
        broken_off = one.state == S.BROKEN_OFF
        yield Card(
            of=TrainingProject.NAME,
            subject=one.subject,
            title=_("Training"),
            state=one.get_state_display(),
            tone=tone,
            lines=told(
                (_("Proposed by"), CODES["proposed_by"].get(one.proposed_by, "")),
                (_("Decision"), _decision(one)),
                (
                    pgettext("training", "Days"),
                    _("%(first)s up to and including %(last)s") % days if days else "",
                ),
                (_("Presumption of incapacity"), between(band) if band else ""),
                (_("Registered letter"), letter or (_("missing") if letter_lacks(one) else "")),
                (_("Broken off on") if broken_off else _("Ended on"), one.ended_on),
                (
                    _("Why it ended"),
                    with_traject(case.facts, "training_broken_off", one.subject) if broken_off else "",
                ),
            ),
            course=[
                (day(fact.on), _stage(case, fact))
                for fact in case.facts
                if fact.subject == one.subject and fact.kind.startswith("training_")
            ],
            texts=case.texts(one.subject, "registered_letter_sent"),
        )


def _decision(one: TrainingProject) -> str:
    """What was decided: the state tells it no more once the training is over."""
    if one.decided_on is None:
        return ""
    told = {"day": day(one.decided_on)}
    return _("refused on %(day)s") % told if one.starts_on is None else _("approved on %(day)s") % told


def _stage(case: Case, fact: Fact) -> Word:
    """One stage: what was found or decided, and what was written beside it for this reader."""
    found = {
        "training_advised": (
            "favorable",
            pgettext("review", "favourable"),
            pgettext("review", "unfavourable"),
        ),
        "training_reviewed": (
            "favorable",
            pgettext("review", "favourable"),
            pgettext("review", "unfavourable"),
        ),
        "training_decided": ("approved", pgettext("training", "approved"), pgettext("training", "refused")),
        "training_completed": ("success", _("with success"), _("without success")),
    }.get(fact.kind)
    outcome = ""
    if found:
        name, yes, no = found
        outcome = f" ({yes if fact.values[name] else no})"
    note = case.notes.get(fact.id)
    return said(f"{KINDS[fact.kind]}{outcome}", note.texts if note else ())


def waits(dossier: Dossier, today: date) -> Iterator[str]:
    """What RIZIV, the HCGRI and the training itself are waited for."""
    for one in dossier.trainings.all():
        if one.state == S.SUBMITTED:
            yield _("The review of the training by RIZIV")
        elif one.state == S.REVIEWED:
            yield _("The decision of the HCGRI on the training")
        elif one.state == S.APPROVED and one.ends_on and one.ends_on >= today:
            yield _("The end of the training on %(day)s") % {"day": day(one.ends_on)}


def missing(dossier: Dossier, today: date) -> Iterator[str]:
    """For what now: a refusal that nobody was told of, an advice against, a decided training of which the end is unknown."""
    for one in dossier.trainings.all():
        if letter_lacks(one) and one.decided_on:
            told = {"day": day(one.decided_on)}
            yield _("The registered letter of the refusal of the training, decided on %(day)s.") % told
        elif one.state == S.ADVISED_AGAINST:
            yield _(
                "After the unfavourable advice on the training: another advice, or that it is broken off."
            )
        elif one.state == S.APPROVED and one.ends_on and one.ends_on < today:
            yield _("The outcome of the training that ended on %(day)s.") % {"day": day(one.ends_on)}
