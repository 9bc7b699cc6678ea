"""Links by mail: sent once the server took it, tried again, and opened by whoever knows the date of birth."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dossiers import jobs
from dossiers.documents import dispatching
from dossiers.models import Channel, Dispatch, DispatchState, Dossier, InsuredPerson
from tests.web import cases
from tests.web.letters import REFERRED, on_its_way, ways
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError

Stand = Callable[..., Dossier]
MAIL = {"email": "an@example.org", "birth_date": "1980-05-05", "last_name": "Zonderling"}
RIGHT, WRONG = {"born": "05/05/1980"}, {"born": "06/05/1980"}


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def mailed(stand: Stand, coordinator: User, fund: Fund) -> Dispatch:
    """A letter that was mailed to somebody with an address."""
    dossier = stand(REFERRED, **MAIL)
    on_its_way(dossier, coordinator, Channel.EMAIL)
    jobs.letters_on_their_way(cases.TODAY, fund)
    (way,) = ways(dossier)
    return way


def link(way: Dispatch) -> str:
    return reverse("document_public", args=["311", way.token])


def test_the_mail_holds_a_link_and_names_nobody(mailed: Dispatch, mailoutbox: list[Any]) -> None:
    (mail,) = mailoutbox
    assert mail.to == ["an@example.org"]
    assert link(mailed) in mail.body
    assert mailed.document.reference in mail.body
    assert "Zonderling" not in mail.body + mail.subject
    assert (mailed.state, mailed.sent_on) == (DispatchState.SENT, cases.TODAY)


def test_what_the_server_does_not_take_is_not_sent_and_is_tried_again(
    stand: Stand,
    coordinator: User,
    fund: Fund,
    monkeypatch: pytest.MonkeyPatch,
    mailoutbox: list[Any],
    signed_in: Callable[[User], Client],
) -> None:
    dossier = stand(REFERRED, **MAIL)
    on_its_way(dossier, coordinator, Channel.EMAIL)

    def refuse(*_given: Any, **_more: Any) -> int:
        raise SMTPException

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        for _time in range(2):
            assert jobs.letters_on_their_way(cases.TODAY, fund)["311"]["failed"] == 1
    (way,) = ways(dossier)
    assert (way.state, way.failures, way.sent_on, way.fact) == (DispatchState.WAITING, 2, None, "")
    page = signed_in(coordinator).get(reverse("letters")).content.decode()
    assert "tried 2 times" in page
    assert jobs.letters_on_their_way(cases.TODAY, fund)["311"]["mailed"] == 1
    assert jobs.letters_on_their_way(cases.TODAY, fund)["311"]["mailed"] == 0
    assert len(mailoutbox) == 1
    assert ways(dossier)[0].state == DispatchState.SENT


def test_what_the_dossier_refuses_is_not_mailed(
    stand: Stand,
    coordinator: User,
    fund: Fund,
    monkeypatch: pytest.MonkeyPatch,
    mailoutbox: list[Any],
    signed_in: Callable[[User], Client],
) -> None:
    """What the law knows of a sending is recorded before the mail goes: no mail without its fact."""
    dossier = stand(REFERRED, **MAIL)
    on_its_way(dossier, coordinator, Channel.EMAIL)

    def refuse(*_given: Any) -> None:
        raise DomainError("This does not fit here.", code="refused")

    monkeypatch.setattr("dossiers.documents.mailing.mark_sent", refuse)
    jobs.letters_on_their_way(cases.TODAY, fund)
    assert not mailoutbox
    # Tried again it would be refused again: that is said where it is seen.
    (way,) = ways(dossier)
    assert (way.state, way.sent_on) == (DispatchState.REFUSED, None)
    client = signed_in(coordinator)
    assert "This does not fit here." in client.get(reverse("letters")).content.decode()
    page = client.get(reverse("dossier_letters", args=[dossier.public_id])).content.decode()
    assert "Could not be sent" in page
    assert "This does not fit here." in page
    # Once it goes otherwise, nobody has to look at it any more.
    with audit.acting_as(actors.of_user(coordinator), fund):
        dispatching.prepare(
            document_id=way.document.public_id,
            actor=actors.of_user(coordinator),
            on=cases.TODAY,
            channel=Channel.POST,
        )
    assert "This does not fit here." not in client.get(reverse("letters")).content.decode()


@pytest.mark.parametrize(
    ("code", "state", "failures"), [(550, DispatchState.REFUSED, 0), (450, DispatchState.WAITING, 1)]
)
def test_an_address_that_the_server_does_not_know_is_not_tried_for_ever(
    code: int,
    state: str,
    failures: int,
    stand: Stand,
    coordinator: User,
    fund: Fund,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier = stand(REFERRED, **MAIL)
    on_its_way(dossier, coordinator, Channel.EMAIL)

    def refuse(*_given: Any, **_more: Any) -> int:
        raise SMTPRecipientsRefused({"an@example.org": (code, b"no")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    jobs.letters_on_their_way(cases.TODAY, fund)
    (way,) = ways(dossier)
    assert (way.state, way.failures, way.sent_on) == (state, failures, None)


def test_no_dossier_is_held_while_the_server_is_called(
    stand: Stand, coordinator: User, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is away makes whoever calls it wait: before anything is locked."""
    for _one in range(2):
        on_its_way(stand(REFERRED, **MAIL), coordinator, Channel.EMAIL)
    called, held = [], []

    def away(_connection: object) -> None:
        called.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", away)
    monkeypatch.setattr("dossiers.documents.mailing._hand_over", lambda *given: held.append(given))
    assert jobs.letters_on_their_way(cases.TODAY, fund)["311"]["failed"] == 2
    assert (len(called), held) == (2, [])


