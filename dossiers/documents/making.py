"""Writing a letter: previewed without a trace, or kept byte for byte with its hash. Raises where something is missing."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers import acts, machines
from dossiers.documents import policies
from dossiers.documents.kinds import REGISTERED, TO_PRINT, Kind, Matter, kind_of
from dossiers.documents.letter import Letter, Missing, needed
from dossiers.documents.printing import pages
from dossiers.documents.typesetting import Envelope, typeset
from dossiers.models import Channel, Document, Dossier, reference_of
from tnw.accounts.models import Actor, Fund, Role, User, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require

# What stands on a draft: it leads nowhere.
NO_REFERENCE = "00000-00000"
# What the columns hold; the letter itself says all of it.
TITLE, POSTAL_ORDER = 200, 340


class Written(NamedTuple):
    """A letter as it would go: its words, to whom, and its bytes."""

    letter: Letter
    to: list[str]
    language: str
    content: bytes


def compose(kind: Kind, matter: Matter, reference: str, *, draft: bool = False, channel: str = "") -> Written:
    """The letter of a kind in the language of whom it goes to, marked where it goes registered.

    Raises NotAllowed, Missing, DomainError.
    """
    dossier = matter.dossier
    require(policies.may_write(matter.actor, dossier, kind, matter.today))
    if matter.subject not in {one.subject for one in kind.about(dossier, matter.today)}:
        raise DomainError(kind.nothing, code="nothing_to_write")
    language = _language(kind, matter)
    to = _address(kind, matter, channel)
    _complete(matter.fund, matter.sender)
    with translation.override(language):
        letter = kind.write(matter)
        marks = [gettext("DRAFT")] if draft else []
        registered = channel == Channel.REGISTERED or kind.channels == REGISTERED
        marks += [gettext("REGISTERED")] if registered else []
        envelope = Envelope(matter.fund, _from(matter.sender), to, matter.today, reference, " · ".join(marks))
        return Written(letter, to, language, typeset(letter, envelope))


def preview(kind: Kind, matter: Matter, *, channel: str = "") -> Written:
    """What would be written, with nothing kept, marked as such. Raises NotAllowed, Missing, DomainError."""
    return compose(kind, matter, NO_REFERENCE, draft=True, channel=channel)


@transaction.atomic
def write(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    kind: str,
    subject: str = "",
    said: Mapping[str, str] | None = None,
    seen: int | None = None,
    channel: str = "",
) -> Document:
    """Write a letter and keep it; `dispatching.prepare` sends it, by the channel that is said.

    Raises NotAllowed, Missing, DomainError.
    """
    dossier = begun(dossier_id, actor, seen=seen)
    one = kind_of(kind)
    if not one.by_hand:
        raise DomainError(_("This document is made by an act of its own."), code="not_by_hand", field="kind")
    return keep(one, Matter(dossier, actor, on, subject, said or {}), channel=channel)


def begun(dossier_id: UUID, actor: Actor, *, seen: int | None = None) -> Dossier:
    """The dossier, locked, with its machines. Raises DomainError where it is not there for the actor, Outdated."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    machines.load(dossier)
    return dossier


def keep(
    kind: Kind, matter: Matter, *, public_id: UUID | None = None, channel: str = "", **more: Any
) -> Document:
    """The letter of a dossier that is locked, kept. Raises NotAllowed, Missing, DomainError."""
    public_id = public_id or new_uuid()
    written = compose(kind, matter, reference_of(public_id), channel=channel)
    return store(
        matter,
        kind.slug,
        written.content,
        public_id=public_id,
        title=written.letter.title[:TITLE],
        language=written.language,
        party=kind.party,
        address="\n".join(written.to),
        postal_order=_postal_order(kind, matter, written.to)[:POSTAL_ORDER],
        **more,
    )


def store(matter: Matter, kind: str, content: bytes, **more: Any) -> Document:
    """Keep these bytes with their hash."""
    return Document.objects.create(
        fund_id=matter.dossier.fund_id,
        dossier=matter.dossier,
        kind=kind,
        subject=matter.subject,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        pages=pages(content),
        made_on=matter.today,
        made_at=clock.now(),
        actor=matter.actor,
        **more,
    )


def _language(kind: Kind, matter: Matter) -> str:
    """What was chosen for the letter, else that of the party, else that of the insured."""
    chosen = matter.language or (matter.said.get("language", "") if kind.party else "")
    usual = kind.language(matter) if kind.language else ""
    return chosen or usual or matter.dossier.incapacity.person.language


def _address(kind: Kind, matter: Matter, channel: str) -> list[str]:
    """The lines in the window: those of the insured, or what was typed for another. Raises Missing.

    What goes by mail or from hand to hand, and what an act makes, needs no window: who has no house signs too.
    """
    if kind.party:
        typed = [line.strip() for line in matter.said.get("address", "").splitlines() if line.strip()]
        if not typed:
            raise Missing(_("the address to which it goes"))
        return typed
    person = matter.dossier.incapacity.person
    needed(person.last_name, _("the name of the insured person"))
    lacking = policies.lacking_of_address(person)
    if lacking and (channel in TO_PRINT or (kind.by_hand and not channel)):
        raise Missing(*lacking)
    lines = [str(person), person.street, f"{person.postal_code} {person.city}"]
    return [line.strip() for line in lines if line.strip()]


def _complete(fund: Fund, sender: User | None) -> None:
    """Whether the fund and who writes are known well enough to write under their name. Raises Missing."""
    has = {
        _("the street of the fund"): fund.street,
        _("the postal code of the fund"): fund.postal_code,
        _("the city of the fund"): fund.city,
        _("a coordinator of the dossier"): sender.name if sender else "",
    }
    if lacking := [name for name, value in has.items() if not value.strip()]:
        raise Missing(*lacking)


def _from(sender: User | None) -> list[str]:
    """Who writes, and how that person is reached."""
    if sender is None:
        return []
    role = next((one for one in Role if one in sender.roles), None)
    return [
        line for line in (sender.name, str(role.label) if role else "", sender.phone, sender.email) if line
    ]


def _postal_order(kind: Kind, matter: Matter, to: list[str]) -> str:
    if kind.party:
        return to[-1]
    person = matter.dossier.incapacity.person
    return f"{person.postal_code} {person.street} {person.last_name}"
