"""One view for every act: its form, what it will do, doing it, and what to do when somebody else was first."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from dossiers.acts import Outdated, head_of
from dossiers.models import Dossier
from dossiers.reading import entries_of
from routing import pending
from routing.models import RouteB
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict
from tnw.web import dossier as page_of
from tnw.web import urging
from tnw.web.acts import occasions, refusals
from tnw.web.acts.act import Act, Occasion
from tnw.web.acts.fields import ActForm
from tnw.web.acts.meanwhile import Meanwhile, since
from tnw.web.acts.registry import ACTS
from tnw.web.acts.trying import tried
from tnw.web.assessing import background
from tnw.web.assessing.background import Background
from tnw.web.decisions import JUDGED, WAITING_FOR_A_DECISION
from tnw.web.drafts import last_of_others
from tnw.web.page import ActingRequest, number, page
from tnw.web.views import case


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
    if verdict and act in WAITING_FOR_A_DECISION:
        verdict = pending.may_decide_now(dossier)
    if not posted and (late := wanted.too_late(occasion)):
        return _show(request, wanted, occasion, verdict, late=late)
    if not verdict and seen >= head:
        return _show(request, wanted, occasion, verdict, status=403)
    # A preview does without the file: it goes along once, with what is really done.
    files = request.FILES if posted and not trying else None
    form = wanted.form(request.POST if posted else None, files, occasion=occasion)
    if not posted:
        return _show(request, wanted, occasion, verdict, form=form, seen=head)
    if trying and request.headers.get("HX-Request"):
        return render(request, "parts/preview.html", _tried(wanted, occasion, form, seen))
    if seen < head:
        return _outdated(request, wanted, occasion, verdict, form, seen)
    if trying:
        found = _tried(wanted, occasion, form, seen)
        return _show(request, wanted, occasion, verdict, form=form, seen=seen, **found)
    if form.is_valid():
        warnings = [str(one) for one in wanted.warns(occasion, form.cleaned_data)]
        try:
            result = wanted.do(occasion, form.cleaned_data, seen)
        except Outdated:  # by somebody who was quicker by less than this request took
            return _outdated(request, wanted, occasion, verdict, form, seen)
        except DomainError as error:
            refusals.tell(form, occasion, error)
        else:
            messages.success(request, str(wanted.told_of(occasion, form.cleaned_data, result) or wanted.told))
            for one in warnings:
                messages.warning(request, one)
            return redirect(_after(request, dossier))
    return _show(request, wanted, occasion, verdict, form=form, seen=seen)


def _occasion(request: ActingRequest, dossier: Dossier, wanted: Act) -> Occasion:
    """What the act is about; what its address names has to be there, and of the right kind."""
    found = occasions.find(wanted, dossier, request.actor, clock.today(), request.GET.get("subject", ""))
    if found is None:
        raise Http404
    return replace(found, given=request.GET.dict())


def _seen(request: ActingRequest) -> int:
    """Up to which entry the page was read; a form that does not say has seen nothing."""
    return number(request.POST, "seen")


def _tried(wanted: Act, occasion: Occasion, form: ActForm, seen: int) -> dict[str, Any]:
    found = tried(lambda told: wanted.do(occasion, told, seen), occasion, form)
    if "preview" in found:
        found["warnings"] = [str(one) for one in wanted.warns(occasion, form.cleaned_data)]
    return found


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
    **more: Any,
) -> HttpResponse:
    dossier, actor = occasion.dossier, occasion.actor
    context = {
        "act": wanted,
        "title": wanted.title(occasion),
        "verdict": verdict,
        "form": form,
        "seen": seen,
        "meanwhile": meanwhile,
        "about": page_of.events([occasion.entry], {}) if occasion.entry else None,
        "appointment": occasion.appointment,
        "theirs": last_of_others(actor, dossier) if form is not None and not form.is_bound else 0,
        "next": _after(request, dossier),
        "instead": wanted.instead(occasion) if verdict else None,
        "beside": occasions.beside(wanted, occasion),
        "urge": _urge(wanted, occasion) if form is not None else None,
        "background": _background(wanted, occasion) if verdict else None,
        **more,
    }
    return case.show(request, dossier, "dossier/act.html", "", context, status=status)


def _urge(wanted: Act, occasion: Occasion) -> urging.Urge | None:
    """By when the contact that is planned or moved has to be held."""
    purpose = occasion.appointment.purpose if occasion.appointment else occasion.subject
    if wanted.slug not in ("plan", "move"):
        return None
    return urging.of(occasion.actor, occasion.dossier, purpose, occasion.today)


def _background(wanted: Act, occasion: Occasion) -> Background | None:
    """What a doctor reads before judging; the first contact of a request stands on its card already."""
    if wanted.slug not in JUDGED:
        return None
    ledger = entries_of(occasion.actor, occasion.dossier)
    but = ("first_contact_held",) if RouteB.NAME in wanted.beside else ()
    return background.read(occasion.actor, occasion.dossier, ledger, but=but)


def _after(request: ActingRequest, dossier: Dossier) -> str:
    """Where the act returns to: the page from which it was opened, or the overview."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, None):
        return target
    return reverse("dossier", args=[dossier.public_id])
