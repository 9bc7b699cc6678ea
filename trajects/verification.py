"""What can be said of a file to whoever holds it: is it unchanged, who sealed it, which roles signed when. Never a name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers.documents import checking
from dossiers.documents.checking import Checked, State
from dossiers.documents.kinds import kinds
from dossiers.documents.letter import day, moment
from dossiers.models import Document
from tnw.accounts.models import Fund
from tnw.core import scope
from trajects import signatures
from trajects.fact_words import CODES
from trajects.models import EngagementDeclaration, Signature
from trajects.models.declaration import DeclarationState

Word = str | Promise

ROLES: dict[str, Word] = {
    "insured": gettext_lazy("insured person"),
    "coordinator": gettext_lazy("coordinator"),
    "advisory_doctor": gettext_lazy("advisory doctor"),
}
DECLARATIONS = (signatures.TO_SIGN, signatures.SEALED)
UNCHANGED = (State.SEALED, State.UNSEALED)
# What a declaration is called that does not count any more.
OVER = (DeclarationState.REFUSED, DeclarationState.VOID, DeclarationState.LAPSED)


class Signer(NamedTuple):
    """That a role signed: when, and how."""

    role: str
    on: str
    method: str


class Finding(NamedTuple):
    """What a file is, in words, and the signatures that count; `holds` where it can be relied on as it lies there."""

    state: State
    title: str
    lines: list[str]
    signers: list[Signer]
    holds: bool


def verify(content: bytes) -> Finding:
    """What a file is, seen from all funds; in the language that is active."""
    with _all_funds():
        found = checking.check(content)
        title, lines = TELL[found.state](found)
        over = _over(found)
        holds = found.state == State.SEALED and not over
        return Finding(found.state, title, [*lines, *over], _signers(found), holds)


def fund_of(reference: str) -> Fund | None:
    """The fund that made the document of a reference; nothing else is said to who has but the reference."""
    with _all_funds():
        document = checking.by_reference(reference)
        return document.fund if document else None


def _all_funds() -> AbstractContextManager[None]:
    return scope.funds(*Fund.objects.values_list("pk", flat=True))


def _sealed(found: Checked) -> tuple[str, list[str]]:
    document = _document(found)
    told = {"kind": _name(document), "fund": document.fund.name, "at": moment(document.made_at)}
    lines = [
        _("%(kind)s, sealed by %(fund)s on %(at)s.") % told,
        _("Since then not a single byte has changed."),
    ]
    if found.stamped:
        lines.append(
            _("An authority for time stamps confirms the moment: %(at)s.") % {"at": moment(found.stamped)}
        )
    return _("Unchanged, and sealed"), lines


def _unsealed(found: Checked) -> tuple[str, list[str]]:
    document = _document(found)
    told = {"kind": _name(document), "fund": document.fund.name, "on": day(document.made_on)}
    lines = [
        _("%(kind)s, made by %(fund)s on %(on)s.") % told,
        _("Since then not a single byte has changed. It carries no seal."),
    ]
    if document.kind == signatures.TO_SIGN:
        lines += _waits_for(document)
    return _("Unchanged, but not sealed"), lines


def _changed(found: Checked) -> tuple[str, list[str]]:
    said = _("It is not what was written or sealed here any more: do not rely on it.")
    return _("Changed afterwards"), [said, *_origin(found)]


def _resealed(found: Checked) -> tuple[str, list[str]]:
    said = _("The seal that it carries is not that of a fund that works here: do not rely on it.")
    return _("Sealed by somebody else"), [said, *_origin(found)]


def _origin(found: Checked) -> list[str]:
    if found.document is None:
        return []
    told = {"reference": found.document.reference, "fund": found.document.fund.name}
    return [_("It bears the reference %(reference)s of a document of %(fund)s.") % told]


def _unknown(_found: Checked) -> tuple[str, list[str]]:
    return _("Not a document of ours"), [
        _(
            "No fund that works here made this file; or it was made here, and so much of it was changed that nothing "
            "leads back to it. Do not rely on it."
        )
    ]


def _no_pdf(_found: Checked) -> tuple[str, list[str]]:
    return _("Not a PDF"), [_("Choose the PDF file itself: a photo or a scan of it cannot be verified.")]


TELL: dict[State, Callable[[Checked], tuple[str, list[str]]]] = {
    State.SEALED: _sealed,
    State.UNSEALED: _unsealed,
    State.CHANGED: _changed,
    State.RESEALED: _resealed,
    State.UNKNOWN: _unknown,
    State.NO_PDF: _no_pdf,
}


def _signers(found: Checked) -> list[Signer]:
    if found.state not in UNCHANGED or _document(found).kind not in DECLARATIONS:
        return []
    given = _given(_document(found))
    return [
        Signer(str(words), day(given[role].on), str(CODES["method"][given[role].method]))
        for role, words in ROLES.items()
        if role in given
    ]


def _given(document: Document) -> dict[str, Signature]:
    """The signatures that count, by role; of a sealed document those that are in it."""
    given = signatures.standing(document.dossier, document.subject)
    if document.kind != signatures.SEALED:
        return given
    return {role: one for role, one in given.items() if one.sealed_in_id == document.pk}


def _waits_for(document: Document) -> list[str]:
    """Who has not signed a declaration yet, or that the sealed one is another file."""
    given = _given(document)
    missing = [str(words) for role, words in ROLES.items() if role not in given]
    if not missing:
        return [_("All three have signed. The document with the seal is another file than this one.")]
    return [_("Not signed yet by: %(roles)s.") % {"roles": ", ".join(missing)}]


def _over(found: Checked) -> list[str]:
    """What happened to a declaration that does not count any more."""
    document = found.document
    if document is None or found.state not in UNCHANGED or document.kind not in DECLARATIONS:
        return []
    mine = EngagementDeclaration.objects.filter(fund=document.fund_id, dossier=document.dossier_id)
    one = mine.filter(subject=document.subject, state__in=OVER).first()
    if one is None:
        taken_back = document.kind == signatures.SEALED and len(_given(document)) < len(ROLES)
        return [_("It does not count any more: a signature in it was taken back.")] if taken_back else []
    said = {
        DeclarationState.REFUSED: _("It does not count: one of the three refused to sign it."),
        DeclarationState.VOID: _("It does not count any more: it was replaced by another text."),
        DeclarationState.LAPSED: _("It does not count any more: the traject ended before all had signed."),
    }
    return [said[DeclarationState(one.state)]]


def _name(document: Document) -> str:
    kind = kinds().get(document.kind)
    return str(kind.name) if kind else pgettext("kind", "Document")


def _document(found: Checked) -> Document:
    assert found.document is not None  # the states in which this is asked have one
    return found.document
