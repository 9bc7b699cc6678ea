"""From the signed-in user to the wall, the actor, the language and the trace id of a request."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from tnw.accounts import actors, audit
from tnw.core import trace


class ActingMiddleware:
    """Runs each request inside its user's fund; without a user, inside none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with trace.new() as trace_id:
            response = self._inside_wall(request)
        response["BelGov-Trace-Id"] = str(trace_id)
        return response

    def _inside_wall(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        actor = actors.of_user(user)
        request.actor = actor  # type: ignore[attr-defined]  # what views hand to services
        with audit.acting_as(actor, user.fund, remote_addr=get_adapter().get_client_ip(request)):
            return self.get_response(request)
