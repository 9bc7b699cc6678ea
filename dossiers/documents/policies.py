"""Who may write and send what (domain.md section 8), and to whom nothing goes any more."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from dossiers.documents.kinds import TO_PRINT, Kind, kinds
from dossiers.documents.letter import Missing, Word
from dossiers.models import Channel, Dispatch, DispatchState, Document, Dossier, Incapacity, InsuredPerson
from dossiers.models.case import EndReason
from tnw.accounts.models import Actor, Role
from tnw.accounts.policies import in_role, may_see_dossiers
from tnw.core.policies import YES, Verdict

WAITS = Verdict(
    False, _("A letter that tells this waits under Letters: say there that it went, or that it does not go.")
)
_DIED = "died"
AFTER_DEATH = Verdict(False, _("This person has died: nothing goes out any more."))


def alive(dossier: Dossier) -> Verdict:
    """After a death nothing goes out, whatever was asked before, and whichever incapacity of this person ended with it."""
    known: dict[str, bool] = dossier.__dict__  # a page asks it of every kind of letter
    if _DIED not in known:
        its = Incapacity.objects.filter(person=dossier.incapacity.person_id, end_reason=EndReason.DEATH)
        known[_DIED] = its.exists()
    return AFTER_DEATH if known[_DIED] else YES


def of_the_dead(incapacity: str) -> Exists:
    """The same of many rows at once, and as `died` beside a dossier; `incapacity` leads to that of a row."""
    same = Incapacity.objects.filter(person=OuterRef(f"{incapacity}__person"), end_reason=EndReason.DEATH)
    return Exists(same)


def may_write(actor: Actor, dossier: Dossier, kind: Kind, on: date) -> Verdict:
    """Whether this letter may be written in this dossier: by role, to somebody who lives, and as the kind itself says."""
    return in_role(actor, *kind.roles) and alive(dossier) and kind.may(actor, dossier, on)


def may_write_any(actor: Actor) -> Verdict:
    """Whether there is a letter that this role writes."""
    return in_role(actor, *{role for kind in kinds().values() if kind.by_hand for role in kind.roles})


def channel_open(dossier: Dossier, kind: Kind, channel: str) -> Verdict:
    """Whether this channel is one for this letter, and leads to whom it goes to."""
    if channel == Channel.EBOX:
        return Verdict(False, _("There is no connection with eBox yet: choose another channel."))
    if channel not in kind.channels:
        return Verdict(False, _("This document is not sent this way."))
    person = dossier.incapacity.person
    if channel in TO_PRINT and not kind.party and (lacking := lacking_of_address(person)):
        return Verdict(False, str(Missing(*lacking)))
    if channel != Channel.EMAIL:
        return YES
    if kind.party:
        return Verdict(False, _("By e-mail letters go to the insured person only."))
    if not person.email:
        return Verdict(False, _("There is no e-mail address for this person."))
    if person.birth_date is None:
        return Verdict(False, _("The date of birth, which opens the link, is not known."))
    return YES


def lacking_of_address(person: InsuredPerson) -> list[Word]:
    """What of the address in the window is not known, by name."""
    has: dict[Word, str] = {
        _("the street of the insured person"): person.street,
        _("the postal code of the insured person"): person.postal_code,
        _("the city of the insured person"): person.city,
    }
    return [name for name, value in has.items() if not value.strip()]


def counts(dossier: Dossier, document: Document) -> Verdict | None:
    """Whether what it says still holds; None where that is never asked of its kind."""
    kind = kinds().get(document.kind)
    return kind.counts(dossier, document) if kind is not None and kind.counts else None


def may_go(actor: Actor, dossier: Dossier, document: Document, on: date) -> Verdict:
    """What does not count any more is not sent as if it did, nor what would not be written now on the day it goes."""
    if not (verdict := still_so(actor, dossier, document, on)):
        return verdict
    counted = counts(dossier, document)
    return YES if counted is None else counted


def asks_again(document: Document) -> bool:
    """Whether its kind asks that anew on the day it goes."""
    kind = kinds().get(document.kind)
    return kind is not None and bool(kind.party or kind.stands)


def still_so(actor: Actor, dossier: Dossier, document: Document, on: date) -> Verdict:
    """Whether on that day its party may still be told, with the insured's consent (Z5), and what it tells is still so.

    What left the house before the day on which that changed may be said to have gone on its own day.
    """
    if not asks_again(document):
        return YES
    kind = kinds()[document.kind]
    if kind.party and not (verdict := kind.may(actor, dossier, on)):
        return verdict
    return kind.stands(dossier, document, on) if kind.stands else YES


def may_send(actor: Actor) -> Verdict:
    """Who brings letters to the post and says that they went."""
    return in_role(actor, Role.COORDINATOR, Role.ADVISORY_DOCTOR)


def none_waits(dossier: Dossier, subject: str, kinds: Collection[str]) -> Verdict:
    """What a letter records when it goes is not told beside it while that letter waits."""
    waits = Dispatch.objects.filter(
        fund=dossier.fund_id, dossier=dossier, state=DispatchState.WAITING,
        document__subject=subject, document__kind__in=kinds,
    )  # fmt: skip
    return WAITS if waits.exists() else YES


def may_read(actor: Actor) -> Verdict:
    """No letter carries medical text, so that all who see dossiers read them."""
    return may_see_dossiers(actor)
