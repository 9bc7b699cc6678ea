"""What a doctor reads before judging anything: findings, answers, notes, and what was said in the last contacts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dossiers.models import Dossier, HealthNoteText, LedgerEntry
from dossiers.notes import notes_of
from routing.questionnaires.answers import Told, told
from routing.questionnaires.reading import standing
from routing.questionnaires.reference import questions_of
from routing.questionnaires.scoring import Score, score
from tnw.accounts.models import Actor
from tnw.web import dossier as page_of
from tnw.web.dossier import Event

DECISIONS = frozenset({"assessment_made", "referral_made", "referral_withdrawn"})
QUESTIONNAIRE = frozenset(
    {"questionnaire_sent", "questionnaire_waived", "questionnaire_received", "support_offered"}
)
REPORTED = frozenset({"first_contact_held", "contact_held", "plan_meeting_held"})
# The question that asks what the feed tells as well.
HAS_WORK = "has_work"
NOTES = 5
REPORTS = 3


@dataclass(frozen=True, slots=True)
class Background:
    """The latest first; each text only for whom it is."""

    decisions: Sequence[Event]
    questionnaire: Sequence[Event]
    answers: Sequence[Told]
    score: Score | None
    has_work: bool | None  # as it was answered; None where it was not
    medical: Sequence[Event]
    reports: Sequence[Event]
    notes: Sequence[HealthNoteText]


def read(
    actor: Actor, dossier: Dossier, ledger: Sequence[LedgerEntry], *, but: Collection[str] = ()
) -> Background:
    """All of it, from the entries of a dossier that may be seen; without the reports of facts that stand elsewhere."""
    events = [event for event in page_of.events(ledger, notes_of(actor, ledger)) if not event.struck]
    examined = _examined(ledger)
    answers, weighed, has_work = _answers(actor, dossier)
    return Background(
        decisions=_of(events, DECISIONS),
        questionnaire=_of(events, QUESTIONNAIRE),
        answers=answers,
        score=weighed,
        has_work=has_work,
        medical=[
            event
            for event in events
            if event.entry.kind == "medical_contact_held" or event.entry.subject in examined
        ],
        reports=_of(events, REPORTED.difference(but))[:REPORTS],
        notes=_notes(actor, dossier),
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


def _answers(actor: Actor, dossier: Dossier) -> tuple[list[Told], Score | None, bool | None]:
    """What was answered in the answers that count, the number that may help to weigh them, and whether there is work."""
    sheet = standing(actor, dossier).counts
    if sheet is None:
        return [], None, None
    questions = questions_of(sheet.version)
    answers = [one for one in told(questions, sheet.answers) if one.text]
    return answers, score(questions, sheet.answers), sheet.answers.get(HAS_WORK)


def _notes(actor: Actor, dossier: Dossier) -> list[HealthNoteText]:
    """The latest text of each health note, the latest note first."""
    texts = HealthNoteText.objects.visible_to(actor).filter(health_note__dossier=dossier)
    latest = texts.order_by("health_note", "-version").distinct("health_note").values("pk")
    return list(texts.filter(pk__in=latest).select_related("author").order_by("-written_at")[:NOTES])
