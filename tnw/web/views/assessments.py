"""The assessment queue, and the screen on which one dossier is assessed: a minute each, without a mouse."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts import Outdated
from dossiers.keyset import Place
from dossiers.models import Dossier
from routing import claims, policies, services
from routing.assessments import COUNTED, Queue
from routing.models import Claim
from tnw.accounts import access
from tnw.accounts.models import Role
from tnw.accounts.policies import in_role
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.acts.meanwhile import since
from tnw.web.acts.preview import preview as previewed
from tnw.web.assessing import screen
from tnw.web.assessing.forms import CONTACT, DECIDE, EXAMINE, REFER, AssessmentForm
from tnw.web.views.page import ActingRequest, number, page
from tnw.web.worklist.reading import bucket_of
from trajects.models.appointment import Form, Purpose
from trajects.services import plan

THROUGH = "assessment"
EVERYONE = "1"
# The field of the screen at which an error of a service belongs.
ELSEWHERE = {"at": "day", "form": "contact"}


@page(policies.may_open_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def pool(request: ActingRequest) -> HttpResponse:
    """Who waits; a POST claims the first that is ready and opens it."""
    if request.method == "POST":
        return _next(request, None)
    today = clock.today()
    everyone = request.GET.get("all") == EVERYONE
    queue = Queue(request.actor, today, everyone=everyone)
    number = queue.number()
    after = Place.read(request.GET.get("after", ""))
    lines, last = queue.stretch(after)
    return render(
        request,
        "assessment/pool.html",
        {
            "number": min(number, COUNTED),
            "more": number > COUNTED,
            "lines": [(line, bucket_of(line.first, today)) for line in lines],
            "last": last,
            "begun": after is not None,
            "everyone": everyone,
            "all": EVERYONE,
            "today": today,
        },
    )


@page(policies.may_open_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def assess(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One dossier; opening it claims it."""
    dossier = _dossier(request, public_id)
    if request.method == "POST":
        return _act(request, dossier, request.POST.get("act", DECIDE))
    form = AssessmentForm(dossier=dossier, today=clock.today())
    return _screen(request, dossier, form)


