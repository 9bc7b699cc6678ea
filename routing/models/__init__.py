"""The three entrances."""

from routing.models.question import Question, QuestionnaireVersion, QuestionOption
from routing.models.questionnaire import AnswerSheet, Questionnaire
from routing.models.route_a import RouteA, RouteAState

__all__ = [
    "AnswerSheet",
    "Question",
    "QuestionOption",
    "Questionnaire",
    "QuestionnaireVersion",
    "RouteA",
    "RouteAState",
]
