"""What RFC 5545, 5546 and 6047 ask of a message, read back from the mail as it goes."""

from datetime import UTC, datetime
from email.message import Message
from typing import Any, NamedTuple

from django.core.mail import EmailMessage
from icalendar import Calendar


class Read(NamedTuple):
    """The calendar object of a mail, its event, and its text as it stands on the line."""

    method: str
    event: Any
    raw: str
    text: str


def read(mail: EmailMessage) -> Read:
    """The one calendar part of a mail, once it follows the rules."""
    whole: Any = mail.message()
    assert whole.get_content_type() == "multipart/alternative", "RFC 6047, 2.4"
    words, part = whole.get_payload()
    assert words.get_content_type() == "text/plain", "what cannot read a calendar reads words"
    assert part.get_content_type() == "text/calendar"
    raw = _bytes(part)
    calendar = Calendar.from_ical(raw)
    method = str(calendar["method"])
    assert part.get_param("method") == method, "RFC 6047, 2.4: the same as in the object"
    assert str(part.get_param("charset")).lower() == "utf-8"
    _written(raw)
    (event,) = calendar.walk("VEVENT")
    assert [str(calendar[name]) for name in ("version", "calscale")] == ["2.0", "GREGORIAN"]
    assert calendar["prodid"]
    _event(event, method)
    return Read(method, event, raw.decode(), _bytes(words).decode())


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def _written(raw: bytes) -> None:
    """RFC 5545, 3.1: lines end in CRLF, and none is longer than 75 octets."""
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    assert all(len(line) <= 75 for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR"


def _event(event: Any, method: str) -> None:
    """RFC 5546, 3.2.2 and 3.2.5; RFC 5545, 3.6.1."""
    for once in ("uid", "dtstamp", "dtstart", "organizer", "sequence", "summary"):
        assert once in event, once
        assert not isinstance(event[once], list), once
    for name in ("dtstamp", "dtstart", "dtend"):
        at = event.decoded(name)
        assert isinstance(at, datetime), name
        assert at.tzinfo is not None
        assert at.utcoffset() == UTC.utcoffset(at), "in UTC, so that no VTIMEZONE is needed"
    assert event.decoded("dtend") > event.decoded("dtstart")
    assert event["organizer"].startswith("mailto:")
    assert event["attendee"].startswith("mailto:")
    assert "@" in event["uid"]
    if method == "REQUEST":
        assert event["status"] == "CONFIRMED"
        assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    else:
        assert (method, event["status"]) == ("CANCEL", "CANCELLED")
