"""A resource: its methods are operations, and what the guide asks of every one of them happens here, once."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, ClassVar

import structlog
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tnw.accounts import audit
from tnw.core import clock, scope, trace
from tnw.core.chunks import announced
from tnw.integration import access
from tnw.integration.models import RelatedTrace
from tnw.integration.rest import idempotency, version
from tnw.integration.rest.call import Call
from tnw.integration.rest.names import camel
from tnw.integration.rest.operation import Operation
from tnw.integration.rest.problem import (
    EXT_INPUT,
    INPUT,
    LANGUAGE_TAGS,
    MEDIA_TYPE,
    Issue,
    Problem,
    answer,
    invalid,
    problem_of,
    refused_by_shape,
)
from tnw.integration.rest.shape import Many, Query, prototype
from tnw.integration.rest.upload import received

MERGE_PATCH = "application/merge-patch+json"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


class OnceParser(JSONParser):
    """JSON in which each name stands once: of two, every reader would take another."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(stream.read(), object_pairs_hook=_once, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise exceptions.ParseError from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError
    return told


def _refuse(constant: str) -> None:
    raise ValueError


class MergePatchParser(OnceParser):
    """JSON that says what changes; null takes a property away."""

    media_type = MERGE_PATCH


@method_decorator(login_not_required, name="dispatch")
class Resource(APIView):
    """The base of all: `tag` groups its operations in the contract."""

    tag: ClassVar[str]
    http_method_names = ["get", "post", "put", "patch", "delete"]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """What a method takes is what its operation says."""
        parsers: list[BaseParser] = [MergePatchParser()] if request.method == "PATCH" else [OnceParser()]
        asked = super().initialize_request(request, *args, **kwargs)
        asked.parsers = parsers
        return asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _language(request.headers.get("Accept-Language", ""))
        related = request.headers.get("BelGov-Related-Trace-Id", "")[:200]
        with (
            translation.override(language),
            structlog.contextvars.bound_contextvars(related_trace_id=related),
        ):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
        response.headers.setdefault("Content-Language", LANGUAGE_TAGS[language])
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        if related.isprintable() and related:
            response["BelGov-Related-Trace-Id"] = related
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls is asked where the operation is known; there is one form of answer for each."""
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"
        method = (request.method or "").lower()
        handler: Any = getattr(self, method, None)
        if method in self.http_method_names and hasattr(handler, "operation"):
            _acceptable(request, handler.operation)
            setattr(self, method, self._operate(handler, handler.operation))

    def _operate(self, handler: Callable[..., Response], operation: Operation) -> Callable[..., Response]:
        def run(request: Request, *args: Any, **kwargs: Any) -> Response:
            if operation.public:
                _query(operation.query or Query, request)
                return handler(request, *args, **kwargs)
            client, granted = access.client_of(request)
            access.throttle(client)
            access.require_scope(granted, operation.scope)
            if not (operation.fund if client.actor.fund else operation.partner):
                raise Problem("missingPermission")
            call = Call(request, operation, client, granted)
            try:
                with ExitStack() as kept:
                    source: HttpRequest = request._request
                    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
                        raise Problem("unsupportedMediaType")
                    if operation.body:
                        most = settings.FEED_MOST_BYTES
                        call.upload = kept.enter_context(received(source, operation.body, most))
                    else:
                        announced(source)
                    return self._inside(call, handler, kwargs)
            except Exception as error:
                raise _in_its_state(problem_of(error), call) from error

        return run

    def _inside(self, call: Call, handler: Callable[..., Response], kwargs: Mapping[str, Any]) -> Response:
        with ExitStack() as wall:
            if call.fund:
                remote = get_adapter().get_client_ip(call.request._request)
                wall.enter_context(audit.acting_as(call.actor, call.fund, remote_addr=remote))
            else:
                wall.enter_context(scope.funds(*call.client.funds.values_list("pk", flat=True)))
            wall.enter_context(transaction.atomic())
            self._read(call)
            method = call.request.method
            related = call.request.headers.get("BelGov-Related-Trace-Id", "")[:200]
            looked_up = method == "POST" and not (call.operation.creates or call.operation.accepts)
            if method in WRITES and related and not looked_up:
                RelatedTrace.objects.get_or_create(
                    trace_id=trace.current(), defaults={"related": related, "at": clock.now()}
                )
            key = call.request.headers.get(idempotency.HEADER)
            if (call.operation.creates or call.operation.accepts) and key is not None:
                return idempotency.once(call, key, lambda: handler(call, **kwargs))
            return handler(call, **kwargs)

    def _read(self, call: Call) -> None:
        """What came in: the query, the version that was seen, the body."""
        declared, request = call.operation, call.request
        call.query = _query(declared.query or Query, request)
        if declared.step or request.method == "PATCH":
            header = request.headers.get("If-Match")
            if header is None:
                raise Problem("versionRequired")
            call.seen = version.seen_in(header)
            if call.seen is None:
                raise Problem("versionConflict")
        if declared.takes is None:
            return
        if request.stream is None:
            raise invalid("", _("An object is expected."), type=INPUT + "schemaViolation")
        try:
            told = request.data
        except RecursionError:
            raise exceptions.ParseError from None
        if not isinstance(told, dict):
            raise invalid("", _("An object is expected."), type=INPUT + "schemaViolation")
        partial = request.method == "PATCH"
        shape = declared.takes(data=told, partial=partial, context={"call": call})
        if not shape.is_valid():
            raise refused_by_shape(shape.errors, "body")
        call.body = dict(shape.validated_data)

    def handle_exception(self, exc: Exception) -> Response:
        """Whatever went wrong is a problem; DRF's own ways of asking who calls are not used here."""
        problem = problem_of(exc)
        response = answer(problem)
        if isinstance(exc, exceptions.MethodNotAllowed):
            response["Allow"] = ", ".join(self.allowed_methods)
        response.exception = True
        return response


