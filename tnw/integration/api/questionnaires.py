"""Questionnaires: what was sent to the insured, and his answers, which a portal brings and no machine reads (A2, T2)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.acts import head_of
from dossiers.ledger import SENTENCES
from routing.models import Question
from routing.models import Questionnaire as Row
from routing.models.question import OF_A_LIST
from routing.models.questionnaire import Sending
from routing.questionnaires import entry
from routing.questionnaires.answers import HIGHEST_NUMBER, TEXT_LIMIT, taken
from routing.questionnaires.policies import BY_A_MACHINE
from routing.questionnaires.reading import answered
from routing.questionnaires.reference import questions_of
from routing.questionnaires.sending import CHANNELS, send
from tnw.accounts.models import LANGUAGES
from tnw.core.errors import DomainError, NotAllowed
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT, Dated
from tnw.integration.api.refdata import id_of_version
from tnw.integration.rest import Call, Code, Issue, Link, Problem, Resource, Shape, address, operation
from tnw.integration.rest.names import camel
from tnw.integration.rest.problem import EXT_INPUT

TAG = "Questionnaires"
READ, WRITE = "questionnaire:read", "questionnaire:write"
ANSWER = "questionnaireAnswer:write"
_LANGUAGES = [code for code, _name in LANGUAGES]
# A question is asked once, and no questionnaire asks more.
_MOST = 200


class Answered(serializers.BooleanField):
    """Whether it came back complete since it was sent."""

    def __init__(self, **more: Any) -> None:
        super().__init__(source="*", **more)

    def to_representation(self, value: Any) -> bool:
        return answered(value)


class Questions(Link):
    """Where the questions of a version stand."""

    def __init__(self, **more: Any) -> None:
        super().__init__("", **more)

    def to_representation(self, value: Any) -> str:
        return address(f"/refData/questionnaires/{id_of_version(value.dossier.fund, value.version)}")


class Questionnaire(Shape):
    """A questionnaire to the insured person, on its way or sent."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/questionnaires/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    state = Code(Sending)
    channel = Code(CHANNELS)
    language = Code(_LANGUAGES)
    prepared_on = serializers.DateField()
    sent_on = serializers.DateField(required=False)
    answered = Answered(help_text="Whether it came back complete since it was sent.")
    questions = Questions(help_text="What it asks.")


class NewQuestionnaire(Shape):
    """How it leaves the house, and in which language: that of the insured person where it is left out."""

    channel = Code(BY_A_MACHINE)
    language = Code(_LANGUAGES, required=False)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT},
            {"type": "integer", "format": "int32", "minimum": 0, "maximum": HIGHEST_NUMBER},
            {"type": "boolean"},
            {"type": "array", "items": {"type": "string", "maxLength": 40}, "minItems": 1, "maxItems": 50},
        ]
    }
)
class AnswerField(serializers.Field[Any, Any, Any, Any]):
    """An answer in plain data: a code, codes, a number, yes or no as true or false, a text."""

    _text = serializers.CharField(max_length=TEXT_LIMIT)

    def to_internal_value(self, data: Any) -> Any:
        match data:
            case bool() | int():
                return data
            case str():
                return self._text.run_validation(data)
            case list() if data and all(isinstance(one, str) for one in data):
                return [self._text.run_validation(one) for one in data]
        raise serializers.ValidationError(_NO_ANSWER)


class GivenAnswer(Shape):
    """The answer to one question."""

    question = serializers.CharField(max_length=40, help_text="The code of the question.")
    value = AnswerField(
        help_text="Of a list its code, or its codes in an array; of a scale or a number an integer; yes is true."
    )


class NewAnswers(Dated):
    """All answers that the insured person has given until now."""

    answers: Any = serializers.ListSerializer(child=GivenAnswer(), max_length=_MOST)
    complete = serializers.BooleanField(
        default=True,
        help_text="false: kept as a draft, in the place of the one before; nothing was received yet.",
    )


_NO_ANSWER = _("This is no answer to this question.")
_DOSSIER = "01939b6e-6a2f-7c3a-8f10-6a1d0f0c2b7e"
_SHOWN = nouns.example_of(
    "/questionnaires", "01939c02-7f1e-7b2d-8c3a-4b5c6d7e8f90", dossier=f"{AT}/dossiers/{_DOSSIER}", state="sent",
    channel="post", language="nl", preparedOn="2026-11-12", sentOn="2026-11-16", answered=False,
    questions=f"{AT}/refData/questionnaires/3a9f0c1d-2b4e-5f60-8a7b-9c0d1e2f3a4b",
)  # fmt: skip


def _rows(call: Call) -> "QuerySet[Row]":
    return Row.objects.visible_to(call.actor).select_related("version", "dossier__fund")


def _one(call: Call, public_id: UUID) -> Row:
    """Raises Http404."""
    if (found := _rows(call).filter(public_id=public_id).first()) is None:
        raise Http404
    call.saw(found.dossier)
    return found


