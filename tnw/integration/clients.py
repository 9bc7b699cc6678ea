"""API clients: how they are made, changed and stopped. A secret is given back once and kept as a hash only."""

from collections.abc import Iterable, Sequence
from typing import Any

from auditlog.context import disable_auditlog
from django.contrib.auth.hashers import is_password_usable, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model

from routing.models.route_c import Service
from tnw.accounts import audit
from tnw.accounts.models import SYSTEM_NAMES, Actor, ActorKind, Fund
from tnw.core.errors import DomainError
from tnw.core.policies import require
from tnw.integration.access import PARTNER_SCOPES, PREFIX, SCOPES
from tnw.integration.models import Client
from tnw.integration.models.client import CALLS_A_MINUTE
from tnw.integration.oauth import keys as public_keys
from tnw.integration.policies import may_keep_clients

LONGEST_NAME = 120
MOST_CALLS = 100_000


@transaction.atomic
def create(
    *,
    name: str,
    scopes: Iterable[str],
    actor: Actor,
    fund: Fund | None = None,
    service: str = "",
    funds: Sequence[Fund] = (),
    keys: Any = None,
    calls_a_minute: int = CALLS_A_MINUTE,
) -> tuple[Client, str]:
    """A client of one `fund`, or of a regional `service` that works with `funds`, and an actor of its own.

    Gives the client and its secret, which nobody can look up again; with `keys` (a JSON Web Key Set) there is none,
    and the secret is empty. Raises NotAllowed, DomainError.
    """
    require(may_keep_clients(actor, fund))
    if bool(fund) == bool(service) or (fund and funds):
        raise DomainError(
            _("A client is of one fund, or of a regional service that works with funds."), code="whose"
        )
    if service and service not in Service.values:
        raise DomainError(
            _("There is no regional service %(service)s (known: %(known)s)."),
            code="service_unknown", field="service", service=service, known=", ".join(Service.values),
        )  # fmt: skip
    if service and not funds:
        raise DomainError(
            _("Name the funds that the regional service works with."), code="required", field="funds"
        )
    name = check_name(name)
    known = public_keys.check(keys) if keys is not None else None
    secret = "" if known else generate_client_secret()
    client = Client(
        name=name,
        client_type=Client.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
        scopes=check_scopes(scopes, of_service=bool(service)),
        keys=known,
        calls_a_minute=check_rate(calls_a_minute),
        actor=Actor.objects.create(kind=ActorKind.CLIENT, name=name, fund=fund, service=service),
    )
    _set_secret(client, secret)
    with disable_auditlog():  # an entry for each fund, once these are known
        client.save()
        client.funds.set(funds)
    _record(None, client, actor)
    return client, secret


@transaction.atomic
def change(
    *,
    client_id: str,
    actor: Actor,
    name: str | None = None,
    scopes: Iterable[str] | None = None,
    keys: Any = None,
    calls_a_minute: int | None = None,
    is_active: bool | None = None,
) -> Client:
    """Change what is given. An empty set of `keys` takes the keys away. Raises NotAllowed, DomainError.

    A scope that goes is gone from tokens at once; so are all tokens of a client that is stopped.
    """
    before, client = _locked(client_id, actor)
    if name is not None:
        client.name = client.actor.name = check_name(name, client)
        client.actor.save(update_fields=["name"])
    if scopes is not None:
        client.scopes = check_scopes(scopes, of_service=bool(client.actor.service))
    if keys is not None:
        client.keys = public_keys.check(keys) if keys else None
    if not client.keys and not has_secret(client):
        raise DomainError(
            _("This client has no secret: without keys it could not sign in."), code="no_way", field="keys"
        )
    if calls_a_minute is not None:
        client.calls_a_minute = check_rate(calls_a_minute)
    if is_active is not None:
        client.is_active = is_active
    if not client.is_active:
        get_access_token_model().objects.filter(application=client).delete()
    return _saved(before, client, actor)


def stop(*, client_id: str, actor: Actor) -> Client:
    """Let a client in no more, with whatever token. Raises NotAllowed, DomainError."""
    return change(client_id=client_id, actor=actor, is_active=False)


