"""What the pages of letters read: those of a dossier, which can be written, what waits for the post or never left."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.documents.kinds import TO_PRINT, Kind, kinds
from dossiers.documents.policies import asks_again, channel_open, may_write, of_the_dead, still_so
from dossiers.models import REASSIGN, Batch, Channel, Dispatch, DispatchState, Document, Dossier
from tnw.accounts.models import Actor
from tnw.accounts.policies import in_role
from trajects.letters import standing
from trajects.models import PartnerReferral
from trajects.policies.sharing import PARTY, REGIONAL_SERVICE

Word = str | Promise
RIZIV = "riziv"


class Offer(NamedTuple):
    """A kind of letter for whoever looks: it can be written now, or `why_not` says why it cannot."""

    kind: Kind
    why_not: Word = ""


def kind_name(slug: str) -> Word:
    """A kind as people call it; one that is not there any more keeps its slug."""
    return kinds()[slug].name if slug in kinds() else slug


def party_name(party: str) -> Word:
    """To whom, as people call it."""
    return _("RIZIV") if party == RIZIV else PARTY.get(party, party)


def of_dossier(actor: Actor, dossier: Dossier) -> QuerySet[Document]:
    """What was written, the latest first, with its ways out; without the bytes."""
    ways = Dispatch.objects.visible_to(actor).select_related("scan", "actor").defer("scan__content")
    found = Document.objects.visible_to(actor).filter(dossier=dossier).defer("content")
    return (
        found.select_related("actor")
        .prefetch_related(Prefetch("dispatches", ways.order_by("pk")))
        .order_by("-pk")
    )


def offers(actor: Actor, dossier: Dossier, today: date) -> list[Offer]:
    """The letters of this role: those that can be written now first. The dossier has its machines loaded."""
    found = []
    for kind in kinds().values():
        if not kind.by_hand or not in_role(actor, *kind.roles):
            continue
        if not (verdict := may_write(actor, dossier, kind, today)):
            found.append(Offer(kind, verdict.reason))
        else:
            found.append(Offer(kind, "" if kind.about(dossier, today) else kind.nothing))
    return sorted(found, key=lambda offer: bool(offer.why_not))


def shut_channels(dossier: Dossier, kind: Kind) -> dict[str, Word]:
    """The channels that lead nowhere here, each with why."""
    verdicts = {channel.value: channel_open(dossier, kind, channel) for channel in Channel}
    return {channel: verdict.reason for channel, verdict in verdicts.items() if not verdict}


def last_address(actor: Actor, dossier: Dossier, kind: Kind, subject: str) -> str:
    """Where a letter to this party went last: of this dossier, or of any other where the party is the same house."""
    before = Document.objects.visible_to(actor).filter(party=kind.party).exclude(address="")
    if kind.party == RIZIV:
        house = before
    elif kind.party == REGIONAL_SERVICE:
        referrals = PartnerReferral.objects.visible_to(actor)
        service = referrals.filter(dossier=dossier, subject=subject).values("service")[:1]
        house = before.filter(subject__in=referrals.filter(service=Subquery(service)).values("subject"))
    else:
        house = before.filter(dossier=dossier)
    return house.order_by("-pk").values_list("address", flat=True).first() or ""


def _waiting(actor: Actor) -> QuerySet[Dispatch]:
    """What waits to leave the house."""
    return _to_the_living(actor).filter(state=DispatchState.WAITING)


def _to_the_living(actor: Actor) -> QuerySet[Dispatch]:
    """To the dead nothing goes."""
    return (
        Dispatch.objects.visible_to(actor)
        .exclude(of_the_dead("dossier__incapacity"))
        .select_related("document", "dossier__incapacity__person", "actor")
        .defer("document__content")
    )


def to_post(actor: Actor, shown: int, today: date) -> list[Dispatch]:
    """What waits for the post in the fund: the own first, then in the order of preparing.

    Each knows whether it is `own`, and why it may not go any more (`no_more`).
    """
    own = Q(dossier__coordinator=actor.user) | Q(actor=actor)
    waiting = _waiting(actor).filter(channel__in=TO_PRINT)
    of_whom = Case(When(own, then=Value(True)), default=Value(False))
    return _with_why_not(actor, waiting.annotate(own=of_whom).order_by("-own", "pk")[:shown], today)


def _with_why_not(actor: Actor, waiting: Iterable[Dispatch], today: date) -> list[Dispatch]:
    """Each with why it may not go today: a consent that was withdrawn, what is not so any more. Read at once."""
    found = list(waiting)
    standing.load(one.dossier for one in found if asks_again(one.document))
    for one in found:
        one.no_more = still_so(actor, one.dossier, one.document, today).reason  # type: ignore[attr-defined]
    return found


def not_mailed(actor: Actor, shown: int) -> list[Dispatch]:
    """What the mail server did not take yet, and what it never will as long as the document did not go otherwise."""
    tried = Q(state=DispatchState.WAITING, failures__gt=0)
    never = Q(state=DispatchState.REFUSED) & ~Exists(
        Dispatch.objects.visible_to(actor).filter(document=OuterRef("document"), pk__gt=OuterRef("pk"))
    )
    mails = _to_the_living(actor).filter(channel=Channel.EMAIL)
    stands = mails.filter(state__in=[DispatchState.WAITING, DispatchState.REFUSED])  # as the index has it
    return list(stands.filter(tried | never).order_by("pk")[:shown])


def for_printer(actor: Actor, dispatch_ids: Iterable[UUID], today: date) -> list[Document]:
    """The chosen documents that wait for the post, in its order; without those that may not go any more."""
    chosen = _waiting(actor).filter(channel__in=TO_PRINT, public_id__in=list(dispatch_ids))
    may_go = [one.document_id for one in _with_why_not(actor, chosen, today) if not one.no_more]  # type: ignore[attr-defined]
    found = Document.objects.visible_to(actor).filter(pk__in=may_go)
    return list(found.order_by("postal_order", "pk"))


def batches(actor: Actor, shown: int) -> list[Batch]:
    """The latest letters for many of the fund."""
    letters = Batch.objects.visible_to(actor).exclude(kind=REASSIGN)
    return list(letters.select_related("actor").order_by("-pk")[:shown])
