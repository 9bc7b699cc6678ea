"""Signing at an outside provider, on the pages: who comes back, who calls, and a provider that is away."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers.models import Dossier
from tests.signatures.stage import on_paper, page_of, posted, told
from tnw.accounts import actors
from tnw.accounts.models import Fund, Role
from tnw.core import clock, scope
from trajects import signatures
from trajects.models import OutsideSigning

C = Role.COORDINATOR
ONE = "0190a000-0000-7000-8000-00000000000d"
ON = "15/06/2026"


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()


def test_who_comes_back_from_the_provider_without_being_signed_in_is_told_nothing(
    client: Client, db: None
) -> None:
    page = client.get(reverse("signing_back", args=[ONE]))
    assert page.status_code == 200
    assert "Thank you" in page.content.decode() or "Dank" in page.content.decode()


@pytest.mark.parametrize("number", ["311", "999"])
def test_nobody_calls_in_the_name_of_the_provider(
    number: str, client: Client, fund: Fund, settings: Settings
) -> None:
    settings.SIGNING_URL, settings.SIGNING_KEY = "http://127.0.0.1:1", "a key"
    url = reverse("signing_callback", args=[number, ONE])
    answer = client.post(
        url, b'{"id": "x"}', content_type="application/json", headers={"X-Signature": "0" * 64}
    )
    assert answer.status_code == (403 if number == "311" else 404)
    assert client.get(url).status_code == 405


def test_a_provider_that_is_away_loses_nothing(
    sit: Callable[[str], Client], dossier: Dossier, settings: Settings
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    assert "This was not done" in told(posted(client, dossier, ONE, "start")), "none is configured"
    settings.SIGNING_URL, settings.SIGNING_KEY = "http://127.0.0.1:1", "a key"
    assert "Nothing is lost" in told(posted(client, dossier, ONE, "start"))
    assert posted(client, dossier, ONE, "fetch").status_code == 302
    assert posted(client, dossier, ONE, "give-up").status_code == 302
    assert on_paper(client, dossier, ONE, ON).status_code == 302


def test_what_the_provider_did_not_bring_is_told(sit: Callable[[str], Client], dossier: Dossier) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))  # its PDF is made
    with scope.funds(dossier.fund_id):
        document = signatures.kept(dossier, ONE)
        assert document is not None
        OutsideSigning.objects.create(
            fund_id=dossier.fund_id, dossier=dossier, document=document, subject=ONE,
            session="1", url="", state="ended", why="another_person", started_at=clock.now(),
            actor=actors.system(),
        )  # fmt: skip
    for page in (page_of(dossier, ONE), reverse("signatures")):
        assert "somebody else than the insured person" in told(client.get(page))
