"""The contract as it is read, whether the service is up, and what stands where nothing is."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response

from tnw.integration.oauth import limits
from tnw.integration.rest import contract, reading
from tnw.integration.rest.operation import operation
from tnw.integration.rest.resource import Resource
from tnw.integration.rest.shape import Code, Shape


class HealthStatus(Shape):
    """Whether the service can work."""

    status = Code(["UP", "DEGRADED", "DOWN"])


class Health(Resource):
    tag = "Health"

    @operation("checkHealth", "Whether the service is up", gives=HealthStatus, public=True,
               description="For whoever watches over it: no token is needed. DEGRADED: calls are answered, and nothing "
               "that waits for a worker goes on.", unavailable=True,
               answer_example={"status": "UP"})  # fmt: skip
    def get(self, request: Request) -> Response:
        """DOWN with 503 where the database does not answer, DEGRADED where Redis does not."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except DatabaseError:
            return Response({"status": "DOWN"}, status=503)
        return Response({"status": "UP" if limits.reachable() else "DEGRADED"})


class Nothing(Resource):
    """Whatever else is asked for: a problem like any other, not a page."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def openapi(request: HttpRequest, form: str) -> HttpResponse:
    """The contract, as YAML or JSON."""
    if form == "yaml":
        return HttpResponse(contract.FILE.read_bytes(), content_type="application/yaml")
    if form == "json":
        return HttpResponse(_json(), content_type="application/json")
    raise Http404


@cache
def _json() -> str:
    return json.dumps(contract.committed(), ensure_ascii=False)


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def page(request: HttpRequest) -> HttpResponse:
    """The contract, for people: of the committed document, in English."""
    return HttpResponse(_page(), headers={"Content-Language": "en"})


@cache
def _page() -> str:
    with translation.override("en"):
        told = reading.pages_of(contract.committed())
        return render_to_string("api/doc.html", {**told, "base_url": settings.BASE_URL})
