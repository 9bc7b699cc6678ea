"""What people answer to the questions of a questionnaire, whatever these are."""

from collections.abc import Sequence
from random import Random
from typing import Any

from dossiers.models.career import CareerKind
from routing.models import Question
from routing.models.question import Kind
from tnw.web.demo.notes import AIMS, JOBS, SAID, SPOKEN, TRAININGS

TOLD_OF = {
    CareerKind.JOB: JOBS,
    CareerKind.TRAINING: TRAININGS,
    CareerKind.LANGUAGE: SPOKEN,
    CareerKind.AIM: AIMS,
}
NOTHING = "nothing"  # fits beside no other
SKIPPED = 0.25  # of the questions that need no answer


def answers(questions: Sequence[Question], rng: Random, language: str, *, whole: bool) -> dict[str, Any]:
    """Answers by code; of a questionnaire that is not complete the last pages are empty."""
    answered = questions if whole else questions[: len(questions) // 2]
    return {
        question.code: _answer(question, rng, language)
        for question in answered
        if question.required or rng.random() > SKIPPED
    }


def _answer(question: Question, rng: Random, language: str) -> Any:
    codes = [option.code for option in question.choices]
    match question.kind:
        case Kind.CHOICE:
            return rng.choice(codes)
        case Kind.MULTIPLE:
            chosen = [code for code in codes if rng.random() < 0.4] or codes[:1]
            return [code for code in chosen if code != NOTHING] or chosen
        case Kind.YES_NO:
            return rng.random() < 0.5
        case Kind.SCALE:
            return rng.randint(0, 10)
        case Kind.NUMBER:
            return rng.randint(1, 30)
        case _:
            told = TOLD_OF[CareerKind(question.career)] if question.career else SAID
            return rng.choice(told[language])
