"""What the insured agreed to, per purpose and party, and what he decides next (A6, Z5)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.acts import head_of
from dossiers.consents import STATES, register
from dossiers.law.kinds import CONSENTS, PARTIES
from dossiers.models import Dossier
from dossiers.projection import facts_of
from routing.services.consents import record_consent
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT, Step
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation

TAG = "Consents"
READ, WRITE = "consent:read", "consent:write"
DECISIONS = tuple(STATES.values())


@dataclass(frozen=True)
class Standing:
    """How the consent for a purpose and a party stands, and under which id: always the same one."""

    dossier: Dossier
    purpose: str
    party: str
    state: str
    since: date

    @property
    def id(self) -> UUID:
        return uuid5(self.dossier.public_id, f"consent/{self.purpose}/{self.party}")


class Consent(Shape):
    """A consent for one purpose and, where something is shared, one party."""

    id = serializers.UUIDField()
    href = Link("/dossiers/{dossier.public_id}/consents/{id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    purpose = Code(CONSENTS)
    party = Code(PARTIES, required=False)
    state = Code(DECISIONS)
    since = serializers.DateField(help_text="Since when it stands so without a break.")


class ConsentDecision(Step):
    """What the insured person answered, or takes back. A withdrawal blocks the sharing from now on."""

    purpose = Code(CONSENTS)
    party = Code(PARTIES, required=False, help_text="With whom: a yes to a consultation names one.")
    decision = Code(DECISIONS)


_DOSSIER = "01939b6e-6a2f-7c3a-8f10-6a1d0f0c2b7e"
_SHOWN = nouns.example_of(
    f"/dossiers/{_DOSSIER}/consents", "5d0c3f8e-1a2b-5c4d-9e6f-7a8b9c0d1e2f", dossier=f"{AT}/dossiers/{_DOSSIER}",
    purpose="consultation", party="treatingDoctor", state="given", since="2026-11-16",
)  # fmt: skip


def _standing(dossier: Dossier) -> list[Standing]:
    """The register, in the order in which they were first asked."""
    return [
        Standing(dossier, one.purpose, one.party, one.state, one.since)
        for one in register(facts_of([dossier.pk]).get(dossier.pk, ()))
    ]


class Consents(Resource):
    tag = TAG

    @operation(
        "listConsents", "List the consents of a dossier, per purpose and party", scope=READ, gives=Consent, many=True,
        answer_example=nouns.example_list(f"/dossiers/{_DOSSIER}/consents", _SHOWN),
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        return call.listed(Consent, _standing(call.dossier(dossier_id)))


class OneConsent(Resource):
    tag = TAG

    @operation("getConsent", "Read how a consent stands", scope=READ, gives=Consent, answer_example=_SHOWN)
    def get(self, call: Call, dossier_id: UUID, consent_id: UUID) -> Response:
        found = (one for one in _standing(call.dossier(dossier_id)) if one.id == consent_id)
        if (one := next(found, None)) is None:
            raise Http404
        return call.shown(Consent, one)


class ConsentDecisions(Resource):
    tag = TAG

    @operation(
        "createConsentDecision",
        "Record what the insured person agrees to, refuses or takes back",
        scope=WRITE,
        takes=ConsentDecision,
        gives=Consent,
        step=True,
        creates=True,
        problems=["transitionNotAllowed"],
        description="The consent for data processing is asked at the first contact; taken back, it stops the traject "
        "that runs. The answer is the consent as it stands then.",
        example={
            "purpose": "consultation",
            "party": "treatingDoctor",
            "decision": "given",
            "on": "2026-11-16",
        },
        answer_example=_SHOWN,
    )
    def post(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        decide = nouns.renamed(record_consent, answer="decision")
        on, told = call.take_day(), dict(call.body)
        told["answer"] = told.pop("decision")
        key = decide(dossier_id=dossier_id, actor=call.actor, on=on, seen=call.seen, **told)
        made: Any = next(one for one in _standing(dossier) if (one.purpose, one.party) == key)
        return call.created(Consent, made, version=head_of(dossier))
