"""The three entrances."""

from routing.models.claim import Claim
from routing.models.pending import PendingDecision, PendingState
from routing.models.question import Question, QuestionnaireVersion, QuestionOption
from routing.models.questionnaire import AnswerSheet, Questionnaire
from routing.models.route_a import RouteA, RouteAState
from routing.models.route_b import RouteB, RouteBState
from routing.models.route_c import RouteC, RouteCState
from routing.models.window import RegistrationWindow

__all__ = [
    "AnswerSheet",
    "Claim",
    "PendingDecision",
    "PendingState",
    "Question",
    "QuestionOption",
    "Questionnaire",
    "QuestionnaireVersion",
    "RegistrationWindow",
    "RouteA",
    "RouteAState",
    "RouteB",
    "RouteBState",
    "RouteC",
    "RouteCState",
]
