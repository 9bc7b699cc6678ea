"""Sign-in, passwords, language and own choices."""

import re
from collections.abc import Callable
from unittest import mock

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
from tnw.accounts.models import Fund, Role, User
from tnw.web.views.profile import ProfileForm

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()


def test_sign_in_and_out(client: Client, coordinator: User) -> None:
    response = client.post(reverse("account_login"), {"login": coordinator.email, "password": PASSWORD})
    assert response["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert client.get(reverse("home")).status_code == 302


def test_the_end_of_a_session_is_told_in_the_language_of_whoever_was_there(
    client: Client, make_user: Callable[..., User], fund: Fund
) -> None:
    somewhere = f"{reverse('account_login')}?next={reverse('agenda')}"
    assert "session has ended" not in client.get(somewhere).content.decode(), "nobody was here before"
    client.force_login(make_user(Role.COORDINATOR, fund=fund, language="fr"))
    client.get(reverse("home"))
    del client.cookies[settings.SESSION_COOKIE_NAME]
    page = client.get(reverse("agenda"), follow=True, headers={"accept-language": "nl"}).content.decode()
    assert 'lang="fr"' in page
    assert "conservé dans cet onglet" in page
    assert "onglet" not in client.get(reverse("account_login")).content.decode()


def test_a_wrong_password_is_said_clearly(client: Client, coordinator: User) -> None:
    given = {"login": coordinator.email, "password": "something else altogether"}
    response = client.post(reverse("account_login"), given, headers={"accept-language": "nl"})
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "Niet aangemeld" in page.split("</title>")[0]


def test_guessing_is_stopped(client: Client, coordinator: User) -> None:
    given = {"login": coordinator.email, "password": "something else altogether"}
    for _time in range(6):
        page = client.post(reverse("account_login"), given).content.decode()
    assert "Too many" in page or "te veel" in page.lower()
    given["password"] = PASSWORD
    client.post(reverse("account_login"), given)
    assert client.get(reverse("home")).status_code == 302


def test_a_new_password_by_mail(client: Client, coordinator: User) -> None:
    client.post(reverse("account_reset_password"), {"email": coordinator.email})
    (message,) = mail.outbox
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", str(message.body))
    assert link
    assert "example.com" not in message.body
    form = client.get(link[1], follow=True)
    new = "een ander lang wachtwoord"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done["Location"] == reverse("account_reset_password_from_key_done")
    client.post(reverse("account_login"), {"login": coordinator.email, "password": new})
    assert client.get(reverse("home")).status_code == 200
    assert client.get(link[1], follow=True).context["token_fail"]


def test_an_unknown_address_learns_nothing(client: Client, db: None) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert answer["Location"] == reverse("account_reset_password_done")


def test_own_choices(browse: Browse) -> None:
    client = browse(Role.COORDINATOR)
    page = client.post(reverse("profile"), {"language": "fr"}, follow=True).content.decode()
    assert "Vos choix sont enregistrés." in page
    user = User.objects.get(roles=[Role.COORDINATOR])
    assert (user.language, user.digest) == ("fr", False)


def test_what_an_administrator_changes_meanwhile_stands(browse: Browse) -> None:
    client = browse(Role.COORDINATOR)

    def take_it_away(form: ProfileForm) -> bool:
        User.objects.update(is_active=False, roles=[Role.MEDICAL_TEAM])
        return not form.errors

    with mock.patch.object(ProfileForm, "is_valid", take_it_away):
        client.post(reverse("profile"), {"language": "fr"})
    user = User.objects.get()
    assert (user.language, user.is_active, user.roles) == ("fr", False, [Role.MEDICAL_TEAM])


def test_the_language_goes_with_the_user(browse: Browse) -> None:
    client = browse(Role.COORDINATOR)
    answer = client.post(reverse("language"), {"language": "de", "next": reverse("rules")})
    assert answer["Location"] == reverse("rules")
    assert User.objects.get().language == "de"
    assert 'lang="de"' in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_the_language_leads_nowhere_else(target: str, client: Client, db: None) -> None:
    assert client.post(reverse("language"), {"language": "fr", "next": target})["Location"] == reverse("home")
    assert 'lang="fr"' in client.get(reverse("account_login")).content.decode()


def test_health(client: Client, db: None) -> None:
    assert client.get(reverse("health")).json() == {"status": "UP"}
    with mock.patch("tnw.web.views.health.connection") as connection:
        connection.cursor.side_effect = DatabaseError
        answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()) == (503, {"status": "DOWN"})


def test_error_pages_are_ours(client: Client, browse: Browse) -> None:
    assert "TNW" in client.get("/nothing-here").content.decode()
    signed_in = browse(Role.COORDINATOR)
    refused = signed_in.get(reverse("imports"))
    assert refused.status_code == 403
    assert "Your role does not give access to this." in refused.content.decode()
    strict = Client(enforce_csrf_checks=True)
    english = {"accept-language": "en"}
    page = strict.post(reverse("account_login"), {"login": "x"}, headers=english).content.decode()
    assert "can no longer be sent" in page
    assert "What you typed is kept in this tab" in page
