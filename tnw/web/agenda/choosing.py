"""Choosing a free moment: for a new appointment of a dossier, or for one that moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import Promise

from dossiers.models import Dossier
from tnw.accounts.models import MEDICAL, Actor, Role
from tnw.core import clock
from tnw.web.agenda.reading import Entry
from trajects.calendar.lasting import lasts, overlaps
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Purpose

OPENS, SHUTS = 8, 18
SLOT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Choosing:
    """For whom and for what a moment is looked for; `moves` is the appointment that has one already."""

    dossier: Dossier
    purpose: str
    moves: Appointment | None = None

    @property
    def name(self) -> str:
        person = self.dossier.incapacity.person
        return f"{person.last_name} {person.first_name}"

    @property
    def what(self) -> str | Promise:
        return Purpose(self.purpose).label if self.purpose else ""

    @property
    def lasting(self) -> timedelta:
        return lasts(self.purpose, self.moves.form if self.moves else "")

    @property
    def minutes(self) -> int:
        return self.lasting // timedelta(minutes=1)

    @property
    def query(self) -> dict[str, str]:
        """What the address of the agenda says of it."""
        said = {"for": str(self.dossier.public_id), "what": "" if self.moves else self.purpose}
        said["move"] = self.moves.subject if self.moves else ""
        return {name: value for name, value in said.items() if value}

    def act(self, at: datetime | None, back: str) -> str:
        """The form in which it is planned or moved, with the moment filled in."""
        slug = "move" if self.moves else "plan"
        subject = self.moves.subject if self.moves else self.purpose
        return act_address(self.dossier.public_id, slug, subject, back, at)

    def free(self, day: date, entries: list[Entry]) -> list[datetime]:
        """The half hours of a day at which it fits, from now on.

        What is proposed for the same person keeps nothing taken, and is not covered: it leads to the form itself.
        """
        of_day = [one for one in entries if one.on == day]
        own = [one for one in of_day if one.state == "proposed" and one.dossier == self.dossier.public_id]
        taken = [
            one
            for one in of_day
            if one not in own
            and not (self.moves and one.subject == self.moves.subject)
            and one.state in ("planned", "proposed")
        ]
        at, last = _hour(day, OPENS), _hour(day, SHUTS)
        found = []
        while at + self.lasting <= last:
            free = all(not overlaps(at, self.lasting, one.at, one.ends - one.at) for one in taken)
            covers = any(overlaps(at, SLOT, one.at, one.ends - one.at) for one in own)
            if free and not covers and at > clock.now():
                found.append(at)
            at += SLOT
        return found


def act_address(
    dossier: UUID, slug: str, subject: str, back: str, at: datetime | None = None, *, proposed: bool = False
) -> str:
    """With `proposed` it says that this is how a proposal is answered, which may come too late."""
    said = {"subject": subject, **({"proposed": "1"} if proposed else {})}
    if at:
        said |= {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}
    said["next"] = back
    return f"{reverse('act', args=[dossier, slug])}?{urlencode(said)}"


def choosing(actor: Actor, given: QueryDict) -> Choosing | None:
    """As an address asks for it; None where it does not. Raises Http404."""
    if not (public_id := given.get("for", "")):
        return None
    try:
        found = Dossier.objects.visible_to(actor).filter(public_id=UUID(public_id))
    except ValueError:
        raise Http404 from None
    dossier = found.select_related("incapacity__person", "coordinator").first()
    if dossier is None:
        raise Http404
    if not (subject := given.get("move", "")):
        purpose = given.get("what", "")
        return Choosing(dossier, purpose if purpose in Purpose.values else _usual(actor))
    mine = Appointment.objects.visible_to(actor).filter(dossier=dossier, subject=subject)
    moves = mine.filter(state=AppointmentState.PLANNED).first()
    if moves is None:
        raise Http404
    return Choosing(dossier, moves.purpose, moves)


def _usual(actor: Actor) -> str:
    """What a doctor plans is an examination."""
    user = actor.user
    medical = user and user.has_role(*MEDICAL) and not user.has_role(Role.COORDINATOR)
    return Purpose.MEDICAL_EXAMINATION if medical else ""


def moment(given: Mapping[str, str]) -> dict[str, object]:
    """A moment that came with an address, as the forms of appointments ask for it; only what can be read."""
    found: dict[str, object] = {}
    try:
        day = parse_date(given.get("day", "") or "")
        at = datetime.strptime(given.get("time", "") or "", "%H:%M").time()  # noqa: DTZ007  # an hour alone
    except ValueError:
        return found
    return {"day": day, "time": at} if day else found


def _hour(day: date, hour: int) -> datetime:
    return clock.midnight(day).replace(hour=hour)
