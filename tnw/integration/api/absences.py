"""What follows on an absence in route A (X1 to X3), to read: letters, and the reduction that a second person confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from dossiers import acts
from dossiers.law.facts import Fact
from dossiers.law.kinds import LETTER_STEPS
from tnw.integration.api import nouns
from tnw.integration.api.nouns import AT
from tnw.integration.api.trajects import DOSSIER
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from trajects.models import AbsenceProcedure as Row
from trajects.models.absence import PURPOSES, AbsenceState
from trajects.policies.absence import ladder

TAG = "Absence procedures"
READ = "absenceProcedure:read"
STEPS = [one for one in LETTER_STEPS if one != "training_decision"]


class AbsenceLetter(Shape):
    """A registered letter that was sent."""

    step = Code(STEPS)
    sent_on = serializers.DateField(source="on")


class Reduction(Shape):
    """The reduction of the daily benefit, as it was confirmed."""

    start_date = serializers.DateField(source="reduced_from")
    end_date = serializers.DateField(
        source="reduced_to", required=False, help_text="Left out while it is not known."
    )
    percentage = serializers.DecimalField(5, 2, source="percent", coerce_to_string=False)


class AbsenceProcedure(Shape):
    """What follows on one absence; nothing here pays or reduces a benefit."""

    id = serializers.UUIDField(source="row.public_id")
    href = Link("/absenceProcedures/{row.public_id}")
    dossier = Link("/dossiers/{row.dossier.public_id}")
    state = Code(AbsenceState, source="row.state")
    purpose = Code(PURPOSES, source="row.purpose", help_text="Of the appointment that was missed.")
    step = Code(
        STEPS, required=False, help_text="Of those that count; left out where it is excused or withdrawn."
    )
    absent_on = serializers.DateField(source="row.absent_on")
    letters = AbsenceLetter(many=True)
    new_date_asked_on = serializers.DateField(source="row.asked_on", required=False)
    attended_on = serializers.DateField(source="row.attended_on", required=False)
    reduction = Reduction(required=False)


@dataclass
class Told:
    """An absence, with its place among those of its dossier, and its letters."""

    row: Row
    step: str | None
    letters: list[dict[str, Any]]

    @property
    def reduction(self) -> Row | None:
        return self.row if self.row.reduced_from else None


def _told(rows: list[Row]) -> list[Told]:
    """Absences of one dossier."""
    if not rows:
        return []
    dossier = rows[0].dossier
    steps = ladder(dossier)
    sent = [fact for fact in acts.happened(dossier) if fact.kind == "registered_letter_sent"]
    return [Told(row, steps.get(row.subject), _letters(sent, row.subject)) for row in rows]


def _letters(sent: Iterable[Fact], subject: str) -> list[dict[str, Any]]:
    return [{"step": one.values["step"], "on": one.on} for one in sent if one.subject == subject]


EXAMPLE = nouns.example_of(
    "/absenceProcedures", "0190b2c4-6a53-7a10-9c39-5d0e8f7a1b10", dossier=f"{AT}/dossiers/{DOSSIER}",
    state="reductionConfirmed", purpose="firstContact", step="second", absentOn="2026-10-12",
    letters=[{"step": "second", "sentOn": "2026-10-13"}], newDateAskedOn="2026-10-16",
    reduction={"startDate": "2026-10-12", "endDate": "2026-10-16", "percentage": 10.0},
)  # fmt: skip


class AbsenceProcedures(Resource):
    tag = TAG

    @operation(
        "listAbsenceProcedures", "List the absence procedures of a dossier", scope=READ, gives=AbsenceProcedure,
        many=True, answer_example=nouns.example_list(f"/dossiers/{DOSSIER}/absenceProcedures", EXAMPLE),
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        rows = Row.objects.visible_to(call.actor).filter(dossier=call.dossier(dossier_id, "incapacity"))
        related = rows.select_related("dossier__incapacity").order_by("absent_on", "pk")
        return call.listed(AbsenceProcedure, _told(list(related)))


class OneAbsenceProcedure(Resource):
    tag = TAG

    @operation(
        "getAbsenceProcedure", "Read an absence procedure", scope=READ, gives=AbsenceProcedure,
        answer_example=EXAMPLE,
    )  # fmt: skip
    def get(self, call: Call, absence_procedure_id: UUID) -> Response:
        one = call.one(Row.objects.visible_to(call.actor), absence_procedure_id)
        return call.shown(AbsenceProcedure, *_told([one]))
