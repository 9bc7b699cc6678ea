"""One letter for many: chosen on the worklist, written in the background, with a result for each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dossiers import batches, jobs
from dossiers.documents import making
from dossiers.models import Batch, BatchRow, Dossier
from tests.web import cases
from tests.web.letters import INVITATION, REFERRED, ways
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role, User
from tnw.core import scope
from tnw.core.errors import DomainError, NotAllowed

Stand = Callable[..., Dossier]
SignedIn = Callable[[User], Client]
MANY = reverse("letters_many")


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is a nudge: the job does the same."""
    monkeypatch.setattr("dossiers.batches.work_off_batches.delay_on_commit", lambda _fund: None)


def asked(*dossiers: Dossier, **more: Any) -> dict[str, Any]:
    return {"dossier": [str(one.public_id) for one in dossiers], **more}


def batch_of(fund: Fund) -> Batch:
    with scope.funds(fund.pk):
        return Batch.objects.get()


def test_from_the_worklist_to_one_file(
    stand: Stand, signed_in: SignedIn, coordinator: User, fund: Fund
) -> None:
    good = [
        stand(REFERRED, last_name=name, postal_code=code)
        for name, code in (("Maes", "9000"), ("Claes", "1000"))
    ]
    without = stand("referred", last_name="Peeters")
    client = signed_in(coordinator)
    page = client.post(MANY, asked(*good, without)).content.decode()
    assert "3 dossiers chosen" in page
    answer = client.post(MANY, asked(*good, without, kind=INVITATION, channel="post"))
    batch = batch_of(fund)
    url = reverse("batch", args=[batch.public_id])
    assert answer["Location"] == url
    waiting = client.get(url, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in waiting
    assert 'max="3" value="0"' in " ".join(waiting.content.decode().split())
    assert jobs.bulk_steps(cases.TODAY, fund)[fund.number] == {"dossiers": 3}
    assert jobs.bulk_steps(cases.TODAY, fund)[fund.number] == {"dossiers": 0}
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = client.get(url).content.decode()
    assert page.index("No appointment is planned.") < page.index(
        "Maes"
    )  # what has to be looked at stands first
    merged = pypdfium2.PdfDocument(client.get(reverse("letters_batch_pdf", args=[batch.public_id])).content)
    names = [merged[number].get_textpage().get_text_range() for number in (0, 2)]
    assert ["Claes" in names[0], "Maes" in names[1]] == [True, True]
    assert [len(ways(one)) for one in (*good, without)] == [1, 1, 0]


def test_the_page_sent_twice_asks_once(
    stand: Stand, signed_in: SignedIn, coordinator: User, fund: Fund
) -> None:
    one, client = stand(REFERRED), signed_in(coordinator)
    opened = client.post(MANY, asked(one)).context["once"]
    told = asked(one, kind=INVITATION, channel="post", once=opened)
    first = client.post(MANY, told)["Location"]
    assert client.post(MANY, told)["Location"] == first
    assert str(batch_of(fund).public_id) in first, "the only one"
    other = client.post(MANY, {**told, "channel": "email"})
    assert other["Location"] != first, "back, and something else asked for"
    anew = client.post(MANY, {**told, "once": client.post(MANY, asked(one)).context["once"]})
    assert len({first, other["Location"], anew["Location"]}) == 3, "opened anew it is meant"


def test_a_run_that_was_killed_goes_on_where_it_was(
    stand: Stand, coordinator: User, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = [stand(REFERRED) for _one in range(3)]
    actor = actors.of_user(coordinator)
    with audit.acting_as(actor, fund):
        ids = [one.public_id for one in dossiers]
        batches.ask_letters(dossier_ids=ids, actor=actor, kind=INVITATION, channel="post")
    real = batches._one
    done: list[int] = []

    def die(batch: Batch, row: BatchRow, today: date) -> None:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(row.pk)
        real(batch, row, today)

    with monkeypatch.context() as dying:
        dying.setattr(batches, "_one", die)
        with pytest.raises(KeyboardInterrupt):
            batches.work_off(fund, cases.TODAY)
    assert batches.work_off(fund, cases.TODAY) == 2
    assert [len(ways(one)) for one in dossiers] == [1, 1, 1]
    assert batch_of(fund).done_at is not None


def test_a_letter_that_fails_does_not_keep_the_others(
    stand: Stand, coordinator: User, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = [stand(REFERRED) for _one in range(3)]
    actor = actors.of_user(coordinator)
    with audit.acting_as(actor, fund):
        ids = [one.public_id for one in dossiers]
        batches.ask_letters(dossier_ids=ids, actor=actor, kind=INVITATION, channel="post")
    real, tried = making.compose, []

    def fail(*given: Any, **more: Any) -> Any:
        tried.append(given)
        if len(tried) == 2:
            raise RuntimeError("of nobody's making")
        return real(*given, **more)

    monkeypatch.setattr(making, "compose", fail)
    assert batches.work_off(fund, cases.TODAY) == 3
    assert [len(ways(one)) for one in dossiers] == [1, 0, 1]
    with scope.funds(fund.pk):
        assert "was logged" in BatchRow.objects.get(document=None).refused


# As PostgreSQL breaks off what waits for each other, and as it does when it is started anew.
BROKEN_OFF = {
    "a deadlock": "do $$ begin raise sqlstate '40P01'; end $$",
    "the connection": "select pg_terminate_backend(pg_backend_pid())",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", BROKEN_OFF)
def test_what_the_database_breaks_off_is_told_and_stops_no_other(
    what: str, stand: Stand, coordinator: User, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = [stand(REFERRED) for _one in range(3)]
    actor = actors.of_user(coordinator)
    with audit.acting_as(actor, fund):
        ids = [one.public_id for one in dossiers]
        batches.ask_letters(dossier_ids=ids, actor=actor, kind=INVITATION, channel="post")
    real, tried = making.compose, []

    def broken_off(*given: Any, **more: Any) -> Any:
        tried.append(given)
        if len(tried) == 2:
            with connection.cursor() as cursor:
                cursor.execute(BROKEN_OFF[what])
        return real(*given, **more)

    monkeypatch.setattr(making, "compose", broken_off)
    assert batches.work_off(fund, cases.TODAY) == 3
    assert [len(ways(one)) for one in dossiers] == [1, 0, 1]
    with scope.funds(fund.pk):
        told = list(BatchRow.objects.order_by("pk").values_list("refused", flat=True))
    assert told == ["", "It was interrupted for a moment: try again.", ""]
    assert batch_of(fund).done_at is not None


def test_a_letter_that_is_none_any_more_is_told_and_stops_no_other(
    stand: Stand, coordinator: User, fund: Fund
) -> None:
    gone, good = stand(REFERRED), stand(REFERRED)
    actor = actors.of_user(coordinator)
    for one in (gone, good):
        with audit.acting_as(actor, fund):
            batch = batches.ask_letters(
                dossier_ids=[one.public_id], actor=actor, kind=INVITATION, channel="post"
            )
            if one is gone:
                Batch.objects.filter(pk=batch.pk).update(kind="of_another_release")
    assert batches.work_off(fund, cases.TODAY) == 2
    assert [len(ways(one)) for one in (gone, good)] == [0, 1]
    with scope.funds(fund.pk):
        assert str(BatchRow.objects.get(document=None).refused) == "There is no such letter."


def test_a_fund_that_fails_keeps_no_other_from_its_turn(
    fund: Fund, other_fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def fail(one: Fund, _today: date) -> int:
        seen.append(one.number)
        if len(seen) == 1:
            raise RuntimeError("of nobody's making")
        return 0

    monkeypatch.setattr(batches, "work_off", fail)
    with pytest.raises(RuntimeError):
        jobs.bulk_steps(cases.TODAY)
    assert sorted(seen) == sorted([fund.number, other_fund.number])


def test_they_are_written_on_the_day_of_the_job(stand: Stand, coordinator: User, fund: Fund) -> None:
    dossier, actor = stand(REFERRED), actors.of_user(coordinator)
    with audit.acting_as(actor, fund):
        batches.ask_letters(dossier_ids=[dossier.public_id], actor=actor, kind=INVITATION, channel="post")
    jobs.bulk_steps(cases.TODAY + timedelta(1), fund)
    assert ways(dossier)[0].document.made_on == cases.TODAY + timedelta(1)


@pytest.mark.parametrize("channel", ["handed_over", "ebox"])
def test_nothing_is_handed_over_before_it_is_printed(
    channel: str, stand: Stand, coordinator: User, signed_in: SignedIn, fund: Fund
) -> None:
    dossier, actor = stand(REFERRED), actors.of_user(coordinator)
    with audit.acting_as(actor, fund), pytest.raises(DomainError, match="not sent this way"):
        batches.ask_letters(dossier_ids=[dossier.public_id], actor=actor, kind=INVITATION, channel=channel)
    page = signed_in(coordinator).post(MANY, asked(dossier)).content.decode()
    assert f'value="{channel}"' not in page


def test_too_many_are_refused_and_not_cut(
    stand: Stand, signed_in: SignedIn, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST", 1)
    two = asked(stand(REFERRED), stand(REFERRED), kind=INVITATION, channel="post")
    page = signed_in(coordinator).post(MANY, two).content.decode()
    assert "Choose 1 dossiers at most at once." in page
    with scope.funds(coordinator.fund_id):
        assert not Batch.objects.exists()


def test_who_does_not_write_it_does_not_ask_it_for_many(
    stand: Stand, make_user: Callable[..., User], fund: Fund
) -> None:
    dossier = stand(REFERRED)
    actor = actors.of_user(make_user(Role.ADVISORY_DOCTOR, fund=fund))
    with audit.acting_as(actor, fund), pytest.raises(NotAllowed):
        batches.ask_letters(
            dossier_ids=[dossier.public_id], actor=actor, kind="reintegration_plan", channel="post"
        )


def test_what_is_refused_is_told_in_the_language_of_who_asked(
    stand: Stand, make_user: Callable[..., User], fund: Fund
) -> None:
    actor = actors.of_user(make_user(Role.COORDINATOR, fund=fund, language="nl"))
    dossier = stand(REFERRED)
    with audit.acting_as(actor, fund):
        batches.ask_letters(dossier_ids=[dossier.public_id], actor=actor, kind=INVITATION, channel="email")
    batches.work_off(fund, cases.TODAY)
    with scope.funds(fund.pk):
        row = BatchRow.objects.get()
    assert row.document is None
    assert row.refused != "There is no e-mail address for this person."
    assert not ways(dossier)


@pytest.mark.parametrize(
    ("kind", "channel", "told"),
    [
        ("appointment_moved", "post", "Choose one."),
        (INVITATION, "registered", "Choose one."),
        ("", "post", "Choose one."),
    ],
)
def test_what_cannot_be_for_many(
    kind: str, channel: str, told: str, stand: Stand, signed_in: SignedIn, coordinator: User
) -> None:
    answer = signed_in(coordinator).post(MANY, asked(stand(REFERRED), kind=kind, channel=channel, ask="1"))
    assert told in answer.content.decode()
    with scope.funds(coordinator.fund_id):
        assert not Batch.objects.exists()


def test_dossiers_of_another_fund_are_none(
    stand: Stand, signed_in: SignedIn, make_user: Callable[..., User], other_fund: Fund
) -> None:
    dossier = stand(REFERRED, last_name="Maes")
    client = signed_in(make_user(Role.COORDINATOR, fund=other_fund))
    page = client.post(MANY, asked(dossier, kind=INVITATION, channel="post")).content.decode()
    assert "No dossiers were chosen." in page
    assert "Maes" not in page


@pytest.mark.parametrize(
    ("role", "state", "offered"),
    [
        (Role.COORDINATOR, "referred", True),
        (Role.ADVISORY_DOCTOR, "category 4", True),
        (Role.TEAM_LEAD, "referred", False),
    ],
)
def test_the_worklist_offers_letters_to_who_writes_them(
    role: str, state: str, offered: bool, stand: Stand, browse: Callable[..., Client]
) -> None:
    client = browse(role)
    stand(state)
    page = client.get(reverse("home")).content.decode()
    assert 'name="dossier"' in page
    assert ("Letters to the selected ones" in page) == offered
