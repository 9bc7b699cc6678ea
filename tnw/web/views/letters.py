"""Letters on their way to the post: what waits in the fund, printed as one file, and said to be posted."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.documents import dispatching
from dossiers.documents.policies import may_send
from dossiers.documents.printing import merged
from dossiers.law.facts import TEXT_LIMIT
from dossiers.models import Dispatch, Document
from tnw.accounts import access
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web import letters as reading
from tnw.web.letter_forms import AllPostedForm
from tnw.web.page import ActingRequest, ids, page

SHOWN = 200
BATCHES = 8
CHOOSE = _("Choose at least one letter.")


class Result(NamedTuple):
    """What became of one that was chosen."""

    way: Dispatch | None
    refused: str


@page(may_send)
@require_http_methods(["GET", "HEAD", "POST"])
def to_post(request: ActingRequest) -> HttpResponse:
    """What waits for the post; posted, it records that the chosen ones went, or do not go after all."""
    form = AllPostedForm(request.POST if "on" in request.POST else None, initial={"on": clock.today()})
    chosen = ids(request.POST.getlist("letter"))
    results: list[Result] = []
    if request.method == "POST":
        if not chosen:
            messages.error(request, CHOOSE)
        elif request.POST.get("do") == "withdraw":
            results = _withdraw(request, chosen)
        elif form.is_valid():
            results = _confirm(request, chosen, form)
        if results and not any(one.refused for one in results):
            return redirect("letters")
    waiting = reading.to_post(request.actor, SHOWN + 1, clock.today())
    for way in waiting:
        way.typed = _number(request, way.public_id)  # type: ignore[attr-defined]  # for the field in its line
    context = {
        "form": form,
        "waiting": waiting[:SHOWN],
        "more": len(waiting) > SHOWN,
        "number": min(len(waiting), SHOWN),
        "not_mailed": reading.not_mailed(request.actor, SHOWN),
        "batches": reading.batches(request.actor, BATCHES),
        "chosen": [str(one) for one in chosen],
        "refused": [one for one in results if one.refused],
    }
    return render(request, "documents/to_post.html", context)


def _confirm(request: ActingRequest, chosen: Sequence[UUID], form: AllPostedForm) -> list[Result]:
    known = _known(request, chosen)
    done = dispatching.posted(
        dispatch_ids=chosen,
        actor=request.actor,
        on=form.cleaned_data["on"],
        numbers={one: _number(request, one) for one in chosen},
    )
    if number := sum(not one.refused for one in done):
        told = ngettext(
            "%(n)d letter is recorded as posted.", "%(n)d letters are recorded as posted.", number
        )
        messages.success(request, told % {"n": number})
    return [Result(known.get(one.dispatch_id), str(one.refused)) for one in done]


def _number(request: ActingRequest, one: UUID) -> str:
    return request.POST.get(f"number-{one}", "")[:TEXT_LIMIT]


def _withdraw(request: ActingRequest, chosen: Sequence[UUID]) -> list[Result]:
    known, results = _known(request, chosen), []
    for one in chosen:
        try:
            dispatching.withdraw(dispatch_id=one, actor=request.actor)
        except DomainError as error:
            results.append(Result(known.get(one), str(error)))
        else:
            results.append(Result(known.get(one), ""))
    if number := sum(not one.refused for one in results):
        told = ngettext(
            "%(n)d letter is not sent after all.", "%(n)d letters are not sent after all.", number
        )
        messages.success(request, told % {"n": number})
    return results


def _known(request: ActingRequest, chosen: Sequence[UUID]) -> dict[UUID, Dispatch]:
    found = Dispatch.objects.visible_to(request.actor).filter(public_id__in=chosen)
    return {one.public_id: one for one in found.select_related("dossier__incapacity__person")}


@page(may_send)
@require_POST
@transaction.atomic
def printing(request: ActingRequest) -> HttpResponse:
    """The chosen ones as one file in the order of the post; who saw whom is in the access log."""
    chosen = ids(request.POST.getlist("letter"))
    documents = reading.for_printer(request.actor, chosen, clock.today())
    if not documents:
        why = _("What was chosen may not go any more: beside each stands why.") if chosen else CHOOSE
        messages.error(request, why)
        return redirect("letters")
    return one_file(request, documents)


def one_file(request: ActingRequest, documents: Sequence[Document]) -> HttpResponse:
    """These documents as one PDF, with a line in the access log for each dossier."""
    access.log_many(
        actor=request.actor,
        fund_id=request.user.fund_id,
        dossier_ids=dict.fromkeys(one.dossier_id for one in documents),
        through="letter",
    )
    response = HttpResponse(merged(documents), content_type="application/pdf")
    name = f"letters-{clock.today().isoformat()}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
