"""The three entrances, up to the start of a traject (T7 to T10, T16)."""

from datetime import date, timedelta

from tnw.web.demo.behaviour import questionnaire, traject
from tnw.web.demo.course import COORDINATOR, DOCTOR, Course

CONTACT = {"in_time": 62, "absent_first": 6, "late": 16, "withdrawn": 4, "withdrawn_late": 3, "never": 9}
REQUESTED = {"in_time": 70, "late": 16, "closed": 4, "closed_late": 3, "never": 7}
PERMISSION = {"granted": 55, "granted_late": 14, "refused": 17, "closed": 3, "closed_late": 3, "never": 8}
AFTER_REFUSAL = {"in_time": 52, "late": 20, "closed": 8, "closed_late": 8, "never": 12}
CONFIRMATION = {"in_time": 62, "late": 16, "denied": 8, "closed": 3, "closed_late": 3, "never": 8}
CONSENT = {"given": 76, "refused": 12, "later": 12}
SOON = timedelta(days=25)
FORMS = {"in_person": 55, "phone": 20, "video": 15, "home_visit": 10}
AIMS = {"former_activity": 30, "other_activity": 30, "training": 25, "adapted_work": 15}


def hold(c: Course, day: date, route: str) -> date:
    """The first contact on another road: the role explained, the career talked through."""
    day = c.do(day, "first_contact_held", COORDINATOR, route=route, form=c.pick(FORMS))
    if c.maybe(4):
        c.correct("first_contact_held", day + c.between(1, 6), COORDINATOR, form="phone")
    talk_of_the_career(c, day)
    return day


# --- A: the advisory doctor's initiative


def stay_away(c: Course, day: date) -> date:
    """Not there: with a reason, or with the warning by registered letter (X1)."""
    missed = c.do(
        c.appoint(day, "first-1", "first_contact"),
        "absence_recorded",
        COORDINATOR,
        "first-1",
        purpose="first_contact",
    )
    if c.maybe(45):
        c.do(missed + c.between(1, 5), "absence_excused", COORDINATOR, "first-1")
    else:
        letter = c.do(
            missed + c.between(1, 4),
            "registered_letter_sent",
            COORDINATOR,
            "first-1",
            step="first",
            proof=f"RR{c.person.number:09}BE",
        )
        c.do(letter + c.between(2, 5), "new_date_asked", COORDINATOR)
    return missed


def after_referral(c: Course, referred: date) -> None:
    """Within a month of the referral, unless somebody stays away or it is taken back."""
    match c.pick(CONTACT):
        case "in_time":
            day = referred + c.between(8, 26)
        case "absent_first":
            day = stay_away(c, referred + c.between(8, 18)) + c.between(14, 25)
        case "late":
            day = referred + c.between(35, 60)
        case "withdrawn":
            c.do(referred + c.between(4, 24), "referral_withdrawn", DOCTOR)
            return
        case "withdrawn_late":
            c.do(referred + c.between(36, 60), "referral_withdrawn", DOCTOR)
            return
        case _:
            return
    if c.traject_on and c.traject_on <= day + SOON:
        return  # the other road was shorter
    day = c.appoint(day, "first-2", "first_contact")
    if c.maybe(10):
        day = c.postpone("first-2", day)
    decide(c, day)


def decide(c: Course, day: date) -> None:
    """The first contact: the role explained, a first step looked for, and consent asked (A6)."""
    c.do(day, "first_contact_held", COORDINATOR, "first-2", route="A", form=c.pick(FORMS))
    answer = "refused" if c.traject_on else c.pick(CONSENT)
    if answer == "given":
        traject.begin_at_contact(c)
    elif answer == "refused":
        c.along("consent_refused", purpose="data_processing")
        c.along("route_closed", route="A", reason="no_consent")
    elif c.maybe(70):
        traject.begin_later(c, day + c.between(3, 12))
    elif c.maybe(60):
        day = c.do(day + c.between(3, 20), "consent_refused", COORDINATOR, purpose="data_processing")
        c.along("route_closed", route="A", reason="no_consent")
    talk_of_the_career(c, c.acts[-1].day)


def talk_of_the_career(c: Course, day: date) -> None:
    if c.maybe(60):
        c.do(day, "career_noted", COORDINATOR)


# --- B: the insured asks


