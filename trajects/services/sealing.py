"""The PDF with all three signatures under the fund's seal; where that cannot be, it waits and nothing is lost."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dossiers import machines
from dossiers.documents import making
from dossiers.documents import sealing as seals
from dossiers.documents.kinds import Matter, kind_of
from dossiers.documents.typesetting import Envelope, typeset
from dossiers.models import Document, Dossier, reference_of
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects import signatures
from trajects.models import EngagementDeclaration, Signature
from trajects.models.declaration import DeclarationState
from trajects.policies.declaration import COORDINATOR, RECORDED_BY
from trajects.policies.signing import may_seal

log = structlog.get_logger(__name__)

NOT_TO_SEAL = _("Not all three have signed this text here.")


class Sealing(NamedTuple):
    """What a run of the job did."""

    sealed: int = 0
    waiting: int = 0


def sealed(dossier: Dossier, subject: str) -> Document | None:
    """The sealed declaration that holds the three signatures that count; None where there is none yet."""
    given = signatures.standing(dossier, subject)
    holding = {one.sealed_in_id for one in given.values()}
    pk = holding.pop() if len(holding) == 1 else None
    if pk is None or set(given) != set(RECORDED_BY):
        return None
    return Document.objects.filter(fund=dossier.fund_id, pk=pk).first()


def waits(dossier: Dossier, subject: str) -> bool:
    """Whether all three signed here and the seal is still missing; why says `dossiers.documents.sealing.usable`."""
    complete = EngagementDeclaration.objects.filter(
        fund=dossier.fund_id, dossier=dossier, subject=subject, state=DeclarationState.COMPLETE
    )
    return complete.exists() and _under_one(dossier, subject) and sealed(dossier, subject) is None


def _under_one(dossier: Dossier, subject: str) -> bool:
    """Whether the three signatures are under one and the same PDF: what history brought was signed elsewhere."""
    given = signatures.standing(dossier, subject)
    return set(given) == set(RECORDED_BY) and len({one.document_id for one in given.values()}) == 1


def attempt(*, dossier_id: UUID, actor: Actor, on: date, subject: str) -> None:
    """Seal it now, if it waits for that. Whatever stands in the way, the signatures stay, and the job tries again."""
    try:
        if waits(_dossier(dossier_id, actor), subject):
            seal(dossier_id=dossier_id, actor=actor, on=on, subject=subject)
    except DomainError as refusal:
        log.warning("declaration_waits_for_seal", code=refusal.code)
    except Exception as error:  # no mishap of the seal takes a signature away
        log.error("declaration_not_sealed", error=type(error).__name__)


def seal(*, dossier_id: UUID, actor: Actor, on: date, subject: str) -> Document:
    """Seal a declaration that waits for it; it may be sealed already.

    Raises NotAllowed, SealUnusable, DomainError.
    """
    require(may_seal(actor))
    dossier = _dossier(dossier_id, actor)
    if found := sealed(dossier, subject):
        return found
    if not waits(dossier, subject):
        raise DomainError(NOT_TO_SEAL, code="not_to_seal")
    given = signatures.standing(dossier, subject)
    public_id = new_uuid()
    title, content = _written(dossier, given, on, subject, reference_of(public_id))
    # Made before the dossier is locked: an authority for time stamps may take its time.
    made = seals.seal(content, dossier.fund, clock.now())
    document = given[COORDINATOR].document
    with transaction.atomic():
        locked = making.begun(dossier_id, actor)
        if found := sealed(locked, subject):
            return found
        # Meanwhile its text may have changed, or a signature.
        now = {one.pk for one in signatures.standing(locked, subject).values()}
        if not waits(locked, subject) or now != {one.pk for one in given.values()}:
            raise DomainError(NOT_TO_SEAL, code="not_to_seal")
        stored = making.store(
            Matter(locked, actor, on, subject),
            signatures.SEALED,
            made.content,
            public_id=public_id,
            title=title,
            language=document.language,
            address=document.address,
            postal_order=document.postal_order,
            certificate=made.certificate,
        )
        Signature.objects.filter(fund=locked.fund_id, pk__in=now).update(sealed_in=stored)
        return stored


def _written(
    dossier: Dossier, given: Mapping[str, Signature], on: date, subject: str, reference: str
) -> tuple[str, bytes]:
    """Its title and its PDF. It was decided when the three signed: nobody's role now, and no death, changes that."""
    document = given[COORDINATOR].document
    sender = dossier.coordinator or given[COORDINATOR].actor.user
    said = [sender.name, str(Role.COORDINATOR.label), sender.phone, sender.email] if sender else []
    with translation.override(document.language):
        letter = kind_of(signatures.SEALED).write(Matter(dossier, actors.system(), on, subject))
        lines = [line for line in said if line]
        envelope = Envelope(dossier.fund, lines, document.address.splitlines(), on, reference)
        return letter.title, typeset(letter, envelope)


def seal_waiting(fund: Fund, today: date) -> Sealing:
    """Seal what waits for it, each for itself. Inside the wall."""
    complete = EngagementDeclaration.objects.filter(fund=fund, state=DeclarationState.COMPLETE)
    found = complete.filter(Exists(signatures.unsealed())).select_related("dossier").order_by("pk")
    done, actor = Sealing(), actors.system()
    for one in found:
        if not waits(one.dossier, one.subject):
            continue
        attempt(dossier_id=one.dossier.public_id, actor=actor, on=today, subject=one.subject)
        went = sealed(one.dossier, one.subject) is not None
        done = Sealing(done.sealed + went, done.waiting + (not went))
    return done


def _dossier(dossier_id: UUID, actor: Actor) -> Dossier:
    """A dossier with its machines, not locked."""
    mine = Dossier.objects.visible_to(actor).filter(public_id=dossier_id)
    found = mine.for_acts().first()
    if found is None:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    machines.load(found)
    return found
