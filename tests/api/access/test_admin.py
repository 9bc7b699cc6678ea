"""API clients on the administrator's pages: of the own fund alone, and a secret that is shown once and kept nowhere."""

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import reverse

from tests.api.access.conftest import SCOPES, ask, basic
from tests.api.access.test_assertions import key, public
from tests.api.conftest import token_of
from tnw.accounts import actors
from tnw.accounts.models import AuditEntry, Fund, Role, User
from tnw.core import scope
from tnw.integration import clients
from tnw.integration.models import Client

Made = tuple[Client, str]
LISTING, ADD = reverse("admin:integration_client_changelist"), reverse("admin:integration_client_add")
SECRET = re.compile(r"<code>([A-Za-z0-9]{128})</code>")


@pytest.fixture(autouse=True)
def _static_files(settings: Any, tmp_path: Path) -> None:
    """Warnings are errors, and nobody collected the files."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def admin(signed_in: Callable[[User], Browser], administrator: User) -> Browser:
    return signed_in(administrator)


def fields(**changes: Any) -> dict[str, Any]:
    given = {
        "name": "Kern", "scopes": [f"scope:tnw:{one}" for one in SCOPES], "calls_a_minute": "600", "keys": "",
        "is_active": "on",
    }  # fmt: skip
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def page_of(client: Client) -> str:
    return reverse("admin:integration_client_change", args=[client.pk])


def secret_on(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    assert "adminform" not in (answer.context or {}), answer.context["adminform"].form.errors
    assert "no-store" in answer.headers["Cache-Control"]
    found = SECRET.search(answer.content.decode())
    assert found
    return found[1]


def works(client: Client, secret: str) -> bool:
    answer = ask({"grant_type": "client_credentials"}, Authorization=basic(client.client_id, secret))
    return bool(answer.status_code == 200)


def test_the_form_is_in_the_language_of_the_page_and_without_keys_empty(
    admin: Browser, administrator: User
) -> None:
    with scope.funds(administrator.fund_id):
        User.objects.filter(pk=administrator.pk).update(language="nl")
    page = admin.get(ADD, headers={"Accept-Language": "nl"})
    text = page.content.decode()
    assert re.search(r'<textarea name="keys"[^>]*>\s*</textarea>', text)
    labels = re.findall(r"<label[^>]*>([^<]+?):?</label>", text)
    for label in ("naam", "scopes", "oproepen per minuut", "publieke sleutels", "actief"):
        assert label in {one.strip().lower() for one in labels}, labels


def test_a_client_made_here_is_of_the_fund_and_its_secret_is_shown_once(
    admin: Browser, fund: Fund, administrator: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        secret = secret_on(admin.post(ADD, fields()))
    client = Client.objects.select_related("actor").get()
    assert (client.actor.fund, client.actor.name, client.scopes) == (fund, "Kern", fields()["scopes"])
    assert works(client, secret)
    for address in (LISTING, page_of(client), reverse("admin:integration_client_history", args=[client.pk])):
        assert secret not in admin.get(address).content.decode()
    assert secret not in caplog.text
    assert secret not in str([session.get_decoded() for session in Session.objects.all()])
    assert secret not in str(admin.cookies)
    with scope.funds(fund.pk):
        entry = AuditEntry.objects.get(content_type__model="client")
        assert (entry.acting.user, entry.object_repr) == (administrator, "Kern")
        assert secret not in json.dumps(entry.changes)


def test_list_and_form_open(admin: Browser, made: Made) -> None:
    listing = admin.get(LISTING).content.decode()
    assert made[0].client_id in listing
    assert made[0].client_secret not in listing
    form = admin.get(page_of(made[0])).content.decode()
    assert "adaptedWork:read" in form
    assert made[0].client_secret not in form
    assert admin.get(ADD).status_code == 200


def test_of_another_fund_or_a_regional_service_nothing_is_there(
    admin: Browser, make: Callable[..., Made], fund: Fund, other_fund: Fund
) -> None:
    foreign, _secret = make("Elders", fund=other_fund)
    partner, _secret = make("Dienst", service="vdab", funds=[fund], scopes=["partnerStep:read"])
    listing = admin.get(LISTING).content.decode()
    for stranger in (foreign, partner):
        assert stranger.client_id not in listing
        for answer in (
            admin.get(page_of(stranger)),
            admin.post(page_of(stranger), fields(name="Gekaapt", new_secret="on")),
            admin.get(reverse("admin:integration_client_history", args=[stranger.pk])),
        ):
            assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))
        stranger.refresh_from_db()
        assert stranger.name != "Gekaapt"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_no_other_role_enters(
    signed_in: Callable[[User], Browser], make_user: Callable[..., User], fund: Fund, made: Made, role: str
) -> None:
    browser = signed_in(make_user(role, fund=fund))
    for address in (LISTING, ADD, page_of(made[0])):
        assert browser.get(address).status_code == 302
        assert browser.post(address, fields(name="Nieuw")).status_code == 302
    assert Client.objects.get().name == "Kern"


def test_what_is_changed_is_changed_and_audited_and_the_secret_stays(
    admin: Browser, made: Made, fund: Fund
) -> None:
    client, secret = made
    changes = fields(name="Kernsysteem", scopes=["scope:tnw:plan:read"], calls_a_minute="30")
    answer = admin.post(page_of(client), changes)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    client = Client.objects.select_related("actor").get()
    assert (client.name, client.actor.name, client.calls_a_minute) == ("Kernsysteem", "Kernsysteem", 30)
    assert client.scopes == ["scope:tnw:plan:read"]
    assert works(client, secret)
    with scope.funds(fund.pk):
        entry = AuditEntry.objects.filter(content_type__model="client").latest("pk")
        assert set(entry.changes) == {"name", "scopes", "calls_a_minute"}


def test_a_new_secret_is_shown_once_and_the_former_one_is_gone(admin: Browser, made: Made) -> None:
    client, former = made
    secret = secret_on(admin.post(page_of(client), fields(new_secret="on")))
    assert (works(client, former), works(client, secret)) == (False, True)
    assert secret not in admin.get(page_of(client)).content.decode()


def test_a_client_made_inactive_is_refused_at_once(admin: Browser, made: Made) -> None:
    client, secret = made
    token_of(client)
    assert admin.post(page_of(client), fields(is_active=None)).status_code == 302
    assert not works(client, secret)
    assert not client.accesstoken_set.exists()
    assert admin.post(page_of(client), fields()).status_code == 302
    assert works(client, secret)


def test_keys_instead_of_a_secret_and_back(admin: Browser, made: Made) -> None:
    client, secret = made
    registered = json.dumps(public(key("P-256", "b")))
    answer = admin.post(page_of(client), fields(keys=registered, no_secret="on"))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    client.refresh_from_db()
    assert client.keys == json.loads(registered)
    assert not works(client, secret)
    assert not clients.has_secret(client)
    new = secret_on(admin.post(page_of(client), fields(keys="", new_secret="on")))
    client.refresh_from_db()
    assert client.keys is None
    assert works(client, new)


def test_a_new_client_with_keys_gets_no_secret(admin: Browser) -> None:
    answer = admin.post(ADD, fields(keys=json.dumps(public(key("RSA", "a")))))
    assert answer.status_code == 302
    assert not clients.has_secret(Client.objects.get())


def test_a_new_client_can_begin_inactive(admin: Browser) -> None:
    secret = secret_on(admin.post(ADD, fields(is_active=None)))
    client = Client.objects.get()
    assert not client.is_active
    assert not works(client, secret)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Kern"}, "name"),
        ({"name": "TNW"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["scope:tnw:plan:delete"]}, "scopes"),
        ({"calls_a_minute": "0"}, "calls_a_minute"),
        ({"calls_a_minute": "1000000"}, "calls_a_minute"),
        ({"calls_a_minute": "veel"}, "calls_a_minute"),
        ({"keys": "geen json"}, "keys"),
        ({"keys": '{"keys": []}'}, "keys"),
        ({"keys": json.dumps({"keys": [key("RSA").export(as_dict=True)]})}, "keys"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    admin: Browser, made: Made, wrong: dict[str, Any], field: str
) -> None:
    answer = admin.post(ADD, fields(**{"name": "Portaal", **wrong}))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"no_secret": "on"}, "keys"),
        ({"no_secret": "on", "new_secret": "on", "keys": json.dumps(public(key("RSA", "a")))}, "no_secret"),
    ],
)
def test_no_client_is_left_without_a_way_in(
    admin: Browser, made: Made, wrong: dict[str, str], field: str
) -> None:
    answer = admin.post(page_of(made[0]), fields(**wrong))
    assert field in answer.context["adminform"].form.errors
    assert works(*made)


def test_keys_cannot_be_taken_from_a_client_that_has_nothing_else(
    admin: Browser, make: Callable[..., Made]
) -> None:
    client, _none = make(keys=public(key("RSA", "a")))
    assert "keys" in admin.post(page_of(client), fields()).context["adminform"].form.errors


def test_a_client_is_not_deleted(admin: Browser, made: Made) -> None:
    assert (
        admin.post(reverse("admin:integration_client_delete", args=[made[0].pk]), {"post": "yes"}).status_code
        == 403
    )
    assert actors.Actor.objects.filter(name="Kern").exists()
