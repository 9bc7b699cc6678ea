"""Nothing falls silent (N1)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from tests import population
from tests.web.desk import MONDAY, D
from tnw.accounts import actors
from tnw.accounts.models import Fund, User
from tnw.core import clock
from tnw.web.worklist.scope import scope_of
from tnw.web.worklist.silent import first


def silences(user: User, today: date) -> list[tuple[str, str]]:
    actor = actors.of_user(user)
    work = scope_of(actor, today)
    assert work
    lines, _last = first(actor, work.parts, today)
    return [(line.dossier.incapacity.reference, f"{line.since}") for line in lines]


START = D("2025-01-06")
MIDNIGHT = clock.midnight(MONDAY)
UNDER_WAY = [
    fact("questionnaire_sent", D("2025-03-10"), "q-1", channel="post", language="nl"),
    fact("questionnaire_received", D("2025-03-20"), "q-2", channel="post", complete=True),
    fact("medical_contact_held", D("2025-04-20"), "m-1", form="in_person"),
    fact("medical_contact_held", D("2025-07-20"), "m-2", form="in_person"),
    fact("medical_contact_held", D("2025-11-20"), "m-3", form="in_person"),
    fact("assessment_made", D("2025-04-25"), "a-1", category=4),
    fact("referral_made", D("2025-04-26"), "r-1"),
]
CONTACT = fact("first_contact_held", D("2026-03-11"), "c-1", route="A", form="in_person")
CONSENT = fact("consent_given", D("2026-03-11"), "cg-1", purpose="data_processing")
TRAJECT = fact("traject_started", D("2026-03-12"), "ts-1", route="A")
SILENT = [
    # facts after the referral, the days asked, silent on which of them
    ([], ["2026-03-16"], []),
    ([CONTACT], ["2026-03-11", "2026-03-12"], ["2026-03-12"]),
    ([CONTACT, CONSENT, TRAJECT], ["2026-03-12", "2026-03-13"], ["2026-03-13"]),
    (
        [CONTACT, fact("appointment_made", D("2026-03-11"), "p-1", "x", purpose="follow_up", at=MIDNIGHT)],
        ["2026-03-12", "2026-03-16", "2026-03-17"],
        ["2026-03-17"],
    ),
    ([CONTACT, fact("adapted_work_planned", D("2026-03-11"), "aw", "w", starts_on=D("2026-06-01"))], ["2026-03-16"], []),
    ([CONTACT, fact("route_closed", D("2026-03-13"), "rc", route="A", reason="no_consent")], ["2026-03-16"], []),
    *(  # which leads nowhere while a traject runs (R1)
        (
            [CONTACT, CONSENT, TRAJECT, fact("assessment_made", D("2026-03-13"), "a-2", category=category)],
            ["2026-03-12", "2026-03-13", "2026-03-16"],
            ["2026-03-13", "2026-03-16"],
        )
        for category in (3, 4)
    ),
    (
        [CONTACT, CONSENT, TRAJECT, fact("traject_ended", D("2026-03-13"), "te", result="no_result")],
        ["2026-03-16"],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "days", "silent_on"), SILENT)
def test_n1_nothing_falls_silent(
    facts: list[Fact],
    days: list[str],
    silent_on: list[str],
    at_home: None,
    fund: Fund,
    coordinator: User,
    team_lead: User,
    doctor: User,
    signed_in: Callable[[User], Client],
) -> None:
    """Under way with nothing due and nobody to meet: in the list of the coordinator and the lead the next day (N1)."""
    dossier = population.dossier(fund=fund, start=START, facts=[*UNDER_WAY, *facts], today=MONDAY)
    reference = dossier.incapacity.reference
    for user in (coordinator, team_lead):
        told = [day for day in days if [one for one, _since in silences(user, D(day))] == [reference]]
        assert told == silent_on
    assert [silences(doctor, D(day)) for day in days] == [[] for _day in days]
    for day in silent_on[:1]:
        assert silences(coordinator, D(day)) == [(reference, day)]
        with clock.at(D(day)):
            for address in (reverse("home"), reverse("silent")):
                assert reference in signed_in(coordinator).get(address).content.decode()


def test_n1_a_date_that_only_the_doctor_has_is_no_company(
    at_home: None, fund: Fund, coordinator: User
) -> None:
    """The medical contact of month 11 (T17) is open from the first day on."""
    facts = [one for one in (*UNDER_WAY, CONTACT, CONSENT, TRAJECT) if one.id != "m-3"]
    population.dossier(fund=fund, start=START, facts=facts, today=MONDAY)
    assert len(silences(coordinator, MONDAY)) == 1


def test_n1_a_questionnaire_that_never_came_back_is_no_company(
    at_home: None, fund: Fund, coordinator: User
) -> None:
    """It stays due until it comes (T2); that the coordinator offers help with it is company (T3)."""
    unanswered = [one for one in (*UNDER_WAY, CONTACT) if one.id != "q-2"]
    offered = fact("support_offered", D("2025-04-01"), "s-1", channel="phone")
    made = population.dossier(fund=fund, start=START, facts=[*unanswered, offered], today=MONDAY)
    population.dossier(fund=fund, start=START, facts=unanswered, today=MONDAY)
    Dossier.objects.update(coordinator=coordinator)
    assert silences(coordinator, MONDAY) == [(made.incapacity.reference, "2026-03-12")]


def test_n1_the_longest_silent_comes_first(at_home: None, fund: Fund, coordinator: User) -> None:
    for day in ("2026-03-11", "2026-03-09", "2026-03-10"):
        contact = fact("first_contact_held", D(day), "c-1", route="A", form="in_person")
        population.dossier(fund=fund, start=START, facts=[*UNDER_WAY, contact], today=MONDAY)
    since = [day for _reference, day in silences(coordinator, MONDAY)]
    assert since == ["2026-03-10", "2026-03-11", "2026-03-12"]


def test_n1_silence_ends_with_the_incapacity(at_home: None, fund: Fund, coordinator: User) -> None:
    facts = [*UNDER_WAY, CONTACT]
    population.dossier(
        fund=fund, start=START, facts=facts, today=MONDAY, end="2026-03-13", end_reason="resumed"
    )
    Dossier.objects.update(coordinator=coordinator)
    assert silences(coordinator, D("2026-03-13"))
    assert not silences(coordinator, D("2026-03-14"))
