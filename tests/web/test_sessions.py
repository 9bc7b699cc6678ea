"""How long a session lasts: an hour from the last that a person asked for, whatever an open page asks for by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from dossiers.models import ImportRun
from tests.web.conftest import Place
from tnw.accounts.models import Role
from tnw.core import clock, scope

POLLS = {
    "assess_claim": (Role.ADVISORY_DOCTOR, "post"),
    "import_run": (Role.ADMINISTRATOR, "get"),
}


@pytest.mark.parametrize("name", POLLS)
def test_an_open_page_does_not_keep_its_session_alive(
    name: str, own: Place, browse: Callable[..., Client]
) -> None:
    role, method = POLLS[name]
    client = browse(role)
    url = reverse(name, args=[own.dossier.public_id if name == "assess_claim" else own.run.public_id])
    soon = clock.now() + timedelta(minutes=5)
    Session.objects.update(expire_date=soon)
    answer = getattr(client, method)(url, headers={"X-Poll": "1"})
    assert answer.status_code == 200
    assert "Cookie" in answer["Vary"]
    assert Session.objects.get().expire_date == soon
    getattr(client, method)(url)
    assert Session.objects.get().expire_date > soon + timedelta(minutes=50)


def test_both_pages_say_what_they_ask_for_by_themselves(own: Place, browse: Callable[..., Client]) -> None:
    url = reverse("assess", args=[own.dossier.public_id])
    page = browse(Role.ADVISORY_DOCTOR).get(url).content.decode()
    assert page.count('hx-trigger="every') == page.count("X-Poll") == 1
    with scope.funds(own.fund.pk):
        ImportRun.objects.filter(pk=own.run.pk).update(state="applying")
    page = browse(Role.ADMINISTRATOR).get(reverse("import_run", args=[own.run.public_id])).content.decode()
    assert page.count('hx-trigger="every') == page.count("X-Poll") == 1
