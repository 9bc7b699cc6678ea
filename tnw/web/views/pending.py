"""What was decided in a queue: what became of it, taking it back, and throwing away what came back from there."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from routing import pending
from routing.policies.route_a import may_open_assessments
from tnw.web.page import ActingRequest, number, page
from tnw.web.queues.keeping import settling
from tnw.web.queues.kinds import KINDS
from tnw.web.queues.strip import strip


@page(may_open_assessments)
@require_safe
@settling
@transaction.atomic
def show(request: ActingRequest) -> HttpResponse:
    """What stands above a screen, once a decision can no longer be taken back: nothing of it, or why it is not recorded."""
    own = {"pk": number(request.GET, "own", digits=18)}
    return render(
        request,
        "queue/strip.html",
        {"strip": strip(request.actor), "at": request.GET.get("at", ""), "own": own},
    )


@page(may_open_assessments)
@require_POST
@transaction.atomic
def take_back(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Nothing of it is recorded, and its screen stands there again with all that was typed; too late, that is told."""
    row = pending.take_back(public_id=public_id, actor=request.actor)
    if row is None:
        messages.error(
            request, _("It is recorded already: a mistake is corrected in the history of the dossier.")
        )
        return redirect(_back(request))
    kind = KINDS.get(row.act)  # a later release may call it otherwise
    return redirect(kind.address(row.dossier.public_id, row.subject, row.values) if kind else _back(request))


@page(may_open_assessments)
@require_POST
@transaction.atomic
def drop(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What was taken back or refused goes, with what was typed for it."""
    pending.drop(public_id=public_id, actor=request.actor)
    return redirect(_back(request))


def _back(request: ActingRequest) -> str:
    """The page of the queue on which the button stood."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, None) else reverse("assessments")
