"""What a page weighs on its way: a third, where the browser takes it packed."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Pictures, letters (woff2), PDF and spreadsheets are packed already.
TEXTS = ("text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml")


class CompressMiddleware(GZipMiddleware):
    """Packs what is text.

    Beside a secret that always is the same, what somebody else may put on the page could be guessed by the length
    (BREACH): tokens of forms are masked anew on each page, and Django adds noise of random length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)
