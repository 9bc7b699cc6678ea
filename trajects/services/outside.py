"""The insured signs at a provider: sent there, and asked what became of it. What its calls say counts for nothing.

The web names two addresses for it: `signing_back` (the public id of the OutsideSigning) where the insured comes back, and
`signing_callback` (number of the fund, the same id) where the provider says that something happened: POST, no session.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from dossiers import acts, scans
from dossiers.models import Dossier
from dossiers.scans import Upload
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, new_uuid
from tnw.core import clock, scope
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import EngagementDeclaration, OutsideSigning
from trajects.models.signature import OutsideState
from trajects.policies import declaration as policies
from trajects.policies import signing as signing_policies
from trajects.policies.declaration import INSURED
from trajects.services import sealing
from trajects.services.declaration import declaration_of, document_of
from trajects.services.signing import ANOTHER_TEXT, Given, give
from trajects.signing.http import configured, provider
from trajects.signing.port import NotFromProvider, ProviderDown, Result, ToSign

log = structlog.get_logger(__name__)

METHOD = "provider"
BECAME = {
    "signed": OutsideState.SIGNED,
    "refused": OutsideState.REFUSED,
    "ended": OutsideState.ENDED,
}
LATE = "late"
# Why it ended without a signature that counts; of what is not here it is told that it does not count.
WHY = {
    "not_to_sign": _("It was signed there after the declaration was closed for signature."),
    "another_text": _("The provider handed over a signature under another text."),
    "another_moment": _("The provider named a moment at which this cannot have been signed."),
    "another_person": _("The provider named somebody else than the insured person."),
    "no_evidence": _("The provider handed over no proof of the signature."),
    LATE: _("Nobody signed there within thirty days."),
}
SKEW = timedelta(minutes=5)  # between two clocks
FORGOTTEN = timedelta(days=30)  # nobody signs there any more
GIVES_UP_AFTER = 5  # answers in a row that did not come


class Asked(NamedTuple):
    """What a run of the job did."""

    signed: int = 0
    waiting: int = 0


def start(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, sha256: str, seen: int | None = None
) -> OutsideSigning:
    """Hand the PDF to the provider; `url` of what is given is where the insured signs: a link, no form may lead there.

    Raises NotAllowed, Missing, DomainError: `no_provider`, ProviderDown.
    """
    with_whom, public_id = provider(), new_uuid()
    with transaction.atomic():
        dossier = acts.begin(dossier_id, actor, seen=seen)
        document = document_of(dossier, actor, on, subject)
        _fits(actor, dossier, subject, on, sha256, document.sha256)
    # The dossier is not locked while the provider is spoken with.
    session = with_whom.start(
        ToSign(
            content=bytes(document.content),
            sha256=document.sha256,
            title=document.title,
            language=document.language,
            reference=document.reference,
            back=settings.BASE_URL + reverse("signing_back", args=[public_id]),
            callback=settings.BASE_URL + reverse("signing_callback", args=[dossier.fund.number, public_id]),
        )
    )
    with transaction.atomic():
        dossier = acts.begin(dossier_id, actor)
        _fits(actor, dossier, subject, on, sha256, document_of(dossier, actor, on, subject).sha256)
        return OutsideSigning.objects.create(
            fund_id=dossier.fund_id,
            public_id=public_id,
            dossier=dossier,
            document=document,
            subject=subject,
            session=session.id,
            url=session.url,
            state=OutsideState.STARTED,
            started_at=clock.now(),
            actor=actor,
        )


def _fits(actor: Actor, dossier: Dossier, subject: str, on: date, read: str, stands: str) -> None:
    """Whether the insured may sign this text now, and is not at the provider already. Raises NotAllowed, DomainError."""
    require(policies.may_sign(actor, dossier, declaration_of(dossier, subject), INSURED, on))
    if read != stands:
        raise DomainError(ANOTHER_TEXT, code="another_text")
    if with_provider(dossier, subject):
        raise DomainError(_("It is with the provider of signatures already."), code="with_provider")


def with_provider(dossier: Dossier, subject: str) -> OutsideSigning | None:
    """Where it is, if the insured was sent to the provider and nothing came of it yet."""
    found = OutsideSigning.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject)
    return found.filter(state=OutsideState.STARTED).first()


def ended(
    fund: Fund, dossiers: Collection[int], subjects: Collection[str]
) -> dict[tuple[int, str], str | Promise]:
    """Of these declarations, by dossier and subject: why the last that was sent there came to nothing, where it did."""
    found = OutsideSigning.objects.filter(fund=fund, dossier__in=dossiers, subject__in=subjects)
    last = {(one.dossier_id, one.subject): one for one in found.order_by("pk")}
    return {key: told for key, one in last.items() if (told := _told(one))}


def _told(one: OutsideSigning) -> str | Promise:
    if one.state == OutsideState.REFUSED:
        return _("The insured person did not want to sign at the provider.")
    if one.state == OutsideState.ENDED and one.why:
        return WHY.get(one.why, _("What the provider handed over does not count as a signature."))
    return ""


def fetch(*, signing_id: UUID, actor: Actor, on: date) -> OutsideSigning:
    """Ask the provider what became of it, and record a signature that was given there, as of whoever sent the insured there.

    Raises NotAllowed, DomainError: ProviderDown, and where what it says does not fit; what was there before stays.
    """
    require(signing_policies.may_ask_provider(actor))
    one = _signing(signing_id, actor)
    if one.state != OutsideState.STARTED:
        return one
    result = provider().fetch(one.session)
    if result.became == "started":
        return one
    with transaction.atomic():
        dossier = acts.begin(one.dossier.public_id, actor)
        one = _signing(signing_id, actor)
        if one.state != OutsideState.STARTED:
            return one  # another request was first
        why = None
        if result.became == "signed":
            declaration = declaration_of(dossier, one.subject)
            why = _why_not(one, dossier, declaration, result)
            if why is None:
                given = _given(result, dossier, on)
                give(dossier, one.actor, declaration, one.document, given)
        one.state = OutsideState.ENDED if why else BECAME[result.became]
        one.why = why.code[:20] if why else ""
        one.save(update_fields=["state", "why"])
    if why:
        log.warning("signature_of_provider_not_taken", code=why.code)
        raise why
    if one.state == OutsideState.SIGNED:
        sealing.attempt(dossier_id=dossier.public_id, actor=actor, on=on, subject=one.subject)
    return one


def _given(result: Result, dossier: Dossier, on: date) -> Given:
    assert result.at is not None  # a signed one has its moment
    at = min(result.at, clock.now())  # its clock may be ahead of ours
    day = min(at.astimezone(clock.BRUSSELS).date(), on)
    evidence = Upload(f"{translated('signature')}.pdf", result.evidence)
    name = str(dossier.incapacity.person)
    return Given(INSURED, METHOD, day, at, name, f"{result.name}, {result.identity}".strip(", "), evidence)


def _why_not(
    one: OutsideSigning, dossier: Dossier, declaration: EngagementDeclaration, result: Result
) -> DomainError | None:
    """Why what the provider hands over is not taken for the signature of the insured, now or ever; None where it is."""
    if not (verdict := signing_policies.to_take(declaration)):
        return DomainError(verdict.reason, code="not_to_sign")
    if result.sha256 != one.document.sha256:
        return DomainError(
            _("The provider hands over a signature under another text: it does not count."),
            code="another_text",
        )
    if result.at is None or not one.started_at - SKEW <= result.at <= clock.now() + SKEW:
        return DomainError(
            _("The provider names a moment at which this cannot have been signed."), code="another_moment"
        )
    if not words_of(dossier.incapacity.person.last_name) <= words_of(result.name):
        return DomainError(
            _("The provider names somebody else than the insured person: the signature does not count."),
            code="another_person",
        )
    # A signature is added to a PDF behind its bytes: these show what was signed, whatever else is said.
    if not result.evidence.startswith(bytes(one.document.content)):
        return DomainError(_("The provider hands over no proof of the signature."), code="no_evidence")
    try:
        scans.check(Upload("", result.evidence))
    except DomainError as refusal:
        return refusal
    return None


def words_of(name: str) -> set[str]:
    """A name as it can be compared: without accents, marks and the order of its words."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return set(re.findall(r"\w+", plain.casefold()))


