"""Sending, waiving, helping: each one act. Nothing counts as sent before it was handed over, or confirmed as posted."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier, LedgerEntry
from routing.models import Questionnaire
from routing.models.questionnaire import WAITING, Sending
from routing.questionnaires import paper, policies
from routing.questionnaires.reference import in_force
from routing.tasks import deliver_questionnaires
from tnw.accounts.models import LANGUAGES, Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require

# How a questionnaire leaves the house; in person it is handed over at once.
CHANNELS = ("post", "email", "in_person")
NO_ADDRESS = _("There is no e-mail address for this person.")


@transaction.atomic
def send(
    *, dossier_id: UUID, actor: Actor, on: date, channel: str, language: str = "", seen: int | None = None
) -> Questionnaire:
    """Send a questionnaire, for the first time or again (A2, B2); one that still waits is replaced.

    By e-mail it is handed over once this transaction is through, by post it waits until somebody says that it went; on
    paper it is kept as it went. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_send(actor, dossier, on) and policies.may_send_by(actor, channel))
    person = dossier.incapacity.person
    language = language or person.language
    if channel not in CHANNELS:
        raise DomainError(_("It cannot be sent this way."), code="channel", field="channel")
    if language not in dict(LANGUAGES):
        raise DomainError(_("There is no questionnaire in this language."), code="language", field="language")
    if channel == "email" and not person.email:
        raise DomainError(NO_ADDRESS, code="no_address", field="channel")
    withdraw_waiting(dossier)
    state = {"post": Sending.TO_POST, "email": Sending.TO_MAIL}.get(channel, Sending.SENT)
    one = Questionnaire(
        fund_id=dossier.fund_id,
        dossier=dossier,
        version=in_force(dossier.fund, on),
        state=state,
        language=language,
        channel=channel,
        token=new_token(),
        prepared_on=on,
    )
    if state == Sending.SENT:
        _record_sent(one, dossier, actor, on)
    one.save()
    if state == Sending.SENT:
        paper.gone(one, dossier, actor, on)
    if state == Sending.TO_MAIL:
        deliver_questionnaires.delay_on_commit(dossier.fund_id)
    return one


def new_token() -> str:
    """What a link holds: nobody guesses it, and it says nothing."""
    return secrets.token_urlsafe(32)


class Posted(NamedTuple):
    """What became of one questionnaire that was said to be posted; `refused` says why it was not taken."""

    questionnaire_id: UUID
    refused: str | Promise = ""


def posted(*, questionnaire_ids: Iterable[UUID], actor: Actor, on: date) -> list[Posted]:
    """Say that these went to the post on a day; each for itself: one that cannot stops no other. Raises NotAllowed."""
    require(policies.may_post(actor))
    results = []
    for one in dict.fromkeys(questionnaire_ids):
        try:
            _posted(one, actor, on)
        except DomainError as refusal:
            results.append(Posted(one, str(refusal)))
        else:
            results.append(Posted(one))
    return results


@transaction.atomic
def _posted(questionnaire_id: UUID, actor: Actor, on: date) -> None:
    dossier, one = _waiting(questionnaire_id, actor)
    if one.state != Sending.TO_POST:
        raise DomainError(_("This questionnaire goes by e-mail."), code="not_by_post")
    if on < one.prepared_on:
        raise DomainError(_("It was not ready yet on that day."), code="before_prepared", field="on")
    require(policies.may_say_sent(actor, dossier, on))
    _record_sent(one, dossier, actor, on)
    one.save()
    paper.gone(one, dossier, actor, on)


@transaction.atomic
def withdraw(*, questionnaire_id: UUID, actor: Actor) -> None:
    """Do not send what waits, after all. Raises NotAllowed, DomainError."""
    require(policies.may_withdraw(actor))
    _dossier, one = _waiting(questionnaire_id, actor)
    one.state = Sending.WITHDRAWN
    one.save()


@transaction.atomic
def waive(
    *, dossier_id: UUID, actor: Actor, on: date, reason: str, note: str = "", seen: int | None = None
) -> None:
    """Ask nothing, for a reason (A2); a medical one is written down. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_waive(actor, dossier, on))
    require(policies.may_waive_for(actor, reason))
    note = note.strip()
    if reason == policies.MEDICAL and not note:
        raise DomainError(_("Write down the medical reason."), code="required", field="note")
    withdraw_waiting(dossier)
    told = {"text": note} if note else None
    acts.record(dossier, actor, Done("questionnaire_waived", on, {"reason": reason}, note=told))


@transaction.atomic
def offer_support(
    *, dossier_id: UUID, actor: Actor, on: date, channel: str, note: str = "", seen: int | None = None
) -> None:
    """The coordinator contacted the insured and offered help with it (A3, T3). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_offer_support(actor, dossier, on))
    told = {"text": note.strip()} if note.strip() else None
    acts.record(dossier, actor, Done("support_offered", on, {"channel": channel}, note=told))


def withdraw_waiting(dossier: Dossier) -> None:
    """What waits in this dossier, which is locked, is not sent any more."""
    for one in Questionnaire.objects.filter(fund=dossier.fund_id, dossier=dossier, state__in=WAITING):
        one.state = Sending.WITHDRAWN
        one.save(update_fields=["state"])


def latest_fact(dossier: Dossier, kind: str) -> str:
    """The id of the fact of this kind that was recorded last in a dossier that is locked."""
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, kind=kind)
    return entries.order_by("-seq").values_list("fact_id", flat=True)[0]


def _waiting(questionnaire_id: UUID, actor: Actor) -> tuple[Dossier, Questionnaire]:
    """One that waits, with its dossier locked first: everything else waits for that lock too."""
    mine = Questionnaire.objects.visible_to(actor).filter(public_id=questionnaire_id)
    found = mine.values_list("dossier__public_id", flat=True).first()
    if found is None:
        raise DomainError(_("This questionnaire does not exist."), code="questionnaire_unknown")
    dossier = acts.begin(found, actor)
    one = mine.filter(state__in=WAITING).locked().first()
    if one is None:
        raise DomainError(_("This questionnaire does not wait any more."), code="not_waiting")
    return dossier, one


def _record_sent(one: Questionnaire, dossier: Dossier, actor: Actor, on: date) -> None:
    values = {"channel": one.channel, "language": one.language}
    acts.record(dossier, actor, Done("questionnaire_sent", on, values))
    one.state, one.sent_on = Sending.SENT, on
    one.sent_fact = latest_fact(dossier, "questionnaire_sent")
