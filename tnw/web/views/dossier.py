"""The dossier's overview and history. Nobody sees them without a line in the access log, written in the same transaction."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from dossiers import machines
from dossiers.consents import may_lose_consent
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import notes_of
from dossiers.policies.corrections import may_correct, may_void
from dossiers.reading import deadlines_of, entries_of, facts_of, moves, reassignments_of, signed_here
from dossiers.reminders import of_dossier
from dossiers.restoring import restorable
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import dossier as page_of
from tnw.web import presumption
from tnw.web.page import ActingRequest, page
from tnw.web.timeline import Timeline, chosen, timeline
from tnw.web.views import case
from tnw.web.whatnow import what_now


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    if request.headers.get("HX-Target") == "timeline":
        return _nearer(request, dossier)
    return _overview(request, dossier)


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
    signed, contradicts = signed_here(ledger), bool(dossier.out_of_order)
    context = {
        "events": page_of.events(ledger, notes_of(request.actor, ledger)),
        "reassignments": reassignments_of(request.actor, dossier),
        "correctable": {
            one.fact_id
            for one in ledger
            if may_void(
                request.actor, one.kind, one.values, signed=one.subject in signed, contradicts=contradicts
            )
            and (
                one.kind != "consent_given"
                or may_lose_consent(facts_of(ledger), one.fact_id, contradicts=contradicts)
            )
        },
        "rewritable": {
            one.fact_id
            for one in ledger
            if may_correct(request.actor, one.kind, one.values, signed=one.subject in signed)
        },
        "restorable": restorable(request.actor, ledger),
    }
    return case.show(request, dossier, "dossier/history.html", "dossier_history", context)


def _nearer(request: ActingRequest, dossier: Dossier) -> HttpResponse:
    """The timeline alone, through another window."""
    today, actor = clock.today(), request.actor
    machines.load(dossier)
    lines = page_of.lines(
        deadlines_of(actor, dossier, today),
        regime=dossier.incapacity.regime,
        moves=(),
        reminded={},
        today=today,
    )
    return render(
        request,
        "timeline/timeline.html",
        {"timeline": _timeline(request, dossier, entries_of(actor, dossier), lines, today)},
    )


def _timeline(
    request: ActingRequest,
    dossier: Dossier,
    ledger: Sequence[LedgerEntry],
    lines: Sequence[page_of.Line],
    today: date,
) -> Timeline:
    zoom = chosen(request.user, request.GET)
    return timeline(dossier, facts_of(ledger), lines, zoom=zoom, today=today)


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
    waiting = [line for line in lines if line.waits]
    now = what_now(actor, dossier, waiting, today)  # it loads the machines
    band = presumption.of_dossier(dossier, [line.row for line in waiting], today)
    context = {
        "now": now,
        "timeline": _timeline(request, dossier, ledger, lines, today),
        "presumption": presumption.told(band) if band else "",
        "waiting": waiting,
        "closed": [line for line in lines if not line.waits],
        "overdue": sum(line.state == "overdue" for line in lines),
    }
    return case.show(request, dossier, "dossier/overview.html", "dossier", context, shown=shown)
