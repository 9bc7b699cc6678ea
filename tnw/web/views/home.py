"""The first page: the worklist of whoever works with dossiers; for others what they look after."""

from datetime import timedelta
from tempfile import TemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dossiers.keyset import Place
from dossiers.models import Batch, ImportRun
from routing import pending
from routing.policies.route_a import may_open_assessments
from tnw.accounts import policies
from tnw.accounts.models import AccessLog, SavedView, User
from tnw.accounts.services import delete_view, save_view, team_to_share_with, views_of
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed
from tnw.web.awaiting import piles
from tnw.web.page import ActingRequest, anybody, number, page
from tnw.web.views.batches import for_many
from tnw.web.views.imports import with_refused
from tnw.web.worklist import choices, presumptions, silent
from tnw.web.worklist import export as exporting
from tnw.web.worklist.appointments import Agenda, agenda
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import Worklist
from tnw.web.worklist.scope import Scope, scope_of

BESIDE = 8  # of what stands beside the list, before the page that has all of it
ONE_DAY = timedelta(days=1)


@page(anybody)
@require_safe
def show(request: ActingRequest) -> HttpResponse:
    if "keep" in request.GET and (scope := scope_of(request.actor, clock.today())):
        return _kept(request, scope)
    return _shown(request)


def _kept(request: ActingRequest, scope: Scope) -> HttpResponse:
    """Remember what is asked for, and show it under an address that says no more than that."""
    filters = Filters(request.GET, scope=scope, fund_id=request.user.fund_id)
    _given, rows, _restored = choices.asked(request.user, request.GET)
    choices.keep(request.user, choices.Choice(filters.kept, rows))
    return redirect(f"{reverse('home')}?{query}" if (query := filters.query()) else "home")


def _shown(request: ActingRequest, **more: object) -> HttpResponse:
    today, actor, fund_id = clock.today(), request.actor, request.user.fund_id
    context: dict[str, object] = {"today": today}
    if scope := scope_of(actor, today):
        context |= _worklist(request, scope)
        context["awaiting"] = list(piles(actor, scope, today))
    if may_open_assessments(actor):
        context["refused"] = pending.refused(actor).count()
    if policies.may_import(actor):
        runs = with_refused(ImportRun.objects.filter(fund_id=fund_id)).order_by("-started_at")
        context["imports"] = runs[:5]
    if policies.may_read_access_log(actor):
        context["accesses"] = AccessLog.objects.filter(
            fund_id=fund_id, at__gte=clock.midnight(today), at__lt=clock.midnight(today + ONE_DAY)
        ).count()
    return render(request, "home.html", context | more)


def _worklist(request: ActingRequest, scope: Scope) -> dict[str, object]:
    given, rows, restored = choices.asked(request.user, request.GET)
    filters = Filters(given, scope=scope, fund_id=request.user.fund_id)
    worklist = Worklist(request.actor, filters, clock.today())
    after = Place.read(given.get("after", ""))
    found = worklist.page(after, rows)
    query = filters.query()
    may_reassign = bool(policies.may_reassign(request.actor))
    may_write_letters = bool(for_many(request))
    views = list(views_of(request.user))
    context: dict[str, object] = {
        "scope": scope,
        "filters": filters,
        "filtered": bool(filters.chosen),
        "restored": restored and bool(filters.chosen),
        "query": query,
        "counts": list(worklist.counts()),
        "page": found,
        "more": filters.query(after=found.after) if found.after else "",
        "begun": after is not None,
        "rows": rows,
        "sizes": [(size, filters.query(rows=str(size))) for size in choices.ROWS],
        "views": views,
        "current": (current := _current(views, request.user, query)),
        "may_remove": bool(current and policies.may_remove_view(request.actor, current)),
        "named": list(filters.named()),
        "now": clock.now(),
        "agenda": Agenda(),
        "team": team_to_share_with(request.user) if filters.chosen else None,
        "may_reassign": may_reassign,
        "may_write_letters": may_write_letters,
        "may_choose": may_reassign or may_write_letters,
        "assesses": bool(may_open_assessments(request.actor)),
        "columns": 6 + (may_reassign or may_write_letters) + scope.others,
    }
    return context | (_beside(request, scope, worklist) if after is None else {})


def _current(views: list[SavedView], user: User, query: str) -> SavedView | None:
    """The view that is shown; of several with the same filters the own one."""
    same = [view for view in views if query and view.query == query]
    return min(same, key=lambda view: view.user_id != user.pk, default=None)


def _beside(request: ActingRequest, scope: Scope, worklist: Worklist) -> dict[str, object]:
    """What stands beside the first page: appointments, silences, presumptions that end, bulk steps of today."""
    actor, today = request.actor, clock.today()
    beside: dict[str, object] = {}
    if (quiet := worklist.filters.of_dossiers()) is not None:
        beside["silent"], more = silent.first(actor, worklist.parts, today, quiet, size=BESIDE)
        beside["more_silent"] = bool(more)
        beside["agenda"] = agenda(actor, worklist.parts, today, quiet)
    beside["presumptions"] = presumptions.count(actor, scope.parts, today)
    lately = Batch.objects.visible_to(actor).filter(
        actor=actor, asked_at__gte=clock.midnight(today - ONE_DAY)
    )
    beside["batches"] = list(lately.select_related("coordinator").order_by("-pk")[:3])
    beside["beside"] = any(
        value for name, value in beside.items() if name not in ("agenda", "more_silent")
    ) or bool((held := beside.get("agenda")) and held != Agenda())
    return beside


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
    """Save the filters under a name, for oneself or shared with the team; or delete a view."""
    query = _asked(request).filters.query()
    name = request.POST.get("name", "").replace("\0", "")[:60]
    try:
        if "delete" in request.POST:
            delete_view(actor=request.actor, view_id=number(request.POST, "delete", digits=18))
            messages.success(request, _("The view is deleted."))
        else:
            shared = "shared" in request.POST
            view = save_view(user=request.user, name=name, query=query, shared=shared)
            saved = _("The view “%(name)s” is saved.")
            told = _("The view “%(name)s” is shared with %(team)s.") if view.team else saved
            messages.success(request, told % {"name": view.name, "team": view.team})
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except DomainError as error:
        return _shown(request, view_error=str(error), view_name=name)
    return redirect(f"{reverse('home')}?{query}" if query else "home")
