"""A body that is too long to be held in memory: written away as it comes in, and known by its checksum."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tnw.integration.rest.problem import EXT_INPUT, Problem, invalid

_BLOCK = 1 << 18


@dataclass(frozen=True)
class Upload:
    """What came in: a file that is open at its beginning and has no name, so that it goes with whoever holds it."""

    file: BinaryIO
    sha256: str
    media_type: str


@contextmanager
def received(request: HttpRequest, media_types: Collection[str], most: int) -> Iterator[Upload]:
    """The body, until the block ends. Raises Problem: a form that is not taken, or more than `most` bytes."""
    media = (request.content_type or "").lower()
    if media not in media_types:
        raise Problem("unsupportedMediaType")
    source, length = _source(request)
    if length > most:
        raise Problem("payloadTooLarge")
    digest, size = hashlib.sha256(), 0
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryFile(dir=settings.UPLOADS) as kept:
        while block := source.read(_BLOCK):
            if (size := size + len(block)) > most:
                raise Problem("payloadTooLarge")
            digest.update(block)
            kept.write(block)
        kept.seek(0)
        yield Upload(cast(BinaryIO, kept), digest.hexdigest(), media)


def _source(request: HttpRequest) -> tuple[Any, int]:
    """What to read from, and its announced length; what comes in chunks announces none, and its server ends it."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit():
        return request, int(length)
    if request.META.get("wsgi.input_terminated"):
        return request.META["wsgi.input"], 0
    raise invalid(
        "Content-Length", _("Say how long it is."), where="header", type=EXT_INPUT + "requiredInput"
    )
