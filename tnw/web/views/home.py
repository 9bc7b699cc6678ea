"""The first page: the worklist of whoever works with dossiers; for others what they look after."""

from datetime import timedelta
from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dossiers.keyset import Place
from dossiers.models import ImportRun
from routing.policies import may_open_assessments
from tnw.accounts import policies
from tnw.accounts.models import AccessLog, SavedView
from tnw.accounts.services import delete_view, save_view
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.views.imports import with_refused
from tnw.web.views.page import ActingRequest, anybody, page
from tnw.web.worklist import export as exporting
from tnw.web.worklist import silent
from tnw.web.worklist.appointments import Agenda, agenda
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import SHOWN, Worklist
from tnw.web.worklist.scope import Scope, scope_of

SHOWN_FOR_BULK = 200


@page(anybody)
@require_safe
def show(request: ActingRequest) -> HttpResponse:
    return _shown(request)


def _shown(request: ActingRequest, **more: object) -> HttpResponse:
    today, actor, fund_id = clock.today(), request.actor, request.user.fund_id
    context: dict[str, object] = {"today": today}
    if scope := scope_of(actor, today):
        context |= _worklist(request, scope)
    if policies.may_import(actor):
        runs = with_refused(ImportRun.objects.filter(fund_id=fund_id)).order_by("-started_at")
        context["imports"] = runs[:5]
    if policies.may_read_access_log(actor):
        context["accesses"] = AccessLog.objects.filter(
            fund_id=fund_id, at__gte=clock.midnight(today), at__lt=clock.midnight(today + timedelta(days=1))
        ).count()
    return render(request, "home.html", context | more)


def _worklist(request: ActingRequest, scope: Scope) -> dict[str, object]:
    filters = Filters(request.GET, scope=scope, fund_id=request.user.fund_id)
    worklist = Worklist(request.actor, filters, clock.today())
    many = request.GET.get("rows") == str(SHOWN_FOR_BULK)
    after = Place.read(request.GET.get("after", ""))
    found = worklist.page(after, SHOWN_FOR_BULK if many else SHOWN)
    more = {"after": found.after} | ({"rows": str(SHOWN_FOR_BULK)} if many else {})
    query = filters.query()
    may_reassign = bool(policies.may_reassign(request.actor))
    quiet = filters.of_dossiers() if after is None else None
    silences, more_silent = (
        silent.first(request.actor, worklist.parts, clock.today(), quiet) if quiet is not None else ([], 0)
    )
    meetings = agenda(request.actor, worklist.parts, clock.today(), quiet) if quiet is not None else Agenda()
    views = list(SavedView.objects.filter(user=request.user).order_by("name"))
    return {
        "scope": scope,
        "filters": filters,
        "filtered": bool(filters.chosen),
        "query": query,
        "counts": list(worklist.counts()),
        "page": found,
        "more": filters.query(**more) if found.after else "",
        "at_once": filters.query(rows=str(SHOWN_FOR_BULK)) if found.after and not many else "",
        "begun": after is not None,
        "silent": silences,
        "more_silent": bool(more_silent),
        "agenda": meetings,
        "views": views,
        "current": next((view.name for view in views if query and view.query == query), ""),
        "may_reassign": may_reassign,
        "assesses": bool(may_open_assessments(request.actor)),
        "columns": 7 + may_reassign + scope.others,
    }


def _asked(request: ActingRequest) -> Worklist:
    """The list as the address asks for it."""
    scope = scope_of(request.actor, clock.today())
    if scope is None:
        raise Http404
    filters = Filters(request.GET, scope=scope, fund_id=request.user.fund_id)
    return Worklist(request.actor, filters, clock.today())


@page(policies.may_see_dossiers)
@require_safe
def export(request: ActingRequest, kind: str) -> HttpResponseBase:
    """The list as a file; one too long to look through is refused, for half a list would be taken for the whole."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    worklist, user = _asked(request), request.user
    if worklist.number(exporting.MOST + 1) > exporting.MOST:
        told = _("A file holds %(number)d lines at most: choose less with the filters.")
        messages.error(request, told % {"number": exporting.MOST})
        return redirect(f"{reverse('home')}?{worklist.filters.query()}")
    name = f"tnw-{clock.today().isoformat()}.{kind}"
    if kind == "csv":
        lines = exporting.as_csv(worklist, request.actor, user.fund_id, user.language)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    kept = TemporaryFile()  # noqa: SIM115  # the answer closes it
    exporting.as_xlsx(worklist, request.actor, user.fund_id, kept)
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename=name)


@page(policies.may_see_dossiers)
@require_POST
def keep(request: ActingRequest) -> HttpResponse:
    """Save the filters under a name, or delete those of a name."""
    query = _asked(request).filters.query()
    name = request.POST.get("name", "")[:60]
    try:
        if "delete" in request.POST:
            delete_view(user=request.user, name=name)
            messages.success(request, _("The view is deleted."))
        else:
            view = save_view(user=request.user, name=name, query=query)
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    except DomainError as error:
        return _shown(request, view_error=str(error), view_name=name)
    return redirect(f"{reverse('home')}?{query}" if query else "home")
