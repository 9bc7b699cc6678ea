"""Engagement declarations and the state of their signatures (Z2): drawn up and signed on the pages, read here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers import acts
from dossiers.law.facts import Fact
from dossiers.law.kinds import METHODS, ROLES
from dossiers.models import Document
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT
from tnw.integration.api.trajects import DOSSIER
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from tnw.integration.rest.schema import PLACES
from trajects import signatures
from trajects.models import EngagementDeclaration as Row
from trajects.models.declaration import FALLEN, DeclarationState

TAG = "Declarations"
READ = "declaration:read"
AWAITED, SIGNED, REFUSED, LAPSED = STATES = ("awaited", "signed", "refused", "lapsed")
_DAYS = {"insured": "insured_on", "coordinator": "coordinator_on", "advisory_doctor": "doctor_on"}


class SignedDocument(Shape):
    """A document, by its address and the SHA-256 of its bytes."""

    href = Link("/documents/{public_id}")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class Declaration(Shape):
    """The positive engagement of insured person, coordinator and advisory doctor."""

    id = serializers.UUIDField(source="row.public_id")
    href = Link("/declarations/{row.public_id}")
    dossier = Link("/dossiers/{row.dossier.public_id}")
    signatures = Link("/declarations/{row.public_id}/signatures")
    state = Code(DeclarationState, source="row.state")
    drawn_up_on = serializers.DateField(source="row.drawn_up_on")
    completed_on = serializers.DateField(source="row.completed_on", required=False)
    refused_on = serializers.DateField(required=False)
    voided_on = serializers.DateField(required=False)
    document = SignedDocument(required=False, help_text="What is signed.")
    sealed_document = SignedDocument(
        required=False, help_text="The same with its signatures, under the fund's seal."
    )


class Signature(Shape):
    """What one of the three did; who, and why not, is told on the pages."""

    href = Link("/declarations/{row.public_id}/signatures/{place}")
    role = Code(ROLES)
    state = Code(STATES, help_text="Lapsed: it is not waited for any more.")
    method = Code(METHODS, required=False)
    on = serializers.DateField(required=False)


@dataclass
class Told:
    """A declaration, with what its facts say beside its row."""

    row: Row
    facts: Mapping[str, Fact]
    documents: Mapping[tuple[str, str], Document]

    def _day(self, kind: str) -> date | None:
        return self.facts[kind].on if kind in self.facts else None

    @property
    def refused_on(self) -> date | None:
        return self._day("declaration_refused")

    @property
    def voided_on(self) -> date | None:
        return self._day("declaration_voided")

    @property
    def document(self) -> Document | None:
        return self.documents.get((self.row.subject, signatures.TO_SIGN))

    @property
    def sealed_document(self) -> Document | None:
        return self.documents.get((self.row.subject, signatures.SEALED))


def _told(rows: list[Row]) -> list[Told]:
    """Declarations of one dossier."""
    if not rows:
        return []
    facts, documents = acts.happened(rows[0].dossier), signatures.all_kept(rows[0].dossier)
    return [
        Told(row, {_key(fact): fact for fact in facts if fact.subject == row.subject}, documents)
        for row in rows
    ]


def _key(fact: Fact) -> str:
    role = fact.get("role", "")
    return f"{fact.kind}:{role}" if fact.kind == "declaration_signed" else fact.kind


def _signatures(one: Told) -> list[dict[str, Any]]:
    """Of each of the three, in the order of the law."""
    return [_signature(one, role) for role in ROLES]


def _signature(one: Told, role: str) -> dict[str, Any]:
    row = one.row
    on, fact = getattr(row, _DAYS[role]), one.facts.get(f"declaration_signed:{role}")
    told = {"row.public_id": row.public_id, "place": PLACE[role], "role": role, "on": on}
    if on:
        return told | {"state": SIGNED, "method": fact.get("method") if fact else None}
    if row.refused_by == role:
        return told | {"state": REFUSED, "on": one.refused_on}
    return told | {"state": LAPSED if row.state in FALLEN else AWAITED}


ID = "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b06"
PLACE = {"insured": "insured", "coordinator": "coordinator", "advisory_doctor": "advisoryDoctor"}
PLACES["role"] = {"type": "string", "enum": list(PLACE.values())}
EXAMPLE = nouns.example_of(
    "/declarations", ID, dossier=f"{AT}/dossiers/{DOSSIER}", signatures=f"{AT}/declarations/{ID}/signatures",
    state="signedBySome", drawnUpOn="2026-09-21",
    document={"href": f"{AT}/documents/0190b2c4-6a53-7a10-9c39-5d0e8f7a1b07", "sha256": "5e" * 32},
)  # fmt: skip
GIVEN = {
    "href": f"{AT}/declarations/{ID}/signatures/insured", "role": "insured", "state": "signed", "method": "eid",
    "on": "2026-09-23",
}  # fmt: skip


def _one(call: Call, declaration_id: UUID) -> Told:
    (told,) = _told([call.one(Row.objects.visible_to(call.actor), declaration_id)])
    return told


class Declarations(Resource):
    tag = TAG

    @operation(
        "listDeclarations", "List the engagement declarations of a dossier", scope=READ, gives=Declaration, many=True,
        description="Another text is another declaration: the earlier one is void.",
        answer_example=nouns.example_list(f"/dossiers/{DOSSIER}/declarations", EXAMPLE),
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        rows = Row.objects.visible_to(call.actor).filter(dossier=call.dossier(dossier_id))
        return call.listed(Declaration, _told(list(rows.select_related("dossier").order_by("pk"))))


class OneDeclaration(Resource):
    tag = TAG

    @operation(
        "getDeclaration",
        "Read an engagement declaration",
        scope=READ,
        gives=Declaration,
        answer_example=EXAMPLE,
    )
    def get(self, call: Call, declaration_id: UUID) -> Response:
        return call.shown(Declaration, _one(call, declaration_id))


class Signatures(Resource):
    tag = TAG

    @operation(
        "listSignatures", "List the signatures of a declaration, given or awaited", scope=READ, gives=Signature, many=True,
        description="Of the insured person, the coordinator and the advisory doctor; signing itself is done on the pages.",
        answer_example=nouns.example_list(f"/declarations/{ID}/signatures", GIVEN),
    )  # fmt: skip
    def get(self, call: Call, declaration_id: UUID) -> Response:
        return call.listed(Signature, _signatures(_one(call, declaration_id)))


class OneSignature(Resource):
    tag = TAG

    @operation(
        "getSignature", "Read the state of a signature", scope=READ, gives=Signature, answer_example=GIVEN
    )
    def get(self, call: Call, declaration_id: UUID, role: str) -> Response:
        one = _one(call, declaration_id)
        for own, place in PLACE.items():
            if place == role:
                return call.shown(Signature, _signature(one, own))
        raise Http404
