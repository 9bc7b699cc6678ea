"""What stands beside the decision: why the dossier waits, what was found before, what the insured answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dossiers.models import Dossier, HealthNoteText, LedgerEntry
from dossiers.notes import notes_of
from dossiers.reading import as_row, entries_of
from routing.assessments import REFER, RULES, examinations_of, waiting_of
from routing.questionnaires.answers import Told, told
from routing.questionnaires.reading import standing
from routing.questionnaires.reference import questions_of
from routing.questionnaires.scoring import Score, score
from tnw.accounts.models import Actor
from tnw.web import dossier as page_of
from tnw.web.dossier import Event, Line, Standing

DECISIONS = frozenset({"assessment_made", "referral_made", "referral_withdrawn"})
QUESTIONNAIRE = frozenset(
    {"questionnaire_sent", "questionnaire_waived", "questionnaire_received", "support_offered"}
)
NOTES = 5


@dataclass(frozen=True, slots=True)
class Screen:
    """One dossier as the doctor reads it before deciding. `head` is the number of the last entry that is in it."""

    head: int
    standing: Standing
    waits_for: Sequence[Line]
    to_refer: bool
    decisions: Sequence[Event]
    questionnaire: Sequence[Event]
    answers: Sequence[Told]
    score: Score | None
    contacts: Sequence[Event]
    notes: Sequence[HealthNoteText]
    examination: datetime | None


def read(actor: Actor, dossier: Dossier, today: date) -> Screen:
    """Read it all. Begin with a dossier that may be seen."""
    ledger = entries_of(actor, dossier)
    events = [event for event in page_of.events(ledger, notes_of(actor, ledger)) if not event.struck]
    examined = _examined(ledger)
    waiting = waiting_of(actor, [dossier.pk], today).get(dossier.pk, [])
    rules = {deadline.rule for deadline in waiting if deadline.rule in RULES}
    lines = page_of.lines(
        [(deadline, as_row(deadline)) for deadline in waiting],
        regime=dossier.incapacity.regime,
        moves=(),
        reminded={},
        today=today,
    )
    answers, weighed = _answers(actor, dossier)
    return Screen(
        head=max((entry.seq for entry in ledger), default=0),
        standing=page_of.standing(dossier.incapacity, today),
        waits_for=lines,
        to_refer=rules == {REFER},
        decisions=_of(events, DECISIONS),
        questionnaire=_of(events, QUESTIONNAIRE),
        answers=answers,
        score=weighed,
        contacts=[
            event
            for event in events
            if event.entry.kind == "medical_contact_held" or event.entry.subject in examined
        ],
        notes=_notes(actor, dossier),
        examination=examinations_of(actor, [dossier.pk]).get(dossier.pk),
    )


def _of(events: Iterable[Event], kinds: frozenset[str]) -> list[Event]:
    return [event for event in events if event.entry.kind in kinds]


def _examined(ledger: Iterable[LedgerEntry]) -> set[str]:
    """The subjects of the medical examinations that were called for."""
    return {
        entry.subject
        for entry in ledger
        if entry.kind == "appointment_made" and entry.values.get("purpose") == "medical_examination"
    }


def _answers(actor: Actor, dossier: Dossier) -> tuple[list[Told], Score | None]:
    """What was answered in the answers that count, and the number that may help to weigh them."""
    sheet = standing(actor, dossier).counts
    if sheet is None:
        return [], None
    questions = questions_of(sheet.version)
    return [one for one in told(questions, sheet.answers) if one.text], score(questions, sheet.answers)


def _notes(actor: Actor, dossier: Dossier) -> list[HealthNoteText]:
    """The latest text of each health note, the latest note first."""
    texts = HealthNoteText.objects.visible_to(actor).filter(health_note__dossier=dossier)
    latest = texts.order_by("health_note", "-version").distinct("health_note").values("pk")
    return list(texts.filter(pk__in=latest).select_related("author").order_by("-written_at")[:NOTES])
