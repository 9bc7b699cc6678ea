"""How allauth signs people in here: no self-registration, one query for the whole user, second factors kept encrypted."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; who they are people confirm in one place."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        if not user.is_authenticated:
            return []
        return [{"id": "confirm", "description": "", "url": reverse("confirm")}]


class SecondFactorAdapter(DefaultMFAAdapter):
    """What allauth keeps of a second factor cannot be read from the database alone."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not right. A code holds for half a minute, and only once."),
        "cannot_generate_recovery_codes": _("Recovery codes only help where a second factor is set up."),
    }

    def encrypt(self, text: str) -> str:
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _ciphers().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        """What an authenticator app calls this application."""
        return str(settings.MFA_TOTP_ISSUER)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}


def _ciphers() -> MultiFernet:
    """Keys from those of the application: with the newest is written, with the former ones still read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [hashlib.sha256(b"tnw second factor " + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class Backend(AuthenticationBackend):
    """Loads the user with fund and actor, which every request needs."""

    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("fund", "actor").filter(pk=user_id, is_active=True).first()
