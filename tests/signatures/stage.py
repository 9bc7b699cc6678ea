"""A declaration as its page shows it, and signing it there."""

import base64
import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from dossiers.models import Dossier
from tests.conftest import PASSWORD
from tnw.core import scope
from trajects import signatures

STATEMENT = "Identity card seen."


def page_of(dossier: Dossier, subject: str) -> str:
    return reverse("dossier_declaration", args=[dossier.public_id, subject])


def confirm(client: Client) -> None:
    """Who is signed in says so again."""
    assert client.post(reverse("confirm"), {"password": PASSWORD}).status_code == 302


def sha256_of(dossier: Dossier, subject: str) -> str:
    with scope.funds(dossier.fund_id):
        found = signatures.kept(dossier, subject)
    return found.sha256 if found else ""


def posted(client: Client, dossier: Dossier, subject: str, do: str, **told: Any) -> Any:
    """One act on the page, under the PDF that stands."""
    data = {"do": do, "sha256": sha256_of(dossier, subject), **told}
    return client.post(page_of(dossier, subject), data)


def signs(client: Client, dossier: Dossier, subject: str, role: str) -> Any:
    confirm(client)
    return posted(client, dossier, subject, "sign", role=role)


def on_paper(client: Client, dossier: Dossier, subject: str, day: str, **otherwise: Any) -> Any:
    scan = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 what was signed", "application/pdf")
    told = {"paper-on": day, "paper-evidence": scan, "paper-statement": STATEMENT, **otherwise}
    return posted(client, dossier, subject, "paper", **told)


def drawing(*, ink: bool = True, size: tuple[int, int] = (900, 300)) -> str:
    """What the page makes of what somebody drew."""
    image, out = Image.new("RGB", size, "white"), io.BytesIO()
    if ink:
        ImageDraw.Draw(image).line((50, 200, 400, 100, 800, 220), fill="#0b2530", width=5)
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def told(response: Any) -> str:
    """The page in words, without its pictures."""
    text: str = response.content.decode()
    return re.sub(r"data:image/png;base64,[^\"]+", "", text)