@transaction.atomic
def rotate(*, client_id: str, actor: Actor) -> tuple[Client, str]:
    """A new secret instead of the former one; tokens that are out run to their end. Raises NotAllowed, DomainError."""
    before, client = _locked(client_id, actor)
    secret = generate_client_secret()
    _set_secret(client, secret)
    return _saved(before, client, actor), secret


@transaction.atomic
def forget_secret(*, client_id: str, actor: Actor) -> Client:
    """From now on the keys alone. Raises NotAllowed, DomainError."""
    before, client = _locked(client_id, actor)
    if not client.keys:
        raise DomainError(
            _("This client has no keys: without a secret it could not sign in."), code="no_way", field="keys"
        )
    _set_secret(client, "")
    return _saved(before, client, actor)


def has_secret(client: Client) -> bool:
    """Whether the client can sign in with a secret."""
    return is_password_usable(client.client_secret)


def check_name(name: str, client: Client | None = None) -> str:
    """The name in one line, if no other client or job bears it. Raises DomainError."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise DomainError(
            _("Give the client a name of at most %(most)s characters."),
            code="required",
            field="name",
            most=LONGEST_NAME,
        )
    others = Actor.objects.filter(user=None, name__iexact=name)
    if client:
        others = others.exclude(pk=client.actor_id)
    if name.lower() in {taken.lower() for taken in SYSTEM_NAMES} or others.exists():
        raise DomainError(_("This name is taken: %(name)s."), code="name_taken", field="name", name=name)
    return name


def check_scopes(given: Iterable[str], *, of_service: bool) -> list[str]:
    """The whole names of scopes, written so or as "adaptedWork:read". Raises DomainError that names the wrong ones."""
    wanted = {(one if one.startswith(PREFIX) else f"{PREFIX}{one}"): one for one in given}
    if not wanted:
        raise DomainError(_("Name at least one scope."), code="required", field="scopes")
    if unknown := [short for whole, short in wanted.items() if whole not in SCOPES]:
        raise DomainError(
            _("There is no scope %(scopes)s."),
            code="scope_unknown",
            field="scopes",
            scopes=", ".join(unknown),
        )
    if of_service and (beyond := [short for whole, short in wanted.items() if whole not in PARTNER_SCOPES]):
        raise DomainError(
            _("A regional service does not get %(scopes)s."),
            code="scope_not_for_service",
            field="scopes",
            scopes=", ".join(beyond),
        )
    return [scope for scope in SCOPES if scope in wanted]


def check_rate(calls_a_minute: int) -> int:
    """So many calls a minute, if that is possible. Raises DomainError."""
    if not 1 <= calls_a_minute <= MOST_CALLS:
        raise DomainError(
            _("Between 1 and %(most)s calls a minute are possible."),
            code="out_of_range",
            field="calls_a_minute",
            most=MOST_CALLS,
        )
    return calls_a_minute


def _set_secret(client: Client, secret: str) -> None:
    """What stands for no secret fits none, and is stored as it is: hashed, it would be one."""
    client.hash_client_secret = bool(secret)
    client.client_secret = secret or make_password(None)


def _locked(client_id: str, actor: Actor) -> tuple[Client, Client]:
    """The client as it stands, for the audit, and to be changed."""
    found = (
        Client.objects.select_for_update(of=("self",))
        .select_related("actor__fund")
        .filter(client_id=client_id)
    )
    client = found.first()
    if client is None:
        raise DomainError(_("There is no API client with this id."), code="client_unknown")
    require(may_keep_clients(actor, client.actor.fund))
    return Client.objects.get(pk=client.pk), client


def _saved(before: Client, client: Client, actor: Actor) -> Client:
    with disable_auditlog():
        client.save()
    _record(before, client, actor)
    return client


def _record(before: Client | None, client: Client, actor: Actor) -> None:
    """In the audit trail of every fund that the client reaches."""
    for fund in [client.actor.fund] if client.actor.fund else client.funds.order_by("number"):
        with audit.acting_as(actor, fund):
            audit.record_many([(before, client)], fund=fund, actor=actor)
