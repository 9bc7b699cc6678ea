"""Who is at which dossier: claims, and the next one that is ready."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing import claims
from routing.assessments import Queue
from routing.models import Claim
from tests.conftest import make_fund
from tests.web.waiting import LAST, START, assessed, d, dossier
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock, scope


def test_a_claim_lasts_twenty_minutes_and_can_be_held_taken_over_and_released(
    fund: Fund, of_doctor: Actor, colleague: User
) -> None:
    one, other = dossier(fund, LAST), actors.of_user(colleague)
    with scope.funds(fund.pk):
        with clock.at(LAST, 9):
            assert claims.take(dossier=one, actor=of_doctor) is None
            held = claims.take(dossier=one, actor=other)
            assert held
            assert held.user == of_doctor.user
            assert held.until == clock.now() + claims.LASTS
            assert claims.holds(one, of_doctor)
            claims.release(dossier=one, actor=other)  # not theirs
            assert claims.holds(one, of_doctor)
        with clock.at(LAST, 10):
            assert not claims.holds(one, of_doctor)
            assert claims.take(dossier=one, actor=other) is None
            assert claims.take(dossier=one, actor=of_doctor, over=True) is None
            assert claims.holds(one, of_doctor)
            claims.release(dossier=one, actor=of_doctor)
            assert not Claim.objects.exists()


def test_the_next_one_is_the_first_that_is_ready(fund: Fund, of_doctor: Actor, colleague: User) -> None:
    today = d("2026-06-01")
    starts = [START + timedelta(days) for days in range(4)]
    first, second, third, fourth = (dossier(fund, today, start) for start in starts)
    other = actors.of_user(colleague)
    with scope.funds(fund.pk), clock.at(today):
        queue = Queue(of_doctor, today)
        claims.take(dossier=first, actor=other)
        record(second, today, "appointment_made", of_doctor, purpose="medical_examination")
        assert claims.take_next(queue=queue, actor=of_doctor) == third
        assert claims.take_next(queue=Queue(other, today), actor=other) == first  # what one has is one's own
        assert claims.take_next(queue=queue, actor=of_doctor, after=queue.place_of(third)) == fourth
        assert claims.take_next(queue=queue, actor=of_doctor, after=queue.place_of(fourth)) is None


def record(one: Dossier, today: date, kind: str, actor: Actor, **values: Any) -> None:
    from dossiers.ledger import record as put

    values["at"] = clock.midnight(today + timedelta(7))
    put(one, fact(kind, today, f"{kind}-{one.pk}", "subject", **values), fund=one.fund, actor=actor)


def test_the_medical_team_is_not_offered_what_waits_for_a_referral_alone(
    fund: Fund, team: Team, make_user: Callable[..., User], of_doctor: Actor
) -> None:
    today = d("2026-05-06")
    one = dossier(fund, today, facts=[assessed("2026-05-04", 4)])
    nurse = actors.of_user(make_user(Role.MEDICAL_TEAM, fund=fund, team=team))
    with scope.funds(fund.pk), clock.at(today):
        assert [line.to_refer for line in Queue(nurse, today).ahead(None)] == [True]
        assert claims.take_next(queue=Queue(nurse, today), actor=nurse) is None
        assert claims.take_next(queue=Queue(of_doctor, today), actor=of_doctor) == one


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_the_same(make_user: Callable[..., User]) -> None:
    """Three doctors, each in a transaction of their own, take one before any of them has kept theirs."""
    fund, today = make_fund("311"), d("2026-06-01")
    for days in range(3):
        dossier(fund, today, START + timedelta(days))
    people = [actors.of_user(make_user(Role.ADVISORY_DOCTOR, fund=fund)) for _number in range(3)]
    together, taken = threading.Barrier(len(people)), []

    def work(actor: Actor) -> None:
        try:
            with scope.funds(fund.pk), clock.at(today), transaction.atomic():
                together.wait(120)
                found = claims.take_next(queue=Queue(actor, today), actor=actor)
                taken.append(found and found.pk)
                together.wait(120)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert None not in taken
    assert len(set(taken)) == 3
    with scope.funds(fund.pk):
        assert {claim.dossier_id for claim in Claim.objects.all()} == set(taken)


def test_what_was_assessed_today_is_not_brought_up_again_today(fund: Fund, of_doctor: Actor) -> None:
    today = d("2026-05-04")
    one = dossier(fund, today, facts=[assessed("2026-05-04", 4)])
    with scope.funds(fund.pk):
        for day, found in ((today, None), (d("2026-05-05"), one)):
            with clock.at(day):
                assert [line.dossier for line in Queue(of_doctor, day).ahead(None)] == [one]
                assert claims.take_next(queue=Queue(of_doctor, day), actor=of_doctor) == found
