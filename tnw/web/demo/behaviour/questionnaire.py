"""The questionnaire: asked after ten weeks, answered or not (T1 to T3)."""

from datetime import date

from tnw.web.demo.course import COORDINATOR, DOCTOR, SYSTEM, Course

SENDING = {"in_time": 78, "late": 10, "waived": 5, "waived_late": 2, "never": 5}
ANSWER = {
    "in_time": 58, "a_week_late": 10, "incomplete_first": 7, "asked_again_soon": 3, "asked_again_late": 6,
    "silence": 16,
}  # fmt: skip
SUPPORT = {"in_time": 55, "late": 20, "never": 25}
CHANNELS = {"post": 55, "email": 30, "portal": 15}
WAIVERS = {"medical": 50, "near_pension": 25, "adapted_work": 25}


def ask(c: Course) -> None:
    """After 63 to 70 days the questionnaire goes out, unless it is forgotten, late or waived."""
    match c.pick(SENDING):
        case "in_time":
            answer(c, send(c, c.start + c.between(63, 70)))
        case "late":
            answer(c, send(c, c.start + c.between(73, 110)))
        case "waived":
            c.do(c.start + c.between(25, 60), "questionnaire_waived", DOCTOR, reason=c.pick(WAIVERS))
        case "waived_late":
            c.do(c.start + c.between(75, 95), "questionnaire_waived", DOCTOR, reason="medical")


def send(c: Course, day: date) -> date:
    channel = c.pick({"post": 70, "email": 30})
    return c.do(day, "questionnaire_sent", SYSTEM, channel=channel, language=c.person.language)


def receive(c: Course, day: date, *, complete: bool = True) -> date:
    return c.do(day, "questionnaire_received", COORDINATOR, complete=complete, channel=c.pick(CHANNELS))


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
