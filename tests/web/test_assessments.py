"""The assessment queue: who waits on which day, in which order, who is at whom; and what the screen does."""

import threading
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dossiers.keyset import Place
from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import notes_of
from routing import claims
from routing.assessments import Line, Queue
from routing.models import Claim
from tests import population
from tests.conftest import make_fund
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Actor, Fund, Role, Team, TeamArea, User
from tnw.core import clock, scope

START = date(2026, 1, 15)
# S + 3 months, and S + 4 months less a day.
SHOWN, LAST = date(2026, 4, 15), date(2026, 5, 14)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def of_doctor(doctor: User) -> Actor:
    return actors.of_user(doctor)


def dossier(
    fund: Fund, today: date, start: date = START, facts: Iterable[Fact] = (), **columns: Any
) -> Dossier:
    with clock.at(today):
        return population.dossier(fund=fund, start=start, facts=facts, today=today, **columns)


def lines(actor: Actor, today: date, *, everyone: bool = False) -> list[Line]:
    assert actor.user
    with scope.funds(actor.user.fund_id), clock.at(today):
        return list(Queue(actor, today, everyone=everyone).ahead(None))


def assessed(on: str, category: int) -> Fact:
    return fact("assessment_made", d(on), f"a-{on}", category=category)


def trained(on: str) -> Fact:
    return fact("training_completed", d(on), "t-1", "training", success=True)


# The day of looking, what had happened, and for what the dossier waits then.
DAYS: list[tuple[str, list[Fact], list[str]]] = [
    ("2026-04-14", [], []),
    ("2026-04-15", [], ["T4"]),
    ("2026-05-14", [], ["T4"]),
    ("2026-06-20", [], ["T4"]),
    ("2026-05-04", [assessed("2026-05-04", 2)], []),
    # Category 1: S + 6 months is 15-7; in view a month before.
    ("2026-06-14", [assessed("2026-05-04", 1)], []),
    ("2026-06-15", [assessed("2026-05-04", 1)], ["T5"]),
    ("2026-08-01", [assessed("2026-05-04", 1)], ["T5"]),
    # Category 3: two months later is Saturday 4-7, to act by Friday 3-7.
    ("2026-06-02", [assessed("2026-05-04", 3)], []),
    ("2026-06-03", [assessed("2026-05-04", 3)], ["T6"]),
    # Category 4: to refer, at once; referred, nothing more.
    ("2026-05-04", [assessed("2026-05-04", 4)], ["T23"]),
    ("2026-05-05", [assessed("2026-05-04", 4), fact("referral_made", d("2026-05-05"), "r-1")], []),
    # After training: six months later is 10-12.
    ("2026-11-09", [assessed("2026-05-04", 2), trained("2026-06-10")], []),
    ("2026-11-10", [assessed("2026-05-04", 2), trained("2026-06-10")], ["T14"]),
]


@pytest.mark.parametrize(("day", "facts", "rules"), DAYS)
def test_who_is_in_the_queue_on_which_day(
    day: str, facts: list[Fact], rules: list[str], fund: Fund, of_doctor: Actor
) -> None:
    today = d(day)
    dossier(fund, today, facts=facts)
    assert [deadline.rule for line in lines(of_doctor, today) for deadline in line.waits_for] == rules


@pytest.mark.parametrize(
    ("columns", "there"),
    [
        ({}, True),
        ({"end": "2026-04-19", "end_reason": "resumed"}, False),
        ({"end": "2026-04-20", "end_reason": "resumed"}, False),  # over before its last working day
        ({"end": "2026-06-30", "end_reason": "resumed"}, True),  # known to end, but later
        ({"cause": "work_accident"}, False),
    ],
)
def test_ended_and_excluded_drop_out(
    columns: dict[str, Any], there: bool, fund: Fund, of_doctor: Actor
) -> None:
    today = d("2026-04-20")
    dossier(fund, today, **columns)
    assert bool(lines(of_doctor, today)) is there


