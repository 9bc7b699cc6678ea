"""The three entrances."""

from routing.models.claim import Claim
from routing.models.question import Question, QuestionnaireVersion, QuestionOption
from routing.models.questionnaire import AnswerSheet, Questionnaire
from routing.models.route_a import RouteA, RouteAState

__all__ = [
    "AnswerSheet",
    "Claim",
    "Question",
    "QuestionOption",
    "Questionnaire",
    "QuestionnaireVersion",
    "RouteA",
    "RouteAState",
]
