"""The team: who has how much to do, what fell silent or stands out of order, and who stands in for whom."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
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
from tnw.web.page import ActingRequest, number, page
from tnw.web.worklist import load, silent
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import Worklist
from tnw.web.worklist.scope import scope_of

SHOWN = 50
# Who is chosen as away decides who is offered as deputy.
OFFERS = {
    "hx-get": "",
    "hx-trigger": "change",
    "hx-target": "#id_deputy",
    "hx-select": "#id_deputy",
    "hx-swap": "outerHTML",
}
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
    periods = list(_periods(request))
    away = {one.user_id: one for one in reversed(periods) if one.first_day <= today}
    everything = Filters(QueryDict(), scope=scope, fund_id=request.user.fund_id)
    context = {
        "today": today,
        "overdue": Worklist(actor, everything, today).count("overdue"),
        "loads": [
            (one, away.get(one.coordinator.pk))
            for one in load.loads(actor, load.people_of(request.user), scope.parts, today)
        ],
        "silent": load.Number(min(quiet, silent.COUNTED), quiet > silent.COUNTED),
        "unassigned": load.Number(min(number, COUNTED), number > COUNTED),
        "out_of_order": (shown := list(out_of_order.order_by("pk")[: SHOWN + 1]))[:SHOWN],
        "more_out_of_order": len(shown) > SHOWN,
        "periods": periods,
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
    lines, last = silent.first(request.actor, scope.parts, today, after=after, size=silent.COUNTED)
    return render(request, "silent.html", {"silent": lines, "last": last, "scope": scope})


class DeputyForm(forms.Form):
    """Who stands in, from when until when; a team lead says for whom too."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who is away"),
        to_field_name="public_id",
        empty_label=_("Choose who is away"),
        error_messages={"required": _("Choose who is away.")},
    )
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Deputy"),
        to_field_name="public_id",
        empty_label=_("Choose a colleague"),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("A deputy is a colleague of the same fund with the same role."),
        },
    )
    first_day = day(_("First day"))
    last_day = day(_("Last day"))

    def __init__(self, *args: object, user: User, lead: bool, asked: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        people = User.objects.filter(
            fund_id=user.fund_id, is_active=True, roles__overlap=list(CASE_ROLES)
        ).order_by("name")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # a model choice field
        away = self._away(people, asked or str(user.public_id)) if lead else user
        self.fields["user"].initial = away.public_id if away else None
        self.fields["user"].widget.attrs.update(OFFERS)
        self.fields["deputy"].queryset = (  # type: ignore[attr-defined]  # the same
            people.filter(roles__overlap=[role for role in away.roles if role in CASE_ROLES]).exclude(
                pk=away.pk
            )
            if away
            else people.none()
        )
        if not away:
            self.fields["deputy"].empty_label = _("First choose who is away")  # type: ignore[attr-defined]  # the same
        if not lead:
            del self.fields["user"]

    @staticmethod
    def _away(people: QuerySet[User], asked: str) -> User | None:
        """Whom a team lead chose: only who can take over is offered then."""
        try:
            return people.filter(public_id=UUID(asked)).first()
        except ValueError:
            return None


@page(may_see_dossiers)
@require_http_methods(["GET", "POST"])
def deputies(request: ActingRequest) -> HttpResponse:
    if "end" in request.POST:
        return _end(request)
    lead = request.user.has_role(Role.TEAM_LEAD)
    asked = request.POST.get("user") or request.GET.get("user") or ""
    form = DeputyForm(request.POST or None, user=request.user, lead=lead, asked=asked)
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
