"""The three sign: on paper, on the screen, at a provider that listens on this machine, and in the application."""

import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
from django.conf import settings
from PIL import Image, ImageDraw

from dossiers.documents.printing import picture
from dossiers.scans import Upload
from tnw.core import clock
from tnw.web.demo.notes import NOTES
from tnw.web.demo.people import chance
from tnw.web.demo.services.deed import Deed
from trajects.models import EngagementDeclaration
from trajects.services import outside, signing
from trajects.signing.local import LocalProvider, running

TRANSITIONS = {"insured": "sign_as_insured", "coordinator": "sign_as_coordinator"}
PATIENCE = 10


class _Provider:
    """The provider of the days that are replayed: its clock stands where theirs does."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)


_provider = _Provider()


@contextmanager
def provider_at_work() -> Iterator[None]:
    """While days are replayed, a provider of signatures listens for them."""
    before = settings.SIGNING_URL, settings.SIGNING_KEY
    key = secrets.token_urlsafe()
    # Nobody could be called: what is replayed is not committed yet when it is signed.
    with running(LocalProvider(key, now=lambda: _provider.now, calls=False)) as url:
        settings.SIGNING_URL, settings.SIGNING_KEY = url, key
        try:
            yield
        finally:
            settings.SIGNING_URL, settings.SIGNING_KEY = before


def sign(deed: Deed) -> None:
    """Each as the script says, under the PDF that stands."""
    role, method = deed.values["role"], deed.values["method"]
    subject = deed.row(EngagementDeclaration, TRANSITIONS.get(role, "sign_as_doctor"))
    document = signing.to_read(**deed.on_it, subject=subject)
    read = {**deed.on_it, "subject": subject, "sha256": document.sha256}
    if role != "insured":
        signing.sign(**read, role=role, confirmed_at=clock.now(), second_factor=True)
    elif method == outside.METHOD:
        _sign_outside(deed, read)
    else:
        evidence = _drawn(deed) if method == signing.ON_SCREEN else _scanned(bytes(document.content), deed)
        checked = deed.words(NOTES["declaration_signed"])
        signing.record_signature(**read, method=method, statement=checked, evidence=evidence)


def _sign_outside(deed: Deed, read: dict[str, Any]) -> None:
    sent = outside.start(**read)
    _provider.now = clock.now()
    form = {"name": str(deed.dossier.incapacity.person), "what": "signed"}
    requests.post(sent.url, data=form, timeout=PATIENCE, allow_redirects=False).raise_for_status()
    outside.fetch(signing_id=sent.public_id, actor=deed.actor, on=deed.act.fact.on)


def _drawn(deed: Deed) -> Upload:
    """What was drawn on the screen."""
    image = Image.new("L", (600, 200), 255)
    _draw(image, deed, (40, 160), 520)
    return _upload("signature.png", image)


def _scanned(content: bytes, deed: Deed) -> Upload:
    """The page, with ink on it."""
    image = Image.open(io.BytesIO(picture(content, 1))).convert("L")
    image = image.resize((image.width // 2, image.height // 2))
    _draw(image, deed, (image.width // 8, image.height * 4 // 5), image.width // 4)
    return _upload("declaration.png", image)


def _draw(image: Image.Image, deed: Deed, at: tuple[int, int], width: int) -> None:
    rng = chance(deed.dossier.incapacity.reference, "hand")
    points = [(at[0] + step * width // 24, at[1] - rng.randint(0, width // 5)) for step in range(25)]
    ImageDraw.Draw(image).line(points, fill=40, width=max(2, width // 150), joint="curve")


def _upload(name: str, image: Image.Image) -> Upload:
    out = io.BytesIO()
    image.save(out, "PNG")
    return Upload(name, out.getvalue())
