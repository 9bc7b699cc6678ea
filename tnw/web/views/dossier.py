"""The dossier's overview and history. Nobody sees them without a line in the access log, written in the same transaction."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from dossiers.models import Dossier
from dossiers.notes import notes_of
from dossiers.policies import may_void
from dossiers.reading import deadlines_of, entries_of, moves, reassignments_of
from dossiers.reminders import of_dossier
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import dossier as page_of
from tnw.web.views import case
from tnw.web.views.page import ActingRequest, page
from tnw.web.whatnow import what_now


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _overview(request, case.opened(request, public_id, through="page"))


@page(may_see_dossiers)
@require_POST
@transaction.atomic
def ssin(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Show the whole SSIN, once; that it was asked for is in the log."""
    dossier = case.opened(request, public_id, through="ssin")
    if request.headers.get("HX-Request"):
        return render(request, "parts/ssin.html", {"dossier": dossier, "shown": True})
    return _overview(request, dossier, shown=True)


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def history(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    ledger = entries_of(request.actor, dossier)
    context = {
        "events": page_of.events(ledger, notes_of(request.actor, ledger)),
        "reassignments": reassignments_of(request.actor, dossier),
        "correctable": {entry.fact_id for entry in ledger if may_void(request.actor, entry.kind)},
    }
    return case.show(request, dossier, "dossier/history.html", "dossier_history", context)


def _overview(request: ActingRequest, dossier: Dossier, *, shown: bool = False) -> HttpResponse:
    today, actor = clock.today(), request.actor
    ledger = entries_of(actor, dossier)
    came_in = min((entry.at for entry in ledger), default=clock.now()).astimezone(clock.BRUSSELS).date()
    reminded: dict[int, date] = {}
    for reminder in of_dossier(dossier, today):
        # A step of a day before the dossier came in was taken when it did.
        reminded.setdefault(reminder.deadline_id, max(reminder.on, came_in))
    lines = page_of.lines(
        deadlines_of(actor, dossier, today),
        regime=dossier.incapacity.regime,
        moves=moves(ledger, request.user.fund.live_from),
        reminded=reminded,
        today=today,
    )
    context = {
        "now": what_now(actor, dossier, [line for line in lines if line.waits], today),
        "waiting": [line for line in lines if line.waits],
        "closed": [line for line in lines if not line.waits],
        "overdue": sum(line.state == "overdue" for line in lines),
    }
    return case.show(request, dossier, "dossier/overview.html", "dossier", context, shown=shown)
