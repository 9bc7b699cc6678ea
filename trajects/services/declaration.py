"""The engagement declaration: drawn up as the PDF that is signed, refused, changed; each one act."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers import acts, machines
from dossiers.acts import Done
from dossiers.documents import dispatching, making
from dossiers.documents.kinds import Matter, kind_of
from dossiers.documents.letter import Missing
from dossiers.documents.policies import channel_open
from dossiers.models import Channel, Document, Dossier, LedgerEntry
from dossiers.notes import told_to_insured
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects import signatures
from trajects.models import EngagementDeclaration, OutsideSigning
from trajects.models.signature import OutsideState
from trajects.policies import declaration as policies
from trajects.policies.contacts import running_traject
from trajects.tasks import MailKind, to_mail

CHANGED = "declaration_changed"


def declaration_of(dossier: Dossier, subject: str) -> EngagementDeclaration:
    """A declaration of a dossier that is locked. Raises DomainError where there is none."""
    found = EngagementDeclaration.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject)
    if (one := found.first()) is None:
        raise DomainError(_("There is no such declaration."), code="declaration_unknown")
    return one


def text_for(dossier: Dossier) -> str:
    """What a declaration says where nobody writes something else, in the language of the insured."""
    with translation.override(dossier.incapacity.person.language):
        traject = running_traject(dossier)
        aim = traject.get_first_step_display() if traject and traject.first_step else ""
        text = gettext(
            "The insured person, the return-to-work coordinator and the advisory doctor engage themselves to look "
            "together for work that fits the health and the capacities of the insured person. The insured person "
            "takes part in the interviews and in the actions of the reintegration plan; the coordinator guides him "
            "or her, and the advisory doctor watches over his or her health. Taking part is voluntary: the insured "
            "person can stop at any moment."
        )
        last = gettext("Aim: %(aim)s") % {"aim": aim}  # not inside the f-string: it would never be translated
        return f"{text}\n\n{last}" if aim else text


def text_of(dossier: Dossier, actor: Actor, subject: str) -> str:
    """What a declaration says. History may have brought it without its text: then, before anybody signs, the usual one.

    Raises Missing where it was signed by some and its text is not known.
    """
    drawn_up = LedgerEntry.objects.visible_to(actor).filter(
        dossier=dossier, subject=subject, kind="declaration_drawn_up"
    )
    entries = list(drawn_up)
    # The insured signs it: it is what he is told, whoever reads it for a letter.
    if text := next(iter(told_to_insured(actor, entries, "text").values()), ""):
        return text
    with_text = any(entry.payload_digest is not None for entry in entries)
    if with_text or any(declaration_of(dossier, subject).signed.values()):
        raise Missing(_("the text of the declaration"))
    return text_for(dossier)


def document_of(dossier: Dossier, actor: Actor, on: date, subject: str) -> Document:
    """The PDF that is signed; made where history brought a declaration without, for a dossier that is locked.

    Raises Missing, DomainError.
    """
    if found := signatures.kept(dossier, subject):
        return found
    machines.load(dossier)  # with what was recorded since it was begun
    return making.keep(kind_of(signatures.TO_SIGN), Matter(dossier, actor, on, subject))


@transaction.atomic
def draw_up(*, dossier_id: UUID, actor: Actor, on: date, text: str, seen: int | None = None) -> str:
    """Draw up the declaration of the formal part, with its PDF; gives its subject.

    Raises NotAllowed, Missing, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_draw_up(actor, dossier, on))
    drawn_up = _drawn_up(on, text)
    acts.record(dossier, actor, drawn_up)
    document_of(dossier, actor, on, drawn_up.subject)
    return drawn_up.subject


@transaction.atomic
def change(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, text: str, seen: int | None = None
) -> str:
    """Change the text: the signatures given are void, all three hear of it and sign anew (Z2). Gives the new subject.

    Raises NotAllowed, Missing, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_change(actor, dossier, one := declaration_of(dossier, subject), on))
    signed = any(one.signed.values())
    signers = [given.actor.user_id for given in signatures.standing(dossier, subject).values()]
    drawn_up = _drawn_up(on, text)
    acts.record(dossier, actor, Done("declaration_voided", on, {}, subject), drawn_up)
    close_outside(dossier, subject)
    document_of(dossier, actor, on, drawn_up.subject)
    if signed:
        to_mail(MailKind.CHANGED, dossier, on, policies.THEMSELVES, beside=signers, but=actor)
        write_to_insured(CHANGED, Matter(dossier, actor, on, drawn_up.subject))
    return drawn_up.subject


def _drawn_up(on: date, text: str) -> Done:
    acts.required(text, "text", _("A declaration needs its text."))
    return Done("declaration_drawn_up", on, {}, str(new_uuid()), acts.note(text=text))


def write_to_insured(kind: str, matter: Matter) -> Document:
    """A letter that goes by the link in a mail, else by post; where no address is known it is there to be handed over."""
    one = kind_of(kind)
    ways = (way for way in (Channel.EMAIL, Channel.POST) if channel_open(matter.dossier, one, way))
    channel = next(ways, Channel.HANDED_OVER)
    document = making.keep(one, matter, channel=channel)
    if channel != Channel.HANDED_OVER:
        dispatching.put(document, matter.dossier, actor=matter.actor, on=matter.today, channel=channel)
    return document


def close_outside(dossier: Dossier, subject: str) -> None:
    """Whatever a provider still says of it comes too late."""
    with_provider = OutsideSigning.objects.filter(
        fund=dossier.fund_id, dossier=dossier, subject=subject, state=OutsideState.STARTED
    )
    with_provider.update(state=OutsideState.ENDED)


@transaction.atomic
def refuse(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    role: str,
    reason: str,
    seen: int | None = None,
) -> None:
    """One of the three refuses, with the reason; a new one can be drawn up (Z2). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    if role not in policies.RECORDED_BY:
        raise DomainError(_("Say who refuses."), code="unknown_code", field="role")
    require(policies.may_refuse(actor, dossier, declaration_of(dossier, subject), role, on))
    acts.required(reason, "reason", _("Say why it is refused."))
    acts.record(
        dossier,
        actor,
        Done("declaration_refused", on, {"role": role}, subject, acts.note(text=reason)),
    )
    close_outside(dossier, subject)
