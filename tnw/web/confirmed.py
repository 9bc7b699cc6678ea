"""Whether who is signed in said so again just now: with the password and, where one is set up, a second factor."""

import time
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from tnw.accounts.models import User
from tnw.core import clock

TOTP, PASSKEY, RECOVERY = "totp", "webauthn", "recovery_codes"


class Confirmed(NamedTuple):
    """When somebody said again who that is, and whether with a second factor."""

    at: datetime
    second_factor: bool

    @property
    def until(self) -> datetime:
        return self.at + settings.CONFIRMED_FOR


def factors_of(user: User) -> set[str]:
    """Which second factors this user set up; codes for when they are lost are none."""
    mine = Authenticator.objects.filter(user=user, type__in=(TOTP, PASSKEY))
    return set(mine.values_list("type", flat=True))


def confirmed(request: HttpRequest) -> Confirmed | None:
    """What was confirmed in the last minutes: the password, and a second factor where this user has one; None otherwise.

    The sign-in itself is not counted: who signs says so once more.
    """
    user: Any = request.user
    records = [one for one in get_authentication_records(request, user) if one.get("reauthenticated")]
    password = _last(one for one in records if one["method"] == "password")
    second = _last(one for one in records if one["method"] == "mfa" and one.get("type") in (TOTP, PASSKEY))
    wanted = [password, second] if factors_of(user) else [password]
    first = min(wanted)
    ago = timedelta(seconds=time.time() - first)
    if ago > settings.CONFIRMED_FOR:
        return None
    return Confirmed(clock.now() - ago, second_factor=len(wanted) > 1)


def _last(records: Any) -> float:
    return max((one["at"] for one in records), default=0.0)
