"""What a calendar message says (RFC 5545, 5546): when, where or by which number, with whom, and of which fund. No more.

No reason, no name of the insured, nothing of health. All times in UTC, so that no zone has to come along.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from tnw.accounts.models import Fund
from trajects.models.calendar import Method

PRODUCT = "-//TNW//Return to work//EN"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One appointment as the insured may read it, in the language that is active; `place` may be a number to call."""

    uid: UUID
    sequence: int
    at: datetime
    ends: datetime
    title: str
    place: str
    host: str  # who receives: the coordinator, or the fund
    organizer: str
    attendee: str


def address(fund: Fund) -> str:
    """Where an answer goes: to the fund."""
    return fund.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def domain() -> str:
    """The right-hand side of what has to be unique in the world."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def calendar(method: str) -> Calendar:
    """An empty one, with a method where it is a message."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if method:
        made.add("method", method)
    return made


def message(method: str, meeting: Meeting, made_at: datetime) -> bytes:
    """The message as calendars read it; equal rows give equal bytes, so that one that goes twice counts once."""
    event = Event()
    event.add("uid", f"{meeting.uid}@{domain()}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", made_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", meeting.at.astimezone(UTC))
    event.add("dtend", meeting.ends.astimezone(UTC))
    event.add("summary", meeting.title)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("status", "CANCELLED" if method == Method.CANCEL else "CONFIRMED")
    event.add("class", "PRIVATE")
    organizer = vCalAddress(f"mailto:{meeting.organizer}")
    organizer.params["CN"] = vText(meeting.host)
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{meeting.attendee}")
    if method == Method.REQUEST:
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    made = calendar(method.upper())
    made.add_component(event)
    return made.to_ical()
