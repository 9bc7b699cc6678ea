"""The team: who has how much to do, what fell silent or stands out of order, and who stands in for whom."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.models import Dossier
from tnw.accounts.models import Deputy, Role, User
from tnw.accounts.policies import CASE_ROLES, may_assign, may_see_dossiers
from tnw.accounts.services import end_deputy, start_deputy
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed
from tnw.web.fields import day
from tnw.web.views.page import ActingRequest, number, page
from tnw.web.worklist import load, silent
from tnw.web.worklist.scope import scope_of

SHOWN = 50
COUNTED = 1000


@page(may_assign)
@require_safe
def show(request: ActingRequest) -> HttpResponse:
    today, actor = clock.today(), request.actor
    scope = scope_of(actor, today)
    if scope is None:
        raise Http404
    dossiers = Dossier.objects.visible_to(actor)
    unassigned = dossiers.running(today).filter(coordinator__isnull=True)
    number = unassigned.values("pk")[: COUNTED + 1].count()
    out_of_order = dossiers.exclude(out_of_order="").select_related("incapacity__person", "coordinator")
    quiet = silent.count(actor, scope.parts, today)
    context = {
        "today": today,
        "loads": load.loads(actor, load.people_of(request.user), today),
        "silent": load.Number(min(quiet, silent.COUNTED), quiet > silent.COUNTED),
        "unassigned": load.Number(min(number, COUNTED), number > COUNTED),
        "out_of_order": list(out_of_order.order_by("pk")[:SHOWN]),
        "periods": list(_periods(request)),
        "may_assign": True,
    }
    return render(request, "team.html", context)


@page(may_see_dossiers)
@require_safe
def silences(request: ActingRequest) -> HttpResponse:
    """All dossiers that fell silent, for whoever looks after them."""
    today = clock.today()
    scope = scope_of(request.actor, today)
    if scope is None:
        raise Http404
    after = number(request.GET, "after", digits=18)
    lines, last = silent.first(request.actor, scope.parts, today, after=after, size=SHOWN)
    return render(request, "silent.html", {"silent": lines, "last": last, "scope": scope})


class DeputyForm(forms.Form):
    """Who stands in, from when until when; a team lead says for whom too."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"), to_field_name="public_id")
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Deputy"),
        to_field_name="public_id",
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague.")},
    )
    first_day = day(_("First day"))
    last_day = day(_("Last day"))

    def __init__(self, *args: object, user: User, lead: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        people = User.objects.filter(
            fund_id=user.fund_id, is_active=True, roles__overlap=list(CASE_ROLES)
        ).order_by("name")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # a model choice field
        self.fields["user"].initial = user.public_id
        own = people if lead else people.filter(roles__overlap=user.roles).exclude(pk=user.pk)
        self.fields["deputy"].queryset = own  # type: ignore[attr-defined]  # the same
        if not lead:
            del self.fields["user"]


@page(may_see_dossiers)
@require_http_methods(["GET", "POST"])
def deputies(request: ActingRequest) -> HttpResponse:
    if "end" in request.POST:
        return _end(request)
    lead = request.user.has_role(Role.TEAM_LEAD)
    form = DeputyForm(request.POST or None, user=request.user, lead=lead)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            start_deputy(
                user=given.get("user", request.user),
                deputy=given["deputy"],
                first_day=given["first_day"],
                last_day=given["last_day"],
                actor=request.actor,
                today=clock.today(),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The deputy is arranged."))
            return redirect("deputies")
    periods = list(_periods(request))
    context = {"form": form, "periods": periods, "today": clock.today(), "may_assign": lead}
    return render(request, "deputies.html", context)


def _end(request: ActingRequest) -> HttpResponse:
    try:
        end_deputy(deputy_id=UUID(request.POST.get("end", "")), actor=request.actor, today=clock.today())
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except (DomainError, ValueError):
        raise Http404 from None
    messages.success(request, _("The period is ended."))
    return redirect("deputies")


def _periods(request: ActingRequest) -> QuerySet[Deputy]:
    """The periods that are not over: all of the fund for a team lead, for others those they are in."""
    user = request.user
    found = Deputy.objects.filter(fund_id=user.fund_id, last_day__gte=clock.today())
    if not may_assign(request.actor):
        found = found.filter(Q(user=user) | Q(deputy=user))
    return found.select_related("user", "deputy").order_by("first_day", "pk")
