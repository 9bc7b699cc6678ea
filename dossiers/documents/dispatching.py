"""On its way: by which channel a document goes, and that it went. Nothing counts as sent before it left the house."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.documents import policies
from dossiers.documents.kinds import TO_PRINT, kind_of
from dossiers.documents.leaving import mark_sent
from dossiers.models import Channel, Dispatch, DispatchState, Document, Dossier
from dossiers.models.document import TRIES
from dossiers.scans import Upload
from dossiers.tasks import mail_documents
from tnw.accounts.models import Actor, Fund
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require

# The lines of an address in the window: who, the street, the place.
WINDOW = 3


@transaction.atomic
def prepare(*, document_id: UUID, actor: Actor, on: date, channel: str) -> Dispatch:
    """Put a document on its way: it waits for the post or the mail server; handed over, it is there at once.

    Raises NotAllowed, DomainError.
    """
    document, dossier = _document(document_id, actor)
    return put(document, dossier, actor=actor, on=on, channel=channel)


def put(document: Document, dossier: Dossier, *, actor: Actor, on: date, channel: str) -> Dispatch:
    """The same, for a dossier that is locked."""
    require(policies.may_send(actor) and policies.alive(dossier))
    require(policies.may_go(actor, dossier, document, on))
    require(policies.channel_open(dossier, kind_of(document.kind), channel))
    if channel in TO_PRINT and not document.party and len(document.address.splitlines()) < WINDOW:
        raise DomainError(
            _("This was written without an address: write it anew."), code="no_address", field="channel"
        )
    if document.dispatches.filter(channel=channel, state=DispatchState.WAITING).exists():
        raise DomainError(_("It waits to be sent this way already."), code="waits_already", field="channel")
    if (
        channel == Channel.REGISTERED
        and document.dispatches.filter(channel=channel, state=DispatchState.SENT).exists()
    ):
        raise DomainError(_("It went by registered mail already."), code="sent_already", field="channel")
    _one_at_a_time(document)
    one = Dispatch(
        fund_id=document.fund_id,
        document=document,
        dossier=dossier,
        channel=channel,
        state=DispatchState.WAITING,
        prepared_on=on,
        token=secrets.token_urlsafe(32) if channel == Channel.EMAIL else "",
        actor=actor,
    )
    if channel == Channel.HANDED_OVER:
        mark_sent(one, dossier, actor, on)
    one.save()
    if channel == Channel.EMAIL:
        mail_documents.delay_on_commit(document.fund_id)
    return one


def _one_at_a_time(document: Document) -> None:
    """What was sent twice by going back a page goes once. Raises DomainError."""
    same = Dispatch.objects.filter(
        fund=document.fund_id, dossier=document.dossier_id, state=DispatchState.WAITING,
        document__kind=document.kind, document__subject=document.subject, document__made_on=document.made_on,
    )  # fmt: skip
    if same.exclude(document=document).exists():
        raise DomainError(_("The same letter, written today, waits already: see Letters."), code="same_waits")


class Posted(NamedTuple):
    """What became of one letter that was said to be posted; `refused` says why it was not taken."""

    dispatch_id: UUID
    refused: str | Promise = ""


def posted(
    *, dispatch_ids: Iterable[UUID], actor: Actor, on: date, numbers: Mapping[UUID, str] | None = None
) -> list[Posted]:
    """Say that these went to the post on a day, each for itself; registered ones need their number. Raises NotAllowed."""
    require(policies.may_send(actor))
    results = []
    for one in dict.fromkeys(dispatch_ids):
        try:
            confirm(dispatch_id=one, actor=actor, on=on, number=(numbers or {}).get(one, ""))
        except DomainError as refusal:
            results.append(Posted(one, str(refusal)))
        else:
            results.append(Posted(one))
    return results


@transaction.atomic
def confirm(
    *, dispatch_id: UUID, actor: Actor, on: date, number: str = "", scan: Upload | None = None
) -> Dispatch:
    """It went to the post on a day; a registered letter with its number and, where there is one, the scan of its proof.

    Raises NotAllowed, DomainError.
    """
    require(policies.may_send(actor))
    one, dossier = _dispatch(dispatch_id, actor, DispatchState.WAITING)
    require(policies.alive(dossier))
    if one.channel not in TO_PRINT:
        raise DomainError(_("This one does not go by post."), code="not_by_post")
    if on < one.prepared_on:
        raise DomainError(_("It was not ready yet on that day."), code="before_prepared", field="on")
    _came(on)
    if one.channel == Channel.REGISTERED:
        one.number = acts.registered_number(dossier, number, "number")
    mark_sent(one, dossier, actor, on, scan)
    one.save()
    return one


@transaction.atomic
def withdraw(*, dispatch_id: UUID, actor: Actor) -> None:
    """Do not send what waits, after all. Raises NotAllowed, DomainError."""
    require(policies.may_send(actor))
    one, _dossier = _dispatch(dispatch_id, actor, DispatchState.WAITING)
    one.state = DispatchState.WITHDRAWN
    one.save()


@transaction.atomic
def returned(*, dispatch_id: UUID, actor: Actor, on: date, why: str = "") -> None:
    """The post brought it back, with what stood on it. It stays sent on its day; the address has to be looked at.

    Raises NotAllowed, DomainError.
    """
    require(policies.may_send(actor))
    one, _dossier = _dispatch(dispatch_id, actor, DispatchState.SENT)
    if one.channel not in TO_PRINT:
        raise DomainError(_("This one does not go by post."), code="not_by_post")
    if one.sent_on and on < one.sent_on:
        raise DomainError(_("It had not gone yet on that day."), code="before_sent", field="on")
    _came(on)
    one.state, one.returned_on, one.returned_why = DispatchState.RETURNED, on, why.strip()[:200]
    one.save()


@transaction.atomic
def shut(*, dispatch_id: UUID, actor: Actor) -> None:
    """The link went to the wrong address: it opens nothing any more. Raises NotAllowed, DomainError."""
    require(policies.may_send(actor))
    one, _dossier = _dispatch(dispatch_id, actor, DispatchState.SENT)
    if one.channel != Channel.EMAIL:
        raise DomainError(_("This one did not go by e-mail."), code="not_by_email")
    one.wrong = TRIES
    one.save(update_fields=["wrong"])


def let_rest(fund: Fund) -> int:
    """After a death nothing goes out: what waited does not go after all. Inside the wall; gives how many."""
    waits = Dispatch.objects.filter(fund=fund, state=DispatchState.WAITING)
    to_the_dead = waits.filter(policies.of_the_dead("dossier__incapacity"))
    # Asked again of the row itself: what was posted while this waited for it stays sent.
    return waits.filter(pk__in=to_the_dead.values("pk")).update(state=DispatchState.WITHDRAWN)


def _came(on: date) -> None:
    """What went or came back did so on a day that has come. Raises DomainError."""
    if on > clock.today():
        raise DomainError(
            _("This day lies ahead: only what has happened can be recorded."), code="in_future", field="on"
        )


def _document(document_id: UUID, actor: Actor) -> tuple[Document, Dossier]:
    """A document with its dossier locked first."""
    mine = Document.objects.visible_to(actor).filter(public_id=document_id)
    found = mine.values_list("dossier__public_id", flat=True).first()
    if found is None:
        raise DomainError(_("This document does not exist."), code="document_unknown")
    dossier = acts.begin(found, actor)
    return mine.get(), dossier


def _dispatch(dispatch_id: UUID, actor: Actor, state: str) -> tuple[Dispatch, Dossier]:
    mine = Dispatch.objects.visible_to(actor).filter(public_id=dispatch_id)
    found = mine.values_list("dossier__public_id", flat=True).first()
    if found is None:
        raise DomainError(_("This letter does not exist."), code="dispatch_unknown")
    dossier = acts.begin(found, actor)
    one = mine.filter(state=state).select_related("document").locked().first()
    if one is None:
        raise DomainError(_("Meanwhile this letter stands otherwise: look at it again."), code="not_waiting")
    return one, dossier
