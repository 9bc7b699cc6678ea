"""Figures by quarter, each with its definition; behind the two that the funding counts stand the facts themselves."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from routing.figures import closing, counting, rows
from routing.figures.quarter import Quarter
from routing.figures.table import FEW, FUNDING, TO_CLIENTS, ToClients
from tnw.integration.api.facts import id_of as fact_id_of
from tnw.integration.rest import Call, Code, Link, Paged, Resource, Shape, Texts, address, operation, texts
from tnw.integration.rest.names import camel
from tnw.integration.rest.schema import PLACES

TAG = "Figures"
READ = "figures:read"
BY_NAME = {camel(code): code for code in TO_CLIENTS}
_ID = re.compile(rf"({'|'.join(BY_NAME)})(2\d{{3}})q([1-4])")
PLACES["figureId"] = {
    "type": "string", "pattern": r"^[a-z][A-Za-z]{1,40}2[0-9]{3}q[1-4]$", "example": "completeQuestionnaires2026q4",
    "description": "What is counted, and the quarter.",
}  # fmt: skip


class Figure(Shape):
    """How many there were in a quarter. `number` is left out where fewer than five could be somebody in particular.

    The counts of the funding are closed on the day after their quarter: the number then stays as it is, and what is
    recorded later is told beside it.
    """

    id = serializers.CharField()
    href = Link("/figures/{id}")
    counts = Code(TO_CLIENTS)
    definition = Texts()
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    number = serializers.IntegerField(min_value=0, required=False)
    few = serializers.BooleanField(help_text="Whether there are some, and too few to tell how many.")
    funding = serializers.BooleanField(
        help_text="Whether the coordinators' funding counts it: exact, with its facts."
    )
    closed = serializers.BooleanField(required=False, help_text="Whether a count of the funding is closed.")
    added = serializers.IntegerField(
        min_value=0, required=False, help_text="How many more count by what was recorded after the closing."
    )
    removed = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="How many count no more by what was recorded after the closing.",
    )
    facts = serializers.URLField(required=False, help_text="Where the facts behind it are.")


class CountedFact(Shape):
    """A fact that counts, by where it is: nothing else is told of anybody."""

    href = Link("/dossiers/{dossier}/facts/{id}")
    dossier = Link("/dossiers/{dossier}")
    on = serializers.DateField(help_text="The day it is about, as it was recorded.")


class FiguresAsked(Paged):
    """Of which year; of this one where none is named."""

    year = serializers.IntegerField(required=False, min_value=2022, max_value=2199)


_ALL = "http://localhost:8000/api/tnw/v1/figures"
EXAMPLE = {
    "id": "completeQuestionnaires2026q4", "href": f"{_ALL}/completeQuestionnaires2026q4",
    "counts": "completeQuestionnaires", "startDate": "2026-10-01", "endDate": "2026-12-31", "number": 1204,
    "few": False, "funding": True, "closed": False, "facts": f"{_ALL}/completeQuestionnaires2026q4/facts",
    "definition": {
        "nl": "Volledig ontvangen vragenlijsten, elk op de dag van ontvangst.",
        "fr": "Questionnaires reçus complets, chacun au jour de sa réception.",
        "de": "Vollständig eingegangene Fragebögen, jeder am Tag des Eingangs.",
    },
}  # fmt: skip
_AT = "http://localhost:8000/api/tnw/v1/dossiers/0190a5e0-1111-7000-8000-000000000001"
FACT = {"href": f"{_AT}/facts/0190a5e0-5555-7000-8000-000000000005", "dossier": _AT, "on": "2026-11-24"}


class Figures(Resource):
    tag = TAG

    @operation(
        "listFigures", "List the figures of the quarters of a year", scope=READ, gives=Figure, many=True,
        query=FiguresAsked, answer_example={"items": [EXAMPLE], "total": 1, "self": f"{_ALL}?page=1"},
    )  # fmt: skip
    def get(self, call: Call) -> Response:
        year = call.query.get("year", call.today.year)
        begun = [one for one in (Quarter(year, number) for number in (1, 2, 3, 4)) if one.first <= call.today]
        return call.listed(Figure, _of(call, begun) if begun else [])


class OneFigure(Resource):
    tag = TAG

    @operation("getFigure", "Read a figure", scope=READ, gives=Figure, answer_example=EXAMPLE)
    def get(self, call: Call, figure_id: str) -> Response:
        _told, quarter = _named(figure_id, call.today)
        found = next(one for one in _of(call, [quarter]) if one["id"] == figure_id)
        return call.shown(Figure, found, version=1)


class FactsOfFigure(Resource):
    tag = TAG

    @operation(
        "listFactsOfFigure", "List the facts behind a count of the funding", scope=READ, gives=CountedFact, many=True,
        keyset=True, answer_example={"items": [FACT], "total": 1, "self": f"{_ALL}/completeQuestionnaires2026q4/facts"},
    )  # fmt: skip
    def get(self, call: Call, figure_id: str) -> Response:
        told, quarter = _named(figure_id, call.today)
        if not told.figure.funding:
            raise Http404
        found = rows.facts(call.actor, told.figure, quarter, call.today).select_related("dossier")
        return call.stretch(CountedFact, found, ("on", "dossier_id", "seq"), then=_facts)


def _facts(found: list[Any]) -> Iterator[dict[str, Any]]:
    for entry in found:
        yield {
            "dossier": entry.dossier.public_id,
            "id": fact_id_of(entry.dossier, entry.fact_id),
            "on": entry.on,
        }


def _named(figure_id: str, today: date) -> tuple[ToClients, Quarter]:
    found = _ID.fullmatch(figure_id)
    if found is None:
        raise Http404
    quarter = Quarter(int(found[2]), int(found[3]))
    if not 2022 <= quarter.year <= 2199 or quarter.first > today:
        raise Http404
    return TO_CLIENTS[BY_NAME[found[1]]], quarter


def _of(call: Call, quarters: Sequence[Quarter]) -> list[dict[str, Any]]:
    """All that clients are told of these quarters, one quarter after the other."""
    told = list(TO_CLIENTS.values())
    funding = {
        (one.figure.code, one.quarter): one
        for figure in FUNDING
        for one in closing.told(call.actor, figure, quarters, call.today)
    }
    figures = dict.fromkeys(one.figure for one in told if not one.figure.funding)
    numbers = counting.numbers(call.actor, figures, quarters, call.today)
    found = []
    for quarter in quarters:
        counts = {
            code: sum(numbers[one.figure.code].get(quarter.first, {}).get(part, 0) for part in one.parts)
            for code, one in TO_CLIENTS.items()
            if not one.figure.funding
        }
        for code, one in TO_CLIENTS.items():
            closed = funding.get((one.figure.code, quarter))
            found.append(_told(code, one, quarter, closed, counts.get(code)))
    return found


def _told(
    code: str, told: ToClients, quarter: Quarter, funding: closing.QuarterCount | None, number: int | None
) -> dict[str, Any]:
    id = f"{camel(code)}{quarter.mark}"
    few = number is not None and 0 < number < FEW
    closed = funding if funding and funding.closed_at else None
    return {
        "id": id,
        "counts": code,
        "definition": texts(told.definition),
        "start_date": quarter.first,
        "end_date": quarter.last,
        "number": funding.number if funding else None if few else number,
        "few": few,
        "funding": bool(funding),
        "closed": bool(closed) if funding else None,
        "added": closed.added if closed else None,
        "removed": closed.taken_off if closed else None,
        "facts": address(f"/figures/{id}/facts") if funding else None,
    }
