"""What every page of one dossier shares: it is there for you or it is not, its opening is logged, and how it is framed."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.policies import may_read_career, may_read_consents, may_read_health
from tnw.accounts import access
from tnw.accounts.models import Actor
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web import dossier as page_of
from tnw.web.frame import above
from tnw.web.views.page import ActingRequest


class Tab(NamedTuple):
    """A page of the dossier: the name of its address, its label, and who sees that it is there."""

    name: str
    label: str | Promise
    may_open: Callable[[Actor], Verdict]


TABS = (
    Tab("dossier", _("Overview"), may_see_dossiers),
    Tab("dossier_contacts", _("Contacts"), may_see_dossiers),
    Tab("dossier_questionnaire", _("Questionnaire"), may_see_dossiers),
    Tab("dossier_career", _("Career"), may_read_career),
    Tab("dossier_health", _("Health"), may_read_health),
    Tab("dossier_consents", _("Consents"), may_read_consents),
    Tab("dossier_history", _("What happened"), may_see_dossiers),
)


def opened(request: ActingRequest, public_id: UUID, *, through: str) -> Dossier:
    """The dossier, with a line in the access log; a page without that line is none. Raises Http404."""
    dossier = (
        Dossier.objects.visible_to(request.actor)
        .select_related("incapacity__person", "coordinator", "team", "route_a")
        .filter(public_id=public_id)
        .first()
    )
    if dossier is None:
        raise Http404
    access.log(actor=request.actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=through)
    return dossier


def show(
    request: ActingRequest,
    dossier: Dossier,
    template: str,
    tab: str,
    context: Mapping[str, Any],
    *,
    shown: bool = False,
    status: int = 200,
) -> HttpResponse:
    """A page of the dossier below its identity bar, with the tab `tab` current. `shown` unmasks the SSIN."""
    today = clock.today()
    tabs = [
        (one.label, reverse(one.name, args=[dossier.public_id]), one.name == tab)
        for one in TABS
        if one.may_open(request.actor)
    ]
    frame = {
        "today": today,
        "dossier": dossier,
        "person": dossier.incapacity.person,
        "standing": page_of.standing(dossier.incapacity, today),
        "ended": dossier.incapacity.ended(today),
        "tabs": tabs,
        "shown": shown,
        **above(request.actor, dossier),
    }
    assert not frame.keys() & context.keys(), "a page takes nothing of the frame away"
    return render(request, template, {**frame, **context}, status=status)
