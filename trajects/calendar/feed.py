"""The private feed: somebody's own appointments, at an address that is its only key. Nobody's name, nothing of health.

Of the address a hash is kept, so that it is shown once only; a new one shuts the one before.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from icalendar import Event

from tnw.accounts.models import User
from tnw.core import clock
from trajects.calendar import itip
from trajects.calendar.clashes import ends
from trajects.models import Appointment, CalendarFeed

BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=53)
MOST = 1000
EVERY = "PT1H"  # how often a calendar need ask


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make(user: User) -> str:
    """A new address; gives its secret part, which is kept nowhere."""
    revoke(user)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=user, digest=digest_of(token), made_at=clock.now())
    return token


@transaction.atomic
def revoke(user: User) -> bool:
    """From now on the address opens nothing; whether there was one."""
    _locked(user)
    found = CalendarFeed.objects.filter(user=user).first()
    if found:
        found.delete()
    return found is not None


def _locked(user: User) -> None:
    """Of two at once the second waits, and finds what the first left."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def owner(token: str) -> User | None:
    """Whose feed an address is, as long as that person works here."""
    feeds = CalendarFeed.objects.filter(digest=digest_of(token), user__is_active=True)
    found = feeds.select_related("user__fund", "user__actor").first()
    return found.user if found else None


def etag(user: User, appointments: Iterable[Appointment]) -> str:
    """What changes as soon as something in the feed does."""
    told = [(one.public_id.hex, one.at.timestamp(), one.purpose, one.form) for one in appointments]
    return f'W/"{digest_of(f"{user.language} {told}")[:32]}"'


def build(user: User, appointments: Iterable[Appointment]) -> bytes:
    """The calendar: of each appointment when it is, and where it is found in here by who may see it."""
    made = itip.calendar("")
    with translation.override(user.language):
        made.add("name", gettext("Appointments of return to work"))
        made.add("x-wr-calname", gettext("Appointments of return to work"))
        title = gettext("Contact")
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", EVERY)
    stamp = clock.now().astimezone(UTC).replace(microsecond=0)
    for one in appointments:
        event = Event()
        event.add("uid", f"{one.public_id}@{itip.domain()}")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.at.astimezone(UTC))
        event.add("dtend", ends(one).astimezone(UTC))
        event.add("summary", title)
        event.add("url", settings.BASE_URL + reverse("dossier", args=[one.dossier.public_id]))
        event.add("class", "PRIVATE")
        made.add_component(event)
    return made.to_ical()
