"""Dossiers that fitted nowhere, for the team lead to give to a coordinator."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dossiers.models import Dossier
from dossiers.services import assign
from tnw.accounts.models import Role, User
from tnw.accounts.policies import may_assign
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.views.page import ActingRequest, page

SHOWN = 50
COUNTED = 1000


class AssignForm(forms.Form):
    """Which dossiers, and to whom."""

    coordinator = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Coordinator"),
        to_field_name="public_id",
        empty_label=_("Choose a coordinator"),
        error_messages={"required": _("Choose a coordinator."), "invalid_choice": _("Choose a coordinator.")},
    )

    def __init__(self, *args: object, fund_id: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        people = User.objects.filter(fund_id=fund_id, is_active=True, roles__contains=[Role.COORDINATOR])
        field = self.fields["coordinator"]
        field.queryset = people.select_related("team").order_by("name")  # type: ignore[attr-defined]  # a model choice field
        field.label_from_instance = _with_languages  # type: ignore[attr-defined]  # the same


def _with_languages(user: User) -> str:
    details = [user.team.name] if user.team else []
    details += [language.upper() for language in user.languages]
    return f"{user.name} ({', '.join(details)})" if details else user.name


@page(may_assign)
@require_http_methods(["GET", "POST"])
def unassigned(request: ActingRequest) -> HttpResponse:
    form = AssignForm(request.POST or None, fund_id=request.user.fund_id)
    chosen = request.POST.getlist("dossier")
    if request.method == "POST" and form.is_valid():
        try:
            ids = _ids(chosen)
            number = assign(
                dossier_ids=ids, coordinator=form.cleaned_data["coordinator"], actor=request.actor
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            told = ngettext(
                "%(n)d dossier is given to %(name)s.", "%(n)d dossiers are given to %(name)s.", number
            )
            messages.success(request, told % {"n": number, "name": form.cleaned_data["coordinator"].name})
            return redirect("unassigned")
    waiting = _waiting(request)
    shown = list(
        _after(waiting, request.GET.get("after", ""))
        .select_related("incapacity__person", "team")
        .order_by("pk")[: SHOWN + 1]
    )
    context = {
        "form": form,
        "dossiers": shown[:SHOWN],
        "last": shown[SHOWN - 1] if len(shown) > SHOWN else None,
        "chosen": chosen,
        "number": min(number := waiting.values("pk")[: COUNTED + 1].count(), COUNTED),
        "more": number > COUNTED,
    }
    return render(request, "unassigned.html", context)


def _ids(chosen: list[str]) -> list[UUID]:
    if not chosen:
        raise DomainError(_("Choose at least one dossier."), code="required")
    try:
        return [UUID(public_id) for public_id in chosen[:SHOWN]]
    except ValueError:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown") from None


def _after(dossiers: QuerySet[Dossier], mark: str) -> QuerySet[Dossier]:
    return dossiers.filter(pk__gt=int(mark)) if mark.isdecimal() and len(mark) < 19 else dossiers


def _waiting(request: ActingRequest) -> QuerySet[Dossier]:
    running = Q(incapacity__end__isnull=True) | Q(incapacity__end__gte=clock.today())
    return Dossier.objects.visible_to(request.actor).filter(
        running, coordinator__isnull=True, incapacity__excluded=""
    )
