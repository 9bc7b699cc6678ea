"""Who calls the API: from the bearer token to its client, what it may do, and how often."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tnw.accounts.models import Actor, Fund
from tnw.core.db.prepared import Prepared
from tnw.integration.models import Client
from tnw.integration.oauth import limits

if TYPE_CHECKING:
    from rest_framework.request import Request

M = TypeVar("M", bound=Model)

PREFIX = "scope:tnw:"
READ, WRITE, BOTH = ("read",), ("write",), ("read", "write")
NOUNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "fund": ("the fund", READ),
    "insuredPerson": ("insured persons", READ),
    "incapacity": ("incapacities", BOTH),
    "dossier": ("dossiers", READ),
    "fact": ("the facts of a dossier", READ),
    "deadline": ("deadlines", READ),
    "questionnaire": ("questionnaires", BOTH),
    "questionnaireAnswer": ("the answers to a questionnaire", WRITE),
    "contactRequest": ("requests for a contact", BOTH),
    "contactMoment": ("contact moments", BOTH),
    "consent": ("consents", BOTH),
    "careerItem": ("items of a career", BOTH),
    "partnerRegistration": ("registrations with a regional service", BOTH),
    "partnerStep": ("steps of a regional service", BOTH),
    "traject": ("trajects", BOTH),
    "declaration": ("declarations and the state of their signatures", READ),
    "plan": ("reintegration plans", BOTH),
    "planReview": ("reviews of a plan", BOTH),
    "suspension": ("suspensions of a traject", BOTH),
    "employerTraject": ("trajects at the employer", BOTH),
    "trainingProject": ("training projects", BOTH),
    "partnerReferral": ("referrals to a regional service", BOTH),
    "adaptedWork": ("adapted work", BOTH),
    "absenceProcedure": ("procedures of absence", READ),
    "evaluation": ("evaluations", BOTH),
    "document": ("documents", READ),
    "figures": ("figures", READ),
    "webhook": ("webhooks", BOTH),
    "refData": ("reference data", READ),
}
SCOPES: dict[str, str] = {
    f"{PREFIX}{noun}:{verb}": f"{verb.capitalize()} {title}"
    for noun, (title, verbs) in NOUNS.items()
    for verb in verbs
}
PARTNER_NOUNS = ("partnerRegistration", "partnerStep", "partnerReferral", "webhook", "refData", "fund")
PARTNER_SCOPES = frozenset(scope for scope in SCOPES if scope.split(":")[2] in PARTNER_NOUNS)

BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]{1,500}=*)", re.IGNORECASE)


class NoAccessToken(Exception):
    """The call carries no bearer token."""


class InvalidAccessToken(Exception):
    """The token is unknown, was taken back, or its client was stopped."""


class ExpiredAccessToken(Exception):
    """The token was good; a new one is needed."""


class MissingScope(Exception):
    """The token does not reach as far as this `scope`."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class TooManyRequests(Exception):
    """The client called more often than it may; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


# What every call asks of a token; the rest, keys and letterhead among it, is read by whoever needs it.
_TOKEN = ("scope", "expires")
_CLIENT = ("id", "name", "client_id", "scopes", "calls_a_minute", "is_active")
_ACTOR = ("id", "kind", "name", "user_id", "fund_id", "service")
_FUND = ("id", "number", "public_id", "institution", "live_from", "name_nl", "name_fr", "name_de")
_NOBODYS = "-"


@cache
def _behind_a_token() -> Prepared:
    columns = (
        *_TOKEN,
        *(f"application__{name}" for name in _CLIENT),
        *(f"application__actor__{name}" for name in _ACTOR),
        *(f"application__actor__fund__{name}" for name in _FUND),
    )
    tokens = get_access_token_model().objects.filter(token_checksum=_NOBODYS)
    return Prepared(tokens.values_list(*columns), checksum=_NOBODYS)


def client_of(request: "HttpRequest | Request") -> tuple[Client, frozenset[str]]:
    """The client behind the bearer token, with its actor and fund, and the scopes that it has by this token.

    One query, by the token's checksum: tokens themselves are stored nowhere. A scope that was taken from the client
    is gone from its tokens too. Raises NoAccessToken, InvalidAccessToken, ExpiredAccessToken.
    """
    given = request.headers.get("Authorization", "")
    if given.split(" ", 1)[0].lower() != "bearer":
        raise NoAccessToken
    found = BEARER.fullmatch(given.strip())
    if found is None:
        raise InvalidAccessToken
    rows = _behind_a_token().rows(checksum=sha256(found[1].encode()).hexdigest())
    if not rows:
        raise InvalidAccessToken
    told = iter(rows[0])
    scope, expires = islice(told, len(_TOKEN))
    client, actor, fund = _some(Client, _CLIENT, told), _some(Actor, _ACTOR, told), _some(Fund, _FUND, told)
    if client is None or actor is None or not client.is_active:
        raise InvalidAccessToken
    if expires is None or expires <= timezone.now():
        raise ExpiredAccessToken
    client.actor, actor.fund = actor, fund
    return client, frozenset(scope.split()) & frozenset(client.scopes)


def _some(model: type[M], names: tuple[str, ...], told: Iterator[Any]) -> M | None:
    """A row of which these columns were read, and the others are read where somebody asks; None where there is none."""
    values = dict(zip(names, islice(told, len(names)), strict=True))
    if values["id"] is None:
        return None
    columns = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(DEFAULT_DB_ALIAS, columns, [values[name] for name in columns])


def require_scope(granted: frozenset[str], scope: str) -> None:
    """Whether a call may: `scope` as operations name it, "adaptedWork:read". Raises MissingScope."""
    if (whole := f"{PREFIX}{scope}") not in granted:
        raise MissingScope(whole)


def throttle(client: Client) -> None:
    """Count a call of the client in this minute. Raises TooManyRequests beyond what it may."""
    number, left = limits.count(f"calls:{client.client_id}", seconds=60)
    if number > client.calls_a_minute:
        raise TooManyRequests(left)
