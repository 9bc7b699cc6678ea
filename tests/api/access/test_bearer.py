"""From the bearer token to its client: one query, by checksum, never by what stands in an address."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from routing.models.route_c import Service
from tests.api.conftest import token_of
from tnw.accounts import actors
from tnw.accounts.models import Actor, ActorKind, Fund
from tnw.integration import access, clients
from tnw.integration.access import NOUNS, PARTNER_SCOPES, SCOPES
from tnw.integration.models import Client

Made = tuple[Client, str]


def call(header: str | None, path: str = "/") -> Any:
    return RequestFactory().get(path, headers={} if header is None else {"Authorization": header})


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_one_query_gives_client_actor_and_fund(
    made: Made, fund: Fund, scheme: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = token_of(made[0])
    with django_assert_num_queries(1):
        client, scopes = access.client_of(call(f"{scheme} {token}"))
        assert (client, client.actor.fund) == (made[0], fund)
    assert scopes == frozenset(made[0].scopes)


@pytest.mark.parametrize(
    ("header", "raised"),
    [
        (None, access.NoAccessToken),
        ("", access.NoAccessToken),
        ("Basic eDp5", access.NoAccessToken),
        ("Token {token}", access.NoAccessToken),
        ("{token}", access.NoAccessToken),
        ("Bearer", access.InvalidAccessToken),
        ("Bearer ", access.InvalidAccessToken),
        ("Bearer x", access.InvalidAccessToken),
        ("Bearer {token}x", access.InvalidAccessToken),
        ("Bearer {token} {token}", access.InvalidAccessToken),
        ("Bearer {token}, Basic eDp5", access.InvalidAccessToken),
        ("Bearer \0", access.InvalidAccessToken),
        ("Bearer é", access.InvalidAccessToken),
        ("Bearer " + "x" * 5000, access.InvalidAccessToken),
        ("Bearer {checksum}", access.InvalidAccessToken),
    ],
)
def test_what_is_no_token(made: Made, header: str | None, raised: type[Exception]) -> None:
    token = token_of(made[0])
    checksum = access.get_access_token_model().objects.values_list("token_checksum", flat=True).get()
    given = header and header.replace("{token}", token).replace("{checksum}", checksum)
    with pytest.raises(raised):
        access.client_of(call(given))


def test_a_token_in_the_address_is_none(made: Made) -> None:
    with pytest.raises(access.NoAccessToken):
        access.client_of(call(None, f"/?access_token={token_of(made[0])}"))


def test_an_expired_token_says_so(made: Made) -> None:
    token = token_of(made[0], life=-timedelta(seconds=1))
    with pytest.raises(access.ExpiredAccessToken):
        access.client_of(call(f"Bearer {token}"))


def test_a_stopped_client_comes_before_an_expired_token(made: Made) -> None:
    token = token_of(made[0], life=-timedelta(seconds=1))
    Client.objects.update(is_active=False)
    with pytest.raises(access.InvalidAccessToken):
        access.client_of(call(f"Bearer {token}"))


def test_a_token_without_a_client_is_none(made: Made) -> None:
    token = token_of(made[0])
    access.get_access_token_model().objects.update(application=None)
    with pytest.raises(access.InvalidAccessToken):
        access.client_of(call(f"Bearer {token}"))


def test_a_scope_that_goes_is_gone_from_tokens_at_once_and_one_that_comes_is_in_none(made: Made) -> None:
    token = token_of(made[0])
    by = {"client_id": made[0].client_id, "actor": actors.system()}
    clients.change(**by, scopes=["webhook:read", "plan:read"])
    assert access.client_of(call(f"Bearer {token}"))[1] == {"scope:tnw:webhook:read"}


def test_an_actor_without_a_client_breaks_nothing(made: Made, fund: Fund) -> None:
    Actor.objects.create(kind=ActorKind.CLIENT, name="Zonder", fund=fund)
    assert access.client_of(call(f"Bearer {token_of(made[0])}"))[0] == made[0]


@pytest.mark.parametrize("service", Service.values)
def test_a_regional_service_has_its_funds(
    make: Callable[..., Made], fund: Fund, other_fund: Fund, service: str
) -> None:
    client, _secret = make(service=service, funds=[fund, other_fund], scopes=PARTNER_SCOPES)
    found, scopes = access.client_of(call(f"Bearer {token_of(client)}"))
    assert (found.actor.fund, found.actor.service) == (None, service)
    assert set(found.funds.all()) == {fund, other_fund}
    assert scopes == PARTNER_SCOPES


def test_scopes_are_required_by_their_short_name() -> None:
    granted = frozenset({"scope:tnw:adaptedWork:read"})
    access.require_scope(granted, "adaptedWork:read")
    for wanted in ("adaptedWork:write", "plan:read"):
        with pytest.raises(access.MissingScope) as missing:
            access.require_scope(granted, wanted)
        assert missing.value.scope == f"scope:tnw:{wanted}"


READ_ONLY = {
    "fund", "insuredPerson", "dossier", "fact", "deadline", "declaration", "absenceProcedure", "document", "figures",
    "refData",
}  # fmt: skip


def test_the_scopes_follow_who_sees_and_does_what() -> None:
    """Section 8: answers to a questionnaire go in and never out; what a person does or decides is only read."""
    verbs = {noun: {scope.split(":")[3] for scope in SCOPES if scope.split(":")[2] == noun} for noun in NOUNS}
    assert {noun for noun, some in verbs.items() if some == {"read"}} == READ_ONLY
    assert {noun for noun, some in verbs.items() if some == {"write"}} == {"questionnaireAnswer"}
    assert all(some <= {"read", "write"} for some in verbs.values())
    assert all(scope.split(":")[:2] == ["scope", "tnw"] for scope in SCOPES)
    assert not {"assessment", "referral", "permission"} & set(NOUNS)
    assert {scope.removeprefix("scope:tnw:") for scope in PARTNER_SCOPES} == {
        "partnerRegistration:read", "partnerRegistration:write", "partnerStep:read", "partnerStep:write",
        "partnerReferral:read", "partnerReferral:write", "webhook:read", "webhook:write", "refData:read", "fund:read",
    }  # fmt: skip


def test_tokens_expire_by_the_clock_on_the_wall(made: Made) -> None:
    token = token_of(made[0], life=timedelta(seconds=30))
    model = access.get_access_token_model()
    assert access.client_of(call(f"Bearer {token}"))
    model.objects.update(expires=timezone.now())
    with pytest.raises(access.ExpiredAccessToken):
        access.client_of(call(f"Bearer {token}"))
