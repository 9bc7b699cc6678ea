"""The first page: what is due today, for each role its own."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dossiers.models import ImportRun
from dossiers.reminders import for_home
from tnw.accounts import policies
from tnw.accounts.models import AccessLog
from tnw.core import clock
from tnw.web import home
from tnw.web.views.imports import with_refused
from tnw.web.views.page import ActingRequest, anybody, page


@page(anybody)
@require_safe
def show(request: ActingRequest) -> HttpResponse:
    today, actor, fund_id = clock.today(), request.actor, request.user.fund_id
    context: dict[str, object] = {"today": today}
    if scope := home.scope_of(actor):
        context |= {
            "scope": scope[1],
            "counts": list(home.counts(actor, today)),
            "due": home.most_urgent(actor, today),
            "reminders": for_home(actor, today).select_related("dossier__incapacity__person")[: home.SHOWN],
        }
    if policies.may_import(actor):
        context["imports"] = with_refused(ImportRun.objects.filter(fund_id=fund_id)).order_by("-started_at")[
            :5
        ]
    if policies.may_read_access_log(actor):
        context["accesses"] = AccessLog.objects.filter(
            fund_id=fund_id, at__gte=clock.midnight(today), at__lt=clock.midnight(today + timedelta(days=1))
        ).count()
    return render(request, "home.html", context)
