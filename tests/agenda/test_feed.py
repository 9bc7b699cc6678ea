"""The private feed: only its address opens it, it names nobody, and shut it is gone."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.agenda.conftest import Met
from tests.conftest import make_fund
from tests.web.cases import TODAY, address, moment, typed
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Role, User
from tnw.core import clock, scope
from trajects.calendar import feed
from trajects.models import CalendarFeed

TUESDAY = TODAY + timedelta(1)


def made(client: Client) -> str:
    """A new address, as it is shown once."""
    answer = client.post(reverse("calendar_feed"), {"make": "1"}, follow=True)
    assert answer.redirect_chain, "loaded once more, it makes no other"
    assert "no-store" in answer["Cache-Control"]
    url: str = answer.context["address"]
    return url.removeprefix("http://testserver")


@pytest.fixture
def own(met: Met, coordinator: User, client: Client) -> str:
    met(moment(TUESDAY, 10), form="phone", last_name="Desmedt")
    met(moment(TUESDAY, 11), "medical_examination")
    client.force_login(coordinator)
    return made(client)


@pytest.fixture
def stranger() -> Client:
    """A calendar: it has the address, and nothing else."""
    return Client()


def test_it_shows_when_and_names_nobody(own: str, stranger: Client) -> None:
    answer = stranger.get(own)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["summary"]) == "Contact"
    assert event.decoded("dtstart") == moment(TUESDAY, 10)
    assert event.decoded("dtend") == moment(TUESDAY, 10) + timedelta(minutes=30)
    url = str(event["url"])
    assert "/dossiers/" in url
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "URL", "CLASS"}
    for never in (b"Desmedt", b"Noor", b"0470", b"xamination", b"first", b"Gent"):
        assert never not in answer.content
    link = url.split("://")[1].partition("/")[2]
    assert stranger.get(f"/{link}").status_code == 302, "the link asks who one is"


def test_it_tells_whether_anything_changed(own: str, stranger: Client, client: Client, met: Met) -> None:
    tag = stranger.get(own)["ETag"]
    same = stranger.get(own, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    met(moment(TUESDAY, 14))
    changed = stranger.get(own, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert len(Calendar.from_ical(changed.content).walk("VEVENT")) == 2


def test_shut_it_was_never_there(own: str, stranger: Client, client: Client) -> None:
    assert stranger.get(own).status_code == 200
    assert own.split("/")[-1][:10] not in client.get(reverse("calendar_feed")).content.decode(), "shown once"
    assert client.post(reverse("calendar_feed"), {"shut": "1"}).status_code == 302
    assert stranger.get(own).status_code == 404
    again = made(client)
    assert again != own
    assert stranger.get(own).status_code == 404
    newest = made(client)
    assert [stranger.get(one).status_code for one in (own, again, newest)] == [404, 404, 200]


def test_the_audit_trail_says_who_made_and_shut_one_and_never_what_opens_it(
    own: str, client: Client, coordinator: User
) -> None:
    client.post(reverse("calendar_feed"), {"shut": "1"})
    client.post(reverse("calendar_feed"), {"shut": "1"})
    with scope.funds(coordinator.fund_id):
        found = AuditEntry.objects.filter(content_type__model="calendarfeed").order_by("pk")
        made_one, shut = found.select_related("acting")
    assert [one.action for one in (made_one, shut)] == [AuditEntry.Action.CREATE, AuditEntry.Action.DELETE]
    for one in (made_one, shut):
        assert (one.fund_id, one.acting.user_id) == (coordinator.fund_id, coordinator.pk)
        assert set(one.changes) <= {"user", "made_at"}


@pytest.mark.django_db(transaction=True)
def test_of_two_made_at_once_the_later_one_opens(make_user: Callable[..., User]) -> None:
    user = make_user(Role.COORDINATOR, fund=make_fund("311"))
    together, tokens = threading.Barrier(3), []

    def work() -> None:
        try:
            together.wait(60)
            with audit.acting_as(actors.of_user(user), user.fund):
                tokens.append(feed.make(user))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(tokens)) == 3
    assert [bool(feed.owner(token)) for token in tokens].count(True) == 1


def test_only_a_hash_is_kept(own: str) -> None:
    token = own.split("/")[-1].removesuffix(".ics")
    assert len(token) >= 43
    (kept,) = CalendarFeed.objects.values()
    assert token not in str(kept)


def test_who_no_longer_works_here_has_no_feed(own: str, stranger: Client, coordinator: User) -> None:
    User.objects.filter(pk=coordinator.pk).update(roles=[Role.ADMINISTRATOR])
    assert stranger.get(own).status_code == 404
    User.objects.filter(pk=coordinator.pk).update(roles=[Role.COORDINATOR], is_active=False)
    assert stranger.get(own).status_code == 404


def test_a_doctor_finds_examinations_just_as_bare(
    own: str, stranger: Client, client: Client, make_user: Callable[..., User], met: Met, coordinator: User
) -> None:
    client.force_login(make_user(Role.ADVISORY_DOCTOR, fund=coordinator.fund, team=coordinator.team))
    (event,) = Calendar.from_ical(stranger.get(made(client)).content).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart")) == ("Contact", moment(TUESDAY, 11))


def test_what_is_cancelled_leaves_it(own: str, stranger: Client, client: Client, met: Met) -> None:
    dossier = met(moment(TUESDAY, 16))
    assert len(Calendar.from_ical(stranger.get(own).content).walk("VEVENT")) == 2
    assert client.post(address(dossier, "cancel", "subject-3"), typed(dossier)).status_code == 302
    assert len(Calendar.from_ical(stranger.get(own).content).walk("VEVENT")) == 1


def test_who_reads_too_often_waits(own: str, stranger: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(14):  # of which ten count how often it is read
        assert stranger.get(own).status_code == 200
    assert {stranger.get(own).status_code for _try in range(21)} == {200, 429}


def test_a_calendar_that_asks_every_four_minutes_never_waits(own: str, stranger: Client) -> None:
    for minutes in range(0, 4 * 22, 4):
        with clock.standing(moment(TODAY, 9) + timedelta(minutes=minutes)):
            assert stranger.get(own).status_code == 200, minutes