def test_one_line_a_dossier_at_its_most_urgent_with_the_medical_contact_beside(
    fund: Fund, of_doctor: Actor
) -> None:
    today = d("2026-11-20")
    facts = [assessed("2026-05-04", 2), trained("2026-06-10"), assessed("2026-11-20", 4)]
    one = dossier(fund, today, facts=facts[:2])
    both = dossier(fund, today, facts=[trained("2026-06-10")])
    found = lines(of_doctor, today)
    assert {line.dossier.pk: [deadline.rule for deadline in line.waits_for] for line in found} == {
        both.pk: ["T4", "T14"],
        one.pk: ["T14"],
    }
    assert [deadline.occurrence for deadline in found[0].beside] == [4, 7, 11]


def test_the_most_urgent_first_and_page_after_page_none_twice(fund: Fund, of_doctor: Actor) -> None:
    today = d("2026-06-01")
    starts = [START + timedelta(3 * (number * 7 % 23)) for number in range(23)]
    made = {dossier(fund, today, start).pk: start for start in starts}
    with scope.funds(fund.pk), clock.at(today):
        queue = Queue(of_doctor, today)
        seen: list[int] = []
        after: Place | None = None
        while True:
            part, after = queue.stretch(after, 4)
            seen += [line.dossier.pk for line in part]
            if after is None:
                break
        assert queue.number() == len(seen)
    waiting = sorted((start, pk) for pk, start in made.items() if start <= d("2026-03-01"))
    assert sorted(seen) == sorted(pk for _start, pk in waiting)
    assert [made[pk] for pk in seen] == [start for start, _pk in waiting]
    assert Place.read(str(Place(today, today, 7))) == Place(today, today, 7)
    assert Place.read("nothing") is None


def test_the_own_team_the_teams_without_a_doctor_and_the_whole_fund(
    fund: Fund, team: Team, make_user: Callable[..., User], of_doctor: Actor, other_fund: Fund
) -> None:
    with audit.acting_as(actors.system(), fund):
        south = Team.objects.create(fund=fund, name="Zuid", languages=["nl"])
        TeamArea.objects.filter(team=team).update(first="9000")
        TeamArea.objects.create(team=south, first="1000", last="8999")
    today = SHOWN
    own = dossier(fund, today)
    theirs = dossier(fund, today, postal_code="2000")
    dossier(other_fund, today)
    assert {line.dossier.pk for line in lines(of_doctor, today)} == {own.pk, theirs.pk}
    make_user(Role.ADVISORY_DOCTOR, fund=fund, team=south)
    assert {line.dossier.pk for line in lines(of_doctor, today)} == {own.pk}
    assert {line.dossier.pk for line in lines(of_doctor, today, everyone=True)} == {own.pk, theirs.pk}


