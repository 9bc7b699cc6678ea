"""Contacts proposed by the beat (T7, T8, T12): when, where, withdrawn when, and only once (T21)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers import ledger
from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.jobs import one_month_first_contact
from routing.services import route_a as services
from tests import population
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Team, User
from tnw.core import clock
from trajects.jobs import three_monthly_follow_up
from trajects.models import Proposal
from trajects.proposals import proposal_of, proposed_for
from trajects.services import contacts

START = date(2026, 1, 5)
REFERRED = date(2026, 4, 20)  # a Monday
FIRST_DAY = date(2026, 4, 27)  # five working days later
Make = Callable[..., Dossier]


@pytest.fixture
def place(team: Team, coordinator: User) -> str:
    Team.objects.filter(pk=team.pk).update(place="Kerkstraat 1, Gent")
    return "Kerkstraat 1, Gent"


@pytest.fixture
def referred(in_fund: Fund, place: str) -> Make:
    """`referred(on=…)`: a dossier that was referred to its coordinator."""

    def make(on: date = REFERRED, **columns: Any) -> Dossier:
        facts = [fact("assessment_made", on, "a", category=4), fact("referral_made", on, "r")]
        return population.dossier(fund=in_fund, start=START, facts=facts, today=on, **columns)

    return make


def run(day: date) -> dict[str, int]:
    """What the job did with proposals."""
    with clock.at(day, 12):
        done = one_month_first_contact(day)["311"]
    return {name: done[name] for name in ("proposed", "withdrawn")}


def proposals() -> list[datetime]:
    return [one.at.astimezone(clock.BRUSSELS) for one in Proposal.objects.order_by("at")]


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.BRUSSELS)


def test_t7_t21_a_first_contact_is_proposed_once_with_moment_and_place(referred: Make, place: str) -> None:
    dossier = referred()
    assert run(REFERRED) == {"proposed": 1, "withdrawn": 0}
    with clock.at(REFERRED):
        one = proposal_of(dossier, "first_contact", REFERRED)
        assert one is not None
        assert (one.at, one.place, one.form, one.rule) == (moment(FIRST_DAY), place, "in_person", "T7")
        assert proposal_of(dossier, "follow_up", REFERRED) is None
    assert run(REFERRED)["proposed"] == 0
    assert run(REFERRED + timedelta(days=1))["proposed"] == 0
    assert Proposal.objects.get() == one


def test_t7_each_gets_another_hour_and_never_at_noon(referred: Make) -> None:
    """As long as a first contact lasts, so that no two of them clash."""
    for _number in range(9):
        referred()
    run(REFERRED)
    found = proposals()
    hours = [f"{at:%H:%M}" for at in found[:7]]
    assert hours == ["09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "16:00"]
    assert found[7:] == [moment(FIRST_DAY + timedelta(days=1)), moment(FIRST_DAY + timedelta(days=1), 10)]


def test_t7_not_beside_an_appointment_of_the_coordinator(referred: Make, actor: Actor) -> None:
    first, second = referred(), referred()
    with clock.at(REFERRED), audit.acting_as(actor, first.fund):
        contacts.plan(
            dossier_id=first.public_id, actor=actor, on=REFERRED, purpose="first_contact",
            at=moment(FIRST_DAY, 9, 15), form="phone",
        )  # fmt: skip
    run(REFERRED)
    assert proposals() == [moment(FIRST_DAY, 10)]
    assert Proposal.objects.get().dossier == second


@pytest.fixture
def actor(coordinator: User) -> Actor:
    return actors.of_user(coordinator)


def test_t7_never_on_a_holiday_and_before_the_last_working_day_where_possible(referred: Make) -> None:
    # Five working days after Friday 24 April is Monday 4 May: Friday is Labour Day.
    referred(on=date(2026, 4, 24))
    run(date(2026, 4, 24))
    assert proposals() == [moment(date(2026, 5, 4))]
    Proposal.objects.all().delete()
    # Of the month three working days are left; then it is late, and a few days ahead again.
    run(date(2026, 5, 19))
    assert proposals() == [moment(date(2026, 5, 20))]
    Proposal.objects.all().delete()
    run(date(2026, 5, 26))
    assert proposals() == [moment(date(2026, 6, 2))]


def test_t7_planned_held_or_taken_back_it_vanishes(referred: Make, actor: Actor, doctor: User) -> None:
    planned, withdrawn, ended = referred(), referred(), referred(reference="ends")
    run(REFERRED)
    day = REFERRED + timedelta(days=1)
    medical = actors.of_user(doctor)
    with clock.at(day):
        with audit.acting_as(actor, planned.fund):
            contacts.plan(
                dossier_id=planned.public_id, actor=actor, on=day, purpose="first_contact",
                at=moment(FIRST_DAY, 14), form="phone",
            )  # fmt: skip
            assert proposal_of(planned, "first_contact", day) is None, "at once, before the next run"
        with audit.acting_as(medical, planned.fund):
            services.withdraw_referral(dossier_id=withdrawn.public_id, actor=medical, on=day)
        end = fact("incapacity_ended", day, "e", version=2, reason="resumed")
        ledger.record(ended, end, fund=ended.fund, actor=actors.system())
    assert run(day) == {"proposed": 0, "withdrawn": 3}
    assert not Proposal.objects.exists()


def test_t7_a_moment_that_went_by_or_was_given_away_is_proposed_anew(referred: Make, actor: Actor) -> None:
    one, other = referred(), referred()
    run(REFERRED)
    assert proposals() == [moment(FIRST_DAY), moment(FIRST_DAY, 10)]
    with clock.at(REFERRED), audit.acting_as(actor, one.fund):
        contacts.plan(
            dossier_id=one.public_id, actor=actor, on=REFERRED, purpose="first_contact",
            at=moment(FIRST_DAY, 10, 30), form="phone",
        )  # fmt: skip
    assert run(REFERRED)["proposed"] == 1
    assert [(found.dossier, found.at) for found in Proposal.objects.all()] == [(other, moment(FIRST_DAY))]
    assert run(FIRST_DAY)["withdrawn"] == 1
    assert proposals() == [moment(date(2026, 5, 5))]


def test_t7_in_person_only_where_a_letter_still_comes_in_time(referred: Make) -> None:
    """Within three working days the post is too late: then later, or by phone where the deadline leaves no room."""
    referred()
    run(REFERRED)
    assert run(date(2026, 4, 22))["withdrawn"] == 0, "of Wednesday there are three working days to Monday"
    assert run(date(2026, 4, 23)) == {"proposed": 1, "withdrawn": 1}
    later = Proposal.objects.get()
    assert (later.at.astimezone(clock.BRUSSELS), later.form) == (moment(date(2026, 4, 30)), "in_person")
    run(date(2026, 5, 19))
    near = Proposal.objects.get()
    told = (near.at.astimezone(clock.BRUSSELS), near.form, near.place)
    assert told == (moment(date(2026, 5, 20)), "phone", ""), "nobody is called at an address"


def test_a_contact_that_was_planned_and_not_told_of_is_not_proposed_again(
    referred: Make, actor: Actor
) -> None:
    dossier = referred()
    with clock.at(REFERRED), audit.acting_as(actor, dossier.fund):
        contacts.plan(
            dossier_id=dossier.public_id, actor=actor, on=REFERRED, purpose="first_contact",
            at=moment(FIRST_DAY, 9), form="phone",
        )  # fmt: skip
    assert run(FIRST_DAY + timedelta(days=1))["proposed"] == 0


@pytest.mark.parametrize("purpose", ["first_contact", "plan_meeting", "follow_up", "other"])
def test_where_no_job_came_by_a_free_moment_is_looked_for_and_kept_nowhere(
    purpose: str, referred: Make, actor: Actor
) -> None:
    other, dossier = referred(), referred()
    with clock.at(REFERRED), audit.acting_as(actor, other.fund):
        contacts.plan(
            dossier_id=other.public_id, actor=actor, on=REFERRED, purpose="first_contact",
            at=moment(FIRST_DAY, 9), form="in_person",
        )  # fmt: skip
        found = proposed_for(dossier, purpose, REFERRED)
        assert not Proposal.objects.exists()
        if purpose in ("first_contact", "plan_meeting"):
            assert found is not None
            assert (found.at, found.form, found.place) == (
                moment(FIRST_DAY, 10),
                "in_person",
                "Kerkstraat 1, Gent",
            )
        else:
            assert found is None


def test_t21_after_a_week_of_silence_the_same_dossiers_are_proposed(referred: Make) -> None:
    early = referred(on=REFERRED)
    late = referred(on=REFERRED + timedelta(days=4))
    assert run(REFERRED + timedelta(days=7))["proposed"] == 2
    assert set(Proposal.objects.values_list("dossier", flat=True)) == {early.pk, late.pk}


def test_t8_a_request_is_proposed_likewise(in_fund: Fund, place: str) -> None:
    facts = [
        fact("questionnaire_received", date(2026, 3, 20), "q", complete=True, channel="post"),
        fact("contact_requested", REFERRED, "c"),
    ]
    population.dossier(fund=in_fund, start=START, facts=facts, today=REFERRED)
    run(REFERRED)
    assert [(one.rule, one.purpose) for one in Proposal.objects.all()] == [("T8", "first_contact")]


def test_t12_z6_a_follow_up_is_proposed_in_the_last_weeks(in_fund: Fund, place: str) -> None:
    facts = [fact("plan_agreed", date(2026, 6, 1), "p", version=1)]
    population.dossier(fund=in_fund, start=START, facts=facts, today=date(2026, 6, 1))
    for day, proposed in ((date(2026, 6, 1), 0), (date(2026, 8, 3), 0), (date(2026, 8, 4), 1)):
        with clock.at(day, 12):
            assert three_monthly_follow_up(day)["311"]["proposed"] == proposed
    assert Proposal.objects.get().purpose == "follow_up"


def test_t7_however_many_there_are_the_queries_stay_as_few(referred: Make) -> None:
    counts = []
    for more in (2, 8):
        for _number in range(more):
            referred()
        with CaptureQueriesContext(connection) as caught:
            assert run(REFERRED)["proposed"] == more
        counts.append(len(caught))
    assert counts[1] <= counts[0] <= 30
