"""Dossiers: one per incapacity. Listed without names; found by SSIN or reference in a body, never in an address."""

from collections.abc import Iterable
from datetime import date
from functools import cache, reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db.models import DateField, F, Q, UUIDField, Value
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.acts import with_head
from dossiers.models import Dossier as Row
from dossiers.models import Incapacity
from dossiers.models.case import Cause, EndReason, Exclusion, Regime, running_on
from dossiers.phases import Phase, phase_on
from routing.models import RouteAState, RouteB, RouteBState, RouteC, RouteCState
from routing.models.route_c import Service
from tnw.accounts.models import LANGUAGES, Actor, ActorKind, Fund, Team, User
from tnw.core.db.prepared import Prepared
from tnw.integration.api.ssin import Ssin
from tnw.integration.api.ssin import person_of as person_of_ssin
from tnw.integration.rest import (
    Call,
    Code,
    FromCursor,
    Link,
    Many,
    Resource,
    Shape,
    codes_of,
    operation,
)
from trajects.models import Traject
from trajects.models.traject import Route, TrajectState

TAG = "Dossiers"
READ = "dossier:read"
STATES = ("running", "ended", "excluded")


class Coordinator(Shape):
    """The colleague at the fund who looks after a dossier."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class TeamOfFund(Shape):
    """A team of the fund."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class IncapacityOfDossier(Shape):
    """The recognized period that a dossier is about; `endDate` is its last recognized day."""

    reference = serializers.CharField()
    href = Link("/incapacities/{reference}")
    start_date = serializers.DateField(source="start")
    end_date = serializers.DateField(source="end", required=False)
    end_reason = Code(EndReason, required=False)
    regime = Code(Regime)
    cause = Code(Cause)
    employment_contract = serializers.BooleanField()
    excluded = Code(Exclusion, required=False)
    invalidity_from = serializers.DateField(required=False)


class RouteOfDossier(Shape):
    """One of the three entrances, and how far it is; of route C with which service."""

    route = Code(Route)
    state = Code(codes_of(RouteAState.values, RouteBState.values, RouteCState.values))
    service = Code(Service, required=False)


class TrajectOfDossier(Shape):
    """A return-to-work traject of a dossier, the whole guided return."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/trajects/{public_id}")
    state = Code(TrajectState)
    route = Code(Route)
    started_on = serializers.DateField()
    ended_on = serializers.DateField(required=False)


class DossierSummary(Shape):
    """A dossier as it stands in a list: no name, nothing of health."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/dossiers/{public_id}")
    state = Code(STATES)
    regime = Code(Regime)
    phase = Code(Phase)
    language = Code(dict(LANGUAGES))
    coordinator_id = serializers.UUIDField(required=False)
    team_id = serializers.UUIDField(required=False)


