"""A number from the answers, as a help to whoever assesses. It decides nothing: no rule, job or step reads it."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from routing.models import Question
from routing.models.question import Kind
from routing.questionnaires.answers import HIGHEST, Answers

# From this score on; below the first nothing can be lower.
BANDS: tuple[tuple[int, str | Promise], ...] = (
    (0, pgettext_lazy("score", "few signs that resumption is within reach")),
    (40, pgettext_lazy("score", "mixed signs")),
    (70, pgettext_lazy("score", "many signs that resumption is within reach")),
)


class Score(NamedTuple):
    """From 0 to 100, over the weighed questions that were answered."""

    value: int
    band: str | Promise
    answered: int
    weighed: int


def score(questions: Sequence[Question], answers: Answers) -> Score | None:
    """The weights of the answers, between the least and the most these questions could give; None without any."""
    weighed = [(question, span) for question in questions if (span := _span(question)) != (0, 0)]
    told = [(question, span) for question, span in weighed if question.code in answers]
    low, high = (sum(span[end] for _question, span in told) for end in (0, 1))
    if high == low:
        return None
    value = round(
        100
        * (sum(_weight(question, answers[question.code]) for question, _span in told) - low)
        / (high - low)
    )
    band = next(words for least, words in reversed(BANDS) if value >= least)
    return Score(value, band, len(told), len(weighed))


def _span(question: Question) -> tuple[int, int]:
    """The least and the most that a question can weigh."""
    weights = [option.weight for option in question.choices]
    match question.kind:
        case Kind.CHOICE:
            return (min(weights, default=0), max(weights, default=0))
        case Kind.MULTIPLE:
            return (sum(min(w, 0) for w in weights), sum(max(w, 0) for w in weights))
        case Kind.SCALE | Kind.YES_NO:
            return (min(question.weight, 0), max(question.weight, 0))
        case _:
            return (0, 0)


def _weight(question: Question, value: object) -> float:
    weights = {option.code: option.weight for option in question.choices}
    match question.kind:
        case Kind.CHOICE:
            return weights.get(str(value), 0)
        case Kind.MULTIPLE:
            return sum(weights.get(code, 0) for code in value) if isinstance(value, list) else 0
        case Kind.SCALE:
            return question.weight * value / HIGHEST if isinstance(value, int) else 0
        case _:
            return question.weight if value is True else 0
