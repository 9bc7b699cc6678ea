"""What follows on absences in route A, on fixed dates, through the services (X1 to X3)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dossiers import acts
from routing.services import route_a
from tests.absence.conftest import LEAD, Absent
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from trajects.policies import absence as policies
from trajects.services import absence as services
from trajects.services import contacts

DAY = timedelta(1)
Begin = Callable[..., Absent]
FIRST, SECOND, THIRD = date(2026, 4, 27), date(2026, 5, 11), date(2026, 6, 1)


def reduced(case: Absent, subject: str) -> tuple[date | None, date | None, Decimal | None]:
    row = case.row(subject)
    return row.reduced_from, row.reduced_to, row.percent


def until(case: Absent, subject: str) -> date | None:
    span = policies.period(type(case.dossier).objects.get(pk=case.dossier.pk), case.row(subject))
    assert span is not None
    return span.until


def test_x1_x2_x3_absent_three_times(case: Absent) -> None:
    first = case.absent(FIRST)
    assert case.steps == {first: "first"}
    case.letter(first)
    with refused("not_allowed"):  # a first absence only warns
        case.propose(first)
    case.on(FIRST + 2 * DAY).new_date(first)
    second = case.absent(SECOND)
    assert case.steps == {first: "first", second: "second"}
    with refused("not_allowed"):  # without proof of its letter
        case.propose(second)
    case.letter(second)
    case.propose(second)
    case.on(SECOND + 4 * DAY).new_date(second)
    case.on(SECOND + 7 * DAY).confirm(second)
    assert case.row(second).state == "reduction_confirmed"
    assert reduced(case, second) == (SECOND, SECOND + 4 * DAY, Decimal("10"))
    third = case.absent(THIRD)
    assert case.steps[third] == "again"
    case.letter(third)
    case.propose(third)
    case.on(THIRD + DAY).confirm(third)
    # Its end is not known yet: until the day before he really attends.
    assert reduced(case, third) == (THIRD, None, Decimal("10"))
    assert until(case, third) is None
    case.on(THIRD + 10 * DAY).meet()
    assert until(case, third) == THIRD + 9 * DAY
    assert until(case, second) == SECOND + 4 * DAY
    fourth = [one.values["step"] for one in case.facts if one.kind == "registered_letter_sent"]
    assert fourth == ["first", "second", "again"]


def test_x1_the_examination_and_the_first_contact_share_one_ladder(case: Absent) -> None:
    examined = case.absent(FIRST, "medical_examination")
    met = case.absent(SECOND)
    case.absent(SECOND + DAY, "follow_up")
    assert case.steps == {examined: "first", met: "second"}
    case.letter(examined, by=DOCTOR, on=FIRST + DAY)
    case.letter(met)
    case.propose(met, by=DOCTOR)
    # The doctor sees him: that is what he missed first, and no first contact.
    case.on(SECOND + 3 * DAY).act(route_a.hold_medical_contact, DOCTOR, form="in_person")
    assert (case.row(examined).attended_on, case.row(met).attended_on) == (SECOND + 3 * DAY, None)


@pytest.mark.parametrize("again", [False, True])
def test_x1_who_comes_later_on_the_day_of_his_absence_has_attended_and_nothing_is_reduced(
    case: Absent, again: bool
) -> None:
    """Until the day before he attends: that is before it began."""
    case.letter(case.absent(FIRST))
    last = case.absent(SECOND)
    case.letter(last)
    if again:
        last = case.absent(THIRD)
        case.letter(last)
    case.meet()
    assert case.row(last).attended_on == case.day
    case.on(case.day + DAY).propose(last)
    with refused("not_allowed"):
        case.confirm(last)
    case.refuse(last)
    assert case.flag == ""


def test_x1_who_comes_to_the_doctor_later_on_the_day_of_the_examination_he_missed_has_attended(
    case: Absent,
) -> None:
    for day in (FIRST, SECOND, THIRD):
        last = case.absent(day, "medical_examination")
        case.letter(last, by=DOCTOR)
    case.act(route_a.hold_medical_contact, DOCTOR, form="in_person")
    assert case.row(last).attended_on == THIRD
    assert until(case, last) == THIRD - DAY


def test_x1_who_asks_for_a_new_date_on_the_day_of_his_second_absence_loses_that_day(case: Absent) -> None:
    second = case.until_proposed()
    case.new_date(second)
    case.on(SECOND + DAY).confirm(second)
    assert reduced(case, second)[:2] == (SECOND, SECOND)


def test_x1_nothing_of_an_absence_is_of_a_day_before_it(case: Absent) -> None:
    one = case.absent(FIRST)
    case.on(FIRST + 2 * DAY)
    for service, told in (
        (services.send_letter, {"proof": "RR 9"}),
        (services.ask_new_date, {}),
        (services.withdraw, {"note": "The letter went astray."}),
    ):
        with refused("before_absence") as found:
            case.backdated(service, COORDINATOR, FIRST - DAY, subject=one, **told)
        assert found.value.field == "on"
    case.backdated(services.send_letter, COORDINATOR, FIRST, subject=one, proof="RR 9")
    assert case.row(one).letter_on == FIRST


def test_x1_an_absence_is_of_the_day_of_its_appointment(case: Absent) -> None:
    """Period and percentage rest on that day, whoever records it when."""
    case.on(FIRST - 7 * DAY)
    subject = case.plan(FIRST)
    case.on(FIRST + 3 * DAY)
    with refused("other_day") as found:
        case.act(contacts.record_absence, COORDINATOR, subject=subject, excused=False)
    assert found.value.field == "on"
    case.backdated(contacts.record_absence, COORDINATOR, FIRST, subject=subject, excused=False)
    assert case.row(subject).absent_on == FIRST


def test_x3_excused_in_between_renumbers_the_ladder(case: Absent) -> None:
    first = case.absent(FIRST)
    case.letter(first)
    second = case.absent(SECOND)
    third = case.absent(THIRD)
    with refused("not_allowed"):  # the letter of the second comes first
        case.letter(third)
    case.letter(second)
    case.letter(third)
    assert case.steps[third] == "again"
    case.on(THIRD + DAY).excuse(second)
    assert case.steps == {first: "first", third: "second"}
    case.propose(third)
    case.confirm(third)
    # As a second absence: until the day on which a new date is asked.
    case.on(THIRD + 3 * DAY).new_date(third)
    assert until(case, third) == THIRD + 3 * DAY
    # And the first excused too: what was confirmed is no longer right, and cannot be confirmed anew.
    case.excuse(first)
    assert case.steps == {third: "first"}
    with refused("not_allowed"):
        case.take_back(third)  # confirmed by the team lead, taken back by the team lead
    case.take_back(third, by=LEAD)
    assert case.steps == {}


@pytest.mark.parametrize("state", ["recorded", "letter", "proposed", "confirmed", "withdrawn"])
def test_x3_a_valid_reason_stops_the_step_from_every_state_on_the_same_day(case: Absent, state: str) -> None:
    case.letter(case.absent(FIRST))
    second = case.absent(SECOND)
    for name in ["letter", "proposed", "confirmed"]:
        if state == "recorded" or state == "withdrawn":
            break
        {"letter": case.letter, "proposed": case.propose, "confirmed": case.confirm}[name](second)
        if name == state:
            break
    if state == "withdrawn":
        case.take_back(second)
    case.excuse(second)
    assert case.flag == ""
    assert second not in case.steps
    for act in (case.letter, case.propose, case.confirm, case.take_back):
        with refused("not_allowed"):
            act(second)


def test_x1_an_excused_absence_counts_no_more_from_the_beginning(case: Absent) -> None:
    excused = case.absent(FIRST, excused=True)
    second = case.absent(SECOND)
    assert case.steps == {second: "first"}
    with refused("not_allowed"):
        case.letter(excused)


def test_x3_a_step_without_proof_is_refused(case: Absent) -> None:
    first = case.absent(FIRST)
    with refused("required"):
        case.act(services.send_letter, COORDINATOR, subject=first, proof="  ")
    second = case.absent(SECOND)
    with refused("not_allowed"):  # that of the first absence is not there
        case.letter(second)
    case.letter(first, on=FIRST + DAY)
    case.letter(second)
    case.propose(second)
    # Taken back, the letter of the first takes the ground from under the proposal.
    taken = next(one for one in case.facts if one.kind == "registered_letter_sent" and one.subject == first)
    case.act(acts.void, COORDINATOR, fact_id=taken.id, reason="mistake")
    with refused("not_allowed"):
        case.confirm(second)
    case.letter(first, on=FIRST + DAY)
    case.confirm(second)


def test_x3_a_letter_that_told_of_an_earlier_step_is_sent_anew(case: Absent) -> None:
    one = case.absent(SECOND)
    case.letter(one)  # as a first absence
    # Recorded later, of an earlier day: then it is the second.
    earlier = case.fact_of_absence(FIRST)
    assert case.steps == {earlier: "first", one: "second"}
    case.on(SECOND + DAY).letter(earlier, on=FIRST + DAY)
    with refused("not_allowed"):
        case.propose(one)
    case.letter(one)
    case.propose(one)
    assert case.row(one).state == "reduction_proposed"


def test_x1_nothing_is_reduced_for_an_absence_that_no_letter_warned_of(case: Absent) -> None:
    first = case.absent(FIRST)
    second = case.absent(SECOND)
    case.letter(first)  # on the day of the second, when it warns of nothing any more
    case.on(SECOND + DAY).letter(second)
    with refused("not_allowed") as found:
        case.propose(second)
    told = "absence of 27/04/2026 went on 11/05/2026, too late to warn before the absence of 11/05/2026"
    assert told in str(found.value)
    third = case.absent(THIRD)
    case.letter(third)
    with refused("not_allowed"):  # no further absence either, as long as that one counts
        case.propose(third)
    case.take_back(second)
    assert case.steps == {first: "first", third: "second"}
    case.propose(third)
    case.confirm(third)
    case.on(THIRD + 3 * DAY).new_date(third)
    assert until(case, third) == THIRD + 3 * DAY


def test_x1_of_two_appointments_missed_on_one_day_neither_warns_of_the_other(case: Absent) -> None:
    case.on(FIRST - 7 * DAY)
    missed = [case.plan(FIRST), case.plan(FIRST, 14, "medical_examination")]
    case.on(FIRST)
    case.act(contacts.record_absence, COORDINATOR, subject=missed[0], excused=False)
    case.act(contacts.record_absence, DOCTOR, subject=missed[1], excused=False)
    case.on(FIRST + 3 * DAY)
    for one in sorted(case.steps, key=lambda one: case.steps[one]):
        case.letter(one)
    (second,) = [one for one, step in case.steps.items() if step == "second"]
    with refused("not_allowed"):
        case.propose(second)


def test_x3_a_proposal_whose_warning_turns_out_to_be_of_later_is_not_confirmed(case: Absent) -> None:
    second = case.until_proposed()
    warning = next(one for one in case.facts if one.kind == "registered_letter_sent")
    case.act(acts.correct, COORDINATOR, fact_id=warning.id, day=SECOND, values={}, reason="mistake")
    with refused("not_allowed"):
        case.confirm(second)
    case.refuse(second)


def test_x3_another_person_confirms(case: Absent) -> None:
    second = case.until_proposed()
    for role in (COORDINATOR, DOCTOR, "medical_team", "system"):
        with refused("not_allowed"):
            case.confirm(second, by=role)
    case.refuse(second)
    case.propose(second, by="both")
    with refused("not_allowed"):  # team lead too, but the same person
        case.confirm(second, by="both")
    with refused("not_allowed"):
        case.refuse(second, by="both")
    case.confirm(second)
    assert case.row(second).state == "reduction_confirmed"


def test_x3_not_confirmed_and_proposed_again_on_any_day(case: Absent) -> None:
    second = case.until_proposed()
    with refused("required"):
        case.act(services.refuse, LEAD, subject=second, note=" ")
    case.refuse(second)
    assert case.row(second).state == "letter_sent"
    case.propose(second)  # on the same day
    assert case.row(second).state == "reduction_proposed"
    case.on(case.day + DAY).refuse(second)
    case.propose(second)  # proposed on an earlier day, refused and proposed today
    assert case.row(second).state == "reduction_proposed"
    case.refuse(second)
    case.on(case.day + DAY).propose(second)
    case.confirm(second)
    assert (case.row(second).state, case.flag) == ("reduction_confirmed", "")


def test_x3_withdrawn_with_its_reason(case: Absent) -> None:
    second = case.until_proposed()
    with refused("required"):
        case.act(services.withdraw, COORDINATOR, subject=second, note="")
    case.take_back(second)
    assert case.row(second).state == "withdrawn"
    third = case.absent(THIRD)
    assert case.steps[third] == "second"


def test_x1_a_missed_first_contact_of_route_b_begins_nothing(case: Absent) -> None:
    case.on(FIRST)
    case.record(
        "appointment_made", "b-1", purpose="first_contact", at=case.moment(FIRST), form="phone", route="B"
    )
    case.record("absence_recorded", "b-1", purpose="first_contact")
    assert not case.dossier.absences.exists()
    assert case.states["appointment b-1"] == "missed"
    with refused("absence_unknown"):
        case.letter("b-1")


@pytest.mark.parametrize(
    ("regime", "start", "percent"),
    [
        ("self_employed", date(2026, 1, 5), "2.5"),
        ("unemployed", date(2026, 1, 5), "10"),
        ("employee", date(2022, 12, 5), None),
    ],
)
def test_x2_by_regime_and_start(begin: Begin, regime: str, start: date, percent: str | None) -> None:
    case = begin(start, regime=regime)
    case.referred(date(2026, 4, 20))
    case.letter(case.absent(FIRST))
    second = case.absent(SECOND)
    case.letter(second)
    if percent is None:
        with refused("not_allowed"):
            case.propose(second)
        return
    case.propose(second)
    case.confirm(second)
    assert case.row(second).percent == Decimal(percent)


def test_x1_nothing_is_reduced_after_the_last_recognized_day(case: Absent) -> None:
    second = case.until_proposed()
    case.fed(case.day + DAY, end=case.day + 3 * DAY, end_reason="resumed")
    case.confirm(second)
    assert reduced(case, second)[1] == case.dossier.incapacity.__class__.objects.get().end


def test_x1_a_new_date_is_asked_once(case: Absent) -> None:
    first = case.absent(FIRST)
    case.on(FIRST + DAY).new_date(first)
    with refused("not_allowed"):
        case.new_date(first)


# --- scans
