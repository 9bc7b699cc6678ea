"""To whom dossiers go: those that fitted nowhere, and those that change hands."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dossiers.models import Dossier
from dossiers.services import assign
from dossiers.services import reassign as give
from tnw.accounts.models import Role, User
from tnw.accounts.policies import may_assign, may_reassign
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.views.page import ActingRequest, number, page

SHOWN = 50
COUNTED = 1000
AT_ONCE = 200

OUTCOMES = {
    "done": ("met", _("given to the coordinator")),
    "theirs": ("fallen_away", _("was theirs already")),
    "not_allowed": ("missed", _("not yours to give: ask the team lead")),
    "gone": ("missed", _("is not there any more")),
}


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


class ReassignForm(AssignForm):
    """To whom, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept with the dossier. No health information."),
        error_messages={"required": _("Say why, for the colleague and for whoever asks later.")},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier that was to be given, and what became of it."""

    dossier: Dossier | None
    tone: str
    told: object


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
        _after(waiting, request).select_related("incapacity__person", "team").order_by("pk")[: SHOWN + 1]
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


@page(may_reassign)
@require_http_methods(["GET", "POST"])
def reassign(request: ActingRequest) -> HttpResponse:
    """Dossiers that were chosen on the worklist, or those of one coordinator; then to whom; then a result for each."""
    asked = "coordinator" in request.POST
    form = ReassignForm(request.POST if asked else None, fund_id=request.user.fund_id)
    chosen = list(dict.fromkeys(request.POST.getlist("dossier")))
    if asked and form.is_valid():
        try:
            given = give(
                dossier_ids=_ids(chosen, AT_ONCE),
                coordinator=form.cleaned_data["coordinator"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            there = {
                dossier.public_id: dossier for dossier in _these(request, (one.dossier_id for one in given))
            }
            lines = [Line(there.get(one.dossier_id), *OUTCOMES[one.outcome]) for one in given]
            context: dict[str, object] = {
                "lines": lines,
                "done": sum(one.outcome == "done" for one in given),
                "to": form.cleaned_data["coordinator"],
            }
            return render(request, "reassigned.html", context)
    of = _coordinator(request)
    if request.method == "POST":
        dossiers = list(_these(request, _known(chosen)))
    else:
        running = (
            _running(request).filter(coordinator=of)
            if of
            else Dossier.objects.visible_to(request.actor).none()
        )
        found = running.select_related("incapacity__person", "coordinator").order_by("pk")
        dossiers = list(_after(found, request)[: AT_ONCE + 1])
    last = dossiers[AT_ONCE - 1] if len(dossiers) > AT_ONCE else None
    context = {
        "form": form,
        "of": of,
        "dossiers": dossiers[:AT_ONCE],
        "last": last,
        "chosen": chosen,
        "tried": request.method == "POST",
    }
    return render(request, "reassign.html", context)


def _coordinator(request: ActingRequest) -> User | None:
    """Whose dossiers are asked for: a coordinator sees the own ones, a team lead those of anybody of the fund."""
    if not may_assign(request.actor):
        return request.user
    try:
        wanted = UUID(request.GET.get("of", ""))
    except ValueError:
        return None
    return User.objects.filter(fund_id=request.user.fund_id, public_id=wanted).first()


def _known(chosen: list[str]) -> list[UUID]:
    """The chosen dossiers, as far as the address can have meant any."""
    try:
        return [UUID(public_id) for public_id in chosen]
    except ValueError:
        return []


def _these(request: ActingRequest, ids: Iterable[UUID]) -> QuerySet[Dossier]:
    found = Dossier.objects.visible_to(request.actor).filter(public_id__in=list(ids))
    return found.select_related("incapacity__person", "coordinator").order_by("pk")


def _ids(chosen: list[str], most: int = SHOWN) -> list[UUID]:
    if not chosen:
        raise DomainError(_("Choose at least one dossier."), code="required")
    if len(chosen) > most:
        raise DomainError(_("Choose %(number)d dossiers at most."), code="too_many", number=most)
    try:
        return [UUID(public_id) for public_id in chosen]
    except ValueError:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown") from None


def _after(dossiers: QuerySet[Dossier], request: ActingRequest) -> QuerySet[Dossier]:
    return dossiers.filter(pk__gt=number(request.GET, "after", digits=18))


def _running(request: ActingRequest) -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(request.actor).running(clock.today())


def _waiting(request: ActingRequest) -> QuerySet[Dossier]:
    return _running(request).filter(coordinator__isnull=True)
