"""Letters of a dossier: what was written and how it went, writing one with its pages in view, and what became of it."""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers import machines
from dossiers.acts import Outdated, head_of
from dossiers.documents import dispatching, making
from dossiers.documents.kinds import TO_PRINT, About, Kind, Matter, kinds
from dossiers.documents.policies import alive, may_go, may_read, may_send, may_write, may_write_any
from dossiers.documents.printing import pages, picture
from dossiers.models import Channel, Dispatch, DispatchState, Document, Dossier
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict
from tnw.web import letters as reading
from tnw.web import tidings
from tnw.web.acts.meanwhile import Meanwhile, since
from tnw.web.drafts import last_of_others
from tnw.web.letter_forms import PostedForm, ReturnedForm, SendForm, WayForm, WithdrawForm, WriteForm
from tnw.web.page import ActingRequest, number, page
from tnw.web.views import case

PICTURES = 4  # pages that are shown at once; all of them stand in the PDF


class Pages(NamedTuple):
    """The first pages of a document as pictures; `more` stand in the PDF only."""

    pictures: list[str]
    more: int

    @classmethod
    def of(cls, content: bytes, number: int) -> "Pages":
        shown = range(1, min(number, PICTURES) + 1)
        drawn = [base64.b64encode(picture(content, one)).decode() for one in shown]
        return cls(drawn, number - len(drawn))


@page(may_read)
@require_safe
@transaction.atomic
def overview(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What was written in this dossier, what waits or came back, and which letters can be written now."""
    dossier = case.opened(request, public_id, through="page")
    machines.load(dossier)
    offers = reading.offers(request.actor, dossier, clock.today())
    context = {
        "documents": reading.of_dossier(request.actor, dossier),
        "offers": [one for one in offers if not one.why_not],
        "not_now": [one for one in offers if one.why_not],
        "alive": alive(dossier),
        "may_send": bool(may_send(request.actor)),
    }
    return case.show(request, dossier, "documents/overview.html", "dossier_letters", context)


# --- Writing


@page(may_write_any)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def write(request: ActingRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The form of a letter. Posted with `preview` it shows the pages, with `pdf` the file, and keeps nothing."""
    posted = request.method == "POST"
    trying = posted and bool({"preview", "pdf"} & request.POST.keys())
    dossier = case.opened(request, public_id, through="preview" if trying else "page")
    wanted = kinds().get(kind)
    if wanted is None or not wanted.by_hand:
        raise Http404
    machines.load(dossier)
    today = clock.today()
    verdict = may_write(request.actor, dossier, wanted, today)
    about = wanted.about(dossier, today) if verdict else []
    if verdict and not about:
        verdict = Verdict(False, wanted.nothing)
    head = head_of(dossier)
    if not verdict:
        return _writing(request, dossier, wanted, None, head, verdict=verdict, status=403)
    form = WriteForm(
        request.POST if posted else None,
        kind=wanted,
        about=about,
        shut=reading.shut_channels(dossier, wanted),
        initial=_beforehand(request, dossier, wanted, about),
    )
    if not posted:
        return _writing(request, dossier, wanted, form, head)
    seen = number(request.POST, "seen")
    if trying:
        return _tried(request, dossier, wanted, form, seen)
    if form.is_valid():
        try:
            document = _written(request, dossier, wanted, form, seen)
        except Outdated:
            meanwhile = since(dossier, request.actor, seen)
            return _writing(request, dossier, wanted, form, head, meanwhile=meanwhile, status=409)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _told(document))
            if late := _too_late(dossier, wanted, form):
                messages.warning(request, late)
            return redirect("dossier_letters", dossier.public_id)
    return _writing(request, dossier, wanted, form, seen)


def _too_late(dossier: Dossier, kind: Kind, form: WriteForm) -> str:
    by_post = form.cleaned_data.get("channel") in TO_PRINT
    return tidings.too_late_by_post(dossier, kind.slug, form.subject, clock.today()) if by_post else ""


