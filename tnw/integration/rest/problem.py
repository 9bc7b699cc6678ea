"""Errors as problem+json, translated once: what the domain refuses, what a shape refuses, what a caller may not."""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from dossiers.acts import Outdated
from tnw.core.errors import DomainError, NotAllowed
from tnw.integration import access
from tnw.integration.rest.names import camel

log = structlog.get_logger(__name__)

BELGIF = "urn:problem-type:belgif:"
INPUT = BELGIF + "input-validation:"
EXT_INPUT = "urn:problem-type:belgif-ext:input-validation:"
TNW = "urn:problem-type:tnw:"
MEDIA_TYPE = "application/problem+json"
LANGUAGE_TAGS = {"nl": "nl-BE", "fr": "fr-BE", "de": "de-BE"}


@dataclass(frozen=True)
class Kind:
    """A type of problem: its code, status, English title, and the sentence where nothing says it better."""

    type: str
    status: int
    title: str
    detail: str | Promise


KINDS = {
    kind.type.rpartition(":")[2]: kind
    for kind in (
        Kind(BELGIF + "badRequest", 400, "Bad Request", _("The call is not what is expected here.")),
        Kind(BELGIF + "noAccessToken", 401, "No Access Token", _("An access token is needed.")),
        Kind(BELGIF + "invalidAccessToken", 401, "Invalid Access Token", _("This access token is not valid.")),
        Kind(BELGIF + "expiredAccessToken", 401, "Expired Access Token", _("This access token has expired.")),
        Kind(BELGIF + "missingScope", 403, "Missing Scope", _("The access token lacks a scope.")),
        Kind(BELGIF + "missingPermission", 403, "Missing Permission", _("This is not for this client.")),
        Kind(BELGIF + "resourceNotFound", 404, "Resource Not Found", _("There is nothing at this address.")),
        Kind(BELGIF + "methodNotAllowed", 405, "Method Not Allowed", _("This cannot be done at this address.")),
        Kind(BELGIF + "notAcceptable", 406, "Not Acceptable", _("This is not given in the form that is asked.")),
        Kind(BELGIF + "payloadTooLarge", 413, "Payload Too Large", _("This is more than is taken at once.")),
        Kind(BELGIF + "unsupportedMediaType", 415, "Unsupported Media Type", _("This form is not taken here.")),
        Kind(BELGIF + "tooManyRequests", 429, "Too Many Requests", _("Too many calls: wait a little.")),
        Kind(BELGIF + "internalServerError", 500, "Internal Server Error", _("Something went wrong here.")),
        Kind(BELGIF + "serviceUnavailable", 503, "Service Unavailable", _("Out of service for a moment.")),
        Kind(TNW + "transitionNotAllowed", 409, "Transition Not Allowed", _("This cannot be done now.")),
        Kind(TNW + "consentMissing", 409, "Consent Missing", _("The insured person did not consent to this.")),
        Kind(TNW + "planIncomplete", 409, "Plan Incomplete", _("The plan is not complete.")),
        Kind(TNW + "signatureInvalid", 409, "Signature Invalid", _("The signatures do not hold.")),
        Kind(TNW + "callUnderWay", 409, "Call Under Way", _("The same call is still under way.")),
        Kind(TNW + "versionConflict", 412, "Version Conflict", _("Meanwhile this has changed: read it again.")),
        Kind(TNW + "idempotencyKeyReused", 422, "Idempotency Key Reused",
             _("This key was used for another call: choose a new one.")),
        Kind(TNW + "versionRequired", 428, "Version Required",
             _("Say in If-Match which version this is about: the ETag that was read.")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong in what came in; `value` only where it is neither a person's nor medical: never, here."""

    type: str
    where: str
    name: str
    detail: str | Promise

    def plain(self) -> dict[str, Any]:
        told = {"type": self.type, "in": self.where, "name": self.name, "detail": str(self.detail)}
        return {name: value for name, value in told.items() if value}


@dataclass
class Problem(Exception):
    """A problem to answer with: `kind` by its short code, `issues` for bad input, `more` for its own properties."""

    kind: str
    detail: str | Promise = ""
    issues: list[Issue] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    # It may be done, but not of this day.
    of_day: bool = False

    def plain(self) -> dict[str, Any]:
        kind = KINDS[self.kind]
        told: dict[str, Any] = {
            "type": kind.type,
            "href": f"https://www.belgif.be/specification/rest/api-guide/#{self.kind}"
            if kind.type.startswith(BELGIF)
            else _explained(self.kind),
            "title": kind.title,
            "status": kind.status,
            "detail": str(self.detail or kind.detail),
            "instance": f"urn:uuid:{uuid.uuid4()}",
            **self.more,
        }
        if self.issues:
            told["issues"] = [issue.plain() for issue in self.issues]
        return told


def _explained(kind: str) -> str:
    from tnw.integration.rest.shape import address

    return f"{address('/doc')}#{kind}"


def invalid(
    name: str, detail: str | Promise, *, where: str = "body", type: str = INPUT + "invalidInput"
) -> Problem:
    """Bad input, of one place."""
    return Problem("badRequest", issues=[Issue(type, where, name, detail)])


# What a field says that refuses, by its code.
_ISSUES = {
    "unknown_input": INPUT + "unknownInput",
    "required": EXT_INPUT + "requiredInput",
    "null": INPUT + "schemaViolation",
    "min_value": EXT_INPUT + "outOfRange",
    "max_value": EXT_INPUT + "outOfRange",
    "check_digits": EXT_INPUT + "invalidStructure",
    "invalid_check_digits": EXT_INPUT + "invalidStructure",
    "in_future": EXT_INPUT + "outOfRange",
    "start_in_future": EXT_INPUT + "outOfRange",
    "out_of_range": EXT_INPUT + "outOfRange",
    "registered_later": EXT_INPUT + "outOfRange",
    "end_before_start": EXT_INPUT + "invalidPeriod",
    "invalid_period": EXT_INPUT + "invalidPeriod",
    "exactly_one": EXT_INPUT + "exactlyOneOfExpected",
    "replaced_ssin": "urn:problem-type:cbss:input-validation:replacedSsin",
    "reference": INPUT + "referencedResourceNotFound",
    "rejected": EXT_INPUT + "rejectedInput",
}


def refused_by_shape(errors: Any, where: str) -> Problem:
    """What a shape refused, one issue for each place, without what was written there."""
    return Problem("badRequest", issues=list(_issues(errors, where, "")))


def _issues(errors: Any, where: str, name: str) -> Iterator[Issue]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            if key == "non_field_errors":
                yield from _issues(inner, where, name)
            elif isinstance(key, int):
                yield from _issues(inner, where, f"{name}[{key}]")
            else:
                yield from _issues(inner, where, f"{name}.{key}" if name else str(key))
        return
    for at, one in enumerate(errors):
        if isinstance(one, (Mapping, list)):
            if one:
                yield from _issues(one, where, f"{name}[{at}]")
            continue
        code = getattr(one, "code", "invalid")
        yield Issue(_ISSUES.get(code, INPUT + "schemaViolation"), where, name, _sentence(code, str(one)))


def _sentence(code: str, said: str) -> str:
    """What is said of a refusal: in our words, where there are some, with the bound that stands in the field's own."""
    if (own := _SENTENCES.get(code)) is None:
        return said
    bound = re.search(r"-?\d+", said)
    return str(own) % {"bound": bound[0] if bound else ""}


# Of these, the field's own sentence repeats what was written, which may be anybody's name; or is not there in each of the
# languages; or stays in that of whoever was refused first.
_SENTENCES = {
    "invalid_choice": _("This is not one of the values that are known here."),
    "min_length": _("This is too short: %(bound)s at least."),
    "max_length": _("This is too long: %(bound)s at most."),
    "min_value": _("This is too small: %(bound)s at least."),
    "max_value": _("This is too large: %(bound)s at most."),
    "overflow": _("This moment lies too far away."),
    "make_aware": _("This moment lies too far away."),
    "null_characters_not_allowed": _("There is something in this that is no character."),
    "surrogate_characters_not_allowed": _("There is something in this that is no character."),
}


def of_domain(error: DomainError) -> Problem:
    """What the domain refuses, in its own words."""
    if isinstance(error, Outdated):
        return Problem("versionConflict", str(error))
    if isinstance(error, NotAllowed) and error.forbidden:
        return Problem("missingPermission", str(error))
    if error.code in ("no_consent", "consent_missing"):
        return Problem("consentMissing", str(error))
    if error.code in ("document_changed", "signature_invalid"):
        return Problem("signatureInvalid", str(error))
    if error.code == "dossier_unknown" or (error.code.endswith("_unknown") and not error.field):
        return Problem("resourceNotFound", str(error))
    if error.field:
        known = _ISSUES.get(error.code, EXT_INPUT + "rejectedInput")
        of_day = error.field == "on" and (isinstance(error, NotAllowed) or error.code == "not_recognized")
        issue = Issue(known, "body", camel(error.field), str(error))
        return Problem("badRequest", issues=[issue], of_day=of_day)
    return Problem("transitionNotAllowed", str(error))


_BY_STATUS = {
    400: "badRequest", 404: "resourceNotFound", 405: "methodNotAllowed", 406: "notAcceptable",
    413: "payloadTooLarge", 415: "unsupportedMediaType",
}  # fmt: skip


def problem_of(error: BaseException) -> Problem:
    """The problem that an exception is; what nobody foresaw is one of ours, and is logged without its values."""
    match error:
        case Problem():
            return error
        case DomainError():
            return of_domain(error)
        case access.NoAccessToken():
            return Problem("noAccessToken", headers={"WWW-Authenticate": "Bearer"})
        case access.ExpiredAccessToken():
            return Problem("expiredAccessToken", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        case access.InvalidAccessToken():
            return Problem("invalidAccessToken", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        case access.MissingScope():
            return Problem("missingScope", more={"requiredScopes": [error.scope]})
        case access.TooManyRequests():
            return Problem("tooManyRequests", headers={"Retry-After": str(error.retry_after)})
        case serializers.ValidationError():
            return refused_by_shape(error.detail, "body")
        case exceptions.ParseError() | BadRequest():
            return invalid(
                "", _("This cannot be read: it is not well formed."), type=INPUT + "schemaViolation"
            )
        case RequestDataTooBig():
            return Problem("payloadTooLarge")
        case OperationalError() | InterfaceError():
            log.error("database_lost", error=type(error).__name__)
            return Problem("serviceUnavailable", headers={"Retry-After": "5"})
        case Http404():
            return Problem("resourceNotFound")
        case exceptions.APIException() if error.status_code in _BY_STATUS:
            return Problem(_BY_STATUS[error.status_code])
    log.error("call_failed", error=type(error).__name__, exc_info=error)
    return Problem("internalServerError")


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to an exception: DRF asks this."""
    return answer(problem_of(error))


def answer(problem: Problem) -> Response:
    """A problem as an answer, in the language of the call."""
    status = HTTPStatus(KINDS[problem.kind].status)
    response = Response(problem.plain(), status=status, content_type=MEDIA_TYPE, headers=problem.headers)
    response["Content-Language"] = LANGUAGE_TAGS.get((translation.get_language() or "nl")[:2], "nl-BE")
    response["Cache-Control"] = "no-store"
    return response
