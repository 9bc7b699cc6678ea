"""Recognized incapacities, one at a time, under the fund's own reference: what the nightly feed says, as a body."""

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.feed import recognitions as feed
from dossiers.feed.messages import LINE
from dossiers.feed.values import REFERENCE
from dossiers.identifiers import holds_ssin
from dossiers.law.kinds import CAUSES, END_REASONS, LANGUAGES, REGIMES
from dossiers.models import Dossier
from dossiers.models.case import Exclusion
from routing.intake.imports import Busy
from routing.intake.single import in_turn, take_one
from tnw.core.errors import DomainError
from tnw.integration.api.ssin import Ssin
from tnw.integration.rest import Call, Code, Link, Problem, Resource, Shape, invalid, operation
from tnw.integration.rest.problem import of_domain
from tnw.integration.rest.version import digest_in

TAG = "Incapacities"
READ, WRITE = "incapacity:read", "incapacity:write"
TRY_AGAIN = "5"  # seconds


class Incapacity(Shape):
    """A recognized incapacity (arbeidsongeschiktheid), as the fund delivered it last."""

    reference = serializers.CharField(source="incapacity.reference", max_length=feed.REFERENCE_LENGTH)
    href = Link("/incapacities/{incapacity.reference}")
    version = serializers.IntegerField(source="incapacity.version", min_value=0)
    insured_person = Link("/insuredPersons/{incapacity.person.public_id}")
    dossier = Link("/dossiers/{public_id}")
    start_date = serializers.DateField(source="incapacity.start")
    end_date = serializers.DateField(
        source="incapacity.end", required=False, help_text="The last recognized day; it may lie ahead."
    )
    end_reason = Code(END_REASONS, source="incapacity.end_reason", required=False)
    regime = Code(REGIMES, source="incapacity.regime")
    cause = Code(CAUSES, source="incapacity.cause")
    excluded = Code(
        Exclusion,
        source="incapacity.excluded",
        required=False,
        help_text="Why this incapacity is kept out of the return-to-work traject.",
    )
    employer_number = serializers.CharField(
        source="incapacity.employer_number", required=False, max_length=10
    )
    employment_contract = serializers.BooleanField(source="incapacity.employment_contract")
    invalidity_from = serializers.DateField(
        source="incapacity.invalidity_from", required=False, help_text="From when RIZIV recognized it."
    )


class IncapacityVersion(Shape):
    """What the fund says of an incapacity: a line of its feed. A higher version replaces what was said before."""

    version = serializers.IntegerField(min_value=0, max_value=feed.MAX_VERSION)
    ssin = Ssin()
    replaced_ssin = Ssin(required=False, help_text="The former one, where the register replaced it.")
    last_name = serializers.CharField(max_length=feed.NAME_LENGTH)
    first_name = serializers.CharField(max_length=feed.NAME_LENGTH)
    birth_date = serializers.DateField(required=False)
    language = Code(LANGUAGES)
    street = serializers.CharField(max_length=feed.STREET_LENGTH)
    postal_code = serializers.CharField(max_length=feed.POSTAL_CODE_LENGTH)
    city = serializers.CharField(max_length=feed.CITY_LENGTH)
    email = serializers.CharField(required=False, max_length=feed.EMAIL_LENGTH)
    phone = serializers.CharField(required=False, max_length=feed.PHONE_LENGTH)
    regime = Code(REGIMES)
    cause = Code(CAUSES)
    statutory_civil_servant = serializers.BooleanField(default=False)
    employer_number = serializers.CharField(
        required=False, max_length=10, help_text="Enterprise number; required with an employment contract."
    )
    employment_contract = serializers.BooleanField()
    start_date = serializers.DateField(help_text="Day 1; not in the future.")
    end_date = serializers.DateField(required=False, help_text="The last recognized day; it may lie ahead.")
    end_reason = Code(END_REASONS, required=False, help_text="Required with an end date.")
    invalidity_from = serializers.DateField(required=False)


# Where the body calls a column of the feed otherwise.
_COLUMNS = {"start_date": "start", "end_date": "end"}
_NAMES = {column: name for name, column in _COLUMNS.items()}

