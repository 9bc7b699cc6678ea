"""The consents tab: what the insured agreed to, per purpose and party, and what a withdrawal blocks (Z5)."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dossiers.consents import DATA_PROCESSING, GIVEN, Consent, register
from dossiers.policies import may_read_consents
from dossiers.reading import entries_of, facts_of
from tnw.core import clock
from tnw.web import words
from tnw.web.acts.act import Occasion
from tnw.web.acts.registry import ACTS
from tnw.web.page import ActingRequest, page
from tnw.web.views import case
from trajects.fact_words import CODES
from trajects.policies.sharing import CONSULTATION, EMPLOYER_REFERRAL, REGIONAL_SERVICE

RECORDED_BY = ("consent", "consult")
# What each consent carries: without it, or once it is withdrawn, nothing of this is done.
CARRIES: dict[tuple[str, str], words.Word] = {
    (DATA_PROCESSING, ""): gettext_lazy(
        "the traject that runs, which stops; the routes that wait for this consent, which close; sharing with anybody"
    ),
    (EMPLOYER_REFERRAL, ""): gettext_lazy("the referral to the occupational physician"),
    (CONSULTATION, REGIONAL_SERVICE): gettext_lazy(
        "registration forms and steps at the regional employment service, consultations of it and contacts with it"
    ),
    (CONSULTATION, ""): gettext_lazy("consultations of this party and contacts with it"),
}


class Line(NamedTuple):
    """A consent in words; `steps` are what was said before, the latest first."""

    purpose: words.Word
    party: words.Word
    tone: str
    state: words.Word
    since: date
    steps: list[tuple[date, words.Word]]
    blocks: str = ""


@page(may_read_consents)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    facts = facts_of(entries_of(request.actor, dossier))
    occasion = Occasion(dossier, request.actor, clock.today())
    here = reverse("dossier_consents", args=[dossier.public_id])
    acts = [
        (str(act.title(occasion)), f"{reverse('act', args=[dossier.public_id, act.slug])}?next={here}")
        for act in (ACTS[slug] for slug in RECORDED_BY)
        if act.allowed(occasion)
    ]
    context = {"consents": [_line(consent) for consent in register(facts)], "acts": acts}
    return case.show(request, dossier, "dossier/consents.html", "dossier_consents", context)


def _line(consent: Consent) -> Line:
    tone, state = words.CONSENTS[consent.state]
    return Line(
        CODES["purpose"].get(consent.purpose, consent.purpose),
        CODES["party"].get(consent.party, consent.party),
        tone,
        state,
        consent.since,
        [(step.on, words.CONSENTS[step.state][1]) for step in reversed(consent.steps)],
        blocks(consent),
    )


def blocks(consent: Consent) -> str:
    """What a withdrawal blocks at once, or what is blocked as this consent stands."""
    key = (consent.purpose, consent.party)
    what = CARRIES.get(key) or CARRIES.get((consent.purpose, ""))
    if not what or (consent.purpose == CONSULTATION and not consent.party):
        return ""
    if consent.state == GIVEN:
        return _("A withdrawal blocks at once: %(what)s.") % {"what": what}
    return _("Blocked now: %(what)s.") % {"what": what}
