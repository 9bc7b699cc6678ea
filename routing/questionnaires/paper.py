"""The questionnaire on paper: a document that is kept as it was printed, and that went by post or was handed over."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers import acts, machines
from dossiers.documents import making
from dossiers.documents.kinds import Matter, kind_of
from dossiers.models import Channel, Dispatch, DispatchState, Document, Dossier
from routing.models import Questionnaire
from routing.models.questionnaire import Sending
from routing.questionnaires import policies
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require

QUESTIONNAIRE = "questionnaire"
ON_PAPER = {"post": Channel.POST, "in_person": Channel.HANDED_OVER}


class Printed(NamedTuple):
    """One that was to be printed: its document, or why there is none."""

    questionnaire_id: UUID
    document: Document | None = None
    refused: str | Promise = ""


def for_printer(*, questionnaire_ids: Iterable[UUID], actor: Actor, on: date) -> list[Printed]:
    """These as they go to the post, each for itself, in the order of the post. Raises NotAllowed."""
    require(policies.may_post(actor))
    results = []
    for one in dict.fromkeys(questionnaire_ids):
        try:
            results.append(Printed(one, _printed(one, actor, on)))
        except DomainError as refusal:
            results.append(Printed(one, refused=str(refusal)))
    return sorted(results, key=lambda one: one.document.postal_order if one.document else "")


@transaction.atomic
def _printed(questionnaire_id: UUID, actor: Actor, on: date) -> Document:
    mine = Questionnaire.objects.visible_to(actor).exclude(state=Sending.WITHDRAWN)
    found = mine.filter(public_id=questionnaire_id, channel__in=ON_PAPER)
    if (dossier_id := found.values_list("dossier__public_id", flat=True).first()) is None:
        raise DomainError(_("This questionnaire does not exist."), code="questionnaire_unknown")
    dossier = acts.begin(dossier_id, actor)
    return printed(found.get(), dossier, actor, on)


def printed(one: Questionnaire, dossier: Dossier, actor: Actor, on: date) -> Document:
    """Written once, under the reference of the questionnaire: printed again it is the same. The dossier is locked.

    Raises NotAllowed, Missing, DomainError.
    """
    kept = Document.objects.filter(fund=one.fund_id, public_id=one.public_id).first()
    if kept is not None:
        return kept
    machines.load(dossier)
    matter = Matter(dossier, actor, on, str(one.public_id), language=one.language)
    channel = ON_PAPER[one.channel]
    return making.keep(kind_of(QUESTIONNAIRE), matter, public_id=one.public_id, channel=channel)


def gone(one: Questionnaire, dossier: Dossier, actor: Actor, on: date) -> None:
    """It left the house, as it was printed. Raises NotAllowed, Missing, DomainError."""
    Dispatch.objects.create(
        fund_id=one.fund_id,
        document=printed(one, dossier, actor, on),
        dossier=dossier,
        channel=ON_PAPER[one.channel],
        state=DispatchState.SENT,
        prepared_on=one.prepared_on,
        sent_on=on,
        fact=one.sent_fact,
        actor=actor,
    )
