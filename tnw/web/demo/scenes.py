"""Some lives told backwards from the first day of the demo, so that every deadline is met with in every state.

A step is: so many days ago, what, by whom, about which, and what was said. `ENDED` is the last recognized day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from tnw.web.demo.course import COORDINATOR, DOCTOR, SYSTEM, Course, Life
from tnw.web.demo.people import chance, person

FIRST_NUMBER = 900_001
ENDED = "ended"

Step = tuple[int, str, str, str, dict[str, Any]]


class Scene(NamedTuple):
    """What it shows, when the incapacity began (days ago), what went before as usual, and then the steps."""

    shows: str
    began: int
    before: str
    steps: tuple[Step, ...]


def _coordinator(ago: int, kind: str, subject: str = "", /, **values: Any) -> Step:
    return ago, kind, COORDINATOR, subject, values


def _doctor(ago: int, kind: str, subject: str = "", /, **values: Any) -> Step:
    return ago, kind, DOCTOR, subject, values


def _service(ago: int, kind: str, subject: str = "", /, **values: Any) -> Step:
    return ago, kind, SYSTEM, subject, values


def _closed(ago: int, route: str) -> Step:
    return _coordinator(ago, "route_closed", route=route, reason="declined")


def _over(ago: int) -> Step:
    return ago, ENDED, SYSTEM, "", {}


def _request(contact: int) -> tuple[Step, ...]:
    """Route B up to its first contact."""
    return (
        _coordinator(contact + 18, "contact_requested"),
        _coordinator(contact, "first_contact_held", route="B", form="in_person"),
        _coordinator(contact, "consent_given", purpose="data_processing"),
    )


def _asked(ago: int) -> Step:
    return _coordinator(ago, "permission_requested", aim="other_activity")


def _refused(contact: int, refused: int) -> tuple[Step, ...]:
    """Route B up to a refusal."""
    return (*_request(contact), _asked(refused + 4), _doctor(refused, "permission_refused"))


def _declared(ago: int) -> tuple[Step, ...]:
    """The formal part up to the last signature."""
    signed = ((COORDINATOR, "insured"), (COORDINATOR, "coordinator"), (DOCTOR, "advisory_doctor"))
    return (
        _coordinator(ago + 12, "reintegration_started", condition=1),
        _coordinator(ago + 8, "declaration_drawn_up", "declaration-1"),
        *(
            (ago, "declaration_signed", by, "declaration-1", {"role": role, "method": "eid"})
            for by, role in signed
        ),
        _coordinator(ago, "declaration_completed", "declaration-1"),
    )


def _agreed(ago: int) -> tuple[Step, ...]:
    """The formal part up to the plan."""
    return (
        *_declared(ago + 25),
        _coordinator(ago + 4, "plan_meeting_held"),
        _coordinator(ago, "plan_agreed", version=1),
    )


def _suspended(ago: int) -> Step:
    return _coordinator(ago, "traject_suspended", "suspension-1", reason="illness")


def _no_longer(ago: int) -> Step:
    return _coordinator(ago, "reintegration_ended", result="no_result")


def _trained(ago: int) -> tuple[Step, ...]:
    """A training, from the proposal to its success."""
    subject = "training-1"
    return (
        _coordinator(ago + 130, "training_proposed", subject),
        _doctor(ago + 126, "training_advised", subject, favorable=True),
        _coordinator(ago + 120, "training_submitted", subject),
        _service(ago + 106, "training_decided", subject, approved=True),
        _coordinator(ago, "training_completed", subject, success=True),
    )


def _work(ago: int, starts_in: int) -> Step:
    """Adapted work; `starts_in` is counted from the first day of the demo too."""
    return _coordinator(ago, "adapted_work_planned", "w-1", starts_on=timedelta(days=starts_in))


def _registered(ago: int) -> Step:
    return _service(
        ago, "registration_reported", "c-1", service="vdab", registered_on=timedelta(days=-ago - 2)
    )


GUIDED, FOLLOWED, UNKNOWN = "guided", "followed", ""

SCENES = (
    Scene("T3 open", 86, UNKNOWN, (_coordinator(17, "questionnaire_sent", channel="post"),)),
    Scene(
        "T7 open", 130, FOLLOWED, (_doctor(13, "assessment_made", category=4), _doctor(10, "referral_made"))
    ),
    Scene("T8 open", 210, FOLLOWED, (_coordinator(9, "contact_requested"),)),
    Scene("T8 overdue", 230, FOLLOWED, (_coordinator(45, "contact_requested"),)),
    Scene("T8 missed", 240, FOLLOWED, (_coordinator(70, "contact_requested"), _closed(25, "B"))),
    Scene("T8 fallen away", 240, FOLLOWED, (_coordinator(60, "contact_requested"), _closed(45, "B"))),
    Scene("T9 open", 260, FOLLOWED, (*_request(20), _asked(8))),
    Scene("T9 overdue", 280, FOLLOWED, (*_request(50), _asked(40))),
    Scene("T9 missed", 280, FOLLOWED, (*_request(70), _asked(62), _closed(20, "B"))),
    Scene("T9 fallen away", 280, FOLLOWED, (*_request(70), _asked(62), _closed(57, "B"))),
    Scene("T10 open", 300, FOLLOWED, _refused(24, 12)),
    Scene("T10 overdue", 300, FOLLOWED, _refused(70, 58)),
    Scene("T10 met", 330, FOLLOWED, (*_refused(80, 68), _coordinator(58, "contact_held", form="phone"))),
    Scene(
        "T10 met late", 330, FOLLOWED, (*_refused(110, 98), _coordinator(45, "contact_held", form="phone"))
    ),
    Scene("T10 fallen away", 330, FOLLOWED, (*_refused(80, 68), _closed(60, "B"))),
    Scene("T10 missed", 330, FOLLOWED, (*_refused(110, 98), _closed(45, "B"))),
    Scene("T11 open", 250, GUIDED, _declared(14)),
    Scene("T11 overdue", 270, GUIDED, _declared(45)),
    Scene("T11 paused", 270, GUIDED, (*_declared(40), _suspended(22))),
    Scene("T11 missed", 280, GUIDED, (*_declared(70), _no_longer(20))),
    Scene(
        "T11 fallen away",
        280,
        GUIDED,
        (*_declared(60), _coordinator(45, "declaration_voided", "declaration-1")),
    ),
    Scene("T12 overdue", 420, GUIDED, _agreed(130)),
    Scene("T12 paused", 360, GUIDED, (*_agreed(95), _suspended(50))),
    Scene(
        "T12 open, moved by a suspension",
        380,
        GUIDED,
        (*_agreed(110), _suspended(70), _coordinator(40, "traject_resumed", "suspension-1")),
    ),
    Scene(
        "T12 met late", 480, GUIDED, (*_agreed(210), _coordinator(80, "plan_reviewed", with_interview=True))
    ),
    Scene("T12 missed", 480, GUIDED, (*_agreed(180), _no_longer(30))),
    Scene("T14 open", 400, GUIDED, _trained(60)),
    Scene("T14 overdue", 560, GUIDED, _trained(225)),
    Scene("T14 met", 540, GUIDED, (*_trained(200), _doctor(60, "assessment_made", category=2))),
    Scene("T14 met late", 600, GUIDED, (*_trained(265), _doctor(40, "assessment_made", category=2))),
    Scene("T14 fallen away", 500, GUIDED, (*_trained(150), _over(60))),
    Scene("T14 missed", 610, GUIDED, (*_trained(280), _over(30))),
    Scene("T15 open", 190, FOLLOWED, (_work(8, 20),)),
    Scene("T15 overdue", 200, FOLLOWED, (_work(40, -14),)),
    Scene(
        "T15 fallen away", 200, FOLLOWED, (_work(40, 10), _coordinator(25, "adapted_work_cancelled", "w-1"))
    ),
    Scene("T15 missed", 220, FOLLOWED, (_work(60, -30), _coordinator(15, "adapted_work_cancelled", "w-1"))),
    Scene("T16 open", 480, FOLLOWED, (_registered(5),)),
    Scene("T16 overdue", 500, FOLLOWED, (_registered(45),)),
    Scene("T16 met", 500, FOLLOWED, (_registered(60), _coordinator(53, "invalidity_confirmed", "c-1"))),
    Scene("T16 met late", 520, FOLLOWED, (_registered(90), _coordinator(50, "invalidity_confirmed", "c-1"))),
    Scene("T16 fallen away", 520, FOLLOWED, (_registered(60), _closed(54, "C"))),
    Scene("T16 missed", 520, FOLLOWED, (_registered(90), _closed(40, "C"))),
    Scene("T23 open", 115, FOLLOWED, (_doctor(6, "assessment_made", category=4),)),
)


def play(seed: int, fund: str, origin: date) -> Iterator[Life]:
    """The life of every scene."""
    for number, scene in enumerate(SCENES, start=FIRST_NUMBER):
        start = origin - timedelta(days=scene.began)
        told = {"regime": "unemployed", "employer_number": "", "email": ""}
        course = Course(person(seed, fund, number, start, **told), chance(seed, fund, number))
        course.prompt = True
        course.say(
            start + timedelta(days=6),
            cause="illness", statutory_civil_servant="false", employment_contract="false",
        )  # fmt: skip
        if scene.began > 380:
            course.say(start + timedelta(days=350), invalidity_from=course.month(12))
        _begin(course, scene)
        for ago, kind, by, subject, values in scene.steps:
            day = origin - timedelta(days=ago)
            if kind == ENDED:
                course.over(day, "resumed", told=day - timedelta(days=3))
            else:
                said = {name: _day(value, origin) for name, value in values.items()}
                if kind == "questionnaire_sent":
                    said["language"] = course.person.language
                course.do(day, kind, by, subject, **said)
        yield course.life()


def _day(value: Any, origin: date) -> Any:
    return origin + value if isinstance(value, timedelta) else value


def _begin(c: Course, scene: Scene) -> None:
    """What went before as usual: the questionnaire and the assessment, and for `GUIDED` a traject by route A."""
    if scene.before == UNKNOWN:
        return
    after = [c.start + timedelta(days=days) for days in (66, 74, 100, 104, 118)]
    c.do(after[0], "questionnaire_sent", COORDINATOR, channel="post", language=c.person.language)
    c.do(after[1], "questionnaire_received", COORDINATOR, complete=True, channel="post")
    for days in (95, 190, 312):
        if days < scene.began:
            c.do(c.start + timedelta(days=days), "medical_contact_held", DOCTOR, form="in_person")
    if scene.before == GUIDED:
        c.do(after[2], "assessment_made", DOCTOR, category=4)
        c.do(after[3], "referral_made", DOCTOR)
        c.do(after[4], "first_contact_held", COORDINATOR, route="A", form="in_person")
        c.along("consent_given", purpose="data_processing")
        c.along("first_step_chosen", step="guidance")
        c.along("traject_started", route="A")
    else:
        c.do(after[2], "assessment_made", DOCTOR, category=2)
