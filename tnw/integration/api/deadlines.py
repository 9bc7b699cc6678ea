"""Deadlines: by urgency over the whole fund, and of a dossier with the sentence that says why on that day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.explanations import explain
from dossiers.explanations.explanation import title
from dossiers.keyset import ORDER
from dossiers.law.pauses import Pause
from dossiers.law.row import OUTCOMES, STATES, Row
from dossiers.law.rules import INTERNAL, LEGAL, RULES
from dossiers.models import Deadline as Stored
from dossiers.models import Dossier
from dossiers.models.case import Regime
from dossiers.models.deadline import LATE
from dossiers.policies import UNTOLD_CLOSINGS, UNTOLD_RULES
from dossiers.reading import Move, deadlines_of, entries_of, moves
from tnw.integration.api.dossiers import colleagues_of
from tnw.integration.api.facts import id_of as fact_id_of
from tnw.integration.rest import Call, Code, FromCursor, Link, Many, Resource, Shape, address, operation
from tnw.integration.rest.names import code_name

TAG = "Deadlines"
READ = "deadline:read"
RULE_OF = {rule.id: rule for rule in RULES if rule.id not in UNTOLD_RULES}
TOLD_STATES = [state for state in STATES if state != "not_open"]
# The last working day lies no more than so many days before the legal date.
MOST_BEFORE = timedelta(days=10)


class _OfDeadline(Shape):
    id = serializers.UUIDField()
    href = Link("/dossiers/{dossier}/deadlines/{id}")
    dossier = Link("/dossiers/{dossier}")
    rule = Code(RULE_OF, help_text="Which one of `/refData/deadlineRules`.")
    name = serializers.CharField(help_text="What it asks, in the language of the call.")
    kind = Code([LEGAL, INTERNAL], help_text="Set by law, or a target of the fund.")
    whose = Code(sorted({rule.whose for rule in RULES}), help_text="Who has to act.")
    state = Code(TOLD_STATES, help_text="What it is today.")
    opens_on = serializers.DateField()
    falls_on = serializers.DateField(help_text="The legal date.")
    act_by = serializers.DateField(help_text="The last working day on or before it.")
    closed_on = serializers.DateField(required=False)


class DeadlineSummary(_OfDeadline):
    """A deadline as it stands in a list of the fund; why it falls on that day is told at its own address."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """As any shape would say it, written out: a page holds a hundred of them, call after call."""
        id, dossier = str(instance["id"]), address(f"/dossiers/{instance['dossier']}")
        told = {
            "id": id,
            "href": f"{dossier}/deadlines/{id}",
            "dossier": dossier,
            "rule": code_name(instance["rule"]),
            "name": instance["name"],
            "kind": instance["kind"],
            "whose": code_name(instance["whose"]),
            "state": code_name(instance["state"]),
            "opensOn": instance["opens_on"].isoformat(),
            "fallsOn": instance["falls_on"].isoformat(),
            "actBy": instance["act_by"].isoformat(),
        }
        if instance["closed_on"] is not None:
            told["closedOn"] = instance["closed_on"].isoformat()
        return told


class DeadlinePause(Shape):
    """A suspension that stopped it, by how many days it moved, and the legal date that it moved from."""

    start_date = serializers.DateField()
    end_date = serializers.DateField(
        required=False, help_text="The day of resumption; not known yet where left out."
    )
    days = serializers.IntegerField()
    old_date = serializers.DateField()


class DeadlineMove(Shape):
    """A correction that moved it: the date without that correction, the date, and the fact that is the correction."""

    old_date = serializers.DateField()
    new_date = serializers.DateField()
    cause = Link("/dossiers/{dossier}/facts/{cause}")
    recorded_at = serializers.DateTimeField()


class Deadline(_OfDeadline):
    """A date by which somebody has to have done something, and why it is that date."""

    explanation = serializers.CharField(help_text="Why it falls on that day, in the language of the call.")
    ground = serializers.CharField(help_text="The legal ground, and whether it was verified.")
    ground_verified = serializers.BooleanField()
    version = serializers.DateField(help_text="Since when the version of the rule holds that made it.")
    pauses = serializers.ListField(child=DeadlinePause())
    moves = serializers.ListField(child=DeadlineMove())


_ONE_WAY = _("All of these go the same way: the earliest first, or the latest.")


class DeadlinesAsked(FromCursor):
    """Which deadlines: one of the values of a name, and all of the names; whatever their state where none is named."""

    due_from = serializers.DateField(required=False, help_text="The legal date, this day or later.")
    due_to = serializers.DateField(required=False, help_text="The legal date, this day or earlier.")
    act_by_from = serializers.DateField(required=False)
    act_by_to = serializers.DateField(required=False)
    rule = Many(child=Code(RULE_OF), required=False, max_length=50)
    state = Many(child=Code(TOLD_STATES), required=False, max_length=50)
    kind = Many(child=Code([LEGAL, INTERNAL]), required=False, max_length=2)
    coordinator_id = Many(child=serializers.UUIDField(), required=False, max_length=50)
    regime = Many(child=Code(Regime), required=False, max_length=50)
    sort = Many(
        child=serializers.RegexField(r"^-?(actBy|fallsOn)$", max_length=8), required=False, max_length=2,
        help_text="`actBy` (where nothing is said), `fallsOn`, `-` before it for the latest first. By either date, which is "
        "one order: the last working day follows the legal date. The first one decides; a second goes the same way.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len({one.startswith("-") for one in attrs.get("sort", ())}) > 1:
            raise serializers.ValidationError(
                {"sort": [serializers.ErrorDetail(str(_ONE_WAY), code="rejected")]}
            )
        for first, last in (("due_from", "due_to"), ("act_by_from", "act_by_to")):
            if first in attrs and last in attrs and attrs[last] < attrs[first]:
                raise serializers.ValidationError(
                    _("The last day lies before the first one."), code="invalid_period"
                )
        return attrs


_AT = "http://localhost:8000/api/tnw/v1/dossiers/0190a5e0-1111-7000-8000-000000000001"
SUMMARY = {
    "id": "6f1f8f3c-5b0e-5d7a-9f1c-000000000006", "href": f"{_AT}/deadlines/6f1f8f3c-5b0e-5d7a-9f1c-000000000006",
    "dossier": _AT, "rule": "t1", "name": "De vragenlijst versturen", "kind": "legal", "whose": "advisoryDoctor",
    "state": "open", "opensOn": "2026-09-01", "fallsOn": "2026-11-10", "actBy": "2026-11-10",
}  # fmt: skip
EXAMPLE = {
    **SUMMARY,
    "explanation": "Gerekend vanaf de eerste dag van de arbeidsongeschiktheid, 01/09/2026: 10 weken, dus 10/11/2026.",
    "ground": "Koninklijk besluit van 3 juli 1996 (nog niet nagezien in het Belgisch Staatsblad)",
    "groundVerified": False, "version": "2022-01-01", "pauses": [], "moves": [],
}  # fmt: skip
_ALL = "http://localhost:8000/api/tnw/v1/deadlines"


class Deadlines(Resource):
    tag = TAG

    @operation(
        "listDeadlines", "List the deadlines of the fund, the most urgent first", scope=READ, gives=DeadlineSummary,
        many=True, query=DeadlinesAsked, answer_example={"items": [SUMMARY], "total": 1, "self": _ALL, "first": _ALL},
        description="Deadlines whose existence would tell a medical finding are not among them.",
    )  # fmt: skip
    def get(self, call: Call) -> Response:
        down = "-" if call.query.get("sort", [""])[0].startswith("-") else ""
        order = [down + column for column in ORDER]
        return call.stretch(
            DeadlineSummary,
            _asked(call),
            order,
            columns=COLUMNS,
            then=lambda found: _listed(found, call.today),
        )


class DeadlinesOfDossier(Resource):
    tag = TAG

    @operation(
        "listDossierDeadlines", "List the deadlines of a dossier, each with why it falls on its day", scope=READ,
        gives=Deadline, many=True,
        answer_example={"items": [EXAMPLE], "total": 1, "self": f"{_AT}/deadlines?page=1"},
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        return call.listed(Deadline, list(_explained(call, call.dossier(dossier_id, "incapacity"))))


class OneDeadline(Resource):
    tag = TAG

    @operation(
        "getDeadline", "Read a deadline, and why it falls on its day", scope=READ, gives=Deadline,
        answer_example=EXAMPLE,
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID, deadline_id: UUID) -> Response:
        for one in _explained(call, call.dossier(dossier_id, "incapacity")):
            if one["id"] == deadline_id:
                return call.shown(Deadline, one)
        raise Http404


# --- which

COLUMNS = ("pk", "dossier__public_id", *Row._fields)


def _asked(call: Call) -> list[QuerySet[Stored]]:
    """The deadlines that are asked for, in parts that have none in common and of which each is a stretch of an index."""
    asked, rows = call.query, Stored.objects.visible_to(call.actor).filter(opens_on__lte=call.today)
    rules = asked.get("rule")
    if kinds := asked.get("kind"):
        rules = [rule for rule in rules or RULE_OF if RULE_OF[rule].kind in kinds] or [""]
    rows = rows.filter(rule__in=sorted(set(rules))) if rules else rows.exclude(rule__in=sorted(UNTOLD_RULES))
    rows = rows.filter(**{name: asked[key] for key, name in _BOUNDS.items() if key in asked})
    # What the legal date says of the last working day, so that the index begins and ends there.
    if "due_from" in asked:
        rows = rows.filter(act_by__gte=max(date.min + MOST_BEFORE, asked["due_from"]) - MOST_BEFORE)
    if "due_to" in asked:
        rows = rows.filter(act_by__lte=asked["due_to"])
    if colleagues := asked.get("coordinator_id"):
        rows = rows.filter(for_coordinator__in=colleagues_of(call.fund, colleagues))
    if regimes := asked.get("regime"):
        rows = rows.filter(dossier__incapacity__regime__in=regimes)
    if not asked.get("state"):
        return [rows]
    return [rows.filter(part) for part in in_states(set(asked["state"]), call.today)]


_BOUNDS = {
    "due_from": "falls_on__gte",
    "due_to": "falls_on__lte",
    "act_by_from": "act_by__gte",
    "act_by_to": "act_by__lte",
}


def in_states(states: set[str], today: date) -> Iterator[Q]:
    """The states as conditions on dates (F3), each such that an index of its own leads to it."""
    nothing_closes, closes_later = Q(closed_on__isnull=True), Q(closed_on__gt=today)
    running = Q(paused_from__lte=today) & (Q(paused_until__isnull=True) | Q(paused_until__gt=today))
    late = Q(falls_on__lt=today)
    if "open" in states:
        # What is not late falls today or later: so does nearly all that stands there in the index.
        yield ~late & Q(act_by__gte=today - MOST_BEFORE) & ~running & (nothing_closes | closes_later)
    if "overdue" in states:
        yield late & Q(act_by__lt=today) & ~running & nothing_closes
        yield late & Q(act_by__lt=today) & ~running & closes_later & Q(closed_on__gt=F("act_by"))
    if "paused" in states:
        yield running & Q(paused_from__isnull=False) & (nothing_closes | closes_later)
    for outcome in sorted(states & set(OUTCOMES)):
        part = Q(outcome=outcome, closed_on__lte=today)
        yield part & Q(outcome__in=LATE) if outcome in LATE else part


# --- how it is told


def id_of(dossier: UUID, row: Row) -> UUID:
    """The id of a deadline: of its dossier and its key, so that it outlives every computation anew."""
    return uuid5(dossier, f"{row.rule}/{row.opened_by}/{row.occurrence}")


def _listed(found: list[Any], today: date) -> Iterator[dict[str, Any]]:
    names: dict[tuple[str, int], str] = {}
    for one in found:
        columns = one[2:]
        row = Row._make(columns)
        if row.pauses or not row.outcome:
            row = row._replace(outcome=row.outcome or None, pauses=_pauses(row.pauses))
        key = (row.rule, row.occurrence)
        if key not in names:
            names[key] = title(RULE_OF[row.rule], row.occurrence)
        yield _told(one.dossier__public_id, row, today, names[key])


def _pauses(stored: Any) -> tuple[Pause, ...]:
    day = date.fromisoformat
    return tuple(
        Pause(day(since), day(until) if until else None, days, day(old), reason)
        for since, until, days, old, reason in stored
    )


def _told(dossier: UUID, row: Row, today: date, name: str) -> dict[str, Any]:
    rule, state = RULE_OF[row.rule], row.state(today)
    return {
        "dossier": dossier,
        "id": id_of(dossier, row),
        "rule": row.rule,
        "name": name,
        "kind": rule.kind,
        "whose": rule.whose,
        "state": state,
        "opens_on": row.opens_on,
        "falls_on": row.falls_on_at(today),
        "act_by": row.act_by_at(today) if row.pauses else row.act_by,
        "closed_on": row.closed_on if state in OUTCOMES else None,
    }


def _explained(call: Call, dossier: Dossier) -> Iterator[dict[str, Any]]:
    """The deadlines of a dossier that a machine is told of, in words; what moved them is asked once for all."""
    regime, today = dossier.incapacity.regime, call.today
    moved: dict[tuple[str, str, int], list[Move]] = {}
    for move in moves(entries_of(call.actor, dossier), dossier.fund.live_from):
        moved.setdefault(move.key, []).append(move)
    for _stored, row in deadlines_of(call.actor, dossier, today):
        if row.rule in UNTOLD_RULES:
            continue
        words = explain(row, regime=regime, today=today)
        closing = "" if row.closed_by in UNTOLD_CLOSINGS else words.closing
        told = _told(dossier.public_id, row, today, words.title)
        yield told | {
            "explanation": " ".join(part for part in (words.why, words.act_by, closing) if part),
            "ground": words.ground,
            "ground_verified": RULE_OF[row.rule].ground.verified,
            "version": row.version,
            "pauses": [_pause(one) for one in row.pauses if one.since <= today],
            "moves": [_move(dossier, one) for one in moved.get(row.key, ())],
        }


def _pause(pause: Pause) -> Mapping[str, Any]:
    return {
        "start_date": pause.since,
        "end_date": pause.until,
        "days": pause.days,
        "old_date": pause.old_date,
    }


def _move(dossier: Dossier, move: Move) -> Mapping[str, Any]:
    return {
        "dossier": dossier.public_id,
        "old_date": move.old_date,
        "new_date": move.new_date,
        "cause": fact_id_of(dossier, move.cause.id),
        "recorded_at": move.recorded_at,
    }
