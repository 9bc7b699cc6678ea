"""The token endpoint: client credentials in, a token of a few minutes out (RFC 6749 4.4); and taking one back (RFC 7009).

Nothing of it is read from the address: what stands there stands in the logs of every proxy.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from oauth2_provider.oauth2_backends import OAuthLibCore

from tnw.core.chunks import announced
from tnw.integration.oauth import limits
from tnw.integration.oauth.presented import Unclear, presented

FORM = "application/x-www-form-urlencoded"
# Failures in a minute: a client with a stale secret at one address, an address that tries many. Of what fails elsewhere a
# client with good credentials feels nothing: its name is no secret, and would be enough to shut it out.
OF_CLIENT, OF_ADDRESS = 20, 60

Answer = tuple[Any, dict[str, str], str, int]


class Core(OAuthLibCore):
    """A field without a value counts as left out (RFC 6749 3.2)."""

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in request.POST.items() if value]


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """POST /oauth2/token."""
    return _answer(request, lambda: Core().create_token_response(request))


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """POST /oauth2/revoke: a token of the client's own is good for nothing any more."""
    return _answer(request, lambda: Core().create_revocation_response(request))


def _answer(request: HttpRequest, act: Callable[[], Answer]) -> HttpResponse:
    if wrong := _unreadable(request):
        return _error(400, "invalid_request", wrong)
    if request.POST.get("resource"):
        return _error(400, "invalid_target", "Tokens are for this API alone: leave resource out.")
    try:
        who = presented(request.headers.get("Authorization", ""), request.POST.dict())
    except Unclear as unclear:
        return _error(400, "invalid_request", str(unclear))
    address = get_adapter().get_client_ip(request)
    counted = {f"failed-at:{address}": OF_ADDRESS}
    if who:
        counted[f"failed-as:{sha256(who.client_id.encode()).hexdigest()}:{address}"] = OF_CLIENT
    for name, most in counted.items():
        failed, left = limits.count(name, seconds=60, by=0)
        if failed >= most:
            refusal = _error(429, "temporarily_unavailable", "Too many failed attempts; try again later.")
            refusal["Retry-After"] = str(left)
            return refusal
    _location, headers, body, status = act()
    if status == 401:
        for name in counted:
            limits.count(name, seconds=60)
        headers["WWW-Authenticate"] = 'Basic realm="tnw", charset="UTF-8"'
    response = HttpResponse(body, status=status, headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def _unreadable(request: HttpRequest) -> str:
    """What keeps the request from being read as a form, if anything."""
    if request.META.get("QUERY_STRING"):
        return "Nothing is taken from the address: send all of it in the body."
    if request.content_type != FORM:
        return f"The body has to be {FORM}."
    try:
        announced(request)
        fields = request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, ValueError):
        return "The body cannot be read."
    return next((f"{name} is given twice." for name, values in fields.lists() if len(values) > 1), "")


def _error(status: int, code: str, description: str) -> HttpResponse:
    """RFC 6749 5.2."""
    answer = JsonResponse({"error": code, "error_description": description}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
