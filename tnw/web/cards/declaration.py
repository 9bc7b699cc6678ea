"""The engagement declaration: its text, who signed it when and how, who still has to."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dossiers.law.facts import Fact
from dossiers.models import Deadline
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, said, told
from tnw.web.presumption import between
from tnw.web.words import Word
from trajects.fact_words import CODES
from trajects.models import EngagementDeclaration
from trajects.models.declaration import TO_SIGN, DeclarationState
from trajects.policies.reintegration import running_part
from trajects.presumption import RULE, bands

TONES = {
    DeclarationState.COMPLETE: GOOD,
    DeclarationState.REFUSED: BAD,
    DeclarationState.VOID: OVER,
    DeclarationState.LAPSED: OVER,
}
TEXTS = ("declaration_drawn_up", "declaration_refused")


def cards(case: Case) -> Iterator[Card]:
    part = running_part(case.dossier)
    for one in sorted(case.dossier.declarations.all(), key=lambda one: (one.drawn_up_on, one.pk)):
        yield Card(
            of=EngagementDeclaration.NAME,
            subject=one.subject,
            title=_("Engagement declaration"),
            state=one.get_state_display(),
            tone=TONES.get(DeclarationState(one.state), OPEN),
            lines=[*_lines(one), *_presumption(one, case), *_signatures(one, case)],
            texts=case.texts(one.subject, *TEXTS),
            template="signatures/card_link.html",
            more=reverse("dossier_declaration", args=[case.dossier.public_id, one.subject]),
            stays=part is not None
            and one.state == DeclarationState.COMPLETE
            and part.started_on <= one.drawn_up_on,
        )


def _lines(one: EngagementDeclaration) -> list[tuple[Word, Word]]:
    missing = [str(CODES["role"][role]) for role, given in one.signed.items() if not given]
    why = {
        DeclarationState.VOID: _("Its text changed: all three sign anew."),
        DeclarationState.LAPSED: _("The reintegration traject ended before all three had signed."),
    }
    return told(
        (_("Drawn up on"), one.drawn_up_on),
        (_("Still to sign"), capfirst(", ".join(missing)) if one.state in TO_SIGN else ""),
        (_("Signed by all three on"), one.completed_on),
        (_("Refused by"), capfirst(str(CODES["role"].get(one.refused_by, "")))),
        (_("Why it fell away"), why.get(DeclarationState(one.state), "")),
    )


def _presumption(one: EngagementDeclaration, case: Case) -> list[tuple[Word, Word]]:
    """From the last signature up to its last day (Z3)."""
    if one.completed_on is None or one.state != DeclarationState.COMPLETE:
        return []
    rows = Deadline.objects.visible_to(case.actor).filter(
        dossier=case.dossier, rule=RULE, anchor_on=one.completed_on
    )
    return [
        (_("Presumption of incapacity"), between(band)) for band in bands(rows, (), case.dossier.incapacity)
    ]


def _signatures(one: EngagementDeclaration, case: Case) -> Iterator[tuple[Word, Word]]:
    """Who signed on which day and how, with how the identity was checked."""
    for fact in case.facts:
        if fact.kind == "declaration_signed" and fact.subject == one.subject:
            yield capfirst(str(CODES["role"][fact.values["role"]])), _signed(fact, case)


def _signed(fact: Fact, case: Case) -> str:
    how = CODES["method"].get(fact.values["method"], "")
    words = _("signed on %(day)s, %(how)s") % {"day": day(fact.on), "how": how}
    note = case.notes.get(fact.id)
    return said(words, note.texts if note else ())
