"""What hinders no appointment and has to be known: what else is at that time, and that nobody works then."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tnw.core import clock
from tnw.web.acts.act import Data, Occasion, Word
from trajects.calendar.clashes import clashes
from trajects.calendar.holidays import holiday

if TYPE_CHECKING:
    from datetime import date

WEEKDAYS = 5


def of(occasion: Occasion, told: Data, purpose: str) -> Iterator[str]:
    """Sentences, the day first."""
    at = told["at"]
    if said := _of_day(at.date()):
        yield said
    but = occasion.appointment.subject if occasion.appointment else ""
    for one in clashes(occasion.actor, occasion.dossier, at, purpose, told["how"], but):
        person = one.dossier.incapacity.person
        words = {
            "hour": formats.date_format(one.at.astimezone(clock.BRUSSELS), "H:i"),
            "what": one.get_purpose_display(),
            "who": f"{person.first_name} {person.last_name}",
        }
        if one.dossier_id == occasion.dossier.pk:
            yield gettext("At the same time this person has another appointment: %(hour)s, %(what)s.") % words
        else:
            yield (
                gettext("At the same time another appointment is planned: %(hour)s, %(who)s (%(what)s).")
                % words
            )


def _of_day(day: "date") -> str:
    if name := holiday(day):
        return gettext("This day is a legal holiday: %(name)s.") % {"name": name}
    if day.weekday() >= WEEKDAYS:
        return gettext("This day is a %(day)s.") % {"day": formats.date_format(day, "l")}
    return ""


def in_agenda(occasion: Occasion) -> tuple[Word, str] | None:
    """Where a free moment is chosen for it."""
    said = {"for": str(occasion.dossier.public_id)}
    if occasion.appointment:
        said |= {"move": occasion.subject, "on": occasion.appointment.on.isoformat()}
    elif occasion.subject:
        said["what"] = occasion.subject
    return _("Choose a free moment in the agenda"), f"{reverse('agenda')}?{urlencode(said)}"