def _beforehand(
    request: ActingRequest, dossier: Dossier, kind: Kind, about: Sequence[About]
) -> dict[str, str]:
    """What stands in the form before anybody types: what the page's address names, and where the last one went."""
    asked = request.GET.get("subject", "")
    known = {"subject": asked}
    # Of several one has to be chosen first: the address of another would be that of a stranger.
    certain = about if len(about) == 1 else [one for one in about if one.subject == asked]
    if kind.party and certain:
        known["address"] = reading.last_address(request.actor, dossier, kind, certain[0].subject)
    return known


@transaction.atomic
def _written(request: ActingRequest, dossier: Dossier, kind: Kind, form: WriteForm, seen: int) -> Document:
    """Kept and put on its way in one step: what cannot go is not kept either."""
    today, channel = clock.today(), form.cleaned_data["channel"]
    document = making.write(
        dossier_id=dossier.public_id,
        actor=request.actor,
        on=today,
        kind=kind.slug,
        subject=form.subject,
        said=form.said,
        seen=seen,
        channel=channel,
    )
    dispatching.prepare(document_id=document.public_id, actor=request.actor, on=today, channel=channel)
    return document


def _told(document: Document) -> str:
    way = document.dispatches.order_by("-pk").first()
    if way is not None and way.state == DispatchState.SENT:
        return str(_("The letter is kept, and recorded as handed over."))
    if way is not None and way.channel in TO_PRINT:
        return str(_("The letter is kept and waits for the post: print it, and say when it went."))
    return str(_("The letter is kept, and its link is being mailed."))


def _tried(request: ActingRequest, dossier: Dossier, kind: Kind, form: WriteForm, seen: int) -> HttpResponse:
    """The letter as it would go, as pictures or as the file; or why there is none."""
    told: dict[str, Any] = {"tried": True}
    form.is_valid()
    if form.without_channel:
        matter = Matter(dossier, request.actor, clock.today(), form.subject, form.said)
        try:
            written = making.preview(kind, matter, channel=form.cleaned_data.get("channel", ""))
        except DomainError as error:
            told["faults"] = [str(error)]
        else:
            if "pdf" in request.POST:
                return _file(written.content, "letter")
            told["pages"] = Pages.of(written.content, pages(written.content))
            told["written"] = written
            told["too_late"] = _too_late(dossier, kind, form)
    else:
        told["faults"] = [each for name, found in form.errors.items() if name != "channel" for each in found]
    if request.headers.get("HX-Request"):
        return render(request, "documents/preview.html", told)
    return _writing(request, dossier, kind, form, seen, **told)


def _writing(
    request: ActingRequest,
    dossier: Dossier,
    kind: Kind,
    form: WriteForm | None,
    seen: int,
    *,
    verdict: Verdict | None = None,
    meanwhile: Meanwhile | None = None,
    status: int = 200,
    **tried: Any,
) -> HttpResponse:
    context = {
        "kind": kind,
        "form": form,
        "seen": seen,
        "why_not": verdict.reason if verdict is not None else "",
        "meanwhile": meanwhile,
        "verdict": Verdict(True),
        "next": reverse("dossier_letters", args=[dossier.public_id]),
        "theirs": last_of_others(request.actor, dossier) if form is not None and not form.is_bound else 0,
        **tried,
    }
    return case.show(request, dossier, "documents/write.html", "dossier_letters", context, status=status)


# --- What was written


@page(may_read)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def show(request: ActingRequest, public_id: UUID, document_id: UUID) -> HttpResponse:
    """A document as it was written, how it went, and sending it; posted, it goes by the channel that was chosen."""
    dossier = case.opened(request, public_id, through="letter")
    document = _document(request, dossier, document_id)
    kind = kinds().get(document.kind)
    may = (
        may_send(request.actor) and alive(dossier) and may_go(request.actor, dossier, document, clock.today())
    )
    if kind is None or not kind.channels:
        may = Verdict(False)
    form = None
    if kind is not None and may:
        shut = reading.shut_channels(dossier, kind)
        form = SendForm(request.POST if request.method == "POST" else None, kind=kind, shut=shut)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            dispatching.prepare(
                document_id=document.public_id,
                actor=request.actor,
                on=clock.today(),
                channel=form.cleaned_data["channel"],
            )
        except DomainError as error:
            form.add_error("channel" if error.field == "channel" else None, str(error))
        else:
            messages.success(request, _told(document))
            by_post = form.cleaned_data["channel"] in TO_PRINT
            its = dossier, document.kind, document.subject
            if by_post and (late := tidings.too_late_by_post(*its, clock.today())):
                messages.warning(request, late)
            return redirect("dossier_letters", dossier.public_id)
    context = {
        "document": document,
        "pages": Pages.of(bytes(document.content), document.pages),
        "form": form,
        "why_not": may.reason,
        "may_send": bool(may),
        "waits": document.dispatches.filter(state=DispatchState.WAITING).exists(),
    }
    return case.show(request, dossier, "documents/document.html", "dossier_letters", context)


