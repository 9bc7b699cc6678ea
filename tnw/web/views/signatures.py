"""Three signatures under a declaration: what waits for whom, the very PDF, and each way to sign it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers import machines
from dossiers.documents.sealing import usable
from dossiers.models import DispatchState, Document, Dossier
from dossiers.reading import entries_of
from tnw.accounts.models import Fund, Role, User
from tnw.accounts.policies import in_role, may_see_dossiers
from tnw.core import clock
from tnw.core.chunks import announced
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict
from tnw.web.assessing import background
from tnw.web.confirmed import confirmed, factors_of
from tnw.web.page import ActingRequest, page
from tnw.web.signature_forms import DrawnForm, PaperForm
from tnw.web.signatures import follows, next_of, page_of, waiting
from tnw.web.views import case
from tnw.web.views.documents import Pages
from tnw.web.words import Word
from trajects import signatures
from trajects.fact_words import CODES
from trajects.models import EngagementDeclaration, OutsideSigning, Signature
from trajects.models.declaration import FALLEN, TO_SIGN
from trajects.models.signature import OutsideState
from trajects.policies import declaration as policies
from trajects.policies import signing as signing_policies
from trajects.policies.declaration import DOCTOR, INSURED, THEMSELVES
from trajects.policies.signing import may_ask_provider, may_seal, may_sign_any
from trajects.services import outside, sealing, signing
from trajects.signing.http import configured
from trajects.signing.port import NotFromProvider
from trajects.tasks import concerned


@page(may_sign_any)
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    """What waits for me, for others and for the seal."""
    found = waiting(request.actor, clock.today())
    fund = request.user.fund
    context = {"waiting": found, "why_no_seal": usable(fund, clock.now()).reason if found.seal else ""}
    return render(request, "signatures/overview.html", context)


# --- One declaration


@dataclass(frozen=True, slots=True)
class Signer:
    """Where one of the three signs: who did, and what can be done about it."""

    role: str
    name: Word
    given: Signature | None
    signed: bool
    how: Word
    may_withdraw: bool
    may_remind: bool


@dataclass(frozen=True, slots=True)
class Own:
    """One signing as oneself: whether that may be, as whose deputy, and what the second factor has to do with it."""

    role: str
    name: Word
    may: Verdict
    strong: Verdict
    deputy_of: str


@page(may_see_dossiers)
@require_http_methods(["GET", "HEAD", "POST"])
def declaration(request: ActingRequest, public_id: UUID, subject: str) -> HttpResponse:
    """The very PDF, who signed it, and signing it."""
    with transaction.atomic():
        dossier = case.opened(request, public_id, through="page")
        machines.load(dossier)
        one = next((each for each in dossier.declarations.all() if each.subject == subject), None)
    if one is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, dossier, one)
    do = DO.get(request.POST.get("do", ""))
    if do is None:
        return _shown(request, dossier, one)
    try:
        return do(request, dossier, one)
    except DomainError as error:
        return _shown(request, dossier, one, fault=str(error))


def _shown(
    request: ActingRequest,
    dossier: Dossier,
    one: EngagementDeclaration,
    *,
    fault: str = "",
    paper: PaperForm | None = None,
    drawn: DrawnForm | None = None,
) -> HttpResponse:
    """The page, with what is wrong."""
    actor, today = request.actor, clock.today()
    with transaction.atomic():
        document, why_no_document = _to_read(request, dossier, one)
        given = signatures.standing(dossier, one.subject)
        insured = policies.may_sign(actor, dossier, one, INSURED, today)
        sealed = sealing.sealed(dossier, one.subject)
        shown = sealed or document
        keys = [dossier.public_id, shown.public_id] if shown else []
        context: dict[str, Any] = {
            "one": one,
            "document": document,
            "why_no_document": why_no_document,
            "pages": Pages.of(bytes(shown.content), shown.pages) if shown else None,
            "shown_pdf": reverse("dossier_letter_pdf", args=keys) if keys else "",
            "follows": follows(actor, one, today),
            "signers": [_place(request, dossier, one, given.get(role), role) for role in one.signed],
            "own": [own for role in THEMSELVES if (own := _own(request, dossier, one, role))],
            "confirmed": confirmed(request),
            "factors": bool(factors_of(request.user)),
            "fault": fault,
            "wrong": [form for form in (paper, drawn) if form is not None],
            "may_insured": bool(insured and document),
            "paper": paper or PaperForm(initial={"on": today}, prefix="paper"),
            "drawn": drawn or DrawnForm(prefix="drawn"),
            "outside": outside.with_provider(dossier, one.subject),
            "not_there": _ended_outside(dossier, one),
            "provider": configured(),
            "may_refuse": bool(policies.may_refuse_for_any(actor, dossier, one, today)),
            "may_change": bool(policies.may_change(actor, dossier, one, today)),
            "open": one.state in TO_SIGN,
            "fallen": policies.NO_LONGER.reason if one.state in FALLEN else "",
            "sealed": sealed,
            "background": _background(request, dossier, one),
        }
        context["to_copy"] = bool(
            context["sealed"] and not context["fallen"] and not _went(context["sealed"])
        )
        if sealing.waits(dossier, one.subject):
            context["waits"] = usable(dossier.fund, clock.now())
            context["may_seal"] = bool(may_seal(actor))
        return case.show(request, dossier, "signatures/declaration.html", "dossier_traject", context)


def _to_read(
    request: ActingRequest, dossier: Dossier, one: EngagementDeclaration
) -> tuple[Document | None, str]:
    """The PDF; made where history brought a declaration without one and it is still to be signed."""
    found = signatures.kept(dossier, one.subject)
    if found is not None or one.state not in TO_SIGN or not may_sign_any(request.actor):
        return found, ""
    try:
        return signing.to_read(**_of(request, dossier, one)), ""
    except DomainError as error:
        return None, str(error)


def _went(document: Document) -> bool:
    """Whether it went to the insured, or waits to go."""
    return document.dispatches.exclude(state__in=[DispatchState.WITHDRAWN, DispatchState.REFUSED]).exists()


def _ended_outside(dossier: Dossier, one: EngagementDeclaration) -> Word:
    """Why the insured did not sign at the provider, while that signature is missing."""
    if one.signed[INSURED] or one.state not in TO_SIGN:
        return ""
    return outside.ended(dossier.fund, [dossier.pk], [one.subject]).get((dossier.pk, one.subject), "")


def _place(
    request: ActingRequest, dossier: Dossier, one: EngagementDeclaration, given: Signature | None, role: str
) -> Signer:
    actor, today = request.actor, clock.today()
    back = signing_policies.may_withdraw(actor, dossier, one, given, role, today)
    remind = signing_policies.may_remind(actor, dossier, one, role, today)
    mine = role in THEMSELVES and policies.may_sign(actor, dossier, one, role, today)
    how = CODES["method"].get(given.method, "") if given else ""
    return Signer(
        role, CODES["role"][role], given, one.signed[role], how, bool(back), bool(remind and not mine)
    )


def _own(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration, role: str) -> Own | None:
    """Signing in this role, for who has it; nothing once it is signed."""
    if not in_role(request.actor, policies.RECORDED_BY[role]) or one.signed[role] or one.state not in TO_SIGN:
        return None
    today = clock.today()
    absent = concerned(dossier, role, today).get(request.user.pk)
    colleague = User.objects.filter(pk=absent).first() if absent else None
    strong = signing_policies.strong_enough(dossier.fund, role, second_factor=bool(factors_of(request.user)))
    may = policies.may_sign(request.actor, dossier, one, role, today)
    return Own(role, CODES["role"][role], may, strong, colleague.name if colleague else "")


def _background(
    request: ActingRequest, dossier: Dossier, one: EngagementDeclaration
) -> background.Background | None:
    """What a doctor reads before judging, while that signature is missing."""
    if not in_role(request.actor, Role.ADVISORY_DOCTOR) or one.signed[DOCTOR] or one.state not in TO_SIGN:
        return None
    return background.read(request.actor, dossier, entries_of(request.actor, dossier))


# --- What is done there; each raises DomainError

Done = Callable[[ActingRequest, Dossier, EngagementDeclaration], HttpResponse]


def _of(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> dict[str, Any]:
    who = {"dossier_id": dossier.public_id, "actor": request.actor}
    return {**who, "on": clock.today(), "subject": one.subject}


def _back(request: ActingRequest, one: EngagementDeclaration, told: Word) -> HttpResponse:
    messages.success(request, str(told))
    return redirect(page_of(one))


def _sign(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    """As oneself; then the next that waits."""
    now = confirmed(request)
    signing.sign(
        **_of(request, dossier, one),
        role=request.POST.get("role", ""),
        sha256=request.POST.get("sha256", ""),
        confirmed_at=now.at if now else None,
        second_factor=bool(now and now.second_factor),
    )
    if after := next_of(request.actor, clock.today(), one):
        messages.success(request, _("You signed the declaration. This is the next one that waits for you."))
        return redirect(after)
    return _back(request, one, _("You signed the declaration."))


def _paper(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    form = PaperForm(request.POST, request.FILES, prefix="paper")
    if not form.is_valid():
        return _shown(request, dossier, one, paper=form)
    refused = _recorded(request, dossier, one, form, signing.PAPER, on=form.cleaned_data["on"])
    return refused or _back(request, one, _("The signature is recorded."))


def _drawn(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    form = DrawnForm(request.POST, prefix="drawn")
    if not form.is_valid():
        return _shown(request, dossier, one, drawn=form)
    refused = _recorded(request, dossier, one, form, signing.ON_SCREEN)
    return refused or _back(request, one, _("The signature is recorded."))


def _recorded(
    request: ActingRequest,
    dossier: Dossier,
    one: EngagementDeclaration,
    form: PaperForm | DrawnForm,
    method: str,
    **more: Any,
) -> HttpResponse | None:
    """Recorded, or the page that says what is wrong, with what was typed."""
    told = {**_of(request, dossier, one), **more}
    try:
        signing.record_signature(
            **told,
            method=method,
            statement=form.cleaned_data["statement"],
            evidence=form.cleaned_data["evidence"],
            sha256=request.POST.get("sha256", ""),
        )
    except DomainError as error:
        field = {"scan": "evidence"}.get(error.field or "", error.field)
        form.add_error(field if field in form.fields else None, str(error))
        shown: dict[str, Any] = {"paper": form} if method == signing.PAPER else {"drawn": form}
        return _shown(request, dossier, one, **shown)
    return None


def _start(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    outside.start(**_of(request, dossier, one), sha256=request.POST.get("sha256", ""))
    return _back(request, one, _("The provider has the declaration: let the insured person sign there."))


TOLD_OUTSIDE = {
    OutsideState.STARTED: _("It is not signed at the provider yet."),
    OutsideState.SIGNED: _("The insured person signed at the provider: the signature is recorded."),
    OutsideState.REFUSED: _("The insured person did not want to sign at the provider."),
    OutsideState.ENDED: _("It was not signed at the provider. It can be signed otherwise."),
}


def _fetch(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    with_whom = outside.with_provider(dossier, one.subject)
    if with_whom is None:
        return redirect(page_of(one))
    found = outside.fetch(signing_id=with_whom.public_id, actor=request.actor, on=clock.today())
    return _back(request, one, TOLD_OUTSIDE[OutsideState(found.state)])


def _give_up(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    if with_whom := outside.with_provider(dossier, one.subject):
        outside.give_up(signing_id=with_whom.public_id, actor=request.actor)
    return _back(request, one, TOLD_OUTSIDE[OutsideState.ENDED])


def _withdraw(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    role, note = request.POST.get("role", ""), request.POST.get("note", "")
    signing.withdraw(**_of(request, dossier, one), role=role, note=note)
    return _back(request, one, _("The signature is taken back."))


def _remind(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    role = request.POST.get("role", "")
    signing.remind(**_of(request, dossier, one), role=role)
    if role == INSURED:
        return _back(request, one, _("A letter asks the insured person to sign: see Letters."))
    return _back(request, one, _("A mail asks for the signature."))


def _seal(request: ActingRequest, dossier: Dossier, one: EngagementDeclaration) -> HttpResponse:
    sealing.seal(**_of(request, dossier, one))
    return _back(request, one, _("The declaration is sealed."))


DO: dict[str, Done] = {
    "sign": _sign,
    "paper": _paper,
    "drawn": _drawn,
    "start": _start,
    "fetch": _fetch,
    "give-up": _give_up,
    "withdraw": _withdraw,
    "remind": _remind,
    "seal": _seal,
}


# --- From the provider of signatures


@login_not_required
@never_cache
@require_safe
def come_back(request: HttpRequest, signing_id: UUID) -> HttpResponse:
    """The insured comes back from the provider: on the coordinator's screen, or on an own one, where nothing is told."""
    actor = getattr(request, "actor", None)
    if actor is None or not may_ask_provider(actor):
        return render(request, "signatures/thanks.html")
    mine = OutsideSigning.objects.visible_to(actor).filter(public_id=signing_id)
    one = mine.select_related("dossier").first()
    if one is None:
        raise Http404
    try:
        found = outside.fetch(signing_id=signing_id, actor=actor, on=clock.today())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, TOLD_OUTSIDE[OutsideState(found.state)])
    return redirect("dossier_declaration", one.dossier.public_id, one.subject)


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def called_back(request: HttpRequest, number: str, signing_id: UUID) -> HttpResponse:
    """The provider says that something happened; what, it is asked. Only its HMAC lets it in."""
    fund = Fund.objects.filter(number=number).first()
    if fund is None:
        return HttpResponse(status=404)
    announced(request)
    try:
        outside.called_back(
            fund=fund, signing_id=signing_id, body=request.body, mac=request.headers.get("X-Signature", "")
        )
    except NotFromProvider:
        return HttpResponse(status=403)
    except DomainError:
        return HttpResponse(status=503)  # it stands with the provider; the job asks again
    return HttpResponse(status=204)
