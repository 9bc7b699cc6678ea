"""The assessment screen: what it shows, what is sent from it, and what becomes of that."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import notes_of
from routing import claims
from routing.models import Claim
from tests.queues.settling import settle
from tests.web.waiting import LAST, START, assessed, d, dossier
from tnw.accounts.models import AccessLog, Actor, Fund, Role, Team, User
from tnw.core import clock, scope


@pytest.fixture
def at(fund: Fund, doctor: User, client: Client) -> Callable[..., HttpResponse]:
    """`at(today, dossier, user=…, **post)`: the assessment screen on a day, or with `act` what is sent from it.

    What was decided is recorded ten seconds later; what becomes of those seconds is tried in tests/queues.
    """

    def go(today: date, one: Dossier | None, user: User = doctor, **data: Any) -> HttpResponse:
        client.force_login(user)
        url = reverse("assess", args=[one.public_id]) if one else reverse("assessments")
        with clock.at(today):
            if not data:
                return client.get(url)  # type: ignore[return-value]  # with a context
            answer = client.post(url, data)
            assert settle(fund).refused == 0
            return answer  # type: ignore[return-value]  # with a context

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
    ("2026-05-04", {"act": "refer", "category": "2", "reason": "no"}, "refer"),
    ("2026-05-04", {"act": "refer", "category": "3", "reason": "scan"}, "refer"),
    ("2026-05-04", {"act": "refer"}, "__all__"),
    ("2026-05-04", {"act": "contact"}, "contact"),
    ("2026-05-04", {"act": "contact", "contact": "video"}, [("medical_contact_held", {"form": "video"})]),
    ("2026-05-04", {"act": "examine", "day": "10/05/2026"}, "time"),
    ("2026-05-04", {"act": "examine", "day": "01/05/2026", "time": "09:00"}, "day"),
    ("2026-05-04", {"act": "decide", "category": "1", "day": "10/05/2026"}, "day"),
    ("2026-05-04", {"act": "examine", "day": "t spoed", "time": "09:30"}, "day"),
    (
        "2026-05-04",
        {"act": "decide", "category": "1", "day": "t spoed", "time": "?", "place": "-" * 201},
        [("assessment_made", {"category": 1})],
    ),
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


def test_what_stands_already_is_not_assessed_again_without_a_reason(at: At, fund: Fund) -> None:
    today = d("2026-05-06")
    one = dossier(fund, today, facts=[assessed("2026-05-04", 4)])
    told = {"act": "decide", "category": "4", "seen": head(one)}
    assert "Assessed in category 4 already" in at(today, one, **told).content.decode()
    assert len(recorded(one)) == 1
    assert at(today, one, **told, reason="Seen anew.").status_code == 302
    assert len(recorded(one)) == 2


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
        with django_assert_max_num_queries(22):
            assert len(client.get(reverse("assessments")).context["lines"]) == 6
        with django_assert_max_num_queries(27):
            assert client.get(reverse("assess", args=[one.public_id])).status_code == 200


def test_the_worklist_of_a_doctor_leads_to_the_screen(client: Client, fund: Fund, doctor: User) -> None:
    one = dossier(fund, LAST)
    client.force_login(doctor)
    with clock.at(LAST):
        page = client.get(reverse("home")).content.decode()
    assert reverse("assess", args=[one.public_id]) in page
    assert reverse("assessments") in page
