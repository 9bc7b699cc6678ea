"""What no address can mean: PostgreSQL keeps no NUL, and to look for one fails where it should find nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\0"


class LegibleMiddleware:
    """Refuses an address with a NUL in it, before any page reads it; the API answers for its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _told: Mapping[str, Any]
    ) -> None:
        asked = (text for texts in request.GET.lists() for text in (texts[0], *texts[1]))
        if not hasattr(view, "cls") and any(NUL in text for text in (request.path, *asked)):
            raise BadRequest("a NUL in the address")
