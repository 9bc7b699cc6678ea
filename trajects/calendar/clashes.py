"""What is planned at the same time: for the coordinator, for the medical team, and for the insured."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from dossiers.models import Dossier
from tnw.accounts.models import Actor
from trajects.calendar.lasting import LONGEST, lasts, overlaps
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Purpose


def clashes(
    actor: Actor, dossier: Dossier, at: datetime, purpose: str, form: str, but: str = ""
) -> Iterator[Appointment]:
    """The planned appointments that share a moment with this one, the earliest first; `but` is its own subject."""
    lasting = lasts(purpose, form)
    own = Q(dossier=dossier)
    if purpose == Purpose.MEDICAL_EXAMINATION:
        own |= Q(purpose=purpose, dossier__team=dossier.team_id)
    elif dossier.coordinator_id:
        own |= ~Q(purpose=Purpose.MEDICAL_EXAMINATION) & Q(dossier__coordinator=dossier.coordinator_id)
    near = Appointment.objects.visible_to(actor).filter(
        own, state=AppointmentState.PLANNED, at__gt=at - LONGEST, at__lt=at + lasting
    )
    for one in near.select_related("dossier__incapacity__person").order_by("at", "pk"):
        same = one.dossier_id == dossier.pk and one.subject == but
        if not same and overlaps(at, lasting, one.at, lasts(one.purpose, one.form)):
            yield one


def ends(one: Appointment) -> datetime:
    """When an appointment is over, as long as such a one usually lasts."""
    return one.at + lasts(one.purpose, one.form)
