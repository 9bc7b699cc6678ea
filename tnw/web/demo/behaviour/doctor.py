"""The advisory doctor: medical contacts, assessments, referral (T4 to T6, T17, T23)."""

from collections.abc import Callable
from datetime import date, timedelta

from tnw.web.demo.behaviour import routes
from tnw.web.demo.course import DOCTOR, MEDICAL_TEAM, Course, working_day

SEEING = {"in_time": 80, "late": 12, "never": 8}
ASSESSING = {"in_time": 68, "early": 6, "late": 18, "never": 8}
CATEGORY = {1: 24, 2: 16, 3: 22, 4: 38}
CATEGORY_1 = {
    "resumes": 52,
    "resumes_late": 8,
    "again_in_time": 16,
    "again_late": 10,
    "referred": 6,
    "forgotten": 8,
}
CATEGORY_3 = {"again_in_time": 50, "again_late": 22, "ends_soon": 8, "ends_late": 8, "forgotten": 12}
AFTER_CATEGORY_3 = {4: 60, 3: 24, 2: 16}
REFERRING = {"in_time": 64, "late": 20, "never": 6, "otherwise_soon": 5, "otherwise_late": 5}


def see(c: Course) -> None:
    """A medical contact in month 4, 7 and 11: on the phone or at the office."""
    for month in (4, 7, 11):
        first_day = c.month(month - 1)
        match c.pick(SEEING):
            case "in_time":
                day = first_day + c.between(0, 24)
            case "late":
                day = first_day + c.between(32, 55)
            case _:
                continue
        c.do(day, "medical_contact_held", DOCTOR, form=c.pick({"in_person": 60, "phone": 30, "video": 10}))


def assess_first(c: Course) -> None:
    """In month 4, from the file and the questionnaire."""
    match c.pick(ASSESSING):
        case "in_time":
            assess(c, c.month(3) + c.between(0, 26), c.pick(CATEGORY))
        case "early":
            assess(c, c.start + c.between(40, 80), c.pick(CATEGORY))
        case "late":
            assess(c, c.month(4) + c.between(2, 50), c.pick(CATEGORY))


def assess(c: Course, day: date, category: int) -> None:
    """An assessment, and what follows from its category."""
    if category == 1 and day >= c.month(6) - timedelta(days=5):  # it promises nothing after month 6 (A5)
        category = 3
    day = c.do(day, "assessment_made", c.pick({DOCTOR: 75, MEDICAL_TEAM: 25}), category=category)
    FOLLOWING[category](c, day)


def _category_1(c: Course, day: date) -> None:
    """Will resume by himself by the end of month 6."""
    sixth = c.month(6)
    match c.pick(CATEGORY_1):
        case "resumes":
            left = max((sixth - day).days - 5, 2)
            last_day = day + c.between(1, left)
            c.over(last_day, "resumed", told=last_day + c.between(-20, 8))
        case "resumes_late":
            last_day = sixth + c.between(3, 40)
            c.over(last_day, "resumed", told=last_day + c.between(1, 8))
        case "again_in_time":
            assess(c, max(day + timedelta(days=14), sixth - c.between(2, 30)), c.pick({2: 20, 3: 30, 4: 50}))
        case "again_late":
            assess(c, sixth + c.between(3, 40), c.pick({2: 20, 3: 30, 4: 50}))
        case "referred":
            refer(c, sixth + c.between(1, 12))


def _category_2(c: Course, day: date) -> None:
    """Resumption does not seem possible; looked at again only when something changes."""
    if c.maybe(25):
        assess(c, day + c.between(120, 260), c.pick({2: 60, 3: 15, 4: 25}))


def _category_3(c: Course, day: date) -> None:
    """Diagnosis or treatment first."""
    match c.pick(CATEGORY_3):
        case "again_in_time":
            assess(c, day + c.between(35, 57), c.pick(AFTER_CATEGORY_3))
        case "again_late":
            assess(c, day + c.between(66, 110), c.pick(AFTER_CATEGORY_3))
        case "ends_soon":
            c.over(day + c.between(20, 50), "not_recognized", told=day + timedelta(days=15))
        case "ends_late":
            c.over(day + c.between(65, 120), "not_recognized", told=day + timedelta(days=60))


def _category_4(c: Course, day: date) -> None:
    """Possible with adaptations or guidance: to the coordinator, as soon as possible."""
    match c.pick(REFERRING):
        case "in_time":
            refer(c, c.working_days(day, 0, 5))
        case "late":
            refer(c, c.working_days(day, 6, 18))
        case "otherwise_soon":
            assess(c, c.working_days(day, 1, 4), c.pick({2: 50, 3: 50}))
        case "otherwise_late":
            assess(c, c.working_days(day, 8, 20), c.pick({2: 50, 3: 50}))


def refer(c: Course, day: date) -> None:
    if c.traject_on and c.traject_on <= working_day(day):
        return  # one traject at a time (R1)
    day = c.do(day, "referral_made", DOCTOR)
    routes.after_referral(c, day)


FOLLOWING: dict[int, Callable[[Course, date], None]] = {
    1: _category_1,
    2: _category_2,
    3: _category_3,
    4: _category_4,
}