class Dossier(Shape):
    """A dossier: of which incapacity it is, how far its routes and trajects are, and who looks after it."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/dossiers/{public_id}")
    insured_person = Link("/insuredPersons/{insured_person_id}")
    state = Code(STATES)
    phase = Code(Phase)
    language = Code(dict(LANGUAGES))
    incapacity = IncapacityOfDossier()
    routes = serializers.ListField(child=RouteOfDossier())
    trajects = serializers.ListField(child=TrajectOfDossier())
    coordinator = Coordinator(required=False)
    team = TeamOfFund(required=False)
    facts = Link("/dossiers/{public_id}/facts")
    deadlines = Link("/dossiers/{public_id}/deadlines")
    documents = Link("/dossiers/{public_id}/documents")


class DossiersAsked(FromCursor):
    """Which dossiers: one of the values of a name, and all of the names; all where nothing is said."""

    state = Many(
        child=Code(STATES),
        required=False,
        max_length=50,
        help_text="Whether the incapacity runs, has ended, or is excluded.",
    )
    coordinator_id = Many(child=serializers.UUIDField(), required=False, max_length=50)
    team_id = Many(child=serializers.UUIDField(), required=False, max_length=50)
    regime = Many(child=Code(Regime), required=False, max_length=50)


class DossierQuery(Shape):
    """Of whom: the SSIN, or the reference of the incapacity; one of the two."""

    ssin = Ssin(required=False, help_text="Eleven digits, nothing between them.")
    reference = serializers.CharField(required=False, max_length=64)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(
                _("Give the SSIN or the reference, one of the two."), code="exactly_one"
            )
        return attrs


_ID = "0190a5e0-1111-7000-8000-000000000001"
_AT = f"http://localhost:8000/api/tnw/v1/dossiers/{_ID}"
SUMMARY = {
    "id": _ID, "href": _AT, "state": "running", "regime": "employee", "phase": "primary", "language": "nl",
    "coordinatorId": "0190a5e0-2222-7000-8000-000000000002",
}  # fmt: skip
EXAMPLE = {
    "id": _ID, "href": _AT, "insuredPerson": "http://localhost:8000/api/tnw/v1/insuredPersons/0190a5e0-4444-7000-8000-000000000004",
    "state": "running", "phase": "primary", "language": "nl",
    "incapacity": {
        "reference": "AO-2026-000123", "startDate": "2026-09-01", "regime": "employee", "cause": "illness",
        "href": "http://localhost:8000/api/tnw/v1/incapacities/AO-2026-000123",
        "employmentContract": True,
    },
    "routes": [{"route": "a", "state": "trajectStarted"}],
    "trajects": [
        {
            "id": "0190a5e0-3333-7000-8000-000000000003",
            "href": "http://localhost:8000/api/tnw/v1/trajects/0190a5e0-3333-7000-8000-000000000003",
            "state": "running", "route": "a", "startedOn": "2027-01-11",
        }
    ],
    "coordinator": {"id": "0190a5e0-2222-7000-8000-000000000002", "name": "An Goossens"},
    "facts": f"{_AT}/facts", "deadlines": f"{_AT}/deadlines", "documents": f"{_AT}/documents",
}  # fmt: skip
_ALL = "http://localhost:8000/api/tnw/v1/dossiers"


class Dossiers(Resource):
    tag = TAG

    @operation(
        "listDossiers", "List the dossiers of the fund", scope=READ, gives=DossierSummary, many=True,
        query=DossiersAsked, answer_example={"items": [SUMMARY], "total": 1, "self": _ALL, "first": _ALL},
    )  # fmt: skip
    def get(self, call: Call) -> Response:
        asked = call.query
        rows = Row.objects.visible_to(call.actor).filter(_in_states(asked.get("state", ()), call.today))
        if colleagues := asked.get("coordinator_id"):
            rows = rows.filter(coordinator__in=colleagues_of(call.fund, colleagues))
        if teams := asked.get("team_id"):
            rows = rows.filter(team__in=teams_of(call.fund, teams))
        if regimes := asked.get("regime"):
            rows = rows.filter(incapacity__regime__in=regimes)
        rows = rows.select_related("incapacity__person", "coordinator", "fund")

        def dressed(found: list[Row]) -> list[dict[str, Any]]:
            return [_summary(one, call.today) for one in found]

        return call.stretch(DossierSummary, rows, ("pk",), then=dressed)


class OneDossier(Resource):
    tag = TAG

    @operation("getDossier", "Read a dossier", scope=READ, gives=Dossier, answer_example=EXAMPLE)
    def get(self, call: Call, dossier_id: UUID) -> Response:
        return call.shown(Dossier, whole(call, dossier_id))


class DossierSearch(Resource):
    tag = TAG

    @operation(
        "queryDossiers", "Look up the dossiers of a person, or that of an incapacity", scope=READ,
        takes=DossierQuery, gives=Dossier, many=True, example={"reference": "AO-2026-000123"},
        answer_example={"items": [EXAMPLE], "total": 1, "self": f"{_ALL}/query?page=1", "first": f"{_ALL}/query?page=1"},
        description="What an SSIN stands for is asked in a body, so that it reaches no address and no log.",
    )  # fmt: skip
    def post(self, call: Call) -> Response:
        rows = Row.objects.visible_to(call.actor)
        if "reference" in call.body:
            found = rows.filter(incapacity__reference=call.body["reference"])
        else:
            person = person_of_ssin(call, call.body["ssin"])
            incapacities = Incapacity.objects.visible_to(call.actor).filter(person=person)
            found = rows.filter(incapacity__in=incapacities) if person else rows.none()
        ids = found.order_by("pk").values_list("public_id", flat=True)
        return call.listed(Dossier, [whole(call, one) for one in ids])


def colleagues_of(fund: Fund | None, public_ids: Iterable[UUID]) -> list[int]:
    """The keys of those who are colleagues of the fund; 0 where none is."""
    return list(User.objects.filter(fund=fund, public_id__in=public_ids).values_list("pk", flat=True)) or [0]


def teams_of(fund: Fund | None, public_ids: Iterable[UUID]) -> list[int]:
    """The keys of those that are teams of the fund; 0 where none is."""
    keys, asked = Team.objects.filter(fund=fund).values_list("pk", flat=True), set(public_ids)
    return [key for key in keys if fund and _team_id(fund, key) in asked] or [0]


def _team_id(fund: Fund, key: int) -> UUID:
    return uuid5(fund.public_id, f"team/{key}")


def _in_states(states: Iterable[str], today: date) -> Q:
    """Any of the states; all where none is named."""
    condition = {
        "running": running_on(today),
        "ended": Q(incapacity__end__lt=today, incapacity__excluded=""),
        "excluded": ~Q(incapacity__excluded=""),
    }
    return reduce(or_, (condition[state] for state in states), Q())


def _state(incapacity: Incapacity, today: date) -> str:
    if incapacity.excluded:
        return "excluded"
    return "ended" if incapacity.ended(today) else "running"


def _summary(row: Row, today: date) -> dict[str, Any]:
    incapacity = row.incapacity
    return {
        "public_id": row.public_id,
        "state": _state(incapacity, today),
        "regime": incapacity.regime,
        "phase": phase_on(incapacity, today),
        "language": incapacity.person.language,
        "coordinator_id": row.coordinator and row.coordinator.public_id,
        "team_id": row.team_id and _team_id(row.fund, row.team_id),
    }


# --- one dossier, which is asked for all day: what is told of it, and no more, by two queries that are compiled once


class _Found(NamedTuple):
    pk: int
    head: int
    insured_person_id: UUID
    language: str
    coordinator: UUID | None
    coordinator_name: str
    team: int | None
    team_name: str
    route_a: str | None


_INCAPACITY = (
    "reference", "start", "end", "end_reason", "regime", "cause", "employment_contract", "excluded", "invalidity_from",
)  # fmt: skip
_COLUMNS = (
    "pk", "head", "incapacity__person__public_id", "incapacity__person__language", "coordinator__public_id",
    "coordinator__name", "team", "team__name", "route_a__state",
)  # fmt: skip
_SOME = Row(pk=-7, public_id=UUID(int=7))
_SOMEBODY = Actor(kind=ActorKind.CLIENT, fund_id=-11)


@cache
def _dossier() -> Prepared:
    rows = with_head(Row.objects.visible_to(_SOMEBODY)).filter(public_id=_SOME.public_id)
    columns = (*_COLUMNS, *(f"incapacity__{name}" for name in _INCAPACITY))
    return Prepared(rows.values_list(*columns), fund=_SOMEBODY.fund_id, id=_SOME.public_id)


@cache
def _inside() -> Prepared:
    trajects = Traject.objects.visible_to(_SOMEBODY).filter(dossier=_SOME)
    columns = ("number", "state", "route", "public_id", "started_on", "ended_on")
    nothing = [Value(None, output_field=field) for field in (UUIDField(), DateField(), DateField())]
    routes_b = RouteB.objects.visible_to(_SOMEBODY).filter(dossier=_SOME)
    routes_c = RouteC.objects.visible_to(_SOMEBODY).filter(dossier=_SOME)
    rows = trajects.values_list(Value("traject"), *columns).union(
        routes_b.values_list(Value("B"), F("pk"), "state", Value(""), *nothing),
        routes_c.values_list(Value("C"), F("pk"), "state", "service", *nothing),
        all=True,
    )
    return Prepared(rows, fund=_SOMEBODY.fund_id, dossier=_SOME.pk)


def whole(call: Call, dossier_id: UUID) -> dict[str, Any]:
    """A dossier that the client of a fund may see, as it is told; with a line in the access log. Raises Http404."""
    fund, today = call.actor.fund, call.today
    rows = _dossier().rows(fund=fund.pk, id=dossier_id) if fund else []
    if not rows or not fund:
        raise Http404
    found = _Found._make(rows[0][: len(_COLUMNS)])
    incapacity = Incapacity(**dict(zip(_INCAPACITY, rows[0][len(_COLUMNS) :], strict=True)))
    call.told(fund.pk, found.pk, found.head)
    routes, trajects = _routes_and_trajects(_inside().rows(fund=fund.pk, dossier=found.pk))
    return {
        "public_id": dossier_id,
        "insured_person_id": found.insured_person_id,
        "state": _state(incapacity, today),
        "phase": phase_on(incapacity, today),
        "language": found.language,
        "incapacity": incapacity,
        "routes": [{"route": "A", "state": found.route_a}, *routes] if found.route_a else routes,
        "trajects": trajects,
        "coordinator": found.coordinator and {"public_id": found.coordinator, "name": found.coordinator_name},
        "team": found.team and {"id": _team_id(fund, found.team), "name": found.team_name},
    }


def _routes_and_trajects(
    rows: Iterable[tuple[Any, ...]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The routes, B before C, and the trajects, each kind as they began."""
    routes, trajects = [], []
    for kind, _number, state, route, *rest in sorted(rows):
        if kind == "traject":
            names = ("public_id", "started_on", "ended_on")
            trajects.append({"state": state, "route": route, **dict(zip(names, rest, strict=True))})
        else:
            routes.append({"route": kind, "state": state} | ({"service": route} if route else {}))
    return routes, trajects
