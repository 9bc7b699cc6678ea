"""From the signed-in user to the wall, the actor, the language and the trace id of a request."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from tnw.accounts import actors, audit, tongue
from tnw.core import trace

POLL = "X-Poll"


class PersonsSessionMiddleware(SessionMiddleware):
    """A session lasts while somebody is there: what an open page asks for by itself, and says so, does not prolong it."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        if POLL in request.headers and not session.modified and not session.is_empty():
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)


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
            response = self.get_response(request)
        if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != user.language:
            tongue.remember(response, user.language)
        return response
