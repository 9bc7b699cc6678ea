"""A dossier with an employer, in a traject or at the contact of route B: every step through its service."""

from datetime import date

from routing.services import consents
from routing.services import employer as referrals
from tests.route_a.stage import COORDINATOR
from tests.route_b.stage import Request
from tnw.web.demo.people import enterprise_number
from trajects.services import consultation, partner
from trajects.services import employer as services

START = date(2026, 1, 5)
# A traject runs since this day.
RUNS = date(2026, 4, 13)
EMPLOYED = {"employment_contract": "true", "employer_number": enterprise_number(12_345)}


class Work(Request):
    """What happens with the employer, regional services and others; routes and contacts are those of `Request`."""

    # --- how it begins

    def started(self, step: str = "guidance") -> "Work":
        """A traject by route A."""
        self.on(date(2026, 4, 6)).assess(4, refer=True)
        self.on(RUNS).meet(step=step)
        return self

    def asked(self) -> "Work":
        """Route B at its contact."""
        self.on(date(2026, 2, 2)).request()
        self.sent()
        self.on(date(2026, 2, 9)).returned()
        self.on(date(2026, 2, 16)).meet_b()
        return self

    # --- what people do

    def propose(self) -> None:
        self.act(referrals.propose, COORDINATOR, note="To talk of lighter work.")

    def answer(self, *, agreed: bool) -> None:
        self.act(referrals.answer, COORDINATOR, agreed=agreed)

    def to_physician(self, asks_for: str = "visit", *, agreed: bool = True) -> None:
        self.act(referrals.refer, COORDINATOR, asks_for=asks_for, agreed=agreed)

    def visit(self, outcome: str) -> None:
        self.act(services.record_visit, COORDINATOR, outcome=outcome, note="The desk can be lowered.")

    def not_asked(self) -> None:
        self.act(services.decide_not_to_ask, COORDINATOR)

    def start_at_employer(self, by: str = "employer") -> None:
        self.act(services.start, COORDINATOR, requested_by=by)

    def end_at_employer(self, decision: str = "B", refused_by: str = "") -> None:
        self.act(services.end, COORDINATOR, decision=decision, refused_by=refused_by)

    def consent(self, answer: str, purpose: str = "consultation", party: str = "") -> None:
        self.act(consents.record_consent, COORDINATOR, answer=answer, purpose=purpose, party=party)

    def backdated_withdrawal(self, on: date, party: str) -> None:
        self.backdated(
            consents.record_consent, COORDINATOR, on, answer="withdrawn", purpose="consultation", party=party
        )

    def withdrawn_on(self, on: date) -> None:
        """Data processing; told today, of another day."""
        self.backdated(
            consents.record_consent, COORDINATOR, on, answer="withdrawn", purpose="data_processing"
        )

    def consult(self, party: str, by: str = COORDINATOR) -> None:
        self.act(consultation.hold, by, party=party, report="What work remains possible.")

    def draw_up(self, service: str = "vdab") -> str:
        return str(self.act(partner.draw_up, COORDINATOR, service=service, form="Looks for office work."))

    def send(self, subject: str) -> None:
        self.act(partner.send, COORDINATOR, subject=subject)

    def answered(self, subject: str, *, accepted: bool = True) -> None:
        self.act(partner.answer, COORDINATOR, subject=subject, accepted=accepted)

    def service_step(self, subject: str, step: str) -> None:
        self.act(partner.take_step, COORDINATOR, subject=subject, step=step)

    def end_partner(self, subject: str) -> None:
        self.act(partner.end, COORDINATOR, subject=subject)

    # --- what there is then

    def of(self, name: str) -> list[str]:
        """The states of the machines of a name, in their order."""
        return [state for key, state in self.states.items() if key.split()[0] == name]
