"""Funds: that of the client, or those that a regional service works with."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from tnw.accounts.models import Fund as Row
from tnw.integration.rest import Call, Link, Resource, Shape, Texts, operation

TAG = "Funds"
READ = "fund:read"


class Fund(Shape):
    """A mutuality (ziekenfonds, mutualité): the wall between tenants."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/funds/{public_id}")
    number = serializers.CharField(min_length=3, max_length=3)
    institution = serializers.CharField(
        min_length=3, max_length=3, help_text="The insurance institution that it belongs to, 100 to 900."
    )
    name = Texts()
    live_from = serializers.DateField(help_text="What fell due before this day is not followed up here.")


_ALL = "http://localhost:8000/api/tnw/v1/funds"
EXAMPLE = {
    "id": "0190a5e0-7777-7000-8000-000000000007", "href": f"{_ALL}/0190a5e0-7777-7000-8000-000000000007",
    "number": "311", "institution": "300", "liveFrom": "2026-01-01",
    "name": {"nl": "Ziekenfonds De Linde", "fr": "Mutualité Le Tilleul", "de": "Krankenkasse Die Linde"},
}  # fmt: skip


def funds_of(call: Call) -> QuerySet[Row]:
    """Those of the caller, in the order of their numbers."""
    if call.fund is not None:
        return Row.objects.filter(pk=call.fund.pk)
    return call.client.funds.order_by("number")


def _plain(fund: Row) -> dict[str, object]:
    told = {name: getattr(fund, name) for name in ("public_id", "number", "institution", "live_from")}
    return told | {"name": {"nl": fund.name_nl, "fr": fund.name_fr, "de": fund.name_de}}


class Funds(Resource):
    tag = TAG

    @operation(
        "listFunds", "List the funds that the client works for", scope=READ, gives=Fund, many=True, partner=True,
        answer_example={"items": [EXAMPLE], "total": 1, "self": f"{_ALL}?page=1"},
    )  # fmt: skip
    def get(self, call: Call) -> Response:
        return call.listed(Fund, [_plain(one) for one in funds_of(call)])


class OneFund(Resource):
    tag = TAG

    @operation("getFund", "Read a fund", scope=READ, gives=Fund, partner=True, answer_example=EXAMPLE)
    def get(self, call: Call, fund_id: UUID) -> Response:
        fund = funds_of(call).filter(public_id=fund_id).first()
        if fund is None:
            raise Http404
        return call.shown(Fund, _plain(fund), version=1)
