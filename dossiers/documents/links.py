"""The link of a mail: behind it the letter, for whoever knows the date of birth, for some time and some tries."""

from datetime import date, timedelta
from enum import Enum

from django.db import transaction

from dossiers.documents import policies
from dossiers.models import Channel, Dispatch, DispatchState, Document
from tnw.accounts.models import Fund
from tnw.core import clock

DAYS = 60


class Refused(Enum):
    """Why a link does not give its letter."""

    UNKNOWN = "unknown"
    SHUT = "shut"
    WRONG = "wrong"


def look(fund: Fund, token: str, today: date) -> Dispatch | Refused:
    """The letter that a link leads to, inside the wall of `fund`; or that there is none, or that it is shut."""
    mailed = Dispatch.objects.filter(
        fund=fund, token=token, channel=Channel.EMAIL, state=DispatchState.SENT
    ).exclude(token="")
    found = mailed.select_related("document", "dossier__incapacity__person").first()
    if found is None:
        return Refused.UNKNOWN
    assert found.sent_on is not None  # the table says so of what was sent
    over = today > found.sent_on + timedelta(DAYS)
    if over or found.is_shut or not policies.alive(found.dossier):
        return Refused.SHUT
    return found


@transaction.atomic
def unlock(fund: Fund, token: str, born: date, today: date) -> Document | Refused:
    """The letter for whoever knows the date of birth: its first opening is kept, and every wrong try counts."""
    # Locked first: of many tries at once each counts.
    Dispatch.objects.filter(fund=fund, token=token).locked().first()
    found = look(fund, token, today)
    if isinstance(found, Refused):
        return found
    if found.dossier.incapacity.person.birth_date != born:
        found.wrong += 1
        found.save(update_fields=["wrong"])
        return Refused.SHUT if found.is_shut else Refused.WRONG
    if found.opened_at is None:
        found.opened_at = clock.now()
        found.save(update_fields=["opened_at"])
    return found.document
