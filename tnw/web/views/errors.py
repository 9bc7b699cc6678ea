"""The pages for what goes wrong, in our own look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tnw.core import trace


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def no_access(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = exception.args[0] if exception and exception.args else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Says the trace id by which the log line is found, and nothing about the cause.

    Without the request: what failed may be what a context processor needs.
    """
    return render(None, "500.html", {"trace": trace.current()}, status=500)
