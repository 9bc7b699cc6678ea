"""The presumptions of incapacity that end within a month, for whoever looks after the dossiers."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web.page import ActingRequest, page
from tnw.web.worklist.presumptions import SHOWN, endings
from tnw.web.worklist.scope import scope_of


@page(may_see_dossiers)
@require_safe
def show(request: ActingRequest) -> HttpResponse:
    today = clock.today()
    scope = scope_of(request.actor, today)
    if scope is None:
        raise Http404
    lines, more = endings(request.actor, scope.parts, today)
    context = {"endings": lines, "more": more, "shown": SHOWN, "scope": scope}
    return render(request, "presumptions.html", context)
