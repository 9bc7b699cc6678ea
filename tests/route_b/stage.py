"""A dossier on its way through route B, beside what happens in route A: every step through its service."""

from datetime import date

from routing.services import route_b as services
from routing.services.first_contact import plan_first_contact
from tests.route_a.stage import COORDINATOR, DOCTOR, Case
from trajects.services import contacts

START = date(2026, 1, 5)


class Request(Case):
    """One insured person who asks for contact; what happens in route A is that of `Case`."""

    def request(self) -> None:
        self.act(services.request_contact, COORDINATOR, note="By phone, about the former job.")

    def plan_first(self, day: date, hour: int = 10) -> str:
        at = self.moment(day, hour)
        return str(self.act(plan_first_contact, COORDINATOR, at=at, form="in_person"))

    def meet_b(self, consent: str = "given", subject: str = "") -> None:
        self.act(
            services.hold_first_contact, COORDINATOR, form="in_person", report="Spoken of the former job.",
            role_explained=True, consent=consent, subject=subject,
        )  # fmt: skip

    def ask(self, aim: str = "training", step: str = "") -> None:
        self.act(services.ask_permission, COORDINATOR, aim=aim, first_step=step, note="Wishes to begin soon.")

    def grant(self) -> None:
        self.act(services.grant, DOCTOR, note="Fit for it.")

    def deny(self) -> None:
        self.act(
            services.refuse, DOCTOR, reason="The back does not bear it.", for_insured="Not yet possible."
        )

    def meet_again(self) -> None:
        self.act(contacts.hold_contact, COORDINATOR, form="phone", report="The refusal explained.")

    def close_b(self, reason: str = "declined", by: str = COORDINATOR) -> None:
        self.act(services.close_route, by, reason=reason)

    @property
    def b(self) -> str:
        """The state of the newest route B."""
        states = {key: state for key, state in self.states.items() if key.startswith("route_b ")}
        return states[max(states)] if states else ""
