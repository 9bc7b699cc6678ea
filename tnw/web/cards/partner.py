"""A registration form for a regional service, and every step there with its date (G1)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, said, told, with_traject
from tnw.web.words import Word
from trajects.fact_words import CODES
from trajects.models import PartnerReferral
from trajects.models.partner import OPEN as RUNNING
from trajects.models.partner import PartnerState
from trajects.policies.sharing import REGIONAL_SERVICE, may_share

TONES: dict[str, str] = {PartnerState.REFUSED: BAD, PartnerState.ENDED: GOOD}
TEXTS = ("partner_form_drawn_up", "partner_form_sent", "partner_answered", "partner_ended")


def cards(case: Case) -> Iterator[Card]:
    rows = sorted(case.dossier.partner_referrals.all(), key=lambda one: one.pk)
    may = may_share(case.dossier, REGIONAL_SERVICE) if rows else None
    for one in rows:
        tone = TONES.get(one.state, OPEN)
        if one.state == PartnerState.ENDED and not one.answered_on:
            tone = OVER
        lacking = "" if may or may is None or one.state not in RUNNING else str(may.reason)
        yield Card(
            of=PartnerReferral.NAME,
            subject=one.subject,
            title=_("Guidance by %(service)s") % {"service": CODES["service"].get(one.service, one.service)},
            state=one.get_state_display(),
            tone=tone,
            lines=told(
                (_("Consent"), lacking),
                (_("Form drawn up on"), one.drawn_up_on),
                (_("Form sent on"), one.sent_on),
                (_("Answered on"), one.answered_on),
                (_("Ended on"), one.ended_on),
                (
                    _("Why it ended"),
                    with_traject(case.facts, "partner_ended", one.subject) if one.ended_on else "",
                ),
            ),
            course=list(_steps(case, one)),
            texts=case.texts(one.subject, *TEXTS),
        )


def _steps(case: Case, one: PartnerReferral) -> Iterator[tuple[Word, Word]]:
    """Every step with its day, the first first, and what was written beside it."""
    for fact in case.facts:
        if fact.kind == "service_step" and fact.subject == one.subject:
            note = case.notes.get(fact.id)
            step = str(CODES["step"].get(fact.values["step"], fact.values["step"]))
            yield day(fact.on), said(step, note.texts if note else ())


def waits(dossier: Dossier) -> Iterator[str]:
    """What a regional service has to do."""
    for one in dossier.partner_referrals.all():
        words = {"service": CODES["service"].get(one.service, one.service)}
        if one.state == PartnerState.SENT and one.sent_on:
            yield _("The answer of %(service)s to the form sent on %(day)s") % {
                **words,
                "day": day(one.sent_on),
            }
        elif one.state == PartnerState.ACCEPTED:
            yield _("The guidance by %(service)s") % words
