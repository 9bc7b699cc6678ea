"""Steps back to work: adapted work with permission (T15), training and the assessment after it (T14)."""

from datetime import date, timedelta

from dossiers.law.calendar import add_months
from tnw.web.demo.course import COORDINATOR, DOCTOR, Course

ADAPTED = 16
DECLARING = {"in_time": 58, "late": 14, "cancelled": 7, "cancelled_late": 5, "planned_again": 5, "never": 11}
SUCCESS = 80
AFTER_TRAINING = {"in_time": 45, "late": 20, "ends": 12, "ends_late": 8, "never": 15}


def adapt(c: Course) -> None:
    """One in six tries adapted work beside everything else."""
    if c.maybe(ADAPTED):
        plan(c, c.start + c.between(60, 330), "w-1")


def plan(c: Course, day: date, subject: str) -> None:
    """Planned some weeks ahead; to be declared on the last working day before at the latest."""
    starts = day + c.between(10, 40)
    planned = c.do(day, "adapted_work_planned", COORDINATOR, subject, starts_on=starts)
    match c.pick(DECLARING):
        case "in_time":
            declared = planned + c.between(1, max(1, (starts - planned).days - 6))
        case "late":
            declared = starts + c.between(1, 20)
        case "cancelled":
            c.do(planned + timedelta(days=2), "adapted_work_cancelled", COORDINATOR, subject)
            return
        case "cancelled_late":
            c.do(starts + c.between(2, 12), "adapted_work_cancelled", COORDINATOR, subject)
            return
        case "planned_again":
            again = c.do(planned + timedelta(days=4), "adapted_work_cancelled", COORDINATOR, subject)
            subject += "-later"
            starts += timedelta(days=30)
            c.do(again, "adapted_work_planned", COORDINATOR, subject, starts_on=starts)
            declared = again + c.between(2, 20)
        case _:
            return
    declared = c.do(declared, "adapted_work_declared", COORDINATOR, subject)
    if c.maybe(85):
        permitted = c.do(
            declared + c.between(1, 12),
            "adapted_work_permitted",
            DOCTOR,
            subject,
            **{"from": starts, "hours": c.pick({"12": 30, "16": 30, "19": 40})},
        )
        c.do(permitted + c.between(60, 300), "adapted_work_ended", COORDINATOR, subject)
    else:
        c.do(declared + c.between(3, 20), "adapted_work_refused", DOCTOR, subject)


def train(c: Course, day: date) -> None:
    """Proposed, advised, submitted, reviewed, decided, followed; and assessed again after success (H1 to H3)."""
    subject = "training-1"
    day = c.do(day, "training_proposed", COORDINATOR, subject)
    day = c.do(day + c.between(2, 10), "training_advised", DOCTOR, subject, favorable=True)
    day = c.do(day + c.between(2, 8), "training_submitted", COORDINATOR, subject)
    day = c.do(day + c.between(7, 20), "training_reviewed", COORDINATOR, subject, favorable=True)
    begins = day + timedelta(days=30)
    ends = begins + c.between(20, 100)
    day = c.do(
        day + c.between(5, 15),
        "training_decided",
        COORDINATOR,
        subject,
        **{"approved": c.maybe(88), "from": begins, "to": ends},
    )
    if c.last("training_decided").get("approved"):
        success = c.maybe(SUCCESS)
        completed = c.do(ends, "training_completed", COORDINATOR, subject, success=success)
        if success:
            after_training(c, completed)


def after_training(c: Course, completed: date) -> None:
    """The doctor looks again within six months."""
    due = add_months(completed, 6)
    match c.pick(AFTER_TRAINING):
        case "in_time":
            c.do(due - c.between(5, 120), "assessment_made", DOCTOR, category=c.pick({2: 40, 3: 60}))
        case "late":
            c.do(due + c.between(8, 40), "assessment_made", DOCTOR, category=c.pick({2: 40, 3: 60}))
        case "ends":
            last_day = completed + c.between(20, 150)
            c.over(last_day, "resumed", told=last_day - timedelta(days=10))
        case "ends_late":
            last_day = due + c.between(8, 60)
            c.over(last_day, "resumed", told=last_day - timedelta(days=10))
