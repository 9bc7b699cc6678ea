"""What an answer tells of the career, line by line: proposed beside the answers, taken over where somebody says so."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers import acts, career
from dossiers.career import Details
from dossiers.models import CareerItem, Dossier
from dossiers.models.career import CareerKind, CareerSource
from dossiers.policies import may_write_career
from routing.models import AnswerSheet, Question
from routing.models.question import Kind
from routing.questionnaires import policies, reading
from routing.questionnaires.reference import questions_of
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict, require

LONGEST = 200
# Of one answer; whoever wrote a story wrote no list.
MOST_LINES = 50
# What people put before each line of a list.
BULLETS = " \t-–•*·"


class Proposal(NamedTuple):
    """One line of an answer as it would stand in the career; `key` names the line among those of its answers."""

    key: str
    kind: str
    title: str

    @property
    def label(self) -> str | Promise:
        return CareerKind(self.kind).label

    @property
    def same(self) -> tuple[str, str]:
        """What makes two of them the same."""
        return (self.kind, self.title)


def may_take_over(actor: Actor) -> Verdict:
    return may_write_career(actor, CareerSource.QUESTIONNAIRE) and policies.may_read_answers(actor)


def proposals(
    actor: Actor, dossier: Dossier, questions: Sequence[Question], sheet: AnswerSheet
) -> list[Proposal]:
    """The lines that are not in the career yet, each once, in the order of the questions."""
    items = CareerItem.objects.visible_to(actor).filter(dossier=dossier, removed_at=None)
    known = set(items.values_list("kind", "title"))
    new: dict[tuple[str, str], Proposal] = {}
    for line in _lines(questions, sheet):
        if line.same not in known:
            new.setdefault(line.same, line)
    return list(new.values())


def _lines(questions: Sequence[Question], sheet: AnswerSheet) -> Iterator[Proposal]:
    for question in questions:
        answer = sheet.answers.get(question.code)
        if question.career and question.kind == Kind.TEXT and isinstance(answer, str):
            for n, line in enumerate(answer.splitlines()[:MOST_LINES]):
                if title := " ".join(line.lstrip(BULLETS).split())[:LONGEST].strip():
                    yield Proposal(f"{question.code}-{n}", question.career, title)


@transaction.atomic
def take_over(
    *, dossier_id: UUID, sheet_id: UUID | None, keys: Collection[str], actor: Actor, on: date
) -> list[CareerItem]:
    """Note these lines of received answers in the career; those that are in it by now are left.

    Raises NotAllowed, DomainError.
    """
    require(may_take_over(actor))
    dossier = acts.begin(dossier_id, actor)
    received = (one.sheet for one in reading.standing(actor, dossier).happened if not one.voided)
    sheet = next((one for one in received if one and one.public_id == sheet_id), None)
    if sheet is None:
        raise DomainError(_("These answers are not in this dossier."), code="answers_unknown")
    if not keys:
        raise DomainError(_("Choose what to take over into the career."), code="required", field="line")
    questions = questions_of(sheet.version)
    if not set(keys) <= {line.key for line in _lines(questions, sheet)}:
        raise DomainError(_("This does not stand in these answers."), code="line_unknown", field="line")
    items = [
        career.note_in(
            dossier,
            kind=line.kind,
            details=Details(title=line.title),
            actor=actor,
            source=CareerSource.QUESTIONNAIRE,
        )
        for line in proposals(actor, dossier, questions, sheet)
        if line.key in keys
    ]
    if items:
        career.tell(dossier, actor, on)
    return items
