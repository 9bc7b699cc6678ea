"""Signing a declaration: the very PDF by its hash, by whom one is, confirmed just before; each one act."""

import hashlib
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts, ledger, machines, scans
from dossiers.acts import Done
from dossiers.documents.kinds import Matter
from dossiers.law.facts import Fact, Values
from dossiers.models import Document, Dossier
from dossiers.scans import Upload
from tnw.accounts.models import Actor, User, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects import signatures
from trajects.models import EngagementDeclaration, Signature
from trajects.policies import declaration as policies
from trajects.policies import signing as signing_policies
from trajects.policies.declaration import INSURED, METHOD_HERE
from trajects.services import sealing
from trajects.services.declaration import close_outside, declaration_of, document_of, write_to_insured
from trajects.tasks import MailKind, concerned, to_mail

# How the insured signs in the presence of the coordinator.
PAPER, ON_SCREEN = "paper", "on_screen"
IN_PRESENCE = (PAPER, ON_SCREEN)
REMINDER = "signature_reminder"
ONE_DAY = 24 * 60 * 60
PNG = "image/png"
ANOTHER_TEXT = _("This is not the text that is to be signed any more: read it again.")


@transaction.atomic
def to_read(*, dossier_id: UUID, actor: Actor, on: date, subject: str) -> Document:
    """The PDF that is to be signed, as whoever signs reads it. Raises NotAllowed, Missing, DomainError."""
    return document_of(acts.begin(dossier_id, actor), actor, on, subject)


class Given(NamedTuple):
    """A signature as it is given: how, when, and what proves it."""

    role: str
    method: str
    on: date
    at: datetime
    name: str
    statement: str = ""
    evidence: Upload | None = None
    stands_in_for: User | None = None


def sign(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    role: str,
    sha256: str,
    confirmed_at: datetime | None,
    second_factor: bool = False,
    seen: int | None = None,
) -> None:
    """Sign as coordinator or advisory doctor; the third signature completes the declaration (Z3), and it is sealed.

    `sha256` is that of the PDF that was read, `confirmed_at` when it was confirmed who signs, `second_factor` whether by a
    code or a passkey too. Raises NotAllowed, Missing, DomainError: `not_confirmed`, `second_factor`, `another_text`.
    """
    if role not in policies.THEMSELVES:
        raise DomainError(
            _("The insured person signs otherwise: record how."), code="unknown_code", field="role"
        )
    now = clock.now()
    if on != clock.today():
        raise DomainError(_("Who signs in the application signs today."), code="not_today", field="on")
    with transaction.atomic():
        dossier = acts.begin(dossier_id, actor, seen=seen)
        one = declaration_of(dossier, subject)
        require(policies.may_sign(actor, dossier, one, role, on))
        if not (verdict := signing_policies.confirmed(confirmed_at, now)):
            raise DomainError(verdict.reason, code="not_confirmed")
        verdict = signing_policies.strong_enough(dossier.fund, role, second_factor=second_factor)
        if not verdict:
            raise DomainError(verdict.reason, code="second_factor")
        document = _very_text(dossier, actor, on, subject, sha256)
        signer = actor.user
        assert signer is not None  # the policy lets people only
        absent = concerned(dossier, role, on).get(signer.pk)
        colleague = User.objects.get(pk=absent) if absent else None
        give(
            dossier, actor, one, document,
            Given(role, METHOD_HERE, on, now, signer.name, stands_in_for=colleague),
        )  # fmt: skip
    sealing.attempt(dossier_id=dossier_id, actor=actor, on=on, subject=subject)


def record_signature(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    method: str,
    statement: str,
    evidence: Upload | None,
    sha256: str,
    seen: int | None = None,
) -> None:
    """The insured signed on `on`: `paper` with its scan, or `on_screen` with what was drawn (PNG); and how it is known who.

    Raises NotAllowed, Missing, DomainError.
    """
    if method not in IN_PRESENCE:
        raise DomainError(_("Say how it was signed."), code="unknown_code", field="method")
    acts.required(statement, "statement", _("Say how the identity of the insured person was checked."))
    if evidence is None:
        lacks = _("Add the scan of what was signed.") if method == PAPER else _("There is no signature yet.")
        raise DomainError(lacks, code="required", field="evidence")
    media_type, _name = scans.check(evidence)
    if method == ON_SCREEN and media_type != PNG:
        raise DomainError(_("There is no signature yet."), code="required", field="evidence")
    if method == ON_SCREEN and on != clock.today():
        raise DomainError(_("Who signs on the screen signs today."), code="not_today", field="on")
    with transaction.atomic():
        dossier = acts.begin(dossier_id, actor, seen=seen)
        one = declaration_of(dossier, subject)
        require(policies.may_sign(actor, dossier, one, INSURED, on))
        document = _very_text(dossier, actor, on, subject, sha256)
        name = str(dossier.incapacity.person)
        give(
            dossier, actor, one, document,
            Given(INSURED, method, on, clock.now(), name, statement.strip(), evidence),
        )  # fmt: skip
    sealing.attempt(dossier_id=dossier_id, actor=actor, on=clock.today(), subject=subject)


