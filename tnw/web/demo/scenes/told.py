"""What scenes are told with: a step is so many days ago, what, by whom, about which, and what was said."""

from datetime import timedelta
from typing import Any, NamedTuple

from tnw.web.demo.course import COORDINATOR, DOCTOR, LEAD

ENDED = "ended"

Step = tuple[int, str, str, str, dict[str, Any]]


class Scene(NamedTuple):
    """What it shows, when the incapacity began (days ago), what went before as usual, and then the steps."""

    shows: str
    began: int
    before: str
    steps: tuple[Step, ...]
    contract: bool = False
    recognized: bool = True  # the invalidity, once it has come to that


def coordinator(ago: int, kind: str, subject: str = "", /, **values: Any) -> Step:
    return ago, kind, COORDINATOR, subject, values


def doctor(ago: int, kind: str, subject: str = "", /, **values: Any) -> Step:
    return ago, kind, DOCTOR, subject, values


def closed(ago: int, route: str) -> Step:
    return coordinator(ago, "route_closed", route=route, reason="declined")


def over(ago: int) -> Step:
    return ago, ENDED, COORDINATOR, "", {}


def request(contact: int) -> tuple[Step, ...]:
    """Route B up to its first contact."""
    return (
        coordinator(contact + 18, "contact_requested"),
        coordinator(contact, "first_contact_held", route="B", form="in_person"),
        coordinator(contact, "consent_given", purpose="data_processing"),
    )


def asked(ago: int) -> Step:
    return coordinator(ago, "permission_requested", aim="other_activity")


def refused(contact: int, refused: int) -> tuple[Step, ...]:
    """Route B up to a refusal."""
    return (*request(contact), asked(refused + 4), doctor(refused, "permission_refused"))


def declared(ago: int) -> tuple[Step, ...]:
    """The formal part up to the last signature."""
    signed = (
        (COORDINATOR, "insured", "on_screen"),
        (COORDINATOR, "coordinator", "application"),
        (DOCTOR, "advisory_doctor", "application"),
    )
    return (
        coordinator(ago + 12, "reintegration_started", condition=1),
        coordinator(ago + 8, "declaration_drawn_up", "declaration-1"),
        *(
            (ago, "declaration_signed", by, "declaration-1", {"role": role, "method": method})
            for by, role, method in signed
        ),
        coordinator(ago, "declaration_completed", "declaration-1"),
    )


def agreed(ago: int) -> tuple[Step, ...]:
    """The formal part up to the plan."""
    return (
        *declared(ago + 25),
        coordinator(ago + 4, "plan_meeting_held"),
        coordinator(ago, "plan_agreed", version=1),
    )


def suspended(ago: int) -> Step:
    return coordinator(ago, "traject_suspended", "suspension-1", reason="illness")


def no_longer(ago: int) -> Step:
    return coordinator(ago, "reintegration_ended", result="no_result")


def trained(ago: int) -> tuple[Step, ...]:
    """A training, from the proposal to its success."""
    subject = "training-1"
    return (
        coordinator(ago + 130, "training_proposed", subject),
        doctor(ago + 126, "training_advised", subject, favorable=True),
        coordinator(ago + 120, "training_submitted", subject),
        coordinator(ago + 112, "training_reviewed", subject, favorable=True),
        coordinator(
            ago + 106,
            "training_decided",
            subject,
            **{"approved": True, "from": timedelta(-ago - 95), "to": timedelta(-ago)},
        ),
        coordinator(ago, "training_completed", subject, success=True),
    )


def work(ago: int, starts_in: int) -> Step:
    """Adapted work; `starts_in` is counted from the first day of the demo too."""
    return coordinator(ago, "adapted_work_planned", "w-1", starts_on=timedelta(days=starts_in))


def declared_work(ago: int) -> Step:
    return coordinator(ago, "adapted_work_declared", "w-1")


def lead(ago: int, kind: str, subject: str, first: int, last: int | None = None) -> Step:
    """A reduction from a day so many days ago, up to one where that is known."""
    to = {} if last is None else {"to": timedelta(-last)}
    return ago, kind, LEAD, subject, {"from": timedelta(-first), "percent": "10", **to}


def registered(ago: int) -> Step:
    return coordinator(
        ago, "registration_reported", "c-1", service="vdab", registered_on=timedelta(days=-ago - 2)
    )


def invited(ago: int, subject: str, day: int, purpose: str, **values: str) -> Step:
    """An appointment, made so many days ago for a day so many days ago, or ahead where that is negative."""
    said = {"purpose": purpose, "form": "in_person", **values}
    return coordinator(ago, "appointment_made", subject, day=timedelta(-day), **said)


def absent(number: int, day: int) -> tuple[Step, ...]:
    """A first contact of route A that was missed, the so many-th."""
    subject = f"first-{number}"
    return (
        invited(day + 8, subject, day, "first_contact"),
        coordinator(day, "absence_recorded", subject, purpose="first_contact"),
    )


def letter(number: int, day: int) -> Step:
    step = {1: "first", 2: "second"}.get(number, "again")
    return coordinator(day, "registered_letter_sent", f"first-{number}", step=step, proof=f"RR{number:09}BE")


def referred(ago: int) -> tuple[Step, ...]:
    return doctor(ago + 3, "assessment_made", category=4), doctor(ago, "referral_made")


def agrees(ago: int, purpose: str, party: str) -> Step:
    return coordinator(ago, "consent_given", purpose=purpose, party=party)


def to_physician(ago: int) -> tuple[Step, ...]:
    """The referral to the occupational physician, with the agreement for it."""
    return (
        agrees(ago, "employer_referral", "occupational_physician"),
        coordinator(ago, "occupational_referral_made"),
    )


def form_sent(ago: int) -> tuple[Step, ...]:
    return (
        coordinator(ago + 6, "partner_form_drawn_up", "partner-1", service="vdab"),
        agrees(ago, "consultation", "regional_service"),
        coordinator(ago, "partner_form_sent", "partner-1", service="vdab"),
    )


GUIDED, FOLLOWED, UNKNOWN = "guided", "followed", ""
NO_CONTRACT = {"regime": "unemployed", "employer_number": "", "email": ""}