def _in_its_state(problem: Problem, call: Call) -> Problem:
    """A refusal that comes from the state of things names that state, and what is possible from it.

    So does one of today, where the caller named no day: the incapacity has ended.
    """
    if problem.of_day and "on" not in call.request.data:
        over = {} if call.about else {"state": "ended", "possible": []}
        problem = Problem("transitionNotAllowed", problem.issues[0].detail, more=over)
    if problem.kind == "transitionNotAllowed" and call.about is not None:
        machine = call.about
        possible = {one.name for one in machine.get_available_state_transitions()}  # type: ignore[attr-defined]
        problem.more = {
            "state": camel(machine.state),
            "possible": sorted(map(camel, possible)),
            **problem.more,
        }
    return problem


def _query(shape: type[Query], request: Request) -> dict[str, Any]:
    given = request.query_params
    asked = prototype(shape)
    fields = asked.fields
    issues = [
        Issue(INPUT + "unknownInput", "query", _safe(name), _("This parameter is not known here."))
        for name in sorted(set(given) - set(fields))
    ]
    told: dict[str, Any] = {}
    for name, values in given.lists():
        if name not in fields:
            continue
        if isinstance(fields[name], Many):
            told[name] = values
        elif len(values) == 1:
            told[name] = values[0]
        else:
            issues.append(Issue(EXT_INPUT + "rejectedInput", "query", name, _("This parameter stands once.")))
    try:
        parsed = asked.run_validation(told)
    except serializers.ValidationError as error:
        issues += refused_by_shape(error.detail, "query").issues
    if issues:
        raise Problem("badRequest", issues=issues)
    return dict(parsed)


def _safe(name: str) -> str:
    """A parameter's name as it may be repeated: somebody may have put anything in it."""
    return name if name.isascii() and name.isalpha() and len(name) <= 40 else "unknown"


def _acceptable(request: Request, operation: Operation) -> None:
    """Raises Problem where the caller does not take what this gives; who takes problems is given JSON all the same."""
    told = _ranges(request.headers.get("Accept") or "*/*")
    asked = [operation.gives_media_type]
    if operation.gives_media_type == "application/json":
        asked.append(MEDIA_TYPE)
    # What says most of a form holds (RFC 9110 12.5.1).
    wanted = (one for media in asked for one in (media, f"{media.partition('/')[0]}/*", "*/*"))
    if not next((told[one] for one in wanted if one in told), False):
        raise Problem("notAcceptable")


def _ranges(accept: str) -> dict[str, bool]:
    """Of each form or group of forms in an Accept, whether it is taken: with `q=0` it is not."""
    told: dict[str, bool] = {}
    for one in accept.split(","):
        media, *parameters = (part.strip().lower() for part in one.split(";"))
        told[media] = told.get(media, False) or not any(map(_NOT_AT_ALL.fullmatch, parameters))
    return told


_NOT_AT_ALL = re.compile(r"q\s*=\s*0(\.0*)?")


def beside(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A problem of this kind for a call that came to no resource at all."""
    with translation.override(_language(request.headers.get("Accept-Language", ""))):
        response = answer(Problem(kind))
    response.accepted_renderer, response.accepted_media_type = JSONRenderer(), "application/json"
    response.renderer_context = {}  # type: ignore[attr-defined]  # DRF asks for one
    response["BelGov-Trace-Id"] = str(trace.current())
    patch_vary_headers(response, ["Accept-Language", "Authorization"])
    return response.render()


def _language(header: str) -> str:
    """The one of ours that the caller would rather have; Dutch where none is asked for."""
    asked = (tag[:2] for tag, _quality in parse_accept_lang_header(header.lower()))
    return next((one for one in asked if one in LANGUAGE_TAGS), "nl")


__all__ = ["Resource", "beside", "serializers"]
