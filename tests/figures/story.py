"""A story in which every figure has something to count: corrected, voided, late, excluded, and on the last day."""

from datetime import date

from dossiers.law.facts import Fact, Values, fact
from dossiers.models import Dossier
from tests.figures.conftest import Tell
from tnw.accounts.models import User

TODAY = date(2026, 8, 14)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}") if len(text) == 5 else date.fromisoformat(text)


def sent(on: str) -> tuple[date, Fact]:
    return day(on), fact("questionnaire_sent", day(on), f"sent-{on}", channel="post", language="nl")


def back(on: str, *, complete: bool = True, recorded: str = "") -> tuple[date, Fact]:
    one = fact("questionnaire_received", day(on), f"back-{on}", channel="post", complete=complete)
    return day(recorded or on), one


def assessed(on: str, category: int) -> tuple[date, Fact]:
    return day(on), fact("assessment_made", day(on), f"assessed-{on}", category=category)


def said(kind: str, on: str, subject: str = "", **values: object) -> tuple[date, Fact]:
    return day(on), fact(kind, day(on), f"{kind}-{on}{subject}{values.get('role', '')}", subject, **values)


def corrected(told: str, what: str, **to: object) -> tuple[date, Fact]:
    return day(told), fact("fact_corrected", day(told), f"c-{what}", fact=what, version=1, to=Values.of(to))


def voided(on: str, what: str) -> tuple[date, Fact]:
    return day(on), fact("fact_voided", day(on), f"v-{what}", fact=what, version=1)


def signed(on: str, subject: str) -> list[tuple[date, Fact]]:
    """Drawn up and signed by all three on a day."""
    roles = ("insured", "coordinator", "advisory_doctor")
    return [
        said("declaration_drawn_up", on, subject),
        *(said("declaration_signed", on, subject, role=role, method="paper") for role in roles),
        said("declaration_completed", on, subject),
    ]


def write(tell: Tell, first: User, second: User) -> list[Dossier]:
    """Eleven dossiers of two coordinators."""
    whole = [
        sent("2025-12-15"), back("2025-12-29"),  # on the last day
        assessed("01-20", 4), said("referral_made", "01-22"),
        said("first_contact_held", "02-20", route="A", form="in_person"),
        said("consent_given", "02-20", purpose="data_processing"),
        said("traject_started", "02-20", route="A"), said("reintegration_started", "03-02", condition=1),
        *signed("03-31", "d-1"),
        said("plan_meeting_held", "04-15"), said("plan_agreed", "04-20", version=1),
        said("plan_reviewed", "07-20", with_interview=True), said("plan_agreed", "07-20", version=2),
        said("plan_evaluated", "08-01"), said("reintegration_ended", "08-01", result="adapted_work"),
        said("traject_evaluated", "08-01"), said("traject_ended", "08-01", result="adapted_work"),
    ]  # fmt: skip
    asks = [
        back("03-02"), said("contact_requested", "03-03"),
        said("first_contact_held", "04-10", route="B", form="phone"),  # a week late
        said("permission_requested", "04-10", aim="training"), said("permission_refused", "04-15"),
        said("contact_held", "05-04", form="phone"),
        said("permission_requested", "05-04", aim="guidance"), said("permission_granted", "05-06"),
        said("traject_started", "05-06", route="B"), said("reintegration_started", "05-07", condition=1),
        *signed("06-01", "d-2"),
        said("declaration_voided", "06-10", "d-2"),
    ]  # fmt: skip
    return [
        tell(day("2025-10-06"), *whole, of=first),
        tell(day("2025-11-03"), *asks, of=second, language="fr", regime="self_employed"),
        tell(day("2025-11-03"), sent("01-12"), back("02-10"), of=first),  # late
        tell(day("2025-11-03"), sent("01-12"), of=second, language="fr"),  # never
        tell(day("2025-11-10"), sent("08-10"), of=first),  # still to come
        tell(day("2025-11-10"), back("02-02"), voided("02-03", "back-02-02"), of=first),
        tell(day("2025-11-10"), back("03-30", complete=False), corrected("04-07", "back-03-30", complete=True), of=first),
        tell(day("2026-01-05"), back("04-01"), corrected("04-02", "back-04-01", on=day("03-31")), of=second),
        tell(day("2026-01-05"), assessed("02-16", 1), corrected("02-20", "assessed-02-16", category=2), of=first),
        tell(day("2026-01-05"), cause="work_accident"),  # excluded
        tell(day("2026-03-31"), said("referral_made", "04-01"), voided("04-03", "referral_made-04-01"), of=second),
    ]  # fmt: skip
