"""The public page: open to everybody, told the same by all, careful with what it says, and keeping nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers.models import Document, Scan
from tests.seal.conftest import Keep
from tnw.accounts.models import AccessLog, Fund, Role, User
from tnw.core import scope
from tnw.web.views import verify

Hand = Callable[..., str]


@pytest.fixture(autouse=True)
def _reads_english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def hand(client: Client) -> Hand:
    """`hand(content)`: what the page says of a file, to somebody who did not sign in."""

    def handed(content: bytes, *, by: Client = client, status: int = 200) -> str:
        with scope.funds():
            file = SimpleUploadedFile("declaration.pdf", content)
            response = by.post(reverse("verify"), {"file": file})
        assert response.status_code == status
        return response.content.decode()

    return handed


@pytest.mark.usefixtures("sealed_by_authority")
def test_anybody_verifies_and_nothing_is_kept(keep: Keep, hand: Hand, settings: Settings) -> None:
    document, letter = keep(sealed=True), keep()
    before = [model.objects.count() for model in (Document, Scan, AccessLog)]
    page = hand(bytes(document.content))
    assert "Unchanged, and sealed" in page
    assert "Fund 311" in page
    assert "Goossens" not in page
    assert "Unchanged, but not sealed" in hand(bytes(letter.content))
    assert "Changed afterwards" in hand(bytes(document.content) + b"\n")
    assert "Not a document of ours" in hand(b"%PDF-1.7")
    assert "Not a PDF" in hand(b"GIF89a")
    assert [model.objects.count() for model in (Document, Scan, AccessLog)] == before
    assert not list(Path(settings.UPLOADS).glob("*declaration*"))


@pytest.mark.usefixtures("sealed_by_authority")
def test_every_role_of_every_fund_is_told_the_same(
    keep: Keep, hand: Hand, other_fund: Fund, make_user: Callable[..., User]
) -> None:
    content = bytes(keep(sealed=True).content)
    for role in Role.values:
        by = Client()
        by.force_login(make_user(role, fund=other_fund))
        assert "Unchanged, and sealed" in hand(content, by=by)


def test_what_is_not_a_file_to_look_at(
    fund: Fund, client: Client, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Choose the PDF that is to be verified." in client.post(reverse("verify")).content.decode()
    assert "This file is empty." in hand(b"")
    monkeypatch.setattr(verify, "LARGEST", 1000)
    assert "larger than 10 MB" in hand(b"%PDF-" + b"x" * 1000)
    monkeypatch.setattr(verify, "LARGEST_REQUEST", 1000)
    read: list[object] = []
    monkeypatch.setattr(verify.VerifyForm, "clean_file", lambda form: read.append(form))
    assert "larger than 10 MB" in hand(b"%PDF-" + b"x" * 1000)
    assert not read


def test_the_code_on_a_page_says_only_that_there_is_such_a_document(keep: Keep, client: Client) -> None:
    document = keep()
    with scope.funds():
        known = client.get(reverse("verify"), {"document": document.reference}).content.decode()
        unknown = client.get(reverse("verify"), {"document": "00000-00000"}).content.decode()
    assert f"reference {document.reference} was made by Fund 311" in known
    assert "No document with the reference 00000-00000 is known here." in unknown
    for told in ("Goossens", document.title, document.kind, str(document.made_on.year)):
        assert told not in known


def test_it_is_kept_by_no_cache_and_found_by_no_search(fund: Fund, client: Client) -> None:
    response = client.get(reverse("verify"))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert client.get(reverse("verify"), {"document": "<script>"}).content.count(b"<script>") == 0


def test_who_asks_too_often_waits(fund: Fund, client: Client, hand: Hand) -> None:
    for _ in range(20):
        hand(b"%PDF-")
    hand(b"%PDF-", status=429)
    assert client.get(reverse("verify"), {"document": "00000-00000"}).status_code == 429
    assert client.get(reverse("verify")).status_code == 200
