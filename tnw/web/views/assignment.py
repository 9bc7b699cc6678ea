"""To whom dossiers go: those that fitted nowhere, and those that change hands."""

from collections.abc import Collection, Iterable
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

from dossiers.batches import MOST, ask_reassign
from dossiers.models import Dossier
from dossiers.services import assign
from tnw.accounts.models import LANGUAGES, Role, User
from tnw.accounts.policies import may_assign, may_reassign
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.page import ActingRequest, ids, number, once, page

SHOWN = 50
COUNTED = 1000
AT_ONCE = 200


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


def _with_languages(user: User) -> str:
    details = [user.team.name] if user.team else []
    details += [language.upper() for language in user.languages]
    return f"{user.name} ({', '.join(details)})" if details else user.name


@dataclass(frozen=True, slots=True)
class Tongues:
    """The chosen dossiers of people in whose language the chosen coordinator does not work; `told` was shown before."""

    coordinator: User
    others: Collection[UUID]
    told: str

    def __str__(self) -> str:
        """As the form sends it along once it was shown: for this coordinator, of these dossiers."""
        return " ".join(map(str, (self.coordinator.public_id, *sorted(self.others))))

    @property
    def minded(self) -> bool:
        """Whether all of it was shown, or there is nothing to show."""
        return not self.others or set(str(self).split()) <= set(self.told.split())


def _tongues(request: ActingRequest, form: AssignForm, chosen: list[str]) -> Tongues | None:
    """What is to be minded before these are given; None before a coordinator is chosen."""
    coordinator = (
        None if form.errors.get("coordinator") else getattr(form, "cleaned_data", {}).get("coordinator")
    )
    if coordinator is None:
        return None
    # Where nobody said in which languages somebody works, there is nothing to mind.
    spoken = coordinator.languages or [code for code, _name in LANGUAGES]
    found = Dossier.objects.visible_to(request.actor).filter(public_id__in=ids(chosen))
    others = found.exclude(incapacity__person__language__in=spoken).values_list("public_id", flat=True)
    return Tongues(coordinator, frozenset(others), request.POST.get("minded", ""))


@page(may_assign)
@require_http_methods(["GET", "POST"])
def unassigned(request: ActingRequest) -> HttpResponse:
    form = AssignForm(request.POST or None, fund_id=request.user.fund_id)
    chosen = request.POST.getlist("dossier")
    tongues = _tongues(request, form, chosen)
    if request.method == "POST" and form.is_valid() and tongues and tongues.minded:
        try:
            number = assign(
                dossier_ids=_some(chosen),
                coordinator=form.cleaned_data["coordinator"],
                actor=request.actor,
            )
        except DomainError as error:
            form.add_error(None, str(error))
            for dossier in _these(request, error.values.get("dossiers", ())):
                whose = {"person": dossier.incapacity.person, "name": dossier.coordinator}
                form.add_error(None, _("%(person)s has %(name)s as coordinator by now.") % whose)
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
        "tongues": tongues,
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
    """Dossiers that were chosen on the worklist, or those of one coordinator; then to whom. A bulk step does it."""
    asked = "coordinator" in request.POST
    form = ReassignForm(request.POST if asked else None, fund_id=request.user.fund_id)
    chosen, opening = list(dict.fromkeys(request.POST.getlist("dossier"))), once(request)
    tongues = _tongues(request, form, chosen)
    if asked and form.is_valid() and tongues and tongues.minded:
        try:
            batch = ask_reassign(
                dossier_ids=_some(chosen, MOST),
                coordinator=form.cleaned_data["coordinator"],
                reason=form.cleaned_data["reason"],
                once=opening,
                actor=request.actor,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("batch", batch.public_id)
    of = _coordinator(request)
    if request.method == "POST":
        dossiers = list(_these(request, ids(chosen)))
    else:
        running = (
            _running(request).filter(coordinator=of)
            if of
            else Dossier.objects.visible_to(request.actor).none()
        )
        found = running.select_related("incapacity__person", "coordinator").order_by("pk")
        dossiers = list(_after(found, request)[: AT_ONCE + 1])
    last = dossiers[AT_ONCE - 1] if len(dossiers) > AT_ONCE else None
    context: dict[str, object] = {
        "form": form,
        "tongues": tongues,
        "of": of,
        "dossiers": dossiers[:AT_ONCE],
        "last": last,
        "chosen": chosen,
        "tried": request.method == "POST",
        "once": opening,
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


def _these(request: ActingRequest, wanted: Iterable[UUID]) -> QuerySet[Dossier]:
    found = Dossier.objects.visible_to(request.actor).filter(public_id__in=list(wanted))
    return found.select_related("incapacity__person", "coordinator").order_by("pk")


def _some(chosen: list[str], most: int = SHOWN) -> list[UUID]:
    """The chosen dossiers. Raises DomainError where they are none or too many."""
    wanted = ids(chosen)
    if not wanted:
        raise DomainError(_("Choose at least one dossier."), code="required")
    if len(wanted) > most:
        raise DomainError(_("Choose %(number)d dossiers at most."), code="too_many", number=most)
    return wanted


def _after(dossiers: QuerySet[Dossier], request: ActingRequest) -> QuerySet[Dossier]:
    return dossiers.filter(pk__gt=number(request.GET, "after", digits=18))


def _running(request: ActingRequest) -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(request.actor).running(clock.today())


def _waiting(request: ActingRequest) -> QuerySet[Dossier]:
    return _running(request).filter(coordinator__isnull=True)
