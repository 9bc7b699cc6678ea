"""One view for every act: its form, what it will do, doing it, and what to do when somebody else was first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from dossiers.acts import Outdated, head_of
from dossiers.models import Dossier, LedgerEntry
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict
from tnw.web import dossier as page_of
from tnw.web.acts import refusals
from tnw.web.acts.act import Act, Occasion
from tnw.web.acts.fields import ActForm
from tnw.web.acts.meanwhile import Meanwhile, since
from tnw.web.acts.preview import preview
from tnw.web.acts.registry import ACTS
from tnw.web.views import case
from tnw.web.views.page import ActingRequest, number, page


@page(may_see_dossiers)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def do(request: ActingRequest, public_id: UUID, act: str) -> HttpResponse:
    """The form of an act; posted with `preview` it says what would become of the dates, and does nothing."""
    posted = request.method == "POST"
    trying = posted and "preview" in request.POST
    dossier = case.opened(request, public_id, through="preview" if trying else "page")
    if (wanted := ACTS.get(act)) is None:
        raise Http404
    occasion = _occasion(request, dossier, wanted)
    head = head_of(dossier)
    seen = _seen(request) if posted else head
    verdict = wanted.allowed(occasion)
    if not verdict and seen >= head:
        return _show(request, wanted, occasion, verdict, status=403)
    form = wanted.form(request.POST if posted else None, occasion=occasion)
    if not posted:
        return _show(request, wanted, occasion, verdict, form=form, seen=head)
    if trying and request.headers.get("HX-Request"):
        return render(request, "parts/preview.html", _tried(wanted, occasion, form, seen))
    if seen < head:
        return _outdated(request, wanted, occasion, verdict, form, seen)
    if trying:
        tried = _tried(wanted, occasion, form, seen)
        return _show(request, wanted, occasion, verdict, form=form, seen=seen, **tried)
    if form.is_valid():
        try:
            wanted.do(occasion, form.cleaned_data, seen)
        except Outdated:  # by somebody who was quicker by less than this request took
            return _outdated(request, wanted, occasion, verdict, form, seen)
        except DomainError as error:
            refusals.tell(form, occasion, error)
        else:
            messages.success(request, str(wanted.told_of(form.cleaned_data) or wanted.told))
            return redirect(_after(request, dossier))
    return _show(request, wanted, occasion, verdict, form=form, seen=seen)


def _occasion(request: ActingRequest, dossier: Dossier, wanted: Act) -> Occasion:
    """What the act is about; what its address names has to be there, and of the right kind."""
    prefetch_related_objects([dossier], "appointments", "trajects")
    subject = request.GET.get("subject", "")
    if not hasattr(dossier, "route_a") or not (subject or wanted.may_name or not wanted.names):
        raise Http404
    appointment = entry = None
    if subject and wanted.names == "appointment":
        there = (one for one in dossier.appointments.all() if one.subject == subject)
        appointment = next(there, None)
        if appointment is None or (wanted.purposes and appointment.purpose not in wanted.purposes):
            raise Http404
    elif subject and wanted.names == "fact":
        entries = LedgerEntry.objects.visible_to(request.actor).filter(dossier=dossier, fact_id=subject)
        entry = entries.select_related("actor").first()
        if entry is None:
            raise Http404
    return Occasion(dossier, request.actor, clock.today(), subject, appointment, entry)


def _seen(request: ActingRequest) -> int:
    """Up to which entry the page was read; a form that does not say has seen nothing."""
    return number(request.POST, "seen")


def _tried(wanted: Act, occasion: Occasion, form: ActForm, seen: int) -> dict[str, Any]:
    """What the preview shows: the changes, or why there are none to show."""
    if form.is_valid():
        try:
            data = form.cleaned_data
            told = preview(
                occasion.dossier, occasion.actor, occasion.today, lambda: wanted.do(occasion, data, seen)
            )
        except Outdated as error:
            return {"faults": [str(error)], "tried": True}
        except DomainError as error:
            refusals.tell(form, occasion, error)
            return {
                "faults": [each for sentences in form.errors.values() for each in sentences],
                "tried": True,
            }
        else:
            return {"preview": told, "tried": True}
    lacking = [form[name].label for name in form.errors if name in form.fields and not form[name].data]
    faults = [
        str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
        if name not in form.fields or form[name].data
    ]
    return {"lacking": lacking, "faults": faults, "tried": True}


def _outdated(
    request: ActingRequest, wanted: Act, occasion: Occasion, verdict: Verdict, form: ActForm, seen: int
) -> HttpResponse:
    """Everything that was typed stays, beside what came in meanwhile; sent again it has seen that."""
    dossier = occasion.dossier
    return _show(
        request,
        wanted,
        occasion,
        verdict,
        form=form,
        seen=head_of(dossier),
        meanwhile=since(dossier, request.actor, seen),
        status=409,
    )


def _show(
    request: ActingRequest,
    wanted: Act,
    occasion: Occasion,
    verdict: Verdict,
    *,
    form: ActForm | None = None,
    seen: int = 0,
    meanwhile: Meanwhile | None = None,
    status: int = 200,
    **tried: Any,
) -> HttpResponse:
    context = {
        "act": wanted,
        "title": wanted.title(occasion),
        "verdict": verdict,
        "form": form,
        "seen": seen,
        "meanwhile": meanwhile,
        "about": page_of.events([occasion.entry], {}) if occasion.entry else None,
        "appointment": occasion.appointment,
        "next": _after(request, occasion.dossier),
        **tried,
    }
    return case.show(request, occasion.dossier, "dossier/act.html", "", context, status=status)


def _after(request: ActingRequest, dossier: Dossier) -> str:
    """Where the act returns to: the page from which it was opened, or the overview."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, None):
        return target
    return reverse("dossier", args=[dossier.public_id])
