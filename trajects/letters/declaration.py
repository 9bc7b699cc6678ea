"""The engagement declaration as it is signed, and as it stands once all three have signed (Z2)."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import (
    Block,
    Letter,
    bullets,
    day,
    details,
    heading,
    moment,
    paragraphs,
    signature,
)
from dossiers.models import Document, Dossier
from tnw.accounts.models import Role
from tnw.core.policies import YES, Verdict
from trajects import signatures
from trajects.fact_words import CODES
from trajects.models import Signature
from trajects.models.declaration import FALLEN, TO_SIGN, DeclarationState
from trajects.policies import declaration as policies
from trajects.policies.declaration import COORDINATOR, DOCTOR, INSURED
from trajects.services.declaration import declaration_of, text_of
from trajects.services.sealing import sealed
from trajects.services.signing import ON_SCREEN, PAPER

SIGNERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR)
ROLES = {
    INSURED: gettext_lazy("The insured person"),
    COORDINATOR: gettext_lazy("The return-to-work coordinator"),
    DOCTOR: gettext_lazy("The advisory doctor"),
}


def _in_force(dossier: Dossier, _today: date) -> list[About]:
    states = (*TO_SIGN, DeclarationState.COMPLETE)
    return [About(one.subject) for one in dossier.declarations.all() if one.state in states]


def declaration(matter: Matter) -> Letter:
    """What is to be signed, with a place for each of the three."""
    names = {
        INSURED: str(matter.dossier.incapacity.person),
        COORDINATOR: matter.dossier.coordinator.name if matter.dossier.coordinator else "",
    }
    places = [signature(words, names.get(role, "")) for role, words in ROLES.items()]
    return Letter(_("Engagement declaration"), [*_text(matter), heading(_("Signatures")), *places])


def signed(matter: Matter, given: Mapping[str, Signature]) -> Letter:
    """The same text, with who signed when and how, and under which bytes."""
    document = next(iter(given.values())).document
    places = [
        signature(words, given[role].name, list(_told(given[role])), *_drawn(given[role]))
        for role, words in ROLES.items()
    ]
    what = _("Text %(reference)s of %(day)s") % {
        "reference": document.reference,
        "day": day(document.made_on),
    }
    return Letter(
        _("Engagement declaration, signed by all three"),
        [*_text(matter), heading(_("Signatures")), *places],
        about=[what, f"SHA-256 {document.sha256}"],
    )


def _text(matter: Matter) -> list[Block]:
    """The text in force, between whom it is, and what the law makes follow from it (Z3)."""
    person = matter.dossier.incapacity.person
    return [
        details(
            (ROLES[INSURED], str(person)),
            (_("Born on"), day(person.birth_date) if person.birth_date else ""),
            (_("The fund"), matter.fund.name),
        ),
        *paragraphs(text_of(matter.dossier, matter.actor, matter.subject)),
        heading(_("What follows once all three have signed")),
        bullets(
            [
                _("within a month, an interview in which the reintegration plan is drawn up;"),
                _("a presumption of incapacity for work, for six months from the last signature at most."),
            ]
        ),
    ]


def _told(one: Signature) -> Iterator[str]:
    """How and when, on whose behalf, how it was known who it was, and what proves it."""
    yield _("Signed on %(day)s, %(how)s; recorded on %(moment)s") % {
        "day": day(one.on),
        "how": CODES["method"][one.method],
        "moment": moment(one.at),
    }
    if one.stands_in_for:
        yield _("As deputy of %(name)s") % {"name": one.stands_in_for.name}
    if one.statement:
        yield _("How the identity was checked: %(statement)s") % {"statement": one.statement}
    if one.evidence:
        yield {
            PAPER: _("SHA-256 of the scan: %(hash)s"),
            ON_SCREEN: _("SHA-256 of the drawn signature: %(hash)s"),
        }.get(one.method, _("SHA-256 of the evidence: %(hash)s")) % {"hash": one.evidence.sha256}


def _drawn(one: Signature) -> tuple[bytes, str]:
    if one.evidence is None or one.method != ON_SCREEN:
        return b"", ""
    return bytes(one.evidence.content), _("The signature of %(name)s, as it was drawn") % {"name": one.name}


def _counts(dossier: Dossier, document: Document) -> Verdict:
    """The text in force, or the seal over the three signatures that count."""
    one = declaration_of(dossier, document.subject)
    if one.state in FALLEN:
        return policies.NO_LONGER
    if document.kind == signatures.SEALED:
        now = sealed(dossier, document.subject)
    else:
        now = signatures.kept(dossier, document.subject)
    return YES if now is not None and now.pk == document.pk else policies.NO_LONGER


def _signed(matter: Matter) -> Letter:
    return signed(matter, signatures.standing(matter.dossier, matter.subject))


KINDS = (
    Kind(
        signatures.TO_SIGN,
        gettext_lazy("Engagement declaration"),
        declaration,
        nothing=gettext_lazy("There is no declaration to sign."),
        about=_in_force,
        roles=SIGNERS,
        counts=_counts,
        by_hand=False,
    ),
    Kind(
        signatures.SEALED,
        gettext_lazy("Engagement declaration, signed by all three"),
        _signed,
        nothing=gettext_lazy("Not all three have signed this text here."),
        about=_in_force,
        roles=SIGNERS,
        counts=_counts,
        by_hand=False,
    ),
)
