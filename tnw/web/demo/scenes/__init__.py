"""Some lives told backwards from the first day of the demo, so that every deadline and everything that can happen is met.

`ENDED` is the last recognized day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tnw.web.demo.course import COORDINATOR, DOCTOR, Course, Life
from tnw.web.demo.people import chance, enterprise_number, person
from tnw.web.demo.scenes import of_deadlines, of_steps
from tnw.web.demo.scenes.told import ENDED, GUIDED, NO_CONTRACT, UNKNOWN, Scene

FIRST_NUMBER = 900_001
SCENES = (*of_deadlines.SCENES, *of_steps.SCENES)


def play(seed: int, fund: str, origin: date) -> Iterator[Life]:
    """The life of every scene."""
    for number, scene in enumerate(SCENES, start=FIRST_NUMBER):
        start = origin - timedelta(days=scene.began)
        employed = {
            **NO_CONTRACT,
            "regime": "employee",
            "employer_number": enterprise_number(number - FIRST_NUMBER + 1),
        }
        told = employed if scene.contract else NO_CONTRACT
        course = Course(person(seed, fund, number, start, **told), chance(seed, fund, number))
        course.prompt = True
        course.say(
            start + timedelta(days=6),
            cause="illness", statutory_civil_servant="false", employment_contract=str(scene.contract).lower(),
        )  # fmt: skip
        if scene.began > 380 and scene.recognized:
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
                if kind == "appointment_made":
                    course.invite(day, subject, said.pop("day"), by=by, **said)
                else:
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
