"""Whose a decision in its ten seconds is, how long its row stays, and what its maker and the database refuse."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from routing import claims, pending
from tests.queues.conftest import TODAY, Post, head, rows
from tests.queues.settling import settle
from tests.queues.test_pending import put, recorded
from tests.walls.catalogue import ask
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError
from tnw.web.tasks import AFTER, carry_out_decision


def test_a_claim_of_somebody_else_changes_nothing_any_more(
    decide: Post, one: Dossier, fund: Fund, colleague: User
) -> None:
    decide(one)
    with scope.funds(fund.pk), clock.at(TODAY):
        claims.take(dossier=one, actor=actors.of_user(colleague), over=True)
        assert settle(fund).recorded == 1


def test_a_decision_is_its_makers_and_of_his_fund(
    decide: Post,
    one: Dossier,
    fund: Fund,
    other_fund: Fund,
    doctor: User,
    colleague: User,
    make_user: Callable[..., User],
    client: Client,
) -> None:
    decide(one)
    (row,) = rows(fund)
    foreign = make_user(Role.ADVISORY_DOCTOR, fund=other_fund)
    for user in (colleague, foreign):
        with scope.funds(fund.pk, other_fund.pk):
            assert not pending.to_come(actors.of_user(user)).exists()
        client.force_login(user)
        with clock.at(TODAY):
            assert client.get(reverse("assessments")).context["strip"].to_come == []
            client.post(reverse("pending_back", args=[row.public_id]))
            client.post(reverse("pending_drop", args=[row.public_id]))
        assert rows(fund) == [row]
    with scope.funds(other_fund.pk):  # the second wall
        assert ask("select count(*) from routing_pendingdecision") == [(0,)]
        assert pending.to_come(actors.system()).count() == 0
    with scope.funds(fund.pk):
        assert pending.to_come(actors.of_user(doctor)).get() == row


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM}))
def test_who_has_no_queue_takes_nothing_back(
    role: str,
    decide: Post,
    one: Dossier,
    fund: Fund,
    team: Team,
    make_user: Callable[..., User],
    client: Client,
) -> None:
    decide(one)
    (row,) = rows(fund)
    client.force_login(make_user(role, fund=fund, team=team))
    for name in ("pending_back", "pending_drop"):
        assert client.post(reverse(name, args=[row.public_id])).status_code == 403
    assert rows(fund) == [row]


def test_what_its_maker_left_lying_is_thrown_away_after_a_month(
    decide: Post, one: Dossier, fund: Fund, of_doctor: Actor
) -> None:
    decide(one)
    (row,) = rows(fund)
    with scope.funds(fund.pk):
        assert pending.take_back(public_id=row.public_id, actor=of_doctor)
    with clock.at(TODAY + timedelta(30)):
        assert settle(fund, after=timedelta(0)).forgotten == 0
    with clock.at(TODAY + timedelta(31)):
        assert settle(fund, after=timedelta(0)).forgotten == 1
    assert rows(fund) == []


def test_what_is_refused_is_refused_at_once_and_leaves_no_row(decide: Post, one: Dossier, fund: Fund) -> None:
    seen = head(one)
    put(one, "questionnaire_received", channel="post", complete=True)
    assert decide(one, seen=seen).status_code == 409
    assert decide(one, category="3", reason=" ").context["form"].errors
    assert rows(fund) == []


def test_a_worker_is_told_when_it_can_no_longer_be_taken_back(
    decide: Post,
    one: Dossier,
    fund: Fund,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    sent = []
    monkeypatch.setattr(carry_out_decision, "apply_async", lambda *told, **how: sent.append((told, how)))
    with django_capture_on_commit_callbacks(execute=True):
        decide(one)
    (row,) = rows(fund)
    assert sent == [(((fund.pk, row.pk), {}), {"countdown": AFTER})]
    assert pending.LASTS.total_seconds() < AFTER


def test_a_second_one_at_the_same_moment_is_refused_by_the_database(
    one: Dossier, fund: Fund, of_doctor: Actor, colleague: User
) -> None:
    about: dict[str, Any] = {"dossier": one, "act": "assess", "subject": "", "values": {}, "seen": 1}
    with scope.funds(fund.pk):
        pending.keep(**about, actor=of_doctor)
        with pytest.raises(DomainError, match="being recorded"):
            pending.keep(**about, actor=actors.of_user(colleague))
    assert len(rows(fund)) == 1


def test_the_day_is_that_of_the_decision_around_midnight(
    client: Client, one: Dossier, fund: Fund, doctor: User
) -> None:
    client.force_login(doctor)
    late = datetime.combine(TODAY, time(23, 59, 55), clock.BRUSSELS)
    with clock.standing(late):
        told = {"act": "decide", "category": "1", "seen": head(one)}
        client.post(reverse("assess", args=[one.public_id]), told)
    with clock.at(TODAY + timedelta(1), hour=1):
        assert settle(fund).recorded == 1
    (entry,) = recorded(one)
    assert (entry.on, entry.at) == (TODAY, late)