def test_a_link_that_went_to_the_wrong_address_is_shut(
    mailed: Dispatch, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    with scope.funds(mailed.fund_id):
        dossier_id = mailed.dossier.public_id
    step = reverse("dossier_letter_way", args=[dossier_id, mailed.public_id, "shut"])
    desk = signed_in(coordinator)
    tab = reverse("dossier_letters", args=[dossier_id])
    assert step in desk.get(tab).content.decode()
    assert "Shut the link" in desk.get(step).content.decode()
    told = desk.post(step, follow=True).content.decode()
    assert "the link is shut" in told
    assert step not in told
    assert Client().post(link(mailed), RIGHT).status_code == 410


def test_without_an_address_any_more_nothing_goes(
    stand: Stand, coordinator: User, fund: Fund, mailoutbox: list[Any]
) -> None:
    dossier = stand(REFERRED, **MAIL)
    on_its_way(dossier, coordinator, Channel.EMAIL)
    with scope.funds(fund.pk):
        InsuredPerson.objects.update(email="")
    jobs.letters_on_their_way(cases.TODAY, fund)
    assert ways(dossier)[0].state == DispatchState.WITHDRAWN
    assert not mailoutbox


def test_the_right_date_opens_it_and_the_first_opening_is_kept(mailed: Dispatch, client: Client) -> None:
    asked = client.get(link(mailed))
    page = asked.content.decode()
    assert "Zonderling" not in page
    assert mailed.document.reference not in page
    assert "no-store" in asked["Cache-Control"]
    assert asked["X-Robots-Tag"] == "noindex"
    assert 'lang="nl"' in page  # the letter's language, not the browser's
    answer = client.post(link(mailed), RIGHT)
    assert answer.content == bytes(mailed.document.content)
    assert "no-store" in answer["Cache-Control"]
    with scope.funds(mailed.fund_id):
        first = Dispatch.objects.get(pk=mailed.pk).opened_at
        client.post(link(mailed), RIGHT)
        assert first is not None
        assert Dispatch.objects.get(pk=mailed.pk).opened_at == first


def test_five_wrong_dates_shut_it(mailed: Dispatch, client: Client) -> None:
    for _time in range(4):
        answer = client.post(link(mailed), WRONG)
        assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/html")
    assert client.post(link(mailed), {"born": "gisteren"}).status_code == 200  # no date is no try
    assert client.post(link(mailed), WRONG).status_code == 410
    answer = client.post(link(mailed), RIGHT)
    assert answer.status_code == 410
    assert "Zonderling" not in answer.content.decode()


@pytest.mark.parametrize(("days", "status"), [(60, 200), (61, 410)])
def test_it_works_for_sixty_days(days: int, status: int, mailed: Dispatch, client: Client) -> None:
    with clock.at(cases.TODAY + timedelta(days)):
        assert client.post(link(mailed), RIGHT).status_code == status


def test_no_other_address_leads_anywhere(
    mailed: Dispatch, stand: Stand, coordinator: User, client: Client, other_fund: Fund
) -> None:
    waits = on_its_way(stand(REFERRED, **MAIL), coordinator, Channel.EMAIL)
    wrong = [
        ("311", "x" * 43),
        ("311", waits.token),
        (other_fund.number, mailed.token),
        ("999", mailed.token),
    ]
    for number, token in wrong:
        url = reverse("document_public", args=[number, token])
        assert client.get(url).status_code == 404
        assert client.post(url, RIGHT).status_code == 404


def test_who_tries_too_often_waits(mailed: Dispatch, client: Client) -> None:
    """Also with dates of many links: the limit is of the caller."""
    with translation.override("en"):
        found = {client.post(link(mailed), RIGHT).status_code for _time in range(21)}
    assert found == {200, 429}