_EXAMPLE = {
    "version": 1, "ssin": "80010100107", "lastName": "Goossens", "firstName": "An", "birthDate": "1980-01-01",
    "language": "nl", "street": "Kerkstraat 1", "postalCode": "9000", "city": "Gent", "regime": "employee",
    "cause": "illness", "statutoryCivilServant": False, "employerNumber": "0403019261", "employmentContract": True,
    "startDate": "2026-09-01",
}  # fmt: skip


class OneIncapacity(Resource):
    """An incapacity, by the reference under which the fund knows it."""

    tag = TAG

    @operation("getIncapacity", "Read an incapacity", scope=READ, gives=Incapacity)
    def get(self, call: Call, incapacity_id: str) -> Response:
        dossier = _dossier(call, incapacity_id) if REFERENCE.fullmatch(incapacity_id) else None
        if dossier is None:
            raise Http404
        call.saw(dossier)
        return call.shown(Incapacity, dossier)

    @operation(
        "putIncapacity",
        "Bring a new or changed incapacity",
        scope=WRITE,
        takes=IncapacityVersion,
        gives=Incapacity,
        upserts=True,
        example=_EXAMPLE,
        problems=["callUnderWay", "versionConflict"],
        headers={
            "If-Match": "Only where the incapacity is as it was read: the ETag of it.",
            "If-None-Match": "`*`: only where there is none under this reference.",
        },
        description="What a line of the nightly feed does. The same or a lower version changes nothing, and is answered "
        "with what stands. While a file of the fund is taken in: 409 with `Retry-After`.",
    )
    def put(self, call: Call, incapacity_id: str) -> Response:
        if holds_ssin(incapacity_id):
            raise invalid(
                "incapacityId",
                _("This is the number of a person: it does not stand in an address."),
                where="path",
            )
        if not REFERENCE.fullmatch(incapacity_id):
            raise invalid(
                "incapacityId",
                _("A reference has 1 to 64 letters, digits, points, dashes, underscores or tildes."),
                where="path",
            )
        assert call.fund
        fields = {_COLUMNS.get(name, name): _written(value) for name, value in call.body.items()}
        fields |= {"reference": incapacity_id, "fund": call.fund.number}
        try:
            # What stands is read in turn: of two that saw the same, the second is told that it changed.
            in_turn(call.fund)
            before = _dossier(call, incapacity_id)
            _expect(call, before)
            take_one(fields, fund=call.fund, actor=call.actor, today=call.today)
        except Busy as busy:
            raise Problem("callUnderWay", str(busy), headers={"Retry-After": TRY_AGAIN}) from busy
        except DomainError as refused:
            raise _placed(refused) from refused
        after = _dossier(call, incapacity_id)
        assert after
        call.saw(after)
        return call.shown(Incapacity, after) if before else call.created(Incapacity, after)


def _dossier(call: Call, reference: str) -> Dossier | None:
    rows = Dossier.objects.visible_to(call.actor).select_related("fund", "incapacity__person")
    return rows.filter(incapacity__reference=reference).first()


def _expect(call: Call, before: Dossier | None) -> None:
    """An If-Match or If-None-Match, where there is one, is about what stands here. Raises Problem."""
    seen, other = (call.request.headers.get(name) for name in ("If-Match", "If-None-Match"))
    if seen is None and other is None:
        return
    current = digest_in(call.shown(Incapacity, before, version=0)["ETag"]) if before else ""
    if seen is not None and (not current or digest_in(seen) != current):
        raise Problem("versionConflict")
    named = [one.strip() for one in (other or "").split(",")]
    if current and ("*" in named or current in map(digest_in, named)):
        raise Problem("versionConflict")


def _written(value: Any) -> str:
    """A value of the body as it stands in a feed."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
    return str(value)


def _placed(refused: DomainError) -> Problem:
    """The reference stands in the path, and some columns have another name in the body."""
    if refused.field == "reference":
        return invalid("incapacityId", str(refused), where="path")
    if refused.code == "invalid_date":  # it was read as a day: it is one that the feed does not take
        refused = DomainError(LINE["out_of_range"], code="out_of_range", field=refused.field)
    if refused.field in _NAMES:
        refused.field = _NAMES[refused.field]
    return of_domain(refused)