class Questionnaires(Resource):
    tag = TAG

    @operation(
        "listQuestionnaires", "List the questionnaires of a dossier, the first the oldest", scope=READ,
        gives=Questionnaire, many=True,
        answer_example=nouns.example_list(f"/dossiers/{_DOSSIER}/questionnaires", _SHOWN),
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        return call.listed(Questionnaire, list(_rows(call).filter(dossier=dossier).order_by("pk")))

    @operation(
        "sendQuestionnaire", "Send a questionnaire, for the first time or again", scope=WRITE, takes=NewQuestionnaire,
        gives=Questionnaire, step=True, creates=True, problems=["transitionNotAllowed"],
        description="By post it waits until somebody says that it went. One that still waits is replaced.",
        example={"channel": "email", "language": "nl"},
        answer_example={**_SHOWN, "state": "toMail", "channel": "email"},
    )  # fmt: skip
    def post(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        made = send(dossier_id=dossier_id, actor=call.actor, on=call.today, seen=call.seen, **call.body)
        return call.created(Questionnaire, made, version=head_of(dossier))


class OneQuestionnaire(Resource):
    tag = TAG

    @operation(
        "getQuestionnaire", "Read how a questionnaire stands", scope=READ, gives=Questionnaire, answer_example=_SHOWN
    )  # fmt: skip
    def get(self, call: Call, questionnaire_id: UUID) -> Response:
        return call.shown(Questionnaire, _one(call, questionnaire_id))


class Answers(Resource):
    tag = TAG

    @operation(
        "createQuestionnaireAnswers",
        "Bring the answers of the insured person to a questionnaire",
        scope=ANSWER,
        takes=NewAnswers,
        gives=Questionnaire,
        creates=True,
        problems=["transitionNotAllowed"],
        description="Nothing reads them back over the API: the answer is the questionnaire without them. Complete, "
        "they are received by portal on that day; otherwise they are a draft that the next call replaces.",
        example={
            "answers": [
                {"question": "healthNow", "value": 6},
                {"question": "limits", "value": ["lifting", "pressure"]},
                {"question": "hasWork", "value": True},
            ],
            "complete": False,
        },
        answer_example=_SHOWN,
    )
    def post(self, call: Call, questionnaire_id: UUID) -> Response:
        one = _one(call, questionnaire_id)
        on = call.take_day()
        if on > call.today:  # what is complete is refused where it is recorded; a draft records nothing
            raise DomainError(SENTENCES["in_future"], code="in_future", field="on")
        given = _given(questions_of(one.version), call.body["answers"])
        refused: dict[str, Any] = {"state": camel(one.state), "possible": []}
        try:
            entry.hand_in(
                questionnaire_id=one.public_id, actor=call.actor, on=on, answers=given,
                complete=call.body["complete"],
            )  # fmt: skip
        except entry.Incomplete as error:
            issues = [
                Issue(EXT_INPUT + "requiredInput", "body", "answers", f"{_LACKS} ({camel(lacking.code)})")
                for lacking in error.missing
            ]
            raise Problem("badRequest", str(error), issues=issues) from error
        except entry.TypedMeanwhile as error:  # whose they are is not for a machine to know
            raise Problem("transitionNotAllowed", _TYPED, more=refused) from error
        except NotAllowed as error:
            if error.forbidden or error.field:
                raise
            raise Problem("transitionNotAllowed", str(error), more=refused) from error
        return call.created(Questionnaire, one, version=head_of(one.dossier))


_LACKS = _("This question has no answer yet.")
_TYPED = _("At the fund somebody is typing in answers to this questionnaire.")


def _given(questions: Sequence[Question], answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answers by the code of their question, as they are kept. Raises Problem, with an issue for each that is none."""
    asked = {camel(question.code): question for question in questions}
    found: dict[str, Any] = {}
    issues: list[Issue] = []
    for place, answer in enumerate(answers):
        question = asked.get(answer["question"])
        if question is None or question.code in found:
            sentence = _("This question is not asked here.") if question is None else _("Answered twice.")
            issues.append(Issue(EXT_INPUT + "rejectedInput", "body", f"answers[{place}].question", sentence))
            continue
        try:
            found[question.code] = taken(question, _inside(question, answer["value"]))
        except ValueError:
            issues.append(Issue(EXT_INPUT + "rejectedInput", "body", f"answers[{place}].value", _NO_ANSWER))
    if issues:
        raise Problem("badRequest", issues=issues)
    return found


def _inside(question: Question, value: Any) -> Any:
    """Codes as they are inside; what is none of this question becomes none at all."""
    if question.kind not in OF_A_LIST:
        return value
    codes = {camel(option.code): option.code for option in question.choices}
    return [codes.get(one, "") for one in value] if isinstance(value, list) else codes.get(value, "")
