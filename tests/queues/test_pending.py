"""What was decided in a queue, in the ten seconds before it is recorded and at their end: once, and nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.ledger import record
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import notes_of
from routing import claims, pending
from routing.assessments import Queue
from routing.models import PendingState
from tests.conftest import make_fund
from tests.queues.conftest import MEDICAL, TODAY, Post, head, rows
from tests.queues.settling import settle
from tests.web.cases import STATES, address, typed
from tests.web.test_decisions import declared
from tests.web.waiting import dossier as waiting_dossier
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, User
from tnw.core import clock, scope
from tnw.web.jobs import JOBS
from tnw.web.queues import kinds
from tnw.web.queues.keeping import decide as keep
from tnw.web.tasks import carry_out_decision

BEING_RECORDED = "A decision on this dossier is being recorded. Look again in a few seconds."


def recorded(dossier: Dossier) -> list[LedgerEntry]:
    with scope.funds(dossier.fund_id):
        entries = LedgerEntry.objects.filter(dossier=dossier, kind__regex="^(assess|refer)")
        return list(entries.select_related("actor").order_by("seq"))


def put(dossier: Dossier, kind: str, **values: Any) -> None:
    """Somebody else records something in this dossier."""
    other = actors.system(actors.FEED)
    with audit.acting_as(other, dossier.fund), clock.at(TODAY):
        record(dossier, fact(kind, TODAY, f"{kind}-1", **values), fund=dossier.fund, actor=other)


def by_the_job(fund: Fund, _client: Client, _user: User) -> None:
    JOBS["pending-decisions"](clock.today(), fund)


def by_the_task(fund: Fund, _client: Client, _user: User) -> None:
    carry_out_decision(fund.pk, rows(fund)[0].pk)


def by_the_next_page(_fund: Fund, client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(reverse("assessments")).status_code == 200


def by_the_page_that_is_open(_fund: Fund, client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(reverse("pending")).status_code == 200


@pytest.mark.parametrize("by", [by_the_job, by_the_task, by_the_next_page, by_the_page_that_is_open])
def test_nothing_is_recorded_before_ten_seconds_and_once_after(
    by: Callable[..., None], decide: Post, one: Dossier, fund: Fund, doctor: User, client: Client
) -> None:
    """Whoever comes along records it: as its maker, on the day and at the moment on which he decided, under its trace."""
    answer = decide(one, refer="", category="3")
    assert answer.status_code == 302
    (row,) = rows(fund)
    made = datetime.combine(TODAY, time(9), clock.BRUSSELS)
    assert (row.made_at, row.due_at) == (made, made + timedelta(seconds=10))
    for moment in (made + timedelta(seconds=9), made + timedelta(days=1), made + timedelta(days=1, hours=1)):
        with clock.standing(moment):
            by(fund, client, doctor) if rows(fund) else settle(fund)
        if moment < row.due_at:
            assert recorded(one) == []
    (entry,) = recorded(one)
    assert (entry.kind, entry.on, entry.at.astimezone(UTC)) == (
        "assessment_made",
        TODAY,
        made.astimezone(UTC),
    )
    assert (entry.actor.user_id, entry.trace_id) == (doctor.pk, row.trace_id)
    # What was typed is where it belongs, and nowhere else.
    assert rows(fund) == []
    with scope.funds(fund.pk):
        assert notes_of(actors.of_user(doctor), [entry])[entry.fact_id].texts == (MEDICAL,)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_records_it(make_user: Callable[..., User]) -> None:
    fund = make_fund("311")
    one, doctor = waiting_dossier(fund, TODAY), make_user(Role.ADVISORY_DOCTOR, fund=fund)
    actor = actors.of_user(doctor)
    values = {"act": "decide", "category": "3", "reason": MEDICAL}
    with audit.acting_as(actor, fund), clock.at(TODAY):
        keep(dossier=one, actor=actor, act="assess", values=values, seen=head(one), do=lambda: None)
    together, became = threading.Barrier(4), []

    def work() -> None:
        try:
            together.wait(120)
            became.append(settle(fund).recorded)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(became) == [0, 0, 0, 1]
    assert len(recorded(one)) == 1
    assert rows(fund) == []


def test_taken_back_nothing_is_recorded_and_all_that_was_typed_stands_there_again(
    decide: Post, one: Dossier, fund: Fund, client: Client
) -> None:
    address = decide(one)["Location"]
    with clock.at(TODAY):
        shown = client.get(address).content.decode()
    (row,) = rows(fund)
    assert "Decided for Van Hée Zoë:" in shown
    back = reverse("pending_back", args=[row.public_id])
    assert back in shown
    with clock.at(TODAY):
        screen = client.get(client.post(back)["Location"])
    assert screen.context["own"] == row
    assert screen.context["form"]["category"].value() == "3"
    assert f"{MEDICAL}</textarea>" in screen.content.decode()
    with clock.at(TODAY):
        assert settle(fund) == (0, 0, 0)
        # It waits, on every screen of the queue, until it is decided again or thrown away.
        assert "Taken back for Van Hée Zoë" in client.get(reverse("decisions")).content.decode()
    decide(one, category="2")
    assert [(found.state, found.values["category"]) for found in rows(fund)] == [(PendingState.PENDING, "2")]
    with clock.at(TODAY):
        assert settle(fund).recorded == 1
    assert [entry.values for entry in recorded(one)] == [{"category": 2}]
    # Too late: it is in the ledger, and that is told.
    late = client.post(back, {"next": reverse("assessments")}, follow=True)
    assert "It is recorded already" in late.content.decode()
    assert len(recorded(one)) == 1


def outdated(one: Dossier, _doctor: User, _monkeypatch: pytest.MonkeyPatch) -> None:
    put(one, "questionnaire_received", channel="post", complete=True)


def ended(one: Dossier, _doctor: User, _monkeypatch: pytest.MonkeyPatch) -> None:
    put(one, "incapacity_ended", reason="resumed")


def no_doctor_any_more(_one: Dossier, doctor: User, _monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.filter(pk=doctor.pk).update(roles=[Role.COORDINATOR])


def broken(_one: Dossier, _doctor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_decided: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(kinds.KINDS, "assess", kinds.Kind(fails, kinds.KINDS["assess"].told, "assess"))


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (outdated, "Meanwhile something was recorded in this dossier."),
        (ended, "Meanwhile something was recorded in this dossier."),
        (no_doctor_any_more, "Your role"),
        (broken, "Something went wrong while it was recorded."),
    ],
)
def test_what_cannot_be_recorded_any_more_comes_back_with_its_reason(
    meanwhile: Callable[..., None],
    reason: str,
    decide: Post,
    one: Dossier,
    fund: Fund,
    doctor: User,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = waiting_dossier(fund, TODAY)
    decide(one)
    decide(other)
    with monkeypatch.context() as patched:
        meanwhile(one, doctor, patched)
        if meanwhile in (no_doctor_any_more, broken):
            decide_alone = {"recorded": 0, "refused": 2}
        else:
            decide_alone = {"recorded": 1, "refused": 1}
        with clock.at(TODAY):
            became = settle(fund)._asdict()
    assert became == {**decide_alone, "forgotten": 0}
    row = next(row for row in rows(fund) if row.dossier_id == one.pk)
    assert row.state == PendingState.REFUSED
    assert reason in row.reason
    assert recorded(one) == []
    User.objects.filter(pk=doctor.pk).update(roles=[Role.ADVISORY_DOCTOR])
    client.force_login(doctor)
    with clock.at(TODAY):
        page = client.get(reverse("assessments")).content.decode()
        assert "Not recorded for Van Hée Zoë:" in page
        assert row.reason in page
        # Told where its maker still is, and to whoever went elsewhere meanwhile.
        strip = client.get(reverse("pending"), {"at": reverse("decisions")}).content.decode()
        assert f'name="next" value="{reverse("decisions")}"' in strip
        assert row.reason in strip
        home = client.get(reverse("home"))
        number = became["refused"]
        assert home.context["refused"] == number
        told = "decision of yours" if number == 1 else "decisions of yours"
        assert (
            f'<a href="{reverse("assessments")}">{number} {told} could not be recorded'
            in home.content.decode()
        )
        assert f"{MEDICAL}</textarea>" in client.get(reverse("assess", args=[one.public_id])).content.decode()
        client.post(reverse("pending_drop", args=[row.public_id]))
        assert one.pk not in {row.dossier_id for row in rows(fund)}
        assert client.get(reverse("home")).context["refused"] == number - 1


def test_meanwhile_the_dossier_says_so_and_nobody_decides_again(
    decide: Post, one: Dossier, fund: Fund, doctor: User, colleague: User, coordinator: User, client: Client
) -> None:
    decide(one)
    for user in (doctor, colleague, coordinator):
        client.force_login(user)
        with clock.at(TODAY):
            page = client.get(reverse("dossier", args=[one.public_id])).content.decode()
        assert BEING_RECORDED in page
        assert MEDICAL not in page
        assert "category 3" not in page
    client.force_login(doctor)
    with clock.at(TODAY):
        pile = client.get(reverse("assessments"))
        assert pile.context["number"] == 0
        assert "The pile is done" in pile.content.decode()
        assert "Open the first one ready" not in pile.content.decode()
        end = client.post(reverse("assessments"), follow=True).content.decode()
        assert "what you decided last is being recorded" in end
        assert client.get(reverse("home")).context["awaiting"] == []
    again = decide(one, colleague, category="2")
    assert again.context["form"].non_field_errors() == [BEING_RECORDED]
    with clock.at(TODAY):
        theirs = actors.of_user(colleague)
        assert claims.take_next(queue=Queue(theirs, TODAY), actor=theirs) is None
        assert settle(fund).recorded == 1
    assert [entry.actor.user_id for entry in recorded(one)] == [doctor.pk]


# What is not a decision of a queue, and would decide on the same.
WAITING: dict[str, tuple[Sequence[Fact], str]] = {
    "refer": (STATES["category 4"], ""),
    "refuse-adapted-work": (declared(date(2026, 6, 17)), "w"),
}


@pytest.mark.parametrize("act", WAITING)
def test_meanwhile_other_acts_on_the_same_wait(
    act: str, stand: Callable[..., Dossier], fund: Fund, doctor: User, colleague: User, client: Client
) -> None:
    facts, subject = WAITING[act]
    dossier, other = stand(facts), stand(facts)
    client.force_login(colleague)
    assert client.get(address(dossier, act, subject)).status_code == 200
    with scope.funds(fund.pk):
        about: dict[str, Any] = {"act": "assess", "subject": "", "values": {}, "seen": 1}
        row = pending.keep(dossier=dossier, actor=actors.of_user(doctor), **about)
    before = head(dossier)
    for answer in (
        client.get(address(dossier, act, subject)),
        client.post(address(dossier, act, subject), typed(dossier, on="15/06/2026", medical="x", reason="x")),
    ):
        assert answer.status_code == 403
        assert BEING_RECORDED in answer.content.decode()
    assert head(dossier) == before
    assert client.get(address(other, act, subject)).status_code == 200, "the other dossier is free"
    with scope.funds(fund.pk):
        assert pending.take_back(public_id=row.public_id, actor=actors.of_user(doctor))
    assert client.get(address(dossier, act, subject)).status_code == 200


def test_what_another_release_called_otherwise_is_kept_and_in_nobodys_way(
    one: Dossier, fund: Fund, doctor: User, of_doctor: Actor, client: Client
) -> None:
    with scope.funds(fund.pk), clock.at(TODAY):
        about: dict[str, Any] = {"act": "of-a-later-release", "subject": "", "values": {}, "seen": 1}
        row = pending.keep(dossier=one, actor=of_doctor, **about)
    client.force_login(doctor)
    with clock.at(TODAY):
        for page in ("assessments", "decisions"):
            strip = client.get(reverse(page)).context["strip"]
            assert (strip.to_come, strip.left_over) == ([], [])
        # From a page that was open across the release it can still be taken back.
        taken = client.post(reverse("pending_back", args=[row.public_id]), {"next": reverse("decisions")})
    assert taken["Location"] == reverse("decisions")
    assert rows(fund) == [row]
