"""A training on its way through its services, on fixed days, by whom each act belongs to."""

from datetime import date
from typing import Any

from tests.route_a.stage import COORDINATOR, DOCTOR, Case
from trajects.models import TrainingProject
from trajects.services import training as services

STARTED = date(2026, 2, 2)


class Training:
    """The training that was proposed last, in a case whose traject runs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.subject = ""
        case.on(STARTED).record("contact_requested")
        case.returned()
        case.record("first_contact_held", route="B", form="in_person")
        case.record("permission_requested", aim="training")
        case.record("permission_granted")
        case.record("traject_started", route="B")

    def on(self, text: str) -> "Training":
        self.case.on(date.fromisoformat(text))
        return self

    def propose(self, what: str = "Welder, in Gent", proposed_by: str = "insured") -> str:
        self.subject = self.case.act(services.propose, COORDINATOR, proposed_by=proposed_by, what=what)
        return self.subject

    def advise(self, *, favorable: bool, medical: str = "The back.", insured: str = "Too heavy.") -> None:
        texts = {"medical": medical, "insured": insured}
        self.case.act(services.advise, DOCTOR, subject=self.subject, favorable=favorable, **texts)

    def submit(self) -> None:
        self._act(services.submit)

    def review(self, *, favorable: bool = True) -> None:
        self._act(services.review, favorable=favorable)

    def decide(self, first: str = "", last: str = "", *, approved: bool | None = None) -> None:
        days = {
            name: date.fromisoformat(day) for name, day in (("first_day", first), ("last_day", last)) if day
        }
        self._act(services.decide, approved=bool(days) if approved is None else approved, **days)

    def letter(self, proof: str = "RR 123 456") -> None:
        self._act(services.send_letter, proof=proof)

    def complete(self, *, success: bool) -> None:
        self._act(services.complete, success=success)

    def break_off(self, reason: str = "Another plan.") -> None:
        self._act(services.break_off, reason=reason)

    def reviewed(self) -> None:
        """All up to the decision, a day each in March 2026."""
        self.on("2026-03-02").propose()
        self.on("2026-03-05").advise(favorable=True)
        self.on("2026-03-09").submit()
        self.on("2026-03-20").review()

    @property
    def row(self) -> TrainingProject:
        return TrainingProject.objects.get(dossier=self.case.dossier, subject=self.subject)

    @property
    def state(self) -> str:
        return str(self.row.state)

    def _act(self, service: Any, **values: Any) -> None:
        self.case.act(service, COORDINATOR, subject=self.subject, **values)