def _very_text(dossier: Dossier, actor: Actor, on: date, subject: str, sha256: str) -> Document:
    """The PDF, if it is the one that was read."""
    document = document_of(dossier, actor, on, subject)
    if sha256 != document.sha256:
        raise DomainError(ANOTHER_TEXT, code="another_text")
    return document


def give(
    dossier: Dossier, actor: Actor, one: EngagementDeclaration, document: Document, given: Given
) -> None:
    """Record a signature that may be given, in a dossier that is locked; with the third it is complete (Z3)."""
    values = {"role": given.role, "method": given.method, "document": document.sha256}
    if given.evidence:
        values["evidence"] = hashlib.sha256(given.evidence.content).hexdigest()
    done = [Done("declaration_signed", given.on, values, one.subject, acts.note(text=given.statement))]
    if all(signed for role, signed in one.signed.items() if role != given.role):
        # Whatever day the others signed on, the last signature counts (Z3).
        days = [day for day in (one.insured_on, one.coordinator_on, one.doctor_on) if day]
        done.append(Done("declaration_completed", max(given.on, *days), {}, one.subject))
    fact, *_completed = acts.record(dossier, actor, *done)
    Signature.objects.create(
        fund_id=dossier.fund_id,
        dossier=dossier,
        document=document,
        subject=one.subject,
        fact=fact,
        role=given.role,
        method=given.method,
        on=given.on,
        at=given.at,
        name=given.name,
        actor=actor,
        stands_in_for=given.stands_in_for,
        statement=given.statement,
        evidence=scans.keep(dossier, actor, fact, given.evidence) if given.evidence else None,
    )
    if given.role == INSURED:
        close_outside(dossier, one.subject)


@transaction.atomic
def withdraw(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    role: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Take back one's own signature before the third; that of the insured the coordinator takes back, who says why.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    if role not in policies.RECORDED_BY:
        raise DomainError(_("Say whose signature it is."), code="unknown_code", field="role")
    given = signatures.standing(dossier, subject).get(role)
    one = declaration_of(dossier, subject)
    require(signing_policies.may_withdraw(actor, dossier, one, given, role, on))
    assert given is not None  # the policy says so
    if role == INSURED:
        acts.required(note, "note", _("Say why."))
    values = Values.of({"fact": given.fact, "reason": "withdrawn"})
    fact = Fact("fact_voided", on, str(new_uuid()), "", values)
    ledger.record(dossier, fact, fund=dossier.fund, actor=actor, note=acts.note(text=note))


@transaction.atomic
def remind(*, dossier_id: UUID, actor: Actor, on: date, subject: str, role: str) -> None:
    """Ask who has not signed to do so: by mail the coordinator or the doctors, by letter the insured, once a day.

    Raises NotAllowed, Missing, DomainError.
    """
    dossier = acts.begin(dossier_id, actor)
    if role not in policies.RECORDED_BY:
        raise DomainError(_("Say who is reminded."), code="unknown_code", field="role")
    require(signing_policies.may_remind(actor, dossier, declaration_of(dossier, subject), role, on))
    if role != INSURED:
        # The cache stands in the database: the mark is gone with the act where that fails.
        if not cache.add(f"signature_reminded/{dossier.pk}/{subject}/{role}/{on}", True, ONE_DAY):
            raise DomainError(_("A mail asked for this signature today already."), code="reminded_already")
        to_mail(MailKind.REMINDED, dossier, on, [role], but=actor)
        return
    before = signatures.kept(dossier, subject, REMINDER)
    if before is not None and before.made_on == on:
        raise DomainError(_("The insured person is reminded today already."), code="reminded_already")
    machines.load(dossier)
    write_to_insured(REMINDER, Matter(dossier, actor, on, subject))
