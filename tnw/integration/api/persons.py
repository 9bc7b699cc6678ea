"""Insured persons: looked up by the SSIN in the body, and read with the way to their incapacities and dossiers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.models import Dossier
from dossiers.models import InsuredPerson as Insured
from dossiers.reach import e164, email
from tnw.accounts import access as access_log
from tnw.accounts.models import LANGUAGES
from tnw.integration.api.ssin import Ssin, person_of
from tnw.integration.rest import Call, Code, Link, Paged, Resource, Shape, operation

TAG = "Insured persons"
READ = "insuredPerson:read"


class InsuredPersonRef(Shape):
    """Where an insured person is read; the list itself holds no name."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/insuredPersons/{public_id}")


class Address(Shape):
    """Where letters go."""

    street = serializers.CharField(max_length=200)
    postal_code = serializers.CharField(max_length=12)
    city = serializers.CharField(max_length=120)


class PersonsIncapacity(Shape):
    """A recognized incapacity of a person, and the dossier that belongs to it."""

    reference = serializers.CharField(source="incapacity.reference", max_length=64)
    href = Link("/incapacities/{incapacity.reference}")
    dossier = Link("/dossiers/{public_id}")


class InsuredPerson(Shape):
    """Somebody insured with the fund, as its own system delivered it last; read only for who works on a dossier."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/insuredPersons/{public_id}")
    ssin = serializers.CharField(max_length=11, min_length=11)
    last_name = serializers.CharField(max_length=120)
    first_name = serializers.CharField(max_length=120)
    birth_date = serializers.DateField(
        required=False, help_text="Left out where the register does not know it."
    )
    language = Code([code for code, _name in LANGUAGES])
    address = Address(source="*")
    email = serializers.CharField(
        source="mail", required=False, max_length=254, help_text="Left out where what was delivered is none."
    )
    phone = serializers.CharField(
        source="number",
        required=False,
        max_length=40,
        help_text="In the form of E.164; left out where what was delivered is no phone number.",
    )
    incapacities = PersonsIncapacity(
        many=True, source="cases", help_text="Each with its dossier, the oldest first."
    )


class SsinQuery(Shape):
    """Who is asked for."""

    ssin = Ssin(help_text="Eleven digits, nothing between them.")


_FOUND: Mapping[str, Any] = {
    "items": [
        {
            "id": "0193a3f6-5e1c-7d1e-9d53-2f4f9d1c0a11",
            "href": "https://tnw.example/api/tnw/v1/insuredPersons/0193a3f6-5e1c-7d1e-9d53-2f4f9d1c0a11",
        }
    ],
    "total": 1,
    "self": "https://tnw.example/api/tnw/v1/insuredPersons/query",
}


class PersonQuery(Resource):
    """Nobody is found by an address: the SSIN stands in the body."""

    tag = TAG

    @operation(
        "queryInsuredPersons",
        "Look up an insured person by SSIN",
        scope=READ,
        takes=SsinQuery,
        gives=InsuredPersonRef,
        many=True,
        query=Paged,
        example={"ssin": "80010100107"},
        answer_example=_FOUND,
        description="Nobody found is an empty list. An SSIN that another has replaced is refused with the issue "
        "`urn:problem-type:cbss:input-validation:replacedSsin`.",
    )
    def post(self, call: Call) -> Response:
        found = person_of(call, call.body["ssin"])
        if found is not None:
            _log(call, found, _dossiers(call, found))
        return call.listed(InsuredPersonRef, [found] if found else [])


class OnePerson(Resource):
    """An insured person; who read it stands in the access log of each dossier."""

    tag = TAG

    @operation("getInsuredPerson", "Read an insured person", scope=READ, gives=InsuredPerson)
    def get(self, call: Call, insured_person_id: UUID) -> Response:
        found: Any = Insured.objects.visible_to(call.actor).filter(public_id=insured_person_id).first()
        if found is None:
            raise Http404
        found.cases = _dossiers(call, found)
        found.mail, found.number = email(found.email), e164(found.phone)
        _log(call, found, found.cases)
        return call.shown(InsuredPerson, found, version=0)


def _dossiers(call: Call, person: Insured) -> list[Dossier]:
    rows = Dossier.objects.visible_to(call.actor).filter(incapacity__person=person)
    return list(rows.select_related("incapacity").order_by("incapacity__start", "pk"))


def _log(call: Call, person: Insured, dossiers: list[Dossier]) -> None:
    access_log.log_many(
        actor=call.actor,
        fund_id=person.fund_id,
        dossier_ids=[one.pk for one in dossiers],
        through="api",
    )
