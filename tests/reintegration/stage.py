"""A dossier whose traject runs: the formal part, its declaration and the end, each step through its service."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from dossiers.scans import Upload
from tests.route_a.stage import COORDINATOR, DOCTOR, Case, refused
from trajects import signatures
from trajects.models import EngagementDeclaration, ReintegrationTraject, Traject
from trajects.services import contacts, declaration, reintegration, signing, traject

TEXT = "Samen zoeken naar passend werk."
CARD = "Identity card seen."
SCAN = Upload("signed.pdf", b"%PDF-1.7 what was signed")
MARCH, APRIL = date(2026, 3, 9), date(2026, 4, 6)
DAY = timedelta(1)


def fails(code: str, act: Callable[[], object]) -> None:
    with refused(code):
        act()


class Part(Case):
    """Names of what happens beside those of route A."""

    def on(self, day: date) -> "Part":
        super().on(day)
        return self

    def running(self, day: date, step: str = "guidance") -> "Part":
        """A traject since that day, by route A."""
        self.on(day).record("assessment_made", category=4)
        self.record("referral_made")
        self.record("first_contact_held", route="A", form="phone")
        self.record("consent_given", purpose="data_processing")
        self.record("first_step_chosen", step=step)
        self.record("traject_started", route="A")
        return self

    def talk(self) -> None:
        self.act(contacts.hold_contact, COORDINATOR, form="phone", report="Talked.")

    def start(self, condition: int = 1, *, agreed: bool = True) -> None:
        self.act(reintegration.start, COORDINATOR, condition=condition, agreed=agreed)

    def suspend(self, reason: str = "illness") -> None:
        self.act(reintegration.suspend, COORDINATOR, reason=reason, note="")

    def resume(self) -> None:
        self.act(reintegration.resume, COORDINATOR)

    def draw_up(self, text: str = TEXT) -> str:
        return str(self.act(declaration.draw_up, COORDINATOR, text=text))

    def sign(self, subject: str, *roles: str) -> None:
        for role in roles:
            if role == "insured":
                self.act(signing.record_signature, COORDINATOR, **self.on_paper(subject))
            else:
                self.sign_as(role, subject, role)

    def sign_as(self, by: str, subject: str, role: str, **otherwise: Any) -> None:
        """Somebody who just confirmed who that is, under the PDF that stands."""
        confirmed = self.moment(self.day, hour=17)
        told = {"sha256": self.read(subject), "confirmed_at": confirmed, **otherwise}
        self.act(signing.sign, by, subject=subject, role=role, **told)

    def on_paper(self, subject: str, **otherwise: Any) -> dict[str, Any]:
        """What is told of a signature of the insured."""
        told = {"method": "paper", "statement": CARD, "evidence": SCAN, "sha256": self.read(subject)}
        return {"subject": subject, **told, **otherwise}

    def read(self, subject: str) -> str:
        """The hash of the PDF that is to be signed; none where there is no such declaration."""
        found = signatures.kept(self.dossier, subject)
        return found.sha256 if found else ""

    def signed_by_all(self) -> str:
        self.sign(subject := self.draw_up(), "insured", COORDINATOR, DOCTOR)
        return subject

    def change(self, subject: str, text: str = "Another text.") -> str:
        return str(self.act(declaration.change, COORDINATOR, subject=subject, text=text))

    def refuse(self, subject: str, role: str, by: str = COORDINATOR) -> None:
        self.act(declaration.refuse, by, subject=subject, role=role, reason="Not like this.")

    def agree(self, version: int = 1) -> None:
        self.record("plan_agreed", version=version)

    def move(self, subject: str, day: date) -> None:
        self.act(contacts.move, COORDINATOR, subject=subject, at=self.moment(day), form="phone")

    def end_part(self, result: str = "no_result", **more: Any) -> None:
        self.act(reintegration.end, COORDINATOR, result=result, **more)

    def end(self, result: str = "no_result", **more: Any) -> None:
        self.act(traject.end, COORDINATOR, result=result, **more)

    def stop(self) -> None:
        self.act(traject.stop, COORDINATOR)

    def come_to(self, stage: str) -> str:
        """The formal part at that stage, since early March; gives its declaration, where there is one."""
        self.on(MARCH)
        if stage == "no part":
            return ""
        self.start()
        subject = self.draw_up()
        if stage == "awaiting_signatures":
            self.sign(subject, "insured")
            return subject
        self.sign(subject, "insured", COORDINATOR, DOCTOR)
        if stage in ("in_review", "evaluated"):
            self.record("plan_meeting_held")
            self.agree()
        if stage == "evaluated":
            self.act(reintegration.evaluate_plan, COORDINATOR, evaluation="Two courses followed.")
        if stage == "suspended":
            self.on(self.day + DAY).suspend()
        return subject

    # --- what there is then

    @property
    def parts(self) -> list[ReintegrationTraject]:
        return list(ReintegrationTraject.objects.filter(dossier=self.dossier).order_by("number"))

    @property
    def part(self) -> str:
        return self.parts[-1].state

    @property
    def whole(self) -> Traject:
        return Traject.objects.filter(dossier=self.dossier).latest("number")

    def declared(self, subject: str) -> EngagementDeclaration:
        return EngagementDeclaration.objects.get(dossier=self.dossier, subject=subject)
