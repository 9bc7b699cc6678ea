"""How allauth signs people in here: no self-registration, one query for the whole user."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from tnw.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class Backend(AuthenticationBackend):
    """Loads the user with fund and actor, which every request needs."""

    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("fund", "actor").filter(pk=user_id, is_active=True).first()
