"""The reintegration plan of a dossier: written here as a draft, agreed from here, and its versions side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers import machines
from dossiers.models import Dossier
from tnw.accounts import access
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.acts.act import Occasion
from tnw.web.acts.plan import next_interview
from tnw.web.acts.preview import preview
from tnw.web.fields import day
from tnw.web.page import ActingRequest, number, page
from tnw.web.plan_form import Typed
from tnw.web.views import case
from trajects.plans import Comparison, Contents, checklist, compare
from trajects.policies import plan as policies
from trajects.services import plan as services
from trajects.versions import Version, in_force, versions_of

TAB = "dossier_traject"


class AgreedForm(forms.Form):
    """When it was agreed."""

    on = day(_("Agreed on"))


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else saved meanwhile, beside what was typed here."""

    by: str
    at: datetime
    revision: int
    comparison: Comparison


@page(policies.may_read_plan)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The draft for whoever writes it, the plan in force for whoever reads it."""
    dossier = case.opened(request, public_id, through="page")
    machines.load(dossier)
    verdict = policies.may_write_plan(request.actor, dossier, clock.today())
    if not verdict:
        return _read(request, dossier, str(verdict.reason))
    if request.method == "POST":
        return _posted(request, dossier)
    draft = services.draft_of(request.actor, dossier)
    contents = Contents.of(draft.contents) if draft else services.beginning(request.actor, dossier)
    typed = Typed.of(contents)
    proposed = not draft and not contents.next.complete
    if proposed:
        typed.following = Typed.of(Contents(next=next_interview(_occasion(request, dossier)))).following
    return _editor(
        request, dossier, typed, {"revision": draft.revision if draft else 0, "proposed": proposed}
    )


@page(policies.may_read_plan)
@require_POST
@transaction.atomic
def save(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What is saved while somebody types: it tells that, what the plan lacks, and what somebody else saved meanwhile."""
    dossier = Dossier.objects.visible_to(request.actor).filter(public_id=public_id).first()
    if dossier is None:
        raise Http404
    contents = Typed.from_post(request.POST).forms.contents
    context: dict[str, Any] = {"address": public_id, "parts": checklist(contents)}
    revision = number(request.POST, "revision")
    try:
        with transaction.atomic():
            draft = _save(request, public_id, contents, revision)
        context |= {"draft": draft, "revision": draft.revision if draft else revision}
    except services.WrittenMeanwhile as error:
        # What somebody else typed is shown.
        access.log(actor=request.actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through="page")
        context |= {"conflict": _conflict(error, contents), "revision": revision}
    except DomainError as error:
        context |= {"refused": str(error), "revision": revision}
    return render(request, "plan/saved.html", context)


@page(policies.may_read_plan)
@require_safe
@transaction.atomic
def versions(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """All versions; two of them side by side, with what changed marked."""
    dossier = case.opened(request, public_id, through="page")
    machines.load(dossier)
    every = versions_of(request.actor, dossier)
    after = _named(every, request.GET.get("after", "")) or (every[-1] if every else None)
    before = _named(every, request.GET.get("before", ""))
    if before is None and after is not None and (place := every.index(after)):
        before = every[place - 1] if every[place - 1].plan.part == after.plan.part else None
    both = before and after and before.contents and after.contents
    context = {
        "versions": every,
        "before": before,
        "after": after,
        "compared": compare(before.contents, after.contents) if both else None,  # type: ignore[union-attr,arg-type]
    }
    return case.show(request, dossier, "plan/versions.html", TAB, context)


def _named(every: Sequence[Version], name: str) -> Version | None:
    return next((one for one in every if f"{one.plan.part}.{one.plan.version}" == name), None)


def _read(request: ActingRequest, dossier: Dossier, reason: str) -> HttpResponse:
    """The plan as it was agreed, and why nothing can be written in it."""
    version = in_force(versions_of(request.actor, dossier), policies.plan_in_force(dossier))
    context = {"version": version, "reason": reason}
    return case.show(
        request, dossier, "plan/read.html", TAB, context, status=403 if request.method == "POST" else 200
    )


def _occasion(request: ActingRequest, dossier: Dossier) -> Occasion:
    return Occasion(dossier, request.actor, clock.today())


def _save(request: ActingRequest, public_id: UUID, contents: Contents, revision: int) -> Any:
    return services.save_draft(
        dossier_id=public_id,
        actor=request.actor,
        on=clock.today(),
        contents=contents,
        revision=revision,
        version=request.POST.get("version", ""),
    )


def _posted(request: ActingRequest, dossier: Dossier) -> HttpResponse:
    """Whatever the button, what was typed is saved first."""
    wanted = request.POST.get("do", "save")
    typed = Typed.from_post(request.POST)
    typed.change(wanted)
    filled = typed.forms
    contents = filled.contents
    agreed = AgreedForm(
        request.POST if wanted in ("agree", "preview") else None, initial={"on": clock.today()}
    )
    revision = number(request.POST, "overwrite") or number(request.POST, "revision")
    about: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": request.actor}
    more: dict[str, Any] = {"agreed": agreed, "revision": revision}
    try:
        if wanted == "discard":
            with transaction.atomic():
                services.discard_draft(**about, on=clock.today(), revision=revision)
            messages.success(request, _("The draft is thrown away."))
            return redirect("dossier_plan", dossier.public_id)
        with transaction.atomic():
            draft = _save(request, dossier.public_id, contents, revision)
        more |= {"draft": draft, "revision": draft.revision if draft else revision}
        if wanted in ("agree", "preview"):
            if not agreed.is_valid() or filled.faults:
                return _editor(request, dossier, typed, more | {"faults": filled.faults, "tried": True})
            about |= {"on": agreed.cleaned_data["on"], "contents": contents}
            if wanted == "preview":
                more["preview"] = preview(
                    dossier, request.actor, clock.today(), lambda: services.agree(**about)
                )
                return _editor(request, dossier, typed, more | {"tried": True})
            with transaction.atomic():
                version = services.agree(**about, revision=draft.revision if draft else None)
            messages.success(request, _("The plan is agreed: version %(n)s.") % {"n": version})
            return redirect("dossier_traject", dossier.public_id)
        if wanted == "save":
            messages.success(request, _("The draft is saved. Nothing follows from it until it is agreed."))
            return redirect("dossier_plan", dossier.public_id)
    except services.WrittenMeanwhile as error:
        more["conflict"] = _conflict(error, contents)
    except services.Incomplete as error:
        more |= {"lacks": error.lacks, "refused": str(error), "tried": True}
    except DomainError as error:
        if error.field == "on" and agreed.is_bound:
            agreed.add_error("on", str(error))
        more |= {"refused": str(error), "tried": True}
    return _editor(request, dossier, typed, more)


def _conflict(error: services.WrittenMeanwhile, contents: Contents) -> Conflict:
    saved = error.saved
    return Conflict(
        saved.saved_by.label, saved.saved_at, saved.revision, compare(Contents.of(saved.contents), contents)
    )


def _editor(request: ActingRequest, dossier: Dossier, typed: Typed, more: Mapping[str, Any]) -> HttpResponse:
    filled = typed.forms
    version = in_force(versions_of(request.actor, dossier), policies.plan_in_force(dossier))
    context = {
        "address": dossier.public_id,
        "plan": filled,
        "parts": checklist(filled.contents),
        "version": services.upon(dossier),
        "number": policies.next_version(dossier),
        "last": version,
        "draft": services.draft_of(request.actor, dossier),
        "agreed": AgreedForm(initial={"on": clock.today()}),
        "revision": 0,
        **more,
    }
    return case.show(request, dossier, "plan/editor.html", TAB, context)
