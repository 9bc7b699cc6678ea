"""A body in chunks (RFC 9112 7.1) announces no length, and what announces none is nothing to Django: it would go unread."""

from io import BytesIO

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest


def announced(request: HttpRequest) -> None:
    """Read such a body, once its server says where it ends. Raises RequestDataTooBig; BadRequest where nothing says so."""
    meta = request.META
    if meta.get("CONTENT_LENGTH"):
        return
    if not meta.get("wsgi.input_terminated"):
        if meta.get("HTTP_TRANSFER_ENCODING"):
            raise BadRequest
        return
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = bytearray()
    # Until it ends: one read may give one chunk.
    while len(body) <= most and (more := meta["wsgi.input"].read(most + 1 - len(body))):
        body += more
    if len(body) > most:
        raise RequestDataTooBig
    meta["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(bytes(body))  # what its body is read from