@pytest.fixture
def colleague(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    return make_user(Role.ADVISORY_DOCTOR, fund=fund, team=team)


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
                together.wait(20)
                found = claims.take_next(queue=Queue(actor, today), actor=actor)
                taken.append(found and found.pk)
                together.wait(20)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in taken
    assert len(set(taken)) == 3
    with scope.funds(fund.pk):
        assert {claim.dossier_id for claim in Claim.objects.all()} == set(taken)


@pytest.fixture
def at(fund: Fund, doctor: User, client: Client) -> Callable[..., HttpResponse]:
    """`at(today, dossier, user=…, **post)`: the assessment screen on a day, or with `act` what is sent from it."""

    def go(today: date, one: Dossier | None, user: User = doctor, **data: Any) -> HttpResponse:
        client.force_login(user)
        url = reverse("assess", args=[one.public_id]) if one else reverse("assessments")
        with clock.at(today):
            return client.post(url, data) if data else client.get(url)  # type: ignore[return-value]  # with a context

    return go


At = Callable[..., Any]


def head(one: Dossier) -> int:
    with scope.funds(one.fund_id):
        return LedgerEntry.objects.filter(dossier=one).order_by("-seq").values_list("seq", flat=True)[0]


def recorded(one: Dossier) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded since the dossier came in."""
    with scope.funds(one.fund_id):
        entries = LedgerEntry.objects.filter(dossier=one, kind__regex="^(assess|refer|medical|appoint)")
        return [(entry.kind, dict(entry.values)) for entry in entries.order_by("seq")]


def test_opening_claims_and_is_logged(at: At, fund: Fund, doctor: User, colleague: User) -> None:
    one = dossier(fund, LAST, last_name="Van Hée", first_name="Zoë")
    page = at(LAST, one).content.decode()
    for told in (
        "Van Hée Zoë",
        "Make the first assessment",
        "month 4",
        ["Private accident", "Illness"][1],
    ):
        assert told in page
    assert one.incapacity.person.ssin not in page
    with scope.funds(fund.pk):
        assert Claim.objects.get().user == doctor
        assert list(AccessLog.objects.values_list("through", flat=True)) == ["assessment"]
    theirs = at(LAST, one, colleague)
    assert theirs.context["held"].user == doctor
    assert f"Claimed by {doctor.name}" in at(LAST, None, colleague).content.decode()
    kept = at(LAST, one, colleague, act="decide", category="2", reason="op", seen=head(one)).content.decode()
    assert recorded(one) == []
    assert "op</textarea>" in kept
    over = at(LAST, one, colleague, act="over", category="2", reason="op", seen=head(one))
    assert over.context["held"] is None
    assert "op</textarea>" in over.content.decode()
    at(LAST, one, colleague, act="decide", category="2", reason="op", seen=head(one))
    assert recorded(one) == [("assessment_made", {"category": 2})]


# What is sent, and what is recorded of it; or the field that is at fault.
SENT: list[tuple[str, dict[str, str], list[tuple[str, dict[str, Any]]] | str]] = [
    ("2026-05-04", {"act": "decide", "category": "1"}, [("assessment_made", {"category": 1})]),
    ("2026-07-14", {"act": "decide", "category": "1"}, [("assessment_made", {"category": 1})]),
    ("2026-07-15", {"act": "decide", "category": "1"}, "category"),
    ("2026-05-04", {"act": "decide", "category": "2"}, "reason"),
    ("2026-05-04", {"act": "decide", "category": "3", "reason": " "}, "reason"),
    (
        "2026-05-04",
        {"act": "decide", "category": "3", "reason": "scan", "contact": "phone"},
        [("assessment_made", {"category": 3}), ("medical_contact_held", {"form": "phone"})],
    ),
    ("2026-05-04", {"act": "decide"}, "category"),
    ("2026-05-04", {"act": "decide", "category": "5"}, "category"),
    (
        "2026-05-04",
        {"act": "decide", "category": "4", "refer": "on"},
        [("assessment_made", {"category": 4}), ("referral_made", {})],
    ),
    ("2026-05-04", {"act": "decide", "category": "3", "reason": "scan", "refer": "on"}, "refer"),
    ("2026-05-04", {"act": "refer", "category": "2", "reason": "no"}, "__all__"),
    ("2026-05-04", {"act": "refer"}, "__all__"),
    ("2026-05-04", {"act": "contact"}, "contact"),
    ("2026-05-04", {"act": "contact", "contact": "video"}, [("medical_contact_held", {"form": "video"})]),
    ("2026-05-04", {"act": "examine", "day": "10/05/2026"}, "time"),
    ("2026-05-04", {"act": "examine", "day": "01/05/2026", "time": "09:00"}, "day"),
    ("2026-05-04", {"act": "decide", "category": "1", "day": "10/05/2026"}, "day"),
]


@pytest.mark.parametrize(("day", "sent", "becomes"), SENT)
def test_what_is_sent_and_what_becomes_of_it(
    day: str, sent: dict[str, str], becomes: Any, at: At, fund: Fund
) -> None:
    today = d(day)
    one = dossier(fund, today)
    response = at(today, one, **sent, seen=head(one))
    if isinstance(becomes, str):
        assert response.status_code == 200
        assert list(response.context["form"].errors) == [becomes]
        assert recorded(one) == []
    else:
        assert response.status_code == 302
        assert recorded(one) == becomes


def test_calling_for_an_examination_first(at: At, fund: Fund) -> None:
    today = d("2026-05-04")
    one, other = dossier(fund, today), dossier(fund, today, START + timedelta(1))
    sent = {"act": "examine", "day": "10/05/2026", "time": "09:30", "place": "Gent"}
    response = at(today, one, **sent, seen=head(one))
    assert str(other.public_id) in response["Location"]
    (kind, values), *_rest = recorded(one)
    assert (kind, values["purpose"]) == ("appointment_made", "medical_examination")
    assert "Examination on 10/05/2026 09:30" in at(today, None).content.decode()
    assert str(other.public_id) in at(today, None, act="next")["Location"]


def test_after_a_decision_the_next_and_at_the_end_the_queue(at: At, fund: Fund, doctor: User) -> None:
    today = d("2026-05-10")
    first, second, third = (dossier(fund, today, START + timedelta(days)) for days in range(3))
    location = at(today, None, act="next")["Location"]
    assert str(first.public_id) in location
    skipped = at(today, first, act="skip")["Location"]
    assert str(second.public_id) in skipped
    after = skipped.partition("after=")[2]
    location = at(today, second, act="decide", category="2", reason="x", seen=head(second), after=after)[
        "Location"
    ]
    assert str(third.public_id) in location
    location = at(today, third, act="decide", category="2", reason="x", seen=head(third), after=after)[
        "Location"
    ]
    assert location.startswith(reverse("assessments"))
    assert str(first.public_id) in at(today, None, act="next")["Location"]
    assert at(today, first, act="leave")["Location"] == reverse("assessments")
    with scope.funds(fund.pk):
        assert not Claim.objects.exists()


def test_who_is_overtaken_keeps_what_was_typed_and_sees_what_came_in(
    at: At, fund: Fund, feed_actor: Actor
) -> None:
    today = d("2026-05-04")
    one = dossier(fund, today)
    seen = head(one)
    with scope.funds(fund.pk), clock.at(today):
        from dossiers.ledger import record as put

        received = fact("questionnaire_received", today, "q-1", channel="post", complete=True)
        put(one, received, fund=fund, actor=feed_actor)
    sent = {"act": "decide", "category": "3", "reason": "eerst een scan", "contact": "phone"}
    response = at(today, one, **sent, seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert recorded(one) == []
    assert "eerst een scan</textarea>" in page
    assert response.context["form"]["category"].value() == "3"
    assert [event.entry.kind for event in response.context["meanwhile"].events] == ["questionnaire_received"]
    assert at(today, one, **sent, seen=response.context["head"]).status_code == 302
    assert len(recorded(one)) == 2


def test_the_referral_as_main_act(at: At, fund: Fund, make_user: Callable[..., User], team: Team) -> None:
    today = d("2026-05-06")
    one = dossier(fund, today, facts=[assessed("2026-05-04", 4)])
    assert at(today, one).context["refers_first"]
    nurse = make_user(Role.MEDICAL_TEAM, fund=fund, team=team)
    response = at(today, one, act="refer", seen=head(one))
    assert response.status_code == 302
    assert recorded(one)[1:] == [("referral_made", {})]
    other = dossier(fund, today, facts=[assessed("2026-05-04", 4)])
    page = at(today, other, nurse)
    assert not page.context["refers_first"]
    assert "the medical team cannot make it" in page.content.decode()
    at(today, other, nurse, act="refer", seen=head(other))
    at(today, other, nurse, act="decide", category="4", refer="on", seen=head(other))
    assert recorded(other) == [("assessment_made", {"category": 4})]
    at(today, other, nurse, act="decide", category="2", reason="x", seen=head(other))
    assert len(recorded(other)) == 2


def test_reasons_are_kept_beside_the_fact_and_shown_next_time(at: At, fund: Fund, of_doctor: Actor) -> None:
    today = d("2026-05-04")
    one = dossier(fund, today)
    at(today, one, act="decide", category="3", reason="eerst een scan", seen=head(one))
    with scope.funds(fund.pk):
        entry = LedgerEntry.objects.get(dossier=one, kind="assessment_made")
        assert notes_of(of_doctor, [entry])[entry.fact_id].texts == ("eerst een scan",)
    assert "eerst een scan" in at(today, one).content.decode()


def test_the_self_employed_and_category_1_after_month_6(at: At, fund: Fund) -> None:
    today = d("2026-07-15")
    one = dossier(fund, today, regime="self_employed")
    page = at(today, one).content.decode()
    assert "only referred or not referred" in page
    assert "which is past" in page


def test_the_dates_that_follow_are_shown_and_not_kept(
    client: Client, at: At, fund: Fund, colleague: User
) -> None:
    today = d("2026-05-04")
    one = dossier(fund, today)
    url = reverse("assess_preview", args=[one.public_id])
    at(today, one)
    with clock.at(today):
        page = client.post(url, {"category": "4"}).content.decode()
        assert "Refer after category 4" in page
        assert "Make the first assessment" in page
        refused = client.post(url, {"category": "4", "refer": "on", "act": "decide"}).content.decode()
        assert "Hold the first contact" in refused
        client.force_login(colleague)
        assert "Refer after" not in client.post(url, {"category": "4"}).content.decode()
    assert recorded(one) == []


def test_a_page_that_stays_open_holds_on_and_is_told_when_it_lost(
    client: Client, at: At, fund: Fund, doctor: User, colleague: User
) -> None:
    one = dossier(fund, LAST)
    at(LAST, one)
    url = reverse("assess_claim", args=[one.public_id])
    with clock.at(LAST, 10):
        assert "Take it over" not in client.post(url).content.decode()
        with scope.funds(fund.pk):
            assert Claim.objects.get().until == clock.now() + claims.LASTS
    at(LAST, one, colleague, act="over")
    client.force_login(doctor)
    with clock.at(LAST):
        assert f"{colleague.name} is at this dossier" in client.post(url).content.decode()


def test_what_the_pages_ask_does_not_grow(
    client: Client, at: At, fund: Fund, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    one = dossier(fund, LAST)
    at(LAST, one)
    for days in range(5):
        dossier(fund, LAST, START + timedelta(days))
    with clock.at(LAST):
        with django_assert_max_num_queries(20):
            assert len(client.get(reverse("assessments")).context["lines"]) == 6
        with django_assert_max_num_queries(24):
            assert client.get(reverse("assess", args=[one.public_id])).status_code == 200


def test_what_was_assessed_today_is_not_brought_up_again_today(fund: Fund, of_doctor: Actor) -> None:
    today = d("2026-05-04")
    one = dossier(fund, today, facts=[assessed("2026-05-04", 4)])
    with scope.funds(fund.pk):
        for day, found in ((today, None), (d("2026-05-05"), one)):
            with clock.at(day):
                assert [line.dossier for line in Queue(of_doctor, day).ahead(None)] == [one]
                assert claims.take_next(queue=Queue(of_doctor, day), actor=of_doctor) == found


def test_the_worklist_of_a_doctor_leads_to_the_screen(client: Client, fund: Fund, doctor: User) -> None:
    one = dossier(fund, LAST)
    client.force_login(doctor)
    with clock.at(LAST):
        page = client.get(reverse("home")).content.decode()
    assert reverse("assess", args=[one.public_id]) in page
    assert reverse("assessments") in page
