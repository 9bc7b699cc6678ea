"""The contacts of a dossier: what is planned, what was, and what was said there."""

from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dossiers.reading import entries_of
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import whatnow
from tnw.web.contacts import contacts_of
from tnw.web.views import case
from tnw.web.views.page import ActingRequest, page


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    prefetch_related_objects([dossier], "appointments", "trajects")
    occasions = whatnow.of_appointments(request.actor, dossier, clock.today())
    planned, past = contacts_of(request.actor, dossier, entries_of(request.actor, dossier), occasions)
    context = {
        "planned": planned,
        "past": past,
        "also": whatnow.beside_appointments(request.actor, dossier, clock.today()),
    }
    return case.show(request, dossier, "dossier/contacts.html", "dossier_contacts", context)
