"""The contacts of a dossier: what is planned, what was, and what was said there."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers import machines
from dossiers.documents import policies
from dossiers.documents.kinds import kind_of
from dossiers.models import Dossier
from dossiers.reading import entries_of
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import whatnow
from tnw.web.agenda.choosing import Choosing
from tnw.web.contacts import contacts_of
from tnw.web.page import ActingRequest, page
from tnw.web.views import case
from trajects.models.appointment import Purpose


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    machines.load(dossier)
    occasions = whatnow.of_appointments(request.actor, dossier, clock.today())
    planned, past = contacts_of(request.actor, dossier, entries_of(request.actor, dossier), occasions)
    also = whatnow.beside_appointments(request.actor, dossier, clock.today())
    context = {
        "planned": planned,
        "past": past,
        "may_write": policies.may_write(request.actor, dossier, kind_of("invitation"), clock.today()),
        "also": also,
        "free": _free(dossier, also),
    }
    return case.show(request, dossier, "dossier/contacts.html", "dossier_contacts", context)


def _free(dossier: Dossier, also: Sequence[whatnow.Doing]) -> str:
    """Where a free moment is chosen: for what the state asks to be planned, or else for what can be."""
    by_need = sorted(also, key=lambda one: not one.main)
    purpose = next((one.subject for one in by_need if one.subject in Purpose.values), "")
    return f"{reverse('agenda')}?{urlencode(Choosing(dossier, purpose).query)}"