def request(c: Course, day: date) -> None:
    """A request at any moment; the questionnaire goes along where it was not received yet (B2)."""
    asked = c.do(day, "contact_requested", COORDINATOR)
    opened = asked
    received = [
        act.fact.on
        for act in c.acts
        if act.fact.kind == "questionnaire_received" and act.fact.get("complete") and act.fact.on <= asked
    ]
    if not received:
        sent = questionnaire.send(c, asked)
        if c.maybe(12):
            return
        opened = questionnaire.receive(c, sent + c.between(3, 16))
    match c.pick(REQUESTED):
        case "in_time":
            held = hold(c, opened + c.between(6, 26), "B")
        case "late":
            held = hold(c, opened + c.between(35, 55), "B")
        case "closed":
            c.do(opened + c.between(3, 20), "route_closed", COORDINATOR, route="B", reason="declined")
            return
        case "closed_late":
            c.do(opened + c.between(36, 50), "route_closed", COORDINATOR, route="B", reason="declined")
            return
        case _:
            return
    c.do(held, "consent_given", COORDINATOR, purpose="data_processing")
    permission(c, held + c.between(1, 12), held)


def permission(c: Course, day: date, contact: date) -> None:
    """The coordinator asks, the doctor answers; after a refusal it is talked over and perhaps asked again (B5)."""
    asked = c.do(day, "permission_requested", COORDINATOR, aim=c.pick(AIMS))
    match c.pick(PERMISSION):
        case "granted":
            traject.start_by_b(c, c.do(c.working_days(asked, 1, 9), "permission_granted", DOCTOR))
        case "granted_late":
            traject.start_by_b(c, c.do(c.working_days(asked, 12, 25), "permission_granted", DOCTOR))
        case "refused":
            after_refusal(c, c.do(c.working_days(asked, 2, 9), "permission_refused", DOCTOR), contact)
        case "closed":
            c.do(c.working_days(asked, 1, 8), "route_closed", COORDINATOR, route="B", reason="declined")
        case "closed_late":
            c.do(c.working_days(asked, 12, 25), "route_closed", COORDINATOR, route="B", reason="declined")


def after_refusal(c: Course, refused: date, contact: date) -> None:
    """A new contact within a month of the one before."""
    first_day = refused + timedelta(days=1)
    in_time = max(first_day, contact + c.between(18, 27))
    late = max(first_day, contact + c.between(36, 60))
    match c.pick(AFTER_REFUSAL):
        case "in_time":
            held = c.do(in_time, "contact_held", COORDINATOR, form=c.pick(FORMS))
        case "late":
            held = c.do(late, "contact_held", COORDINATOR, form=c.pick(FORMS))
        case "closed":
            c.do(in_time, "route_closed", COORDINATOR, route="B", reason="permission_refused")
            return
        case "closed_late":
            c.do(late, "route_closed", COORDINATOR, route="B", reason="permission_refused")
            return
        case _:
            return
    if c.maybe(70):
        permission(c, held + c.between(2, 15), held)
    else:
        c.do(held, "route_closed", COORDINATOR, route="B", reason="permission_refused")


# --- C: the insured goes to the regional service


def register(c: Course) -> None:
    """In invalidity, the service reports a registration, and the fund confirms (C1, C3)."""
    day = c.month(12) + c.between(10, 120)
    near = {"1": "actiris", "4": "forem", "5": "forem", "6": "forem", "7": "forem"}
    service = near.get(c.person.postal_code[0], "vdab")
    registered = day - timedelta(days=3)
    if service != "vdab" and c.maybe(30):  # no window of this service is open
        values = {"reason": "outside_window", "service": service, "registered_on": registered}
        c.do(day, "registration_refused", COORDINATOR, "c-1", **values)
        return
    reported = c.do(
        day, "registration_reported", COORDINATOR, "c-1", service="vdab", registered_on=registered
    )
    match c.pick(CONFIRMATION):
        case "in_time":
            confirmed = c.do(c.working_days(reported, 1, 9), "invalidity_confirmed", COORDINATOR, "c-1")
        case "late":
            confirmed = c.do(c.working_days(reported, 12, 25), "invalidity_confirmed", COORDINATOR, "c-1")
        case "denied":
            day = c.working_days(reported, 1, 9)
            c.do(day, "invalidity_denied", COORDINATOR, "c-1", reason="awaiting_recognition")
            return
        case "closed":
            c.do(c.working_days(reported, 2, 9), "route_closed", COORDINATOR, route="C", reason="declined")
            return
        case "closed_late":
            c.do(c.working_days(reported, 12, 25), "route_closed", COORDINATOR, route="C", reason="declined")
            return
        case _:
            return
    ill = [act.fact for act in c.acts if act.fact.kind == "assessment_made" and act.fact.on <= confirmed]
    if c.traject_on or (ill and ill[-1].get("category") in (2, 3)):
        return  # one traject at a time (R1), and only where health allows it (P5)
    day = c.do(confirmed + c.between(5, 20), "consent_given", COORDINATOR, purpose="data_processing")
    c.do(day, "traject_started", COORDINATOR, "c-1", route="C")
    c.traject_on = day
    for step in ("competence_mapping", "orientation", "training"):
        day = c.do(day + c.between(5, 40), "service_step", COORDINATOR, "c-1", step=step)
