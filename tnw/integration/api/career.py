"""The career of the insured: jobs, trainings, languages and aims, each with versions of its own.

What is noted beside an item comes in and is read by the people of the fund alone.
"""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers import career as services
from dossiers.career import FIELDS, Details
from dossiers.models import CareerItem as Item
from dossiers.models.career import CareerKind, CareerSource
from tnw.core.errors import DomainError
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT
from tnw.integration.rest import Call, Code, Link, Problem, Resource, Shape, operation

TAG = "Career"
READ, WRITE = "careerItem:read", "careerItem:write"
_NUMBER = "Ten digits with check digits, of a job."
_PHYSICIAN = "The occupational physician of a job."


class CareerItem(Shape):
    """A job, training, language or aim, as a list shows it."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/careerItems/{public_id}")
    kind = Code(CareerKind)
    title = serializers.CharField()
    organization = serializers.CharField(required=False)
    start_date = serializers.DateField(source="first_day", required=False)
    end_date = serializers.DateField(source="last_day", required=False)
    level = serializers.CharField(required=False)
    origin = Code(CareerSource, source="source")


class CareerItemDetails(CareerItem):
    """A job, training, language or aim, with whom to turn to."""

    dossier = Link("/dossiers/{dossier.public_id}")
    enterprise_number = serializers.CharField(required=False)
    physician_name = serializers.CharField(required=False, help_text=_PHYSICIAN)
    physician_contact = serializers.CharField(required=False, help_text=_PHYSICIAN)


def _said(**more: Any) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """What may be said of an item beside its title; which of it belongs to a kind says the domain."""
    more = {"required": False, **more}
    return {
        "organization": serializers.CharField(max_length=200, help_text="Of a job or a training.", **more),
        "enterprise_number": serializers.CharField(max_length=20, help_text=_NUMBER, **more),
        "physician_name": serializers.CharField(max_length=120, help_text=_PHYSICIAN, **more),
        "physician_contact": serializers.CharField(max_length=200, help_text=_PHYSICIAN, **more),
        "start_date": serializers.DateField(source="first_day", **more),
        "end_date": serializers.DateField(source="last_day", **more),
        "level": serializers.CharField(max_length=80, help_text="Of a training or a language.", **more),
        "note": serializers.CharField(
            max_length=2000, help_text="Free text, for the people of the fund: nothing about health.", **more
        ),
    }


class _New(Shape):
    kind = Code(CareerKind)
    title = serializers.CharField(max_length=200)


NewCareerItem = type("NewCareerItem", (_New,), {"__doc__": "A job, training, language or aim.", **_said()})
CareerItemChange = type(
    "CareerItemChange",
    (Shape,),
    {
        "__doc__": "What changes of an item; null takes a property away.",
        "title": serializers.CharField(max_length=200),
        **_said(allow_null=True),
    },
)

_DOSSIER = "01939b6e-6a2f-7c3a-8f10-6a1d0f0c2b7e"
_NEW = {"kind": "job", "title": "Warehouse clerk", "organization": "Havenbedrijf", "startDate": "2019-09-01"}
_LISTED = nouns.example_of("/careerItems", "01939c11-2b3c-7d4e-9f50-6a7b8c9d0e1f", **_NEW, origin="hand")
_SHOWN = {**_LISTED, "dossier": f"{AT}/dossiers/{_DOSSIER}"}
_NAMES = {"first_day": "start_date", "last_day": "end_date"}


def _act(service: Any, call: Call, **told: Any) -> Any:
    """An act on the career; what somebody else changed meanwhile is a stale version. Raises Problem, DomainError."""
    try:
        return nouns.renamed(service, **_NAMES)(actor=call.actor, on=call.today, **told)
    except DomainError as error:
        if error.code in (services.OUTDATED, "career_removed"):
            raise Problem("versionConflict", str(error)) from error
        raise


class CareerItems(Resource):
    tag = TAG

    @operation(
        "listCareerItems", "List the career of an insured person, the latest first", scope=READ, gives=CareerItem,
        many=True, answer_example=nouns.example_list(f"/dossiers/{_DOSSIER}/careerItems", _LISTED),
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        rows = Item.objects.visible_to(call.actor).filter(dossier=dossier, removed_at=None)
        return call.listed(CareerItem, list(rows.order_by(F("first_day").desc(nulls_last=True), "pk")))

    @operation(
        "createCareerItem", "Add a job, training, language or aim to a career", scope=WRITE, takes=NewCareerItem,
        gives=CareerItemDetails, creates=True, example=_NEW, answer_example=_SHOWN,
    )  # fmt: skip
    def post(self, call: Call, dossier_id: UUID) -> Response:
        call.dossier(dossier_id)
        told = dict(call.body)
        kind = told.pop("kind")
        made = _act(services.add, call, dossier_id=dossier_id, kind=kind, details=Details(**told))
        return call.created(CareerItemDetails, made, version=made.version)


class OneCareerItem(Resource):
    tag = TAG

    @operation(
        "getCareerItem", "Read an item of a career", scope=READ, gives=CareerItemDetails, answer_example=_SHOWN
    )  # fmt: skip
    def get(self, call: Call, career_item_id: UUID) -> Response:
        one = _one(call, career_item_id)
        return call.shown(CareerItemDetails, one, version=one.version)

    @operation(
        "changeCareerItem", "Change an item of a career", scope=WRITE, takes=CareerItemChange,
        gives=CareerItemDetails, example={"endDate": "2026-06-30", "level": None},
        answer_example={**_SHOWN, "endDate": "2026-06-30"},
    )  # fmt: skip
    def patch(self, call: Call, career_item_id: UUID) -> Response:
        one = _one(call, career_item_id)
        kept = {name: getattr(one, name) for name in FIELDS[one.kind]}
        # A day that is taken away is no day; of a text, nothing is left.
        told = {
            name: "" if value is None and not name.endswith("_day") else value
            for name, value in call.body.items()
        }
        changed = _act(services.change, call, **_which(call, one), details=Details(**{**kept, **told}))
        return call.shown(CareerItemDetails, changed, version=changed.version)

    @operation("removeCareerItem", "Take an item out of a career", scope=WRITE, step=True)
    def delete(self, call: Call, career_item_id: UUID) -> Response:
        one = _one(call, career_item_id)
        _act(services.remove, call, **_which(call, one))
        return call.nothing()


def _one(call: Call, public_id: UUID) -> Item:
    """One that was not removed. Raises Http404."""
    rows = Item.objects.visible_to(call.actor).select_related("dossier__fund")
    if (found := rows.filter(public_id=public_id, removed_at=None).first()) is None:
        raise Http404
    call.saw(found.dossier)
    return found


def _which(call: Call, one: Item) -> dict[str, Any]:
    return {"dossier_id": one.dossier.public_id, "item_id": one.public_id, "version": call.seen}
