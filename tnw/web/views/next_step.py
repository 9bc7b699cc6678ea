"""From a line of the worklist to where its next step is taken."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from dossiers.reading import deadlines_of
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web import dossier as page_of
from tnw.web.page import ActingRequest, page
from tnw.web.whatnow import what_now


@page(may_see_dossiers)
@require_safe
def go(request: ActingRequest, public_id: UUID, rule: str) -> HttpResponse:
    """To the step that serves this deadline, if it is there for this person now; else to the dossier.

    Nothing of the dossier is shown here: the page that it leads to logs its opening.
    """
    actor, today = request.actor, clock.today()
    people = Dossier.objects.visible_to(actor).select_related("incapacity__person", "coordinator", "team")
    if (dossier := people.filter(public_id=public_id).first()) is None:
        raise Http404
    lines = page_of.lines(
        deadlines_of(actor, dossier, today),
        regime=dossier.incapacity.regime,
        moves=(),
        reminded={},
        today=today,
    )
    now = what_now(actor, dossier, [line for line in lines if line.waits], today)
    # Of what the insured person has to do: what can be done about it.
    found = [(one.line, one) for one in (now.next, *now.mine) if one and one.line] + [
        (one.line, one.helps) for one in now.others if one.line and one.helps
    ]
    mine = [one for line, one in found if line.row.rule == rule]
    return redirect(mine[0].url) if mine else redirect("dossier", public_id)