def called_back(*, fund: Fund, signing_id: UUID, body: bytes, mac: str) -> None:
    """The provider says that something happened: where its HMAC is right, it is asked what.

    Raises NotFromProvider, DomainError. What is missed or fails is asked again by the job.
    """
    session = provider().callback(body, mac)
    found = OutsideSigning.objects.filter(fund=fund, public_id=signing_id, session=session)
    with scope.funds(fund.pk):
        if not found.exists():
            raise NotFromProvider
    system = actors.system()
    with audit.acting_as(system, fund):
        fetch(signing_id=signing_id, actor=system, on=clock.today())


def fetch_waiting(fund: Fund, today: date) -> Asked:
    """Ask of all that are with the provider what became of them, the newest first. Inside the wall."""
    done, in_a_row = Asked(), 0
    waiting = OutsideSigning.objects.filter(fund=fund, state=OutsideState.STARTED)
    waiting.filter(started_at__lt=clock.now() - FORGOTTEN).update(state=OutsideState.ENDED, why=LATE)
    for one in list(waiting.order_by("-pk")) if configured() else ():
        state, down = _asked(one, today)
        done = Asked(
            done.signed + (state == OutsideState.SIGNED), done.waiting + (state == OutsideState.STARTED)
        )
        in_a_row = in_a_row + 1 if down else 0
        if in_a_row == GIVES_UP_AFTER:
            log.warning("provider_given_up", fund=fund.number)
            break
    return done


def _asked(one: OutsideSigning, today: date) -> tuple[str, bool]:
    """What it is now, and whether the provider did not answer."""
    try:
        return fetch(signing_id=one.public_id, actor=actors.system(), on=today).state, False
    except ProviderDown:
        return one.state, True
    except DomainError as refusal:
        # It does not fit and is over; or the dossier cannot take it now, and it is asked again.
        one.refresh_from_db(fields=["state"])
        log.warning("signature_of_provider_refused", code=refusal.code, state=one.state)
        return one.state, False


@transaction.atomic
def give_up(*, signing_id: UUID, actor: Actor) -> None:
    """It is not signed there after all: it can be signed otherwise. Raises NotAllowed, DomainError."""
    require(signing_policies.may_give_up(actor))
    one = _signing(signing_id, actor)
    acts.begin(one.dossier.public_id, actor)
    one.refresh_from_db(fields=["state"])
    if one.state == OutsideState.STARTED:
        one.state = OutsideState.ENDED
        one.save(update_fields=["state"])


def _signing(signing_id: UUID, actor: Actor) -> OutsideSigning:
    mine = OutsideSigning.objects.visible_to(actor).filter(public_id=signing_id)
    if (one := mine.select_related("dossier", "document", "actor__user").first()) is None:
        raise DomainError(_("There is no such signing at a provider."), code="signing_unknown")
    return one
