"""What the OAuth library asks of us: who a client is, and which scopes it has."""

from typing import Any

import structlog
from django.contrib.auth.hashers import check_password
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.common import Request
from oauthlib.oauth2 import InvalidClientError

from tnw.integration.access import SCOPES
from tnw.integration.models import Client
from tnw.integration.oauth.assertions import NotProven, prove
from tnw.integration.oauth.presented import Unclear, presented

log = structlog.get_logger(__name__)

NOBODY = "!"  # as a stored secret: fits nothing, and takes as long to say so


class Validator(OAuth2Validator):
    """Confidential clients by secret or by signed assertion; nobody is let in by name alone."""

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        return False

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Set `request.client` to who it is. Raises InvalidClientError with what an assertion lacks."""
        request.client = None
        try:
            given = presented(request.headers.get("Authorization", ""), dict(request.decoded_body or ()))
        except Unclear:
            return False
        if given is None:
            return False
        client = Client.objects.filter(client_id=given.client_id, is_active=True).first()
        try:
            if given.assertion:
                if client is None or not client.keys:
                    raise NotProven
                prove(client, given.assertion)
            elif not check_password(given.secret, client.client_secret if client else NOBODY):
                raise NotProven
        except NotProven as why:
            if client:
                by = "assertion" if given.assertion else "secret"
                log.warning("client_not_proven", client=client.client_id, by=by, why=str(why))
            raise InvalidClientError(str(why) or None, request=request) from None
        request.client, request.client_id = client, given.client_id
        return True


class ClientScopes(BaseScopes):
    """The scopes that a client was given, as far as they still exist; a token that asks for none has them all."""

    def get_all_scopes(self) -> dict[str, str]:
        return SCOPES

    def get_available_scopes(
        self, application: Client | None = None, request: Request | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return [scope for scope in application.scopes if scope in SCOPES] if application else []

    get_default_scopes = get_available_scopes
