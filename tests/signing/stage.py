"""What happens around one declaration that is being signed."""

import io
import json
from datetime import date, timedelta
from typing import Any

import requests
from PIL import Image

from dossiers.models import Dispatch, Document, Scan
from dossiers.scans import Upload
from tests.reintegration.stage import Part
from tests.route_a.stage import COORDINATOR, DOCTOR
from tnw.accounts import audit
from tnw.core import clock
from trajects import signatures
from trajects.jobs import signed_outside
from trajects.models import OutsideSigning, Signature
from trajects.services import outside, sealing, signing
from trajects.signing.http import mac_of
from trajects.signing.local import LocalProvider

KEY = "a key of the provider"
MINUTE = timedelta(minutes=1)


def drawing() -> Upload:
    """What somebody drew on the screen."""
    out = io.BytesIO()
    Image.new("RGB", (300, 100), "white").save(out, "PNG")
    return Upload("signature.png", out.getvalue())


class Signing:
    """One declaration; each name is what somebody does."""

    def __init__(self, part: Part, subject: str) -> None:
        self.part, self.subject = part, subject

    def on(self, day: date) -> "Signing":
        self.part.on(day)
        return self

    def sign(self, *roles: str) -> None:
        self.part.sign(self.subject, *roles)

    def sign_as(self, by: str, role: str, **otherwise: Any) -> None:
        self.part.sign_as(by, self.subject, role, **otherwise)

    def insured(self, **otherwise: Any) -> None:
        told = self.part.on_paper(self.subject, **otherwise)
        self.part.act(signing.record_signature, COORDINATOR, **told)

    def withdraw(self, by: str, role: str, note: str = "") -> None:
        self.part.act(signing.withdraw, by, subject=self.subject, role=role, note=note)

    def remind(self, role: str, by: str = COORDINATOR) -> None:
        self.part.act(signing.remind, by, subject=self.subject, role=role)

    def change(self) -> "Signing":
        return Signing(self.part, self.part.change(self.subject))

    # --- at the provider

    def go_outside(self, by: str = COORDINATOR) -> OutsideSigning:
        read = self.part.read(self.subject)
        found = self.part.act(outside.start, by, subject=self.subject, sha256=read)
        assert isinstance(found, OutsideSigning)
        return found

    def ask(self, one: OutsideSigning) -> str:
        actor = self.part.people[COORDINATOR]
        with audit.acting_as(actor, self.part.fund), clock.at(self.part.day, hour=18):
            return outside.fetch(signing_id=one.public_id, actor=actor, on=self.part.day).state

    def called(self, one: OutsideSigning, body: bytes, key: str = KEY) -> None:
        with clock.at(self.part.day, hour=18):
            outside.called_back(
                fund=self.part.fund, signing_id=one.public_id, body=body, mac=mac_of(key, body)
            )

    # --- what there is then

    @property
    def document(self) -> Document:
        found = signatures.kept(self.part.dossier, self.subject)
        assert found is not None
        return found

    @property
    def sealed(self) -> Document | None:
        return sealing.sealed(self.part.dossier, self.subject)

    @property
    def standing(self) -> dict[str, Signature]:
        return signatures.standing(self.part.dossier, self.subject)

    @property
    def state(self) -> str:
        return self.part.declared(self.subject).state

    @property
    def letters(self) -> list[tuple[str, str]]:
        """What went or goes to the insured: its kind, and by which channel."""
        ways = Dispatch.objects.filter(dossier=self.part.dossier).select_related("document").order_by("pk")
        return [(one.document.kind, one.channel) for one in ways]

    @property
    def scans(self) -> list[Scan]:
        return list(Scan.objects.filter(dossier=self.part.dossier).order_by("pk"))


ALL = ("insured", COORDINATOR, DOCTOR)


def signs_there(provider: LocalProvider, one: OutsideSigning, name: str = "An GOOSSENS") -> None:
    """The insured reads, fills in a name and signs, on the page of the provider."""
    assert provider.sessions[one.session].given["sha256"] == one.document.sha256
    read = requests.get(f"{one.url}/document", timeout=60)
    assert read.content == bytes(one.document.content)
    form = {"name": name, "what": "signed"}
    came = requests.post(one.url, data=form, timeout=60, allow_redirects=False)
    assert (came.status_code, came.headers["Location"]) == (303, provider.sessions[one.session].given["back"])


def said_by(one: OutsideSigning) -> bytes:
    return json.dumps({"id": one.session}).encode()


def job(one: Signing) -> dict[str, int]:
    with clock.at(one.part.day, hour=20):
        return signed_outside(one.part.day, one.part.fund)[one.part.fund.number]
