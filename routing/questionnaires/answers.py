"""What stands in an answer, whatever way it was typed: read from a form, judged when it is to be complete, told in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from routing.models import Question
from routing.models.question import Kind

TEXT_LIMIT = 4000
HIGHEST = 10
HIGHEST_NUMBER = 999_999
Answers = Mapping[str, Any]


def typed(questions: Iterable[Question], data: QueryDict) -> dict[str, Any]:
    """The answers in a posted form. What is no answer to its question is left out; a number that is none stays as typed."""
    found = {question.code: _typed(question, data) for question in questions}
    return {code: value for code, value in found.items() if value not in (None, "", [])}


def _typed(question: Question, data: QueryDict) -> Any:
    raw = str(data.get(question.name, "") or "").strip().replace("\x00", "")
    codes = [option.code for option in question.choices]
    match question.kind:
        case Kind.MULTIPLE:
            chosen = set(data.getlist(question.name))
            return [code for code in codes if code in chosen]
        case Kind.CHOICE:
            return raw if raw in codes else None
        case Kind.YES_NO:
            return {"yes": True, "no": False}.get(raw)
        case Kind.SCALE:
            return int(raw) if raw.isdecimal() and len(raw) < 3 and int(raw) <= HIGHEST else None
        case Kind.NUMBER:
            return int(raw) if raw.isdecimal() and len(raw) < 7 else raw[:40]
        case _:
            return raw[:TEXT_LIMIT]


def taken(question: Question, value: Any) -> Any:
    """An answer that came in as data, as it is kept: by its codes. Raises ValueError where it is none to this question."""
    codes = [option.code for option in question.choices]
    match question.kind, value:
        case Kind.MULTIPLE, list() if value and all(one in codes for one in value):
            return [code for code in codes if code in value]
        case Kind.CHOICE, str() if value in codes:
            return value
        case Kind.YES_NO, bool():
            return value
        case ((Kind.SCALE | Kind.NUMBER), int()) if not isinstance(value, bool):
            if 0 <= value <= (HIGHEST if question.kind == Kind.SCALE else HIGHEST_NUMBER):
                return value
        case Kind.TEXT, str() if 0 < len(value.strip()) <= TEXT_LIMIT and "\x00" not in value:
            return value.strip()
    raise ValueError(question.code)


def missing(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """The questions without which the answer is not complete, and those whose number is none."""
    return [
        question
        for question in questions
        if (question.required and question.code not in answers)
        or (question.kind == Kind.NUMBER and isinstance(answers.get(question.code), str))
    ]


class Told(NamedTuple):
    """A question with its answer in words; no words where it was not answered."""

    question: Question
    text: str


def told(questions: Sequence[Question], answers: Answers) -> list[Told]:
    return [Told(question, in_words(question, answers.get(question.code))) for question in questions]


def in_words(question: Question, value: Any) -> str:
    """An answer in the reader's language."""
    if value is None:
        return ""
    labels = {option.code: option.text for option in question.choices}
    match question.kind:
        case Kind.MULTIPLE:
            return ", ".join(labels.get(code, code) for code in value)
        case Kind.CHOICE:
            return labels.get(value, value)
        case Kind.YES_NO:
            return _("yes") if value else _("no")
        case Kind.SCALE:
            return _("%(n)s out of 10") % {"n": value}
        case _:
            return str(formats.localize(value)) if isinstance(value, int) else str(value)
