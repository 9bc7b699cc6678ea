"""Inside a traject: first step, formal part with declaration, plan and reviews, suspension, result (T11 to T13)."""

from datetime import date, timedelta

from dossiers.law.calendar import add_months
from tnw.web.demo.behaviour import work
from tnw.web.demo.course import COORDINATOR, DOCTOR, Course, working_day

FORMAL_PART = 68
STEPS = {"guidance": 30, "training": 26, "regional_service": 22, "adapted_work": 22}
STEPS_WITH_CONTRACT = {**STEPS, "employer": 20}
MEETING = {"in_time": 62, "late": 14, "suspended": 8, "voided": 4, "voided_late": 4, "never": 8}
REVIEW = {"in_time": 62, "late": 16, "suspended": 10, "ends": 6, "never": 6}
RESULTS = {
    "resumed_own_employer": 22, "resumed_other_employer": 20, "adapted_work": 16, "stopped_by_insured": 14,
    "training_finished": 30, "medically_not_possible": 12, "no_result": 16,
}  # fmt: skip
# What has to have happened for a result (Z8).
NEEDS = {"adapted_work": "adapted_work_permitted", "training_finished": "training_completed"}
RESUMED = ("resumed_own_employer", "resumed_other_employer", "resumed_self_employed")
METHODS = {"on_screen": 45, "paper": 40, "provider": 15}
ROLES = (("insured", COORDINATOR), ("coordinator", COORDINATOR), ("advisory_doctor", DOCTOR))


def start_by_b(c: Course, day: date) -> None:
    """The traject begins with the permission (B5); the first step may be another one some days later."""
    day = c.traject_on = c.do(day, "traject_started", COORDINATOR, route="B")
    step = choose(c)
    c.do(day + c.between(1, 10), "first_step_chosen", COORDINATOR, step=step)
    go_on(c, step, day)


def begin_at_contact(c: Course) -> None:
    """With consent at the first contact, which is the last act, the traject begins there (A6)."""
    c.along("consent_given", purpose="data_processing")
    _agreed(c)


def begin_later(c: Course, day: date) -> None:
    """The insured thought it over, and agrees."""
    c.do(day, "consent_given", COORDINATOR, purpose="data_processing")
    _agreed(c)


def _agreed(c: Course) -> None:
    step = choose(c)
    c.along("first_step_chosen", step=step)
    c.along("traject_started", route="A")
    c.traject_on = c.acts[-1].fact.on
    c.superseded(c.traject_on)
    if c.maybe(8):
        c.do(c.traject_on + c.between(20, 60), "first_step_chosen", COORDINATOR, step="guidance")
    go_on(c, step, c.traject_on)


def choose(c: Course) -> str:
    return c.pick(STEPS_WITH_CONTRACT if c.person.employer_number else STEPS)


def go_on(c: Course, step: str, day: date) -> None:
    """Talks every few weeks, some by appointment; the first step itself; the formal part, or an end without it."""
    for weeks in range(3, 24, c.rng.choice([5, 6, 8])):
        talk(c, day + timedelta(weeks=weeks), f"talk-{weeks}")
    take(c, step, day + c.between(8, 30))
    if c.maybe(FORMAL_PART):
        formal_part(c, day + c.between(6, 30))
    elif c.maybe(70):
        finish(c, day + c.between(90, 260))


def talk(c: Course, day: date, subject: str) -> None:
    form = c.pick({"phone": 60, "in_person": 40})
    if c.maybe(60):
        subject = ""
    else:
        day = c.appoint(day, subject, "follow_up", before=12)
    if subject and c.maybe(8):
        c.do(day, "absence_recorded", COORDINATOR, subject, purpose="follow_up")
    elif subject and c.maybe(6):
        c.do(day - timedelta(days=1), "appointment_cancelled", COORDINATOR, subject)
    else:
        c.do(day, "contact_held", COORDINATOR, subject, form=form)


def take(c: Course, step: str, day: date) -> None:
    """The first step itself."""
    match step:
        case "training":
            work.train(c, day)
        case "adapted_work":
            work.plan(c, day, "w-traject")
        case "regional_service":
            service = "forem" if c.person.language == "fr" else "vdab"
            subject = "partner-1"
            c.do(day, "partner_form_drawn_up", COORDINATOR, subject, service=service)
            day = c.do(day, "consent_given", COORDINATOR, purpose="consultation", party="regional_service")
            day = c.do(day + c.between(1, 6), "partner_form_sent", COORDINATOR, subject, service=service)
            accepted = c.maybe(85)
            day = c.do(day + c.between(10, 30), "partner_answered", COORDINATOR, subject, accepted=accepted)
            if accepted:
                for step in ("competence_mapping", "orientation", "coaching"):
                    day = c.do(day + c.between(10, 40), "service_step", COORDINATOR, subject, step=step)
                c.do(day, "consultation_held", COORDINATOR, party="regional_service")
        case "employer":
            party = "occupational_physician"
            c.do(day, "consent_given", COORDINATOR, purpose="employer_referral", party=party)
            c.do(day, "occupational_referral_made", COORDINATOR)
            visited = day + c.between(14, 40)
            c.do(visited, "pre_return_visit_held", COORDINATOR, outcome="no_employer_traject")
        case _:
            c.do(day, "action_taken", COORDINATOR, kind="research")


