"""The dossier page. Nobody sees it without a line in the access log, written in the transaction that reads it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from dossiers.models import Dossier
from dossiers.reading import deadlines_of, entries_of, moves
from dossiers.reminders import of_dossier
from tnw.accounts import access
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import dossier as page_of
from tnw.web.views.page import ActingRequest, page


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _opened(request, public_id, through="page"))


@page(may_see_dossiers)
@require_POST
@transaction.atomic
def ssin(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Show the whole SSIN, once; that it was asked for is in the log."""
    dossier = _opened(request, public_id, through="ssin")
    if request.headers.get("HX-Request"):
        return render(request, "parts/ssin.html", {"dossier": dossier, "shown": True})
    return _page(request, dossier, shown=True)


def _opened(request: ActingRequest, public_id: UUID, *, through: str) -> Dossier:
    dossier = (
        Dossier.objects.visible_to(request.actor)
        .select_related("incapacity__person", "coordinator", "team")
        .filter(public_id=public_id)
        .first()
    )
    if dossier is None:
        raise Http404
    access.log(actor=request.actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=through)
    return dossier


def _page(request: ActingRequest, dossier: Dossier, *, shown: bool = False) -> HttpResponse:
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
        "today": today,
        "dossier": dossier,
        "person": dossier.incapacity.person,
        "standing": page_of.standing(dossier.incapacity, today),
        "ended": dossier.incapacity.ended(today),
        "waiting": [line for line in lines if line.waits],
        "closed": [line for line in lines if not line.waits],
        "overdue": sum(line.state == "overdue" for line in lines),
        "events": page_of.events(ledger),
        "shown": shown,
    }
    return render(request, "dossier.html", context)
