"""Route C from the service's message to its steps, through the services: what each rule asks, on fixed dates."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.models import Dossier
from dossiers.phases import Phase, phase_on
from routing.models import RegistrationWindow, RouteC
from routing.services import route_c as services
from tests.route_a.stage import COORDINATOR, DOCTOR, Case, refused
from tests.route_c.conftest import INVALID_FROM
from tnw.core.errors import NotAllowed
from trajects.models import Appointment, Traject

IN_WINDOW = date(2023, 6, 1)
DAY = timedelta(days=1)
Begin = Callable[..., Case]


def reported(case: Case, registered_on: date = IN_WINDOW, service: str = "vdab") -> str:
    told = {"service": service, "registered_on": registered_on}
    return str(case.act(services.report_registration, COORDINATOR, **told))


def confirmed(case: Case, **told: Any) -> str:
    subject = reported(case, **told)
    case.act(services.confirm_invalidity, COORDINATOR, subject=subject)
    return subject


def decided(case: Case, subject: str, consent: str, **told: Any) -> None:
    case.act(services.decide_on_consent, COORDINATOR, subject=subject, consent=consent, **told)


def stands(case: Case, subject: str) -> RouteC:
    return RouteC.objects.get(dossier=case.dossier, subject=subject)


# --- the window


@pytest.mark.parametrize(
    ("service", "registered_on", "within"),
    [
        ("vdab", date(2023, 2, 28), False),
        ("vdab", date(2023, 3, 1), True),
        ("vdab", date(2024, 3, 31), True),
        ("vdab", date(2024, 4, 1), False),
        ("actiris", date(2023, 3, 1), True),
        ("forem", date(2023, 5, 21), False),
        ("forem", date(2023, 5, 22), True),
        ("forem", date(2024, 4, 1), False),
        ("adg", date(2023, 6, 1), False),
    ],
)
def test_c2_t16_a_registration_in_its_window_or_refused(
    case: Case, service: str, registered_on: date, within: bool
) -> None:
    case.on(date(2024, 4, 2))
    subject = reported(case, registered_on, service)
    row = stands(case, subject)
    assert (row.service, row.registered_on, row.reported_on) == (service, registered_on, case.day)
    if within:
        assert (row.state, row.reason, "T16" in case.open) == ("reported", "", True)
    else:
        assert (row.state, row.reason, "T16" in case.open) == ("refused", "outside_window", False)
        assert case.kinds[-1] == "registration_refused", "and nothing else"
        for act in (services.confirm_invalidity, services.deny_invalidity):
            told = {} if act is services.confirm_invalidity else {"reason": "not_in_invalidity"}
            with pytest.raises(NotAllowed):
                case.act(act, COORDINATOR, subject=subject, **told)


def test_c2_the_day_of_registration_counts_not_that_of_the_report(case: Case) -> None:
    case.on(date(2024, 5, 15))
    assert stands(case, reported(case, date(2024, 3, 28))).state == "reported"


def test_c2_a_window_of_another_fund_opens_nothing_here_and_a_new_one_does(
    case: Case, other_fund: object
) -> None:
    case.on(date(2025, 2, 3))
    day = date(2025, 1, 20)
    assert stands(case, reported(case, day)).state == "refused"
    assert stands(case, reported(case, day)).state == "refused"
    assert case.kinds.count("registration_refused") == 1, "told twice it is once"
    RegistrationWindow.objects.create(fund=case.fund, service="vdab", opens_on=date(2025, 1, 1))
    assert stands(case, reported(case, day)).state == "reported"


def test_c3_a_registration_is_not_of_a_later_day_than_its_report(case: Case) -> None:
    case.on(IN_WINDOW)
    with refused("registered_later"):
        reported(case, IN_WINDOW + DAY)


# --- the answer of the fund


def test_p4_primary_until_the_anniversary_then_invalidity_once_recognized(begin: Begin) -> None:
    case = begin()

    def phase(on: date) -> Phase:
        return phase_on(Dossier.objects.select_related("incapacity").get(pk=case.dossier.pk).incapacity, on)

    assert (phase(INVALID_FROM - DAY), phase(INVALID_FROM)) == (Phase.PRIMARY, Phase.AWAITING)
    # What the feed says of an earlier day makes no invalidity before the anniversary.
    case.fed(date(2022, 12, 1), invalidity_from=date(2022, 11, 1))
    assert (phase(INVALID_FROM - DAY), phase(INVALID_FROM)) == (Phase.PRIMARY, Phase.INVALIDITY)
    case.fed(date(2023, 2, 1), invalidity_from=date(2023, 3, 1))
    assert (phase(date(2023, 2, 28)), phase(date(2023, 3, 1))) == (Phase.AWAITING, Phase.INVALIDITY)
    # The anniversary of a 29th of February is the last day of that month.
    leap = begin(start=date(2024, 2, 29)).dossier.incapacity
    assert (phase_on(leap, date(2025, 2, 27)), phase_on(leap, date(2025, 2, 28))) == (
        Phase.PRIMARY, Phase.AWAITING,
    )  # fmt: skip


def test_c1_p4_t16_denied_while_recognition_is_awaited_then_reported_again_and_confirmed(
    begin: Begin,
) -> None:
    case = begin().on(IN_WINDOW)
    first = reported(case)
    assert case.due("T16") == (date(2023, 6, 15), "open")
    with pytest.raises(NotAllowed, match="RIZIV"):
        case.act(services.confirm_invalidity, COORDINATOR, subject=first)
    with refused("denial_does_not_fit"):
        case.act(services.deny_invalidity, COORDINATOR, subject=first, reason="incapacity_ended")
    with refused("denial_does_not_fit"):
        case.act(services.deny_invalidity, COORDINATOR, subject=first, reason="other", note="Not known.")
    case.act(services.deny_invalidity, COORDINATOR, subject=first, reason="awaiting_recognition")
    assert (stands(case, first).state, case.due("T16")[1]) == ("invalidity_denied", "met")
    case.fed(date(2023, 7, 3), invalidity_from=INVALID_FROM)
    second = reported(case)
    assert second != first
    case.act(services.confirm_invalidity, COORDINATOR, subject=second)
    assert stands(case, second).state == "invalidity_confirmed"


def test_c1_in_primary_incapacity_there_is_nothing_to_confirm(begin: Begin) -> None:
    case = begin(start=date(2022, 9, 5)).on(IN_WINDOW)
    subject = reported(case)
    with pytest.raises(NotAllowed, match="only after a year"):
        case.act(services.confirm_invalidity, COORDINATOR, subject=subject)
    with refused("denial_does_not_fit"):
        case.act(services.deny_invalidity, COORDINATOR, subject=subject, reason="awaiting_recognition")
    case.act(services.deny_invalidity, COORDINATOR, subject=subject, reason="not_in_invalidity")
    assert stands(case, subject).reason == "not_in_invalidity"


def test_c1_the_incapacity_that_ended_meanwhile_is_a_reason(case: Case) -> None:
    case.on(IN_WINDOW)
    subject = reported(case)
    with pytest.raises(NotAllowed, match="it is confirmed"):
        case.act(services.deny_invalidity, COORDINATOR, subject=subject, reason="not_in_invalidity")
    case.fed(IN_WINDOW + 5 * DAY, end=IN_WINDOW + 3 * DAY, end_reason="resumed")
    case.on(IN_WINDOW + 6 * DAY)
    told = {"subject": subject, "reason": "incapacity_ended"}
    case.backdated(services.deny_invalidity, COORDINATOR, IN_WINDOW + 3 * DAY, **told)
    assert stands(case, subject).state == "invalidity_denied"


def test_t16_a_registration_of_somebody_else_is_refused_and_waits_no_more(case: Case) -> None:
    case.on(IN_WINDOW)
    subject = reported(case)
    with refused("required"):
        case.act(services.refuse, COORDINATOR, subject=subject, reason="other", note=" ")
    case.act(services.refuse, COORDINATOR, subject=subject, reason="unknown_person")
    assert (stands(case, subject).state, case.due("T16")[1]) == ("refused", "fallen_away")
    with pytest.raises(NotAllowed):
        case.act(services.refuse, COORDINATOR, subject=subject, reason="unknown_person")
    with refused("registration_unknown"):
        case.act(services.refuse, COORDINATOR, subject="elsewhere", reason="unknown_person")


# --- the traject and its steps


def test_c1_c3_c4_r1_r2_registered_confirmed_consented_started_and_followed(case: Case) -> None:
    case.on(date(2023, 1, 16)).assess(4, refer=True)
    appointment = case.on(IN_WINDOW - 10 * DAY).plan(IN_WINDOW + 30 * DAY)
    case.on(IN_WINDOW)
    subject = reported(case)
    assert reported(case) == subject, "reported twice it is once"
    with pytest.raises(NotAllowed, match="First the invalidity"):
        decided(case, subject, "given")
    case.act(services.confirm_invalidity, COORDINATOR, subject=subject)
    with refused("required"):
        decided(case, subject, "later")
    with refused("unknown_code"):
        decided(case, subject, "perhaps", contact="phone")
    decided(case, subject, "later", contact="phone")
    assert (stands(case, subject).state, case.kinds[-1]) == ("invalidity_confirmed", "contact_held")
    case.on(IN_WINDOW + 7 * DAY)
    decided(case, subject, "given")
    assert case.kinds[-3:] == ["consent_given", "traject_started", "appointment_cancelled"]
    traject = Traject.objects.get()
    assert (traject.route, traject.state) == ("C", "running")
    assert (stands(case, subject).state, case.state) == ("traject_started", "closed")
    assert Appointment.objects.get(subject=appointment).state == "cancelled"
    with pytest.raises(NotAllowed):
        decided(case, subject, "given")
    for _time in range(2):
        case.act(services.report_step, COORDINATOR, subject=subject, step="orientation")
    case.on(IN_WINDOW + 20 * DAY)
    case.act(services.report_step, COORDINATOR, subject=subject, step="orientation")
    assert case.kinds.count("service_step") == 2, "twice on a day is once; another day is another"
    row = stands(case, subject)
    assert (row.step, row.step_on) == ("orientation", case.day)


def test_c4_no_consent_closes_the_route(case: Case) -> None:
    case.on(IN_WINDOW)
    subject = confirmed(case)
    decided(case, subject, "refused", contact="phone", report="He prefers to wait.")
    row = stands(case, subject)
    assert (row.state, row.reason) == ("closed", "no_consent")
    assert not Traject.objects.exists()
    assert stands(case, reported(case)).state == "reported", "it can be reported again"


def test_p5_where_health_does_not_allow_it_no_traject_starts(case: Case) -> None:
    case.on(date(2023, 1, 16)).assess(2)
    case.on(IN_WINDOW)
    subject = confirmed(case)
    with pytest.raises(NotAllowed, match="health"):
        decided(case, subject, "given")
    case.assess(4)
    decided(case, subject, "given")
    assert Traject.objects.get().route == "C"


def test_r1_t19_superseded_by_route_a(case: Case) -> None:
    case.on(date(2023, 1, 16)).assess(4, refer=True)
    case.on(IN_WINDOW)
    subject = reported(case)
    case.meet()
    row = stands(case, subject)
    assert (row.state, row.reason, case.due("T16")[1]) == ("closed", "superseded", "fallen_away")
    case.on(IN_WINDOW + DAY)
    later = reported(case, IN_WINDOW - DAY)
    case.act(services.confirm_invalidity, COORDINATOR, subject=later)
    with pytest.raises(NotAllowed, match="running already"):
        decided(case, later, "given")


def test_r1_superseded_by_route_b(case: Case) -> None:
    case.on(IN_WINDOW)
    subject = reported(case)
    case.record("contact_requested")
    case.on(IN_WINDOW + DAY).record("first_contact_held", route="B", form="phone")
    case.on(IN_WINDOW + 2 * DAY).record("permission_requested", aim="training")
    case.on(IN_WINDOW + 3 * DAY).record("permission_granted")
    case.on(IN_WINDOW + 4 * DAY).record("traject_started", route="B")
    assert stands(case, subject).reason == "superseded"
    with pytest.raises(NotAllowed, match="led to nothing"):
        case.act(services.report_step, COORDINATOR, subject=subject, step="training")


def test_r1_t16_t19_two_registrations_one_of_which_starts(case: Case) -> None:
    case.on(IN_WINDOW)
    first, second = reported(case), reported(case, service="actiris")
    third = reported(case, service="forem")
    case.on(IN_WINDOW + DAY)
    case.act(services.close_route, COORDINATOR, subject=third, reason="declined")
    assert [row.state(case.day) for row in case.rows if row.rule == "T16"].count("open") == 2, (
        "the others still wait for an answer"
    )
    case.act(services.confirm_invalidity, COORDINATOR, subject=second)
    case.on(IN_WINDOW + 2 * DAY)
    decided(case, second, "given")
    assert [stands(case, one).state for one in (first, second, third)] == [
        "closed", "traject_started", "closed",
    ]  # fmt: skip
    assert stands(case, first).reason == "superseded"
    assert "T16" not in case.open


def test_c3_reported_again_once_it_is_closed_it_is_the_same_one(case: Case) -> None:
    case.on(IN_WINDOW)
    subject = reported(case)
    case.act(services.close_route, COORDINATOR, subject=subject, reason="declined")
    case.on(IN_WINDOW + DAY)
    assert reported(case, IN_WINDOW) == subject
    assert stands(case, subject).state == "closed"
    assert reported(case, IN_WINDOW + DAY) != subject, "registered on another day, it is another one"


def test_t19_closed_for_a_reason_by_the_coordinator_or_the_doctor(case: Case) -> None:
    case.on(IN_WINDOW)
    for by, reason, of in ((COORDINATOR, "declined", IN_WINDOW), (DOCTOR, "health", IN_WINDOW - DAY)):
        subject = reported(case, of)
        case.act(services.close_route, by, subject=subject, reason=reason)
        assert (stands(case, subject).reason, "T16" in case.open) == (reason, False)
        with pytest.raises(NotAllowed):
            case.act(services.close_route, by, subject=subject, reason=reason)