def formal_part(c: Course, day: date) -> None:
    """Declaration, plan, reviews, and the end with its result."""
    day, condition = _condition(c, day)
    day = c.do(day, "reintegration_started", COORDINATOR, condition=condition)
    completed = declare(c, day, "declaration-1")
    if completed is None:
        return
    match c.pick(MEETING):
        case "in_time":
            met = completed + c.between(10, 28)
        case "late":
            met = completed + c.between(35, 55)
        case "suspended":
            met = suspend(c, completed + c.between(6, 24), "suspension-0") + c.between(3, 12)
        case "voided" | "voided_late" as when:
            days = c.between(5, 25) if when == "voided" else c.between(36, 50)
            voided = c.do(completed + days, "declaration_voided", COORDINATOR, "declaration-1")
            again = declare(c, voided + c.between(1, 6), "declaration-2")
            if again is None:
                return
            met = again + c.between(10, 28)
        case _:
            return
    met = c.do(met, "plan_meeting_held", COORDINATOR)
    agreed = c.do(met + c.between(0, 7), "plan_agreed", COORDINATOR, version=1)
    review(c, agreed)


def _condition(c: Course, day: date) -> tuple[date, int]:
    """Under which of the four it starts (Z1), and when: after the visit, in a contact."""
    if not c.person.employer_number:
        return day, 1
    visits = [act.fact.on for act in c.acts if act.fact.kind == "pre_return_visit_held"]
    if not visits:
        return day, 2
    day = c.do(max(day, visits[-1] + c.between(3, 12)), "contact_held", COORDINATOR, form="in_person")
    return day, 3


def declare(c: Course, day: date, subject: str) -> date | None:
    """Three signatures in any order; gives the day of the last one, or nothing where somebody refused."""
    day = c.do(day, "declaration_drawn_up", COORDINATOR, subject)
    if c.maybe(5):
        c.do(day + c.between(2, 8), "declaration_refused", COORDINATOR, subject, role="insured")
        return None
    roles = c.rng.sample(ROLES, 3)
    for role, by in roles:
        method = c.pick(METHODS) if role == "insured" else "application"
        day = c.do(day + c.between(0, 5), "declaration_signed", by, subject, role=role, method=method)
    return c.do(day, "declaration_completed", COORDINATOR, subject)


def suspend(c: Course, day: date, subject: str) -> date:
    """A suspension of three to nine weeks, mostly for a traject at the employer (Z7); gives the day after it."""
    until = working_day(day + c.between(20, 63))
    if c.person.employer_number and c.maybe(70):
        by = c.pick({"employer": 60, "employee": 40})
        c.do(day, "employer_traject_started", COORDINATOR, requested_by=by)
        c.along("traject_suspended", reason="employer_traject")
        until = c.do(
            until, "employer_traject_ended", COORDINATOR, decision=c.pick({"A": 30, "B": 50, "C": 20})
        )
        c.along("traject_resumed")
        return until
    c.do(day, "traject_suspended", COORDINATOR, subject, reason="illness")
    return c.do(until, "traject_resumed", COORDINATOR, subject)


def review(c: Course, last: date) -> None:
    """Every three months, through the dossier or with an interview, until there is a result."""
    for number in range(1, 6):
        due = add_months(last, 3)
        match c.pick(REVIEW):
            case "in_time":
                day = due - c.between(1, 20)
            case "late":
                day = due + c.between(4, 30)
            case "suspended":
                since = last + c.between(20, 70)
                until = suspend(c, since, f"suspension-{number}")
                day = until + c.between(10, 30)
            case "ends":
                finish(c, last + c.between(30, 80), formal=True)
                return
            case _:
                return
        last = c.do(day, "plan_reviewed", COORDINATOR, with_interview=c.maybe(40))
        if c.maybe(25):
            finish(c, last + c.between(10, 60), formal=True)
            return


def finish(c: Course, day: date, *, formal: bool = False) -> None:
    """A result; who resumes work is soon no longer incapacitated."""
    result = c.pick(_results(c))
    if formal:
        c.do(day, "plan_evaluated", COORDINATOR)
        day = c.do(day, "reintegration_ended", COORDINATOR, result=result)
    c.do(day, "traject_evaluated", COORDINATOR)
    day = c.do(day + c.between(0, 10), "traject_ended", COORDINATOR, result=result)
    c.traject_until(day)
    if result in RESUMED:
        c.over(day + c.between(0, 20), "resumed", told=day + timedelta(days=3))


def _results(c: Course) -> dict[str, int]:
    """Those that what happened does not contradict."""
    happened = {fact.kind for act in c.acts for fact in act.facts}
    shut = {result for result, kind in NEEDS.items() if kind not in happened}
    if not c.person.employer_number:
        shut.add("resumed_own_employer")
    return {result: weight for result, weight in RESULTS.items() if result not in shut}
