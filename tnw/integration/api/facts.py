"""The facts of a dossier: what happened, as far as a machine may be told (`dossiers.policies.told_to_machines`)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.law.facts import Fact, Values
from dossiers.law.kinds import KINDS, Value
from dossiers.models import Dossier, LedgerEntry
from dossiers.policies import TOLD_TO_MACHINES, told_to_machines
from dossiers.reading import entries_of, facts_of
from tnw.accounts.models import ActorKind
from tnw.integration.rest import Call, Code, Link, Resource, Shape, codes_of, operation

TAG = "Facts"
READ = "fact:read"
# A period is told as everywhere (`startDate`, `endDate`); what a correction changes has a name of its own.
_PERIOD = {"start": "start_date", "from": "start_date", "end": "end_date", "to": "end_date"}


def name_of(kind: str, value: str) -> str:
    """The name under which a value of a kind of fact is told, in snake_case."""
    if kind == "fact_corrected" and value == "to":
        return "changes"
    return _PERIOD.get(value, value)


def _told() -> dict[str, list[Value]]:
    """By its name outside, each value that is told of some kind of fact."""
    found: dict[str, list[Value]] = defaultdict(list)
    for kind in KINDS.values():
        for value in kind.values:
            if value.name in TOLD_TO_MACHINES.get(kind.name, ()):
                found[name_of(kind.name, value.name)].append(value)
    return found


def _field(values: Sequence[Value]) -> serializers.Field[Any, Any, Any, Any]:
    said: dict[str, Any] = {"required": False}
    match values[0].type:
        case "code":
            return Code(codes_of(*(value.codes for value in values)), **said)
        case "date":
            return serializers.DateField(**said)
        case "moment":
            return serializers.DateTimeField(**said)
        case "bool":
            return serializers.BooleanField(**said)
        case "int":
            return serializers.IntegerField(min_value=0, max_value=2**31 - 1, **said)
        case "decimal":
            return serializers.DecimalField(7, 2, coerce_to_string=False, **said)
    return serializers.UUIDField(**said)


_PLAIN = {name: _field(values) for name, values in sorted(_told().items()) if name not in ("changes", "fact")}
FactChanges = type(
    "FactChanges",
    (Shape,),
    {
        "__doc__": "What a correction says that a fact should have said: its day, and values of its kind.",
        "on": serializers.DateField(required=False),
        **_PLAIN,
    },
)
FactValues = type(
    "FactValues",
    (Shape,),
    {
        "__doc__": "The plain values of a fact; which a kind has stands in `/refData/factKinds`.",
        "fact": serializers.UUIDField(required=False, help_text="The fact that a correction is about."),
        "changes": FactChanges(required=False),
        **{name: _field(values) for name, values in sorted(_told().items()) if name in _PLAIN},
    },
)


class FactOfDossier(Shape):
    """What happened on a day. Of acts of a doctor it is told that they happened, without category or reason."""

    id = serializers.UUIDField()
    href = Link("/dossiers/{dossier}/facts/{id}")
    kind = Code(KINDS)
    on = serializers.DateField(help_text="The day that it is about.")
    recorded_at = serializers.DateTimeField()
    recorded_by = Code(ActorKind)
    subject = serializers.UUIDField(
        required=False, help_text="Alike for the facts of one training, one absence …"
    )
    values = FactValues(help_text="As they were recorded; a correction is a fact of its own.")
    corrected = serializers.BooleanField()
    voided = serializers.BooleanField()


_AT = "http://localhost:8000/api/tnw/v1/dossiers/0190a5e0-1111-7000-8000-000000000001/facts"
EXAMPLE = {
    "id": "0190a5e0-5555-7000-8000-000000000005", "href": f"{_AT}/0190a5e0-5555-7000-8000-000000000005",
    "kind": "questionnaireReceived", "on": "2026-11-24", "recordedAt": "2026-11-24T10:15:00+01:00",
    "recordedBy": "client", "values": {"complete": True, "channel": "portal"}, "corrected": False, "voided": False,
}  # fmt: skip


class Facts(Resource):
    tag = TAG

    @operation(
        "listFacts", "List the facts of a dossier, in the order in which they were recorded", scope=READ,
        gives=FactOfDossier, many=True,
        answer_example={"items": [EXAMPLE], "total": 1, "self": f"{_AT}?page=1", "first": f"{_AT}?page=1"},
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        return call.listed(FactOfDossier, list(told(dossier, entries_of(call.actor, dossier))))


class OneFact(Resource):
    tag = TAG

    @operation("getFact", "Read a fact of a dossier", scope=READ, gives=FactOfDossier, answer_example=EXAMPLE)
    def get(self, call: Call, dossier_id: UUID, fact_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        for one in told(dossier, entries_of(call.actor, dossier)):
            if one["id"] == fact_id:
                return call.shown(FactOfDossier, one)
        raise Http404


def id_of(dossier: Dossier, name: str) -> UUID:
    """The id of a fact, or of what several facts are about, as the API tells it.

    Imported history has ids of its own, which may be anything: those get one that is always the same.
    """
    try:
        own = UUID(name)
    except ValueError:
        return uuid5(dossier.public_id, name)
    return own if str(own) == name.lower() else uuid5(dossier.public_id, name)


def told(dossier: Dossier, entries: Iterable[LedgerEntry]) -> Iterator[dict[str, Any]]:
    """The whole ledger of a dossier, as a machine is told it."""
    entries = [entry for entry in entries if entry.kind in TOLD_TO_MACHINES]
    facts = {fact.id: fact for fact in facts_of(entries)}
    named = {
        kind: {fact.get("fact") for fact in facts.values() if fact.kind == kind} for kind in _CORRECTIONS
    }
    for entry in entries:
        yield {
            "dossier": dossier.public_id,
            "id": id_of(dossier, entry.fact_id),
            "kind": entry.kind,
            "on": entry.on,
            "recorded_at": entry.at,
            "recorded_by": entry.actor.kind,
            "subject": id_of(dossier, entry.subject) if entry.subject else None,
            "values": _values(dossier, facts[entry.fact_id], facts),
            "corrected": entry.fact_id in named["fact_corrected"],
            "voided": entry.fact_id in named["fact_voided"],
        }


_CORRECTIONS = ("fact_corrected", "fact_voided")


def _values(dossier: Dossier, fact: Fact, facts: dict[str, Fact]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in told_to_machines(fact.kind, dict(fact.values)).items():
        if name == "fact":
            value = id_of(dossier, value)
        if isinstance(value, Values):
            value = _changes(value, facts.get(fact.values["fact"]))
        found[name_of(fact.kind, name)] = value
    return found


def _changes(to: Values, target: Fact | None) -> dict[str, Any]:
    """What a correction changes, by the rule of the fact that it corrects."""
    if target is None:
        return {}
    changed = {
        name_of(target.kind, name): value for name, value in told_to_machines(target.kind, dict(to)).items()
    }
    return {"on": to.get("on"), **changed}
