"""How long an appointment lasts. Nobody records that: it is so long as is usual for what it is for, and how it is held."""

from datetime import datetime, timedelta

from django.db.models import Case, Value, When

from trajects.models.appointment import Form, Purpose

# In minutes, in person; by phone or video nobody has to come in and find a chair.
MINUTES = {
    Purpose.FIRST_CONTACT: 60,
    Purpose.PLAN_MEETING: 60,
    Purpose.FOLLOW_UP: 45,
    Purpose.MEDICAL_EXAMINATION: 30,
    Purpose.OTHER: 30,
}
DISTANT = (Form.PHONE, Form.VIDEO)
AT_A_DISTANCE = 30
# The way there and back counts.
HOME_VISIT = 90
LONGEST = timedelta(minutes=HOME_VISIT)


def lasts(purpose: str, form: str = "") -> timedelta:
    """How long one lasts, by its purpose and form."""
    if form == Form.HOME_VISIT:
        return LONGEST
    usual = MINUTES[Purpose(purpose)] if purpose else MINUTES[Purpose.OTHER]
    return timedelta(minutes=AT_A_DISTANCE if form in DISTANT else usual)


def lasting() -> Case:
    """The same as the database counts it, for whatever has a purpose and a form."""
    return Case(
        When(form=Form.HOME_VISIT, then=Value(LONGEST)),
        When(form__in=DISTANT, then=Value(timedelta(minutes=AT_A_DISTANCE))),
        *(When(purpose=purpose, then=Value(lasts(purpose))) for purpose in Purpose.values),
        default=Value(LONGEST),
    )


def overlaps(at: datetime, lasting: timedelta, other: datetime, other_lasting: timedelta) -> bool:
    """Whether two share a moment; one that begins as the other ends does not."""
    return at < other + other_lasting and other < at + lasting
