"""The questionnaire: asked after ten weeks, answered or not (T1 to T3)."""

from datetime import date, timedelta

from dossiers.identifiers import age_on
from dossiers.law.calendar import act_by, add_working_days
from tnw.web.demo.course import COORDINATOR, DOCTOR, JOB, MEDICAL_TEAM, Course

# Who has no e-mail address gets a letter, and letters lie on a pile until somebody takes them to the post.
POSTING = {"in_time": 66, "late": 14, "waived": 5, "waived_late": 5, "never": 10}
MAILING = {"in_time": 94, "waived": 6}
ANSWER = {
    "in_time": 58, "a_week_late": 10, "incomplete_first": 7, "asked_again_soon": 3, "asked_again_late": 6,
    "silence": 16,
}  # fmt: skip
SUPPORT = {"in_time": 55, "late": 20, "never": 25}
CHANNELS = {"post": 55, "email": 30, "portal": 15}
WAIVERS = {"medical": 50, "near_pension": 25, "adapted_work": 25}
NEAR_PENSION = 65
TEN_WEEKS = timedelta(weeks=10)
AHEAD = timedelta(days=5)  # so long before it has to be sent the job makes it ready


def made_ready(c: Course) -> date:
    """The day on which the job has made it ready."""
    return act_by(c.start + TEN_WEEKS) - AHEAD


def ask(c: Course) -> None:
    """In week ten the questionnaire goes out by itself, unless it is waived, or asked for before."""
    ready = made_ready(c)
    if any(act.fact.kind == "questionnaire_sent" for act in c.acts):
        return
    match c.pick(MAILING if c.person.email else POSTING):
        case "in_time" if c.person.email:
            answer(c, c.do(ready, "questionnaire_sent", JOB, channel="email", language=c.person.language))
        case "in_time":
            answer(c, send(c, add_working_days(ready, c.rng.randint(1, 2))))
        case "late":
            answer(c, send(c, c.start + c.between(73, 110)))
        case "waived":
            c.do(c.start + c.between(25, 55), "questionnaire_waived", DOCTOR, reason=_waiver(c))
        case "waived_late":
            c.do(c.start + c.between(75, 95), "questionnaire_waived", DOCTOR, reason="medical")


def _waiver(c: Course) -> str:
    """Near the pension is only who has the age for it."""
    reason = c.pick(WAIVERS)
    near = age_on(c.person.birth_date, c.start) >= NEAR_PENSION
    return reason if near or reason != "near_pension" else "medical"


def send(c: Course, day: date) -> date:
    """Somebody sends it, or takes the letter to the post."""
    channel = "email" if c.person.email else "post"
    return c.do(day, "questionnaire_sent", COORDINATOR, channel=channel, language=c.person.language)


def receive(c: Course, day: date, *, complete: bool = True) -> date:
    by = c.pick({COORDINATOR: 60, MEDICAL_TEAM: 40})
    return c.do(day, "questionnaire_received", by, complete=complete, channel=c.pick(CHANNELS))


def answer(c: Course, sent: date) -> None:
    """It comes back within two weeks, or later, or is asked for again; or nothing comes."""
    match c.pick(ANSWER):
        case "in_time":
            received = receive(c, sent + c.between(3, 11))
            if c.maybe(5):
                c.correct(
                    "questionnaire_received", received + c.between(2, 9), COORDINATOR, channel="in_person"
                )
            elif c.maybe(3):
                c.void("questionnaire_received", received + c.between(1, 5), COORDINATOR, "other_person")
        case "a_week_late":
            receive(c, sent + c.between(15, 20))
        case "incomplete_first":
            receive(c, sent + c.between(4, 10), complete=False)
            receive(c, sent + c.between(13, 30))
        case "asked_again_soon":
            receive(c, send(c, sent + c.between(6, 12)) + c.between(3, 12))
        case "asked_again_late":
            receive(c, send(c, sent + c.between(16, 30)) + c.between(3, 18))
        case "silence":
            support(c, sent)


def support(c: Course, sent: date) -> None:
    """After no answer the coordinator makes contact and offers help; that often brings one."""
    match c.pick(SUPPORT):
        case "in_time":
            offered = c.do(sent + c.between(15, 19), "support_offered", COORDINATOR, channel="phone")
        case "late":
            offered = c.do(sent + c.between(23, 45), "support_offered", COORDINATOR, channel="phone")
        case _:
            return
    if c.maybe(60):
        receive(c, offered + c.between(2, 25))