@page(policies.may_open_assessments)
@require_POST
@transaction.atomic
def renew(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The page is still open: hold on to the claim, or tell who has it now."""
    dossier = _dossier(request, public_id)
    held = claims.take(dossier=dossier, actor=request.actor)
    return render(request, "assessment/claim.html", {"dossier": dossier, "held": held})


@page(policies.may_open_assessments)
@require_POST
@transaction.atomic
def preview(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The dates that would follow, for whoever has opened the dossier: nothing of it is kept."""
    dossier = _dossier(request, public_id)
    context: dict[str, Any] = {"tried": False}
    act = request.POST.get("act", DECIDE)
    if act == REFER and request.POST.get("category"):  # who chooses a category is about to assess anew
        act = DECIDE
    form = AssessmentForm(request.POST, dossier=dossier, today=clock.today(), act=act)
    form.full_clean()
    if claims.holds(dossier, request.actor) and (form.cleaned_data.get("category") or act == REFER):
        told = {**form.cleaned_data, "reason": form.cleaned_data.get("reason") or "-"}
        run = partial(_run, request, dossier, act, told, None)
        try:
            context["preview"] = previewed(dossier, request.actor, clock.today(), run)
        except DomainError as error:
            context |= {"tried": True, "faults": [str(error)]}
    return render(request, "parts/preview.html", context)


def _dossier(request: ActingRequest, public_id: UUID) -> Dossier:
    found = (
        Dossier.objects.visible_to(request.actor)
        .select_related("incapacity__person", "coordinator", "team", "route_a")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _screen(
    request: ActingRequest,
    dossier: Dossier,
    form: AssessmentForm,
    *,
    overtaken: int | None = None,
    held: Claim | None = None,
) -> HttpResponse:
    """The whole screen, with its line in the access log; `overtaken` is the entry after which others recorded."""
    actor, today = request.actor, clock.today()
    access.log(actor=actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=THROUGH)
    may = policies.may_assess(actor, dossier, today)
    if may and held is None:
        held = claims.take(dossier=dossier, actor=actor)
    seen = screen.read(actor, dossier, today)
    may_refer = policies.may_refer(actor, dossier, today)
    context = {
        "today": today,
        "dossier": dossier,
        "person": dossier.incapacity.person,
        "screen": seen,
        "form": form,
        "head": seen.head,
        "may": may,
        "held": held,
        "may_refer_at_all": in_role(actor, Role.ADVISORY_DOCTOR),
        "may_refer": may_refer,
        "refers_first": bool(may_refer) and seen.to_refer,
        "meanwhile": since(dossier, actor, overtaken) if overtaken is not None else None,
        "next": reverse("dossier", args=[dossier.public_id]),
        **_way(request),
    }
    status = 409 if overtaken is not None else 200
    return render(request, "assessment/screen.html", context, status=status)


def _way(request: ActingRequest) -> dict[str, str]:
    """Where in the queue this person is, carried from page to page."""
    asked = request.POST if request.method == "POST" else request.GET
    after = Place.read(asked.get("after", ""))
    return {"after": str(after or ""), "all": EVERYONE if asked.get("all") == EVERYONE else ""}


def _act(request: ActingRequest, dossier: Dossier, act: str) -> HttpResponse:
    actor, today = request.actor, clock.today()
    if act in ("skip", "leave"):
        claims.release(dossier=dossier, actor=actor)
        return redirect("assessments") if act == "leave" else _next(request, dossier)
    form = AssessmentForm(request.POST, dossier=dossier, today=today, act=act)
    if act == "over":
        claims.take(dossier=dossier, actor=actor, over=True)
        return _screen(request, dossier, _kept(request, form))
    if held := claims.held_by_another(dossier, actor):
        return _screen(request, dossier, _kept(request, form), held=held)
    if not form.is_valid():
        return _screen(request, dossier, form)
    try:
        with transaction.atomic():
            done = _run(request, dossier, act, form.cleaned_data, _seen(request))
    except Outdated as error:
        return _screen(request, dossier, _kept(request, form), overtaken=error.seen)
    except DomainError as error:
        field = ELSEWHERE.get(error.field or "", error.field)
        form.add_error(field if field in form.fields else None, str(error))
        return _screen(request, dossier, form)
    messages.success(request, done)
    if act == CONTACT:
        return _to(reverse("assess", args=[dossier.public_id]), **_way(request))
    claims.release(dossier=dossier, actor=actor)
    return _next(request, dossier if act == EXAMINE else None)


def _kept(request: ActingRequest, typed: AssessmentForm) -> AssessmentForm:
    """The form with what was typed in it, and nothing said of it."""
    form = AssessmentForm(dossier=typed.dossier, today=clock.today())
    form.initial = {name: request.POST.get(name, "") for name in form.fields}
    form.initial["refer"] = "refer" in request.POST
    return form


def _seen(request: ActingRequest) -> int:
    """The last entry that was on the screen; none of them, where the form does not say."""
    return number(request.POST, "seen")


def _run(request: ActingRequest, dossier: Dossier, act: str, told: dict[str, Any], seen: int | None) -> str:
    """Do what was asked for, and say so. Raises what the service raises."""
    who: dict[str, Any] = {
        "dossier_id": dossier.public_id,
        "actor": request.actor,
        "on": clock.today(),
        "seen": seen,
    }
    name = {"reference": dossier.incapacity.reference}
    contact = told.get("contact", "")
    if act == CONTACT:
        services.hold_medical_contact(**who, form=contact)
        return _("The medical contact is recorded.")
    if act == EXAMINE:
        plan(
            **who,
            purpose=Purpose.MEDICAL_EXAMINATION,
            at=told["at"],
            form=Form.IN_PERSON,
            place=told["place"],
        )
        return _("The insured person of dossier %(reference)s is called for an examination.") % name
    if told.get("category"):
        services.assess(
            **who,
            category=int(told["category"]),
            reason=told["reason"],
            contact=contact,
            refer=bool(told.get("refer")),
        )
        if told.get("refer"):
            return _("Dossier %(reference)s is assessed and referred.") % name
        return _("Dossier %(reference)s is assessed.") % name
    services.refer(**who)
    if contact:
        services.hold_medical_contact(**{**who, "seen": None}, form=contact)
    return _("Dossier %(reference)s is referred to the coordinator.") % name


def _next(request: ActingRequest, passed_over: Dossier | None) -> HttpResponse:
    """Open the next dossier that is ready, beyond the one that was passed over; back to the queue where it ends."""
    way = _way(request)
    queue = Queue(request.actor, clock.today(), everyone=bool(way["all"]))
    if passed_over and (place := queue.place_of(passed_over)):
        way["after"] = str(max(place, Place.read(way["after"]) or place))
    found = claims.take_next(queue=queue, actor=request.actor, after=Place.read(way["after"]))
    if found is None:
        if way["after"]:
            messages.info(request, _("The end of the queue: what you passed over still stands in it."))
        else:
            messages.info(request, _("Nothing in the queue is ready to be assessed by you."))
        return _to(reverse("assessments"), all=way["all"])
    return _to(reverse("assess", args=[found.public_id]), **way)


def _to(url: str, **query: str) -> HttpResponse:
    given = urlencode({name: value for name, value in query.items() if value})
    return redirect(f"{url}?{given}" if given else url)
