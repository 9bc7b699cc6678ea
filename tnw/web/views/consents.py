"""The consents tab: what the insured agreed to, per purpose and party."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dossiers.consents import Consent, register
from dossiers.policies import may_read_consents
from dossiers.reading import entries_of, facts_of
from tnw.web import words
from tnw.web.fact_words import CODES
from tnw.web.views import case
from tnw.web.views.page import ActingRequest, page


class Line(NamedTuple):
    """A consent in words; `steps` are what was said before, the latest first."""

    purpose: words.Word
    party: words.Word
    tone: str
    state: words.Word
    since: date
    steps: list[tuple[date, words.Word]]


@page(may_read_consents)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    facts = facts_of(entries_of(request.actor, dossier))
    context = {"consents": [_line(consent) for consent in register(facts)]}
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
    )
