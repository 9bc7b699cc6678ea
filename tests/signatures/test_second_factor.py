"""A second factor that each sets up, and saying again who one is before something is signed."""

import hashlib
import re
import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData
from pytest_django.fixtures import Settings

from tests.conftest import PASSWORD
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Role, User
from tnw.core import scope
from tnw.web.confirmed import Confirmed, confirmed

SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None, settings: Settings) -> None:
    """A half minute may end between the app and the server: here that is no matter."""
    cache.clear()
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def user(doctor: User) -> User:
    return doctor


@pytest.fixture
def client(client: Client, user: User) -> Client:
    """Signed in through the form, as people do."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


@pytest.fixture
def secret(user: User) -> str:
    """The key of the user's authenticator app."""
    with audit.acting_as(actors.of_user(user), user.fund):
        TOTP.activate(user, made := generate_totp_secret())
    return made


@pytest.fixture(autouse=True)
def patient(settings: Settings) -> None:
    """The half minute of a code may end between its reading and its check."""
    settings.MFA_TOTP_TOLERANCE = 1


def code(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def passkey(user: User) -> Authenticator:
    """A passkey that the user added, with a key that nobody has here."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(Aaguid.NONE, b"a passkey", public)
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    data = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, held)
    kept = {
        "id": "YSBwYXNza2V5",
        "rawId": "YSBwYXNza2V5",
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(
                b'{"type": "webauthn.create", "challenge": "AA", "origin": "x"}'
            ),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {},
    }
    with audit.acting_as(actors.of_user(user), user.fund):
        return Authenticator.objects.create(
            user=user, type="webauthn", data={"name": "Blue key", "credential": kept}
        )


def recovery_codes(user: User) -> list[str]:
    with audit.acting_as(actors.of_user(user), user.fund):
        return list(RecoveryCodes.activate(user).generate_codes())


def state(client: Client, user: User) -> Confirmed | None:
    request = HttpRequest()
    request.session, request.user = client.session, user
    return confirmed(request)


def confirm(client: Client, **told: str) -> str:
    """The answer: where it leads, or the page that says what is wrong."""
    response = client.post(reverse("confirm"), {"password": PASSWORD, "next": reverse("rules"), **told})
    return response["Location"] if response.status_code == 302 else response.content.decode()


def test_the_sign_in_alone_confirms_nothing(client: Client, user: User) -> None:
    assert state(client, user) is None


def test_the_password_confirms_for_five_minutes(client: Client, user: User) -> None:
    assert confirm(client) == reverse("rules")
    found = state(client, user)
    assert found
    assert not found.second_factor
    assert abs(found.at.timestamp() - time.time()) < 60
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= django_settings.CONFIRMED_FOR.total_seconds() + 1
    session.save()
    assert state(client, user) is None


def test_a_wrong_password_confirms_nothing_and_guessing_is_stopped(client: Client, user: User) -> None:
    for _time in range(5):
        assert "Incorrect password" in confirm(client, password="something else altogether")
    assert "Too many" in confirm(client)
    assert state(client, user) is None


def test_a_password_that_is_hashed_anew_ends_no_session(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD, hasher="md5"))
    client.force_login(User.objects.get(pk=user.pk))
    assert confirm(client) == reverse("rules")
    assert client.get(reverse("rules")).status_code == 200
    assert state(client, user)


def test_it_leads_nowhere_else(client: Client) -> None:
    assert confirm(client, next="https://elsewhere.example/") == reverse("profile")


def test_whoever_has_a_second_factor_confirms_with_it_too(client: Client, user: User, secret: str) -> None:
    assert "Confirm with your second factor as well." in confirm(client)
    assert state(client, user) is None
    assert "This is not right" in confirm(client, code="000000")
    assert state(client, user) is None
    # The password is wrong: the code is not spent.
    shown = code(secret)
    confirm(client, password="something else altogether", code=shown)
    assert confirm(client, code=shown) == reverse("rules")
    found = state(client, user)
    assert found
    assert found.second_factor
    assert "This is not right" in confirm(client, code=shown), "each code once"


def test_the_older_of_the_two_counts(client: Client, user: User, secret: str) -> None:
    confirm(client, code=code(secret))
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 200 if record["method"] == "mfa" else 0
    session.save()
    found = state(client, user)
    assert found
    assert found.at.timestamp() < time.time() - 199


def test_a_recovery_code_opens_the_way_to_another_factor_and_signs_nothing(
    client: Client, user: User, secret: str
) -> None:
    first, *_others = recovery_codes(user)
    assert confirm(client, code=first) == reverse("mfa_index")
    assert state(client, user) is None
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_no_second_factor_is_changed_without_confirming(client: Client, user: User, secret: str) -> None:
    for name in (
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
    ):
        for method in (client.get, client.post):
            where = method(reverse(name))["Location"]
            assert where.startswith((reverse("confirm"), reverse("mfa_deactivate_totp"))), name
    assert Authenticator.objects.filter(user=user).count() == 1


def test_setting_up_an_app_and_signing_in_with_it(client: Client, user: User) -> None:
    confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r"<code class=\"num\">([A-Z2-7]{32})</code>", page)
    assert found
    assert "Not set up" in client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": code(found[1])}, follow=True)
    shown = re.findall(r"<code class=\"num\">(\d{8})</code>", done.content.decode())
    assert len(shown) == 10
    assert found[1] not in str(Authenticator.objects.get(type="totp").data), "kept encrypted"

    client.post(reverse("account_logout"))
    cache.clear()
    second = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert second["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("home")).status_code == 302, "the password alone lets nobody in"
    assert "This is not right" in client.post(second["Location"], {"code": "000000"}).content.decode()
    assert client.post(second["Location"], {"code": code(found[1])})["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200


def test_signing_in_with_a_recovery_code_once(client: Client, user: User, secret: str) -> None:
    first, *_others = recovery_codes(user)
    for expected in (200, 302):
        client.post(reverse("account_logout"))
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": first})
        assert client.get(reverse("home")).status_code == expected


def test_that_a_second_factor_came_and_went_is_traceable(client: Client, user: User) -> None:
    confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    (key,) = re.findall(r"<code class=\"num\">([A-Z2-7]{32})</code>", page)
    client.post(reverse("mfa_activate_totp"), {"code": code(key)})
    client.post(reverse("mfa_deactivate_totp"))
    with scope.funds(user.fund_id):
        entries = AuditEntry.objects.filter(content_type__model="authenticator", actor=user)
        told = sorted((one.changes["type"][one.action == 0], one.action) for one in entries)
        assert told == [("recovery_codes", 0), ("recovery_codes", 2), ("totp", 0), ("totp", 2)]
        assert all("data" not in one.changes for one in entries), "no secret in it"


def test_who_lost_them_all_signs_in_with_the_password_again(client: Client, user: User, secret: str) -> None:
    recovery_codes(user)
    call_command("forget_second_factor", user.email)
    with scope.funds(user.fund_id):
        gone = AuditEntry.objects.filter(content_type__model="authenticator", action=AuditEntry.Action.DELETE)
        assert gone.count() == 2
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.get(reverse("home")).status_code == 200
    for email in (user.email, "nobody@fund.example"):
        with pytest.raises(CommandError):
            call_command("forget_second_factor", email)


def test_guessing_codes_is_stopped(client: Client, user: User, secret: str) -> None:
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    for _time in range(6):
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Too many" in page
    assert "Too many" in client.post(reverse("mfa_authenticate"), {"code": code(secret)}).content.decode()


@pytest.mark.parametrize("credential", ["{}", "nothing", '{"id": 1}', '{"response": {}, "rawId": "AA"}'])
def test_what_is_no_passkey_confirms_nothing(client: Client, user: User, credential: str) -> None:
    passkey(user)
    response = client.post(reverse("confirm"), {"password": PASSWORD, "credential": credential})
    assert 'role="alert"' in response.content.decode()
    assert state(client, user) is None


@pytest.mark.parametrize("name", ["mfa_index", "confirm"])
def test_nobody_else_and_no_cache(client: Client, name: str) -> None:
    assert "no-store" in client.get(reverse(name))["Cache-Control"]
    client.logout()
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_the_passkey_of_another_is_not_there(
    client: Client, make_user: Callable[..., User], user: User
) -> None:
    other = make_user(Role.COORDINATOR, fund=user.fund)
    key = passkey(other)
    confirm(client)
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
