"""One step for many dossiers: chosen on the worklist, taken in the background, with what became of each."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Count, Q, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers import batches
from dossiers.documents.kinds import Kind, kinds
from dossiers.documents.policies import may_write_any
from dossiers.models import Batch, BatchRow, Document, Dossier
from tnw.accounts.policies import in_role, may_reassign, may_see_dossiers
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web import tidings
from tnw.web.letter_forms import ManyForm
from tnw.web.letters import kind_name
from tnw.web.page import ActingRequest, ids, once, page
from tnw.web.views.letters import one_file

SHOWN = 200
GOOD = ("done", "theirs")
# What became of a dossier that was to be given to somebody (`dossiers.services.Given`): tone and words.
OUTCOMES = {
    "done": ("met", _("given to the coordinator")),
    "theirs": ("fallen_away", _("was theirs already")),
    "not_allowed": ("missed", _("not yours to give: ask the team lead")),
    "gone": ("missed", _("is not there any more")),
}


def for_many(request: ActingRequest) -> list[Kind]:
    """The letters for many that this role writes."""
    many = (one for one in kinds().values() if one.many and one.by_hand)
    return [one for one in many if in_role(request.actor, *one.roles)]


@page(may_write_any)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: ActingRequest) -> HttpResponse:
    """For whom, which letter, and how they go; then a worker writes them."""
    asked = "kind" in request.POST or "ask" in request.POST
    form = ManyForm(request.POST if asked else None, kinds=for_many(request))
    chosen, opening = ids(request.POST.getlist("dossier")), once(request)
    if asked and form.is_valid():
        told = form.cleaned_data
        try:
            batch = batches.ask_letters(
                dossier_ids=chosen,
                actor=request.actor,
                kind=told["kind"],
                channel=told["channel"],
                once=opening,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("batch", batch.public_id)
    found = Dossier.objects.visible_to(request.actor).filter(public_id__in=chosen)
    found = found.select_related("incapacity__person", "coordinator").prefetch_related("appointments")
    # An invitation by post would be read too late by some of them.
    dossiers = [
        (one, tidings.too_late(one.appointments.all(), clock.today())) for one in found.order_by("pk")
    ]
    return render(request, "documents/choose.html", {"form": form, "dossiers": dossiers, "once": opening})


@page(may_see_dossiers)
@require_safe
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """A bulk step. Asked for by htmx while it is being taken, it answers with the part that changes."""
    batch = _batch(request, public_id)
    rows = BatchRow.objects.visible_to(request.actor).filter(batch=batch)
    done, good = Q(done_at__isnull=False), Q(document__isnull=False) | Q(outcome__in=GOOD)
    counts = rows.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=done),
        written=Count("pk", filter=Q(document__isnull=False)),
        good=Count("pk", filter=good),
        refused=Count("pk", filter=done & ~good),
    )
    # What did not come about first: that is what somebody has to look at.
    ordered = rows.order_by(Case(When(good, then=1), default=0), "pk")
    people = ordered.filter(done).select_related(
        "document", "dossier__incapacity__person", "dossier__coordinator"
    )
    shown = list(people.defer("document__content")[:SHOWN])
    context = {
        "batch": batch,
        "name": _name(batch),
        "at_work": batch.done_at is None,
        "counts": counts,
        "rows": [(row, *OUTCOMES.get(row.outcome, ("", ""))) for row in shown],
        "more": max(counts["done"] - len(shown), 0),
    }
    template = "worklist/batch_state.html" if request.headers.get("HX-Request") else "worklist/batch.html"
    response = render(request, template, context)
    if request.headers.get("HX-Request") and batch.done_at is not None:
        response["HX-Refresh"] = "true"  # it ended: title and buttons of the page tell of it too
    return response


def _name(batch: Batch) -> str:
    if batch.coordinator:
        return gettext("Reassign to %(name)s") % {"name": batch.coordinator.name}
    return str(kind_name(batch.kind))


@page(may_write_any)
@require_safe
@transaction.atomic
def merged(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """All that was written as one file in the order of the post."""
    batch = _batch(request, public_id)
    rows = BatchRow.objects.visible_to(request.actor).filter(batch=batch)
    found = Document.objects.visible_to(request.actor).filter(pk__in=rows.values("document"))
    documents = list(found.order_by("postal_order", "pk"))
    if not documents:
        raise Http404
    return one_file(request, documents)


def _batch(request: ActingRequest, public_id: UUID) -> Batch:
    """The bulk step, for those who may take such steps."""
    mine = Batch.objects.visible_to(request.actor).select_related("actor", "coordinator")
    batch = get_object_or_404(mine, public_id=public_id)
    may = may_reassign(request.actor) if batch.reassigns else may_write_any(request.actor)
    if not may:
        raise PermissionDenied(may.reason)
    return batch
