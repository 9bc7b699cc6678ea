"""What every page of one dossier shares: it is there for you or it is not, its opening is logged, and how it is framed."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.documents.policies import may_read, of_the_dead
from dossiers.models import Dossier, LedgerEntry
from dossiers.policies import may_read_career, may_read_consents, may_read_health
from routing.models import RouteB, RouteC
from routing.models.route_b import OPEN as OPEN_B
from routing.models.route_c import OPEN as OPEN_C
from routing.pending import just_decided
from tnw.accounts import access
from tnw.accounts.models import Actor
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web import dossier as page_of
from tnw.web.frame import above
from tnw.web.page import ActingRequest
from trajects.models import ReintegrationTraject, Traject


class Tab(NamedTuple):
    """A page of the dossier: the name of its address, its label, and who sees that it is there."""

    name: str
    label: str | Promise
    may_open: Callable[[Actor], Verdict]


TABS = (
    Tab("dossier", _("Overview"), may_see_dossiers),
    Tab("dossier_traject", _("Traject"), may_see_dossiers),
    Tab("dossier_contacts", _("Contacts"), may_see_dossiers),
    Tab("dossier_questionnaire", _("Questionnaire"), may_see_dossiers),
    Tab("dossier_career", _("Career"), may_read_career),
    Tab("dossier_health", _("Health"), may_read_health),
    Tab("dossier_letters", _("Letters"), may_read),
    Tab("dossier_consents", _("Consents"), may_read_consents),
    Tab("dossier_history", _("What happened"), may_see_dossiers),
)


def opened(request: ActingRequest, public_id: UUID, *, through: str) -> Dossier:
    """The dossier, with a line in the access log; a page without that line is none. Raises Http404."""
    trajects = Traject.objects.visible_to(request.actor).filter(dossier=OuterRef("pk")).order_by("-number")
    its = Q(dossier=OuterRef("pk"))
    formal = ReintegrationTraject.objects.visible_to(request.actor).filter(its).order_by("-number")
    asked = RouteB.objects.visible_to(request.actor).filter(its, state__in=OPEN_B)
    registered = RouteC.objects.visible_to(request.actor).filter(its, state__in=OPEN_C).order_by("-pk")
    dossier = (
        Dossier.objects.visible_to(request.actor)
        .select_related("incapacity__person", "coordinator", "team", "route_a")
        .annotate(
            traject_state=Subquery(trajects.values("state")[:1]),
            formal_part=Subquery(formal.values("state")[:1]),
            route_b=Subquery(asked.values("state")[:1]),
            route_c=Subquery(registered.values("state")[:1]),
            being_decided=just_decided("pk"),
            died=of_the_dead("incapacity"),
            assessed_by=_assessed(request.actor, "actor__name"),
            assessed_on=_assessed(request.actor, "on"),
        )
        .filter(public_id=public_id)
        .first()
    )
    if dossier is None:
        raise Http404
    access.log(actor=request.actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=through)
    return dossier


def _assessed(actor: Actor, what: str) -> Subquery:
    """Of the last assessment that was not taken back, who made it or when; nobody's that came in as history."""
    its = LedgerEntry.objects.visible_to(actor).filter(dossier=OuterRef("pk"))
    voids = LedgerEntry.objects.visible_to(actor).annotate(voids=KT("values__fact"))
    void = voids.filter(dossier=OuterRef("dossier"), kind="fact_voided", voids=OuterRef("fact_id"))
    made = its.filter(~Exists(void), kind="assessment_made", actor__user__isnull=False)
    return Subquery(made.order_by("-on", "-seq").values(what)[:1])


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
