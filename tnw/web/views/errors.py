"""The pages for what goes wrong, in our own look; below the root of the API, what its callers can read."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tnw.core import trace
from tnw.integration.rest.resource import beside
from tnw.integration.rest.shape import ROOT


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    if _of_api(request):
        return beside(request, "badRequest")
    return render(request, "400.html", status=400)


def no_access(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = exception.args[0] if exception and exception.args else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    if _of_api(request):
        return beside(request, "resourceNotFound")
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponseBase:
    """Says the trace id by which the log line is found, and nothing about the cause.

    Without the request: what failed may be what a context processor needs.
    """
    if _of_api(request):
        return beside(request, "internalServerError")
    return render(None, "500.html", {"trace": trace.current()}, status=500)


def _of_api(request: HttpRequest) -> bool:
    return request.path.startswith(f"{ROOT}/")