@page(may_read)
@require_safe
@transaction.atomic
def pdf(request: ActingRequest, public_id: UUID, document_id: UUID) -> HttpResponse:
    """The very bytes."""
    dossier = case.opened(request, public_id, through="letter")
    document = _document(request, dossier, document_id)
    return _file(bytes(document.content), document.reference)


def _file(content: bytes, name: str) -> HttpResponse:
    """A PDF in the window of whoever asked; it can run nothing there."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _document(request: ActingRequest, dossier: Dossier, document_id: UUID) -> Document:
    ways = reading.of_dossier(request.actor, dossier).defer(None)
    found = ways.filter(public_id=document_id).first()
    if found is None:
        raise Http404
    return found


# --- On its way

WAYS: dict[str, tuple[str, type[WayForm]]] = {
    "posted": (DispatchState.WAITING, PostedForm),
    "withdraw": (DispatchState.WAITING, WithdrawForm),
    "returned": (DispatchState.SENT, ReturnedForm),
    "shut": (DispatchState.SENT, WithdrawForm),
}


@page(may_send)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def way(request: ActingRequest, public_id: UUID, way_id: UUID, step: str) -> HttpResponse:
    """It went to the post, it does not go after all, or it came back."""
    dossier = case.opened(request, public_id, through="page")
    ways = Dispatch.objects.visible_to(request.actor).filter(dossier=dossier, public_id=way_id)
    one = ways.select_related("document").defer("document__content").first()
    if one is None or step not in WAYS:
        raise Http404
    state, of_step = WAYS[step]
    fits = one.state == state and _goes_so(one, step)
    posted = request.method == "POST"
    form = of_step(
        request.POST if posted else None,
        request.FILES if posted else None,
        way=one,
        initial={"on": clock.today()},
    )
    if posted and fits and form.is_valid():
        try:
            _done(request, one, step, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, TOLD[step])
            return redirect(_after(request, dossier))
    context = {
        "way": one,
        "document": one.document,
        "step": step,
        "fits": fits,
        "form": form,
        "next": _after(request, dossier),
    }
    return case.show(request, dossier, "documents/way.html", "dossier_letters", context)


def _goes_so(one: Dispatch, step: str) -> bool:
    """Whether this step is one for its channel."""
    if step == "shut":
        return one.channel == Channel.EMAIL and not one.is_shut
    return step == "withdraw" or one.channel in TO_PRINT


TOLD = {
    "posted": _("It is recorded as posted."),
    "withdraw": _("It is not sent after all."),
    "returned": _("It is recorded that it came back. Look at the address."),
    "shut": _("The link is shut: it opens nothing any more. Look at the address."),
}


def _done(request: ActingRequest, one: Dispatch, step: str, form: forms.Form) -> None:
    told = form.cleaned_data
    if step == "posted":
        dispatching.confirm(
            dispatch_id=one.public_id,
            actor=request.actor,
            on=told["on"],
            number=told.get("number", ""),
            scan=told.get("scan"),
        )
    elif step == "returned":
        dispatching.returned(
            dispatch_id=one.public_id, actor=request.actor, on=told["on"], why=told.get("why", "")
        )
    elif step == "shut":
        dispatching.shut(dispatch_id=one.public_id, actor=request.actor)
    else:
        dispatching.withdraw(dispatch_id=one.public_id, actor=request.actor)


def _after(request: ActingRequest, dossier: Dossier) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, None):
        return target
    return reverse("dossier_letters", args=[dossier.public_id])
