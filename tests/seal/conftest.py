"""A fund whose seal an invented authority issued, and documents that it wrote and sealed."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from dossiers.documents import sealing
from dossiers.documents.letter import Letter, paragraph
from dossiers.documents.typesetting import Envelope, typeset
from dossiers.models import Document, Dossier, reference_of
from tests.seal import authority
from tests.web.conftest import static_files_from_their_sources  # noqa: F401  # for the page
from tnw.accounts.models import Actor, Fund, new_uuid
from tnw.core import clock

TODAY = date(2026, 6, 1)
TO = ("An Goossens", "Kerkstraat 1", "9000 Gent")


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder with the seals of funds; nothing is in it."""
    settings.SEALS, settings.OWN_SEALS = tmp_path / "seals", False
    settings.SEAL_PASSPHRASE, settings.TIMESTAMP_URL = authority.PASSPHRASE, ""
    settings.SEALS.mkdir()
    return settings.SEALS


@pytest.fixture
def sealed_by_authority(folder: Path, in_fund: Fund) -> Path:
    """The fund has a seal that is in order."""
    (folder / f"{in_fund.number}.p12").write_bytes(authority.issue().p12())
    return folder


@pytest.fixture
def pdf(in_fund: Fund) -> bytes:
    """A PDF that the fund wrote, and that is kept nowhere."""
    return written(in_fund, "ABCDE-12345")


Keep = Callable[..., Document]


@pytest.fixture
def keep(in_fund: Fund, feed_actor: Actor, dossier_of: Callable[..., Dossier]) -> Keep:
    """`keep(sealed=True)`: a document of the fund, kept byte for byte."""
    dossier = dossier_of(start=date(2026, 1, 5))

    def make(*, sealed: bool = False, kind: str = "contact_invitation") -> Document:
        public_id = new_uuid()
        content, certificate = written(in_fund, reference_of(public_id)), ""
        if sealed:
            content, certificate = sealing.seal(content, in_fund, clock.now())
        return Document.objects.create(
            fund=in_fund, public_id=public_id, dossier=dossier, kind=kind, language="nl", title="Brief",
            content=content, sha256=hashlib.sha256(content).hexdigest(), pages=1, certificate=certificate,
            made_on=TODAY, made_at=clock.now(), actor=feed_actor,
        )  # fmt: skip

    return make


def written(fund: Fund, reference: str) -> bytes:
    letter = Letter("Brief", [paragraph("Wat er geschreven staat.")], ["Met vriendelijke groeten"])
    return typeset(letter, Envelope(fund, ["De coördinator"], TO, TODAY, reference))
