"""Reference data: the codes of the API in three languages, the law's table, and what a portal needs to ask its questions."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.http import Http404
from django.utils import translation
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.explanations.table import RuleInWords, rules_on
from dossiers.law.kinds import KINDS, Value
from dossiers.law.rules import INTERNAL, LAW_FROM, LEGAL, RULES, in_force
from dossiers.law.vocabulary import Rule
from dossiers.models.case import Regime
from dossiers.policies import TOLD_TO_MACHINES, UNTOLD_RULES
from routing.models import QuestionnaireVersion
from routing.models.question import Kind, Question, Section
from routing.models.route_c import Service
from routing.windows import windows_of
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.api.codelists import CODE_LISTS, list_of
from tnw.integration.api.facts import name_of
from tnw.integration.api.funds import funds_of
from tnw.integration.api.refdata_examples import EXAMPLES, ROOT
from tnw.integration.rest import Call, Code, Link, Resource, Shape, Texts, operation, texts
from tnw.integration.rest.names import camel, code_name
from tnw.integration.rest.schema import PLACES
from tnw.integration.rest.shape import LANGUAGES
from tnw.integration.webhooks.events import EVENT_TYPES, scope_of
from trajects import fact_words

TAG = "Reference data"
READ = "refData:read"
Rows = Callable[[Call], Iterable[dict[str, Any]]]
for _place, _example in (
    ("codeListId", "regimes"),
    ("factKindId", "questionnaireSent"),
    ("deadlineRuleId", "t1"),
    ("eventTypeId", "be.tnw.dossier.changed"),
):
    PLACES[_place] = {
        "type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9.]{0,79}$", "example": _example,
        "description": "As the list names it.",
    }  # fmt: skip


def _resources(
    path: str,
    ids: tuple[str, str],
    what: tuple[str, str],
    shape: type[Shape],
    rows: Rows,
    ever: Rows | None = None,
) -> Any:
    """A list of reference data, and one of it: also of what is not listed any more, `ever`."""
    href = f"{ROOT}/refData/{path}"
    example = EXAMPLES[path]
    example = {"id": example["id"], "href": f"{href}/{example['id']}", **example}

    class Listing(Resource):
        @operation(ids[0], what[0], scope=READ, gives=shape, many=True, partner=True,
                   answer_example={"items": [example], "total": 1, "self": f"{href}?page=1"})  # fmt: skip
        def get(self, call: Call) -> Response:
            return call.listed(shape, list(rows(call)))

    class Single(Resource):
        @operation(ids[1], what[1], scope=READ, gives=shape, partner=True, answer_example=example)
        def get(self, call: Call, **place: str | UUID) -> Response:
            (wanted,) = place.values()
            for one in (ever or rows)(call):
                if one["id"] == wanted:
                    return call.shown(shape, one, version=1)
            raise Http404

    Listing.tag = Single.tag = TAG
    return Listing, Single


# --- codes


class CodeName(Shape):
    """A code, as it stands in the API, and what people call it."""

    code = serializers.CharField()
    name = Texts()


class CodeList(Shape):
    """The codes of one thing."""

    id = serializers.CharField()
    href = Link("/refData/codeLists/{id}")
    codes = serializers.ListField(child=CodeName())


@cache
def _code_lists() -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "codes": [{"code": code_name(code), "name": texts(label)} for code, label in codes.items()],
        }
        for id, codes in sorted(CODE_LISTS().items())
    ]


CodeLists, OneCodeList = _resources(
    "codeLists", ("listCodeLists", "getCodeList"), ("List the lists of codes", "Read a list of codes"),
    CodeList, lambda call: _code_lists(),
)  # fmt: skip


# --- facts


class FactKindValue(Shape):
    """A value of a kind of fact: its name and type, and which list its codes are of."""

    name = serializers.CharField()
    type = Code(["code", "date", "date_time", "boolean", "integer", "number", "fact", "changes"])
    required = serializers.BooleanField()  # type: ignore[assignment]  # DRF has one of this name
    codes = serializers.ListField(child=serializers.CharField(), required=False)
    code_list = serializers.CharField(required=False, help_text="Which one of `/refData/codeLists`.")


class FactKind(Shape):
    """A kind of fact, and those of its values that are told over the API."""

    id = serializers.CharField()
    href = Link("/refData/factKinds/{id}")
    name = Texts()
    values = serializers.ListField(child=FactKindValue())


_TYPES = {
    "moment": "date_time", "bool": "boolean", "int": "integer", "decimal": "number", "text": "fact",
}  # fmt: skip


def _value(kind: str, value: Value) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": camel(name_of(kind, value.name)),
        "type": _TYPES.get(value.type, value.type),
        "required": value.required,
    }
    if value.type == "code":
        told |= {"codes": [code_name(one) for one in value.codes], "code_list": list_of(value.codes)}
    return told


@cache
def _fact_kinds() -> list[dict[str, Any]]:
    return [
        {
            "id": camel(kind.name),
            "name": texts(fact_words.kind(kind.name)),
            "values": [
                _value(kind.name, value)
                for value in kind.values
                if value.name in TOLD_TO_MACHINES.get(kind.name, ())
            ],
        }
        for kind in sorted(KINDS.values())
    ]


FactKinds, OneFactKind = _resources(
    "factKinds", ("listFactKinds", "getFactKind"), ("List the kinds of facts", "Read a kind of fact"),
    FactKind, lambda call: _fact_kinds(),
)  # fmt: skip


# --- the law


class RuleVersion(Shape):
    """A rule as it holds between two days for some regimes, in words."""

    start_date = serializers.DateField()
    end_date = serializers.DateField(required=False)
    regimes = serializers.ListField(child=Code(Regime))
    opens = Texts(help_text="What sets the deadline in motion.")
    period = Texts(help_text="On which day it falls.")
    ground = Texts(help_text="The legal ground.")
    ground_verified = serializers.BooleanField(
        help_text="Whether it was read in the Belgian Official Gazette."
    )


class DeadlineRule(Shape):
    """A deadline of the law, or a target of the fund. Those that follow a medical finding are told to no machine."""

    id = serializers.CharField()
    href = Link("/refData/deadlineRules/{id}")
    name = Texts()
    kind = Code([LEGAL, INTERNAL])
    whose = Code(sorted({rule.whose for rule in RULES}))
    versions = serializers.ListField(child=RuleVersion())


def _words(rule: Rule) -> dict[str, RuleInWords]:
    """A rule in each language, as it stands today or stood on its last day."""
    day = min(rule.valid_to or clock.today(), clock.today())
    return {language: _law_on(day, language)[rule] for language in LANGUAGES}


@lru_cache(maxsize=64)
def _law_on(day: date, language: str) -> dict[Rule, RuleInWords]:
    """The law of a day in words: it takes a tenth of a second, and changes once a day at most."""
    with translation.override(language):
        return dict(zip(in_force(day), rules_on(day), strict=True))


def _deadline_rules(call: Call) -> Iterator[dict[str, Any]]:
    versions: dict[str, list[dict[str, Any]]] = {}
    told: dict[str, dict[str, Any]] = {}
    for rule in (rule for rule in RULES if rule.id not in UNTOLD_RULES):
        words = _words(rule)
        own = versions.setdefault(rule.id, [])
        own.append(
            {
                "start_date": max(rule.valid_from, min(LAW_FROM[regime] for regime in rule.regimes)),
                "end_date": rule.valid_to,
                "regimes": rule.regimes,
                "ground_verified": rule.ground.verified,
                **{name: {language: getattr(one, name) for language, one in words.items()}
                   for name in ("opens", "period", "ground")},
            }
        )  # fmt: skip
        told[rule.id] = {
            "id": code_name(rule.id),
            "name": {language: one.title for language, one in words.items()},
            "kind": rule.kind,
            "whose": rule.whose,
            "versions": own,
        }
    yield from told.values()


DeadlineRules, OneDeadlineRule = _resources(
    "deadlineRules", ("listDeadlineRules", "getDeadlineRule"), ("List the rules of the deadlines", "Read a rule"),
    DeadlineRule, _deadline_rules,
)  # fmt: skip


# --- regional services


class Window(Shape):
    """From when until when somebody can be registered, both days included; `endDate` is left out where it is open."""

    start_date = serializers.DateField(source="opens_on")
    end_date = serializers.DateField(source="closes_on", required=False)


class RegistrationWindows(Shape):
    """When a regional service can register somebody with a fund, by route C."""

    id = serializers.UUIDField()
    href = Link("/refData/registrationWindows/{id}")
    fund = Link("/funds/{fund}")
    service = Code(Service)
    windows = serializers.ListField(child=Window())


def _windows(call: Call) -> Iterator[dict[str, Any]]:
    for fund in funds_of(call):
        for service, windows in windows_of(fund.pk).items():
            if call.actor.service in ("", service):
                yield {
                    "id": uuid5(fund.public_id, f"registrationWindows/{service}"),
                    "fund": fund.public_id,
                    "service": service,
                    "windows": windows,
                }


RegistrationWindowLists, OneRegistrationWindowList = _resources(
    "registrationWindows", ("listRegistrationWindows", "getRegistrationWindows"),
    ("List when regional services can register somebody", "Read when a regional service can register somebody"),
    RegistrationWindows, _windows,
)  # fmt: skip


# --- webhooks


class EventType(Shape):
    """A kind of event that a webhook can be told of, and the scope that it asks."""

    id = serializers.CharField()
    href = Link("/refData/eventTypes/{id}")
    scope = serializers.CharField()


EventTypes, OneEventType = _resources(
    "eventTypes", ("listEventTypes", "getEventType"), ("List the kinds of events", "Read a kind of event"),
    EventType, lambda call: ({"id": one, "scope": scope_of(one)} for one in EVENT_TYPES),
)  # fmt: skip


# --- the questionnaire


class QuestionOption(Shape):
    """One of the answers to choose from."""

    code = serializers.CharField()
    text = Texts()


class QuestionToAsk(Shape):
    """A question: what is asked, and what an answer to it looks like."""

    code = serializers.CharField()
    section = Code(Section)
    type = Code(Kind)
    required = serializers.BooleanField(  # type: ignore[assignment]  # DRF has one of this name
        help_text="Whether an answer without it is incomplete."
    )
    text = Texts()
    help = Texts(required=False)
    options = serializers.ListField(child=QuestionOption(), required=False)


class QuestionSet(Shape):
    """The questionnaire that a fund asks, in the order of its questions."""

    id = serializers.UUIDField()
    href = Link("/refData/questionnaires/{id}")
    fund = Link("/funds/{fund}")
    number = serializers.IntegerField()
    valid_from = serializers.DateField()
    title = Texts()
    questions = serializers.ListField(child=QuestionToAsk())


def _in_languages(row: Any, name: str) -> dict[str, str] | None:
    told = {language: getattr(row, f"{name}_{language}") for language in LANGUAGES}
    return told if all(told.values()) else None


def _question(one: Question) -> dict[str, Any]:
    return {
        "code": camel(one.code), "section": one.section, "type": one.kind, "required": one.required,
        "text": _in_languages(one, "text"), "help": _in_languages(one, "help"),
        "options": [{"code": camel(option.code), "text": _in_languages(option, "text")} for option in one.choices] or None,
    }  # fmt: skip


def id_of_version(fund: Fund, version: QuestionnaireVersion) -> UUID:
    """Under which a version of the questionnaire is known outside."""
    return uuid5(fund.public_id, f"questionnaire/{version.number}")


def _question_set(fund: Fund, version: QuestionnaireVersion) -> dict[str, Any]:
    return {
        "id": id_of_version(fund, version),
        "fund": fund.public_id,
        "number": version.number,
        "valid_from": version.valid_from,
        "title": _in_languages(version, "title"),
        "questions": [_question(one) for one in version.questions.prefetch_related("options")],
    }


def _asked(call: Call) -> Iterator[dict[str, Any]]:
    for fund in funds_of(call):
        version = QuestionnaireVersion.objects.in_force(fund, call.today)
        if version is not None:
            yield _question_set(fund, version)


def _ever_asked(call: Call) -> Iterator[dict[str, Any]]:
    """What was sent under an earlier version asks its questions still."""
    for fund in funds_of(call):
        for version in QuestionnaireVersion.objects.filter(fund=fund, valid_from__isnull=False):
            yield _question_set(fund, version)


Questionnaires, OneQuestionnaire = _resources(
    "questionnaires", ("listQuestionSets", "getQuestionSet"),
    ("List the questionnaires that are asked today", "Read a questionnaire that is asked, or once was"),
    QuestionSet, _asked, _ever_asked,
)  # fmt: skip
