"""By e-mail: sent is what the mail server took, and nothing that is not needed any more (T1, T2, A2)."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail import get_connection
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from dossiers.law.calendar import ONE_DAY
from dossiers.law.facts import Fact, fact
from dossiers.models import Deadline, Dossier, InsuredPerson
from routing.models import Questionnaire
from routing.questionnaires import mailing
from routing.tasks import deliver_questionnaires
from tests import population
from tests.questionnaire.conftest import BORN, READY, START, D, note, run, states, told
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Fund
from tnw.core import clock

Due = Callable[..., Dossier]


@pytest.fixture
def by_mail(due: Due, in_fund: Fund) -> Dossier:
    dossier = due(email="an@insured.example", language="fr", last_name="Vanhee", first_name="Zoe")
    run(in_fund, READY)
    return dossier


def test_t1_t2_sent_is_what_the_mail_server_took(by_mail: Dossier, in_fund: Fund) -> None:
    assert told(by_mail) == []
    with clock.at(READY):
        assert mailing.deliver(in_fund, READY) == (1, 0)
        assert mailing.deliver(in_fund, READY) == (0, 0)
    assert told(by_mail) == [("questionnaire_sent", f"{READY}", {"channel": "email", "language": "fr"})]
    one = Questionnaire.objects.get()
    assert (one.state, one.sent_on) == ("sent", READY)
    assert by_mail.entries.get(fact_id=one.sent_fact).actor == actors.system()
    assert Deadline.objects.get(dossier=by_mail, rule="T1").outcome == "met"
    assert Deadline.objects.get(dossier=by_mail, rule="T2").falls_on == READY + timedelta(14)


def test_recording_what_was_mailed_keeps_nobody_from_opening_the_dossier(
    by_mail: Dossier, in_fund: Fund
) -> None:
    """A line in the access log points at the dossier: it does not wait for a lock that leaves the key alone."""
    with CaptureQueriesContext(connection) as asked:
        mailing.deliver(in_fund, READY)
    locks = [one["sql"] for one in asked if " FOR " in one["sql"] and "dossiers_dossier" in one["sql"]]
    assert locks
    assert [sql for sql in locks if "FOR UPDATE" in sql] == []


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_a2_the_mail_names_nobody_and_says_nothing_medical(due: Due, in_fund: Fund, language: str) -> None:
    due(email="an@insured.example", language=language, last_name="Vanhee", first_name="Zoe")
    run(in_fund, READY)
    with clock.at(READY):
        mailing.deliver(in_fund, READY)
    (sent,) = mail.outbox
    one = Questionnaire.objects.get()
    whole = f"{sent.subject}\n{sent.body}"
    assert sent.to == ["an@insured.example"]
    assert f"/questionnaire/311/{one.token}" in whole
    assert one.reference in whole
    for word in ("Vanhee", "Zoe", "incapacit", "arbeidsongeschikt", "ref-", str(one.dossier.public_id)):
        assert word not in whole
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_t1_a_mail_that_fails_stays_is_seen_and_is_tried_by_the_next_run(
    by_mail: Dossier, in_fund: Fund
) -> None:
    send = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    with mock.patch(send, side_effect=SMTPException("away")):
        assert run(in_fund, READY + ONE_DAY).mails_failed == 1
        assert run(in_fund, READY + ONE_DAY).mails_failed == 1
    one = Questionnaire.objects.get()
    assert (one.state, one.failures, one.sent_fact) == ("to_mail", 2, "")
    assert one.failed_at
    assert told(by_mail) == []
    assert run(in_fund, READY + 2 * ONE_DAY).mailed == 1
    assert told(by_mail)[0][1] == f"{READY + 2 * ONE_DAY}"


def test_t1_a_mail_server_that_is_away_is_not_asked_a_thousand_times(due: Due, in_fund: Fund) -> None:
    for n in range(8):
        due(email=f"a{n}@insured.example")
    run(in_fund, READY)
    send = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    with mock.patch(send, side_effect=SMTPServerDisconnected) as asked, clock.at(READY):
        assert mailing.deliver(in_fund, READY) == (0, 5)
    assert asked.call_count == 5
    assert states(in_fund) == {"to_mail": 8}


@pytest.mark.parametrize("step", ["send_messages", "open"])
def test_t1_a_mail_server_that_goes_away_half_way_is_not_asked_a_thousand_times(
    due: Due, in_fund: Fund, step: str
) -> None:
    for n in range(12):
        due(email=f"a{n}@insured.example")
    run(in_fund, READY)
    answers = [1, 1, *[SMTPServerDisconnected] * 10]
    with (
        mock.patch(f"django.core.mail.backends.locmem.EmailBackend.{step}", side_effect=answers) as asked,
        clock.at(READY),
    ):
        assert mailing.deliver(in_fund, READY) == (2, 5)
    assert asked.call_count == 7
    assert states(in_fund) == {"sent": 2, "to_mail": 10}
    assert Questionnaire.objects.filter(failures=1).count() == 5


def test_t1_bad_addresses_are_tried_last_and_stop_no_other(
    due: Due, in_fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them in a row than it takes to give up, and the oldest."""
    for n in range(8):
        due(email="bad@insured.example" if n < 6 else f"a{n}@insured.example")
    run(in_fund, READY)
    real = mailing.message

    def bad(one: Questionnaire, fund: Fund) -> Any:
        message = real(one, fund)
        message.to = [to.replace("bad", "b\nd") for to in message.to]
        return message

    monkeypatch.setattr(mailing, "message", bad)
    with clock.at(READY):
        assert mailing.deliver(in_fund, READY) == (0, 5)
        assert mailing.deliver(in_fund, READY) == (2, 6)


def test_t1_one_connection_for_all_and_a_new_one_after_a_fault(due: Due, in_fund: Fund) -> None:
    for n in range(4):
        due(email=f"a{n}@insured.example")
    run(in_fund, READY)
    backend = "django.core.mail.backends.locmem.EmailBackend"
    with (
        mock.patch(f"{backend}.send_messages", side_effect=[1, SMTPException, 1, 1]),
        mock.patch(f"{backend}.close") as closed,
        mock.patch("tnw.core.mailing.get_connection", wraps=get_connection) as made,
        clock.at(READY),
    ):
        assert mailing.deliver(in_fund, READY) == (3, 1)
    assert (made.call_count, closed.call_count) == (1, 2)


def test_t1_one_bad_address_stops_no_other(due: Due, in_fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        due(email=f"a{n}@insured.example")
    run(in_fund, READY)
    real = mailing.message

    def bad(one: Questionnaire, fund: Fund) -> Any:
        message = real(one, fund)
        if message.to == ["a1@insured.example"]:
            message.to = ["a\n1@insured.example"]
        return message

    monkeypatch.setattr(mailing, "message", bad)
    with clock.at(READY):
        assert mailing.deliver(in_fund, READY) == (4, 1)
    assert states(in_fund) == {"to_mail": 1, "sent": 4}


def test_t1_what_dies_after_a_mail_comes_twice_alone_and_is_never_lost(due: Due, in_fund: Fund) -> None:
    for n in range(3):
        due(email=f"a{n}@insured.example")
    run(in_fund, READY)
    backend = "django.core.mail.backends.locmem.EmailBackend"
    real = EmailBackend.send_messages

    def dies(self: EmailBackend, messages: Any) -> int:
        done = real(self, messages)
        if len(mail.outbox) == 2:
            raise SystemExit
        return done

    with mock.patch(f"{backend}.send_messages", dies), pytest.raises(SystemExit), clock.at(READY):
        mailing.deliver(in_fund, READY)
    assert Questionnaire.objects.filter(mailed_on=READY).count() == 1
    # What went keeps its day, also where somebody took it out before its fact was there.
    Questionnaire.objects.filter(mailed_on=READY).update(state="withdrawn")
    assert run(in_fund, READY + ONE_DAY).mailed == 2
    assert sorted(Questionnaire.objects.values_list("state", "sent_on")) == [
        ("sent", READY), ("sent", READY + ONE_DAY), ("sent", READY + ONE_DAY)
    ]  # fmt: skip
    assert sorted(to for one in mail.outbox for to in one.to) == [
        "a0@insured.example", "a1@insured.example", "a1@insured.example", "a2@insured.example"
    ]  # fmt: skip
    for one in Questionnaire.objects.select_related("dossier"):
        assert [day for _kind, day, _values in told(one.dossier)] == [f"{one.sent_on}"]


def test_t1_who_sent_it_stands_in_the_audit(by_mail: Dossier, in_fund: Fund) -> None:
    with clock.at(READY):
        mailing.deliver(in_fund, READY)
    found = AuditEntry.objects.filter(content_type__model="questionnaire").latest("pk")
    assert (found.acting, found.changes["state"]) == (actors.system(), ["to_mail", "sent"])


@pytest.mark.django_db(transaction=True)
def test_t1_while_one_is_mailed_no_other_dossier_is_held(fund: Fund) -> None:
    """Not those mailed before it, nor those after; and none at all while the mail server is called."""
    for n in range(3):
        population.dossier(
            fund=fund, start=START, today=D("2026-01-12"), birth_date=BORN, email=f"a{n}@insured.example"
        )
    held: dict[str, list[int]] = {"open": [], "send_messages": []}

    def count(step: str) -> Any:
        def counted(*_given: Any) -> int:
            with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
                cursor.execute("select set_config('tnw.funds', %s, false)", [str(fund.pk)])
                cursor.execute("select count(*) from dossiers_dossier")
                (there,) = cursor.fetchone()
                cursor.execute("select id from dossiers_dossier for update skip locked")
                held[step].append(there - len(cursor.fetchall()))
            return 1

        return counted

    with audit.acting_as(actors.system(), fund):
        run(fund, READY)
        with clock.at(READY):
            backend = "django.core.mail.backends.locmem.EmailBackend"
            with (
                mock.patch(f"{backend}.open", count("open")),
                mock.patch(f"{backend}.send_messages", count("send_messages")),
            ):
                assert mailing.deliver(fund, READY) == (3, 0)
            Questionnaire.objects.update(
                state="to_mail", automatic=False, mailed_on=None, sent_on=None, sent_fact=""
            )
            with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
                mailing.deliver(fund, READY + 2 * ONE_DAY)
    assert held["send_messages"] == [1, 1, 1]
    assert set(held["open"]) == {0}


def test_t1_the_task_delivers_what_waits(by_mail: Dossier, in_fund: Fund) -> None:
    with clock.at(READY):
        deliver_questionnaires(in_fund.pk)
        deliver_questionnaires(in_fund.pk)
    assert len(mail.outbox) == 1
    assert states(in_fund) == {"sent": 1}


def test_t1_the_job_nudges_a_worker_once_it_is_through(
    due: Due, in_fund: Fund, django_capture_on_commit_callbacks: Any
) -> None:
    due(email="an@insured.example")
    with mock.patch("routing.tasks.deliver_questionnaires.delay") as delay:
        with django_capture_on_commit_callbacks(execute=True):
            run(in_fund, READY)
        delay.assert_called_once_with(in_fund.pk)


def test_an_address_that_is_gone_meanwhile_goes_by_post(by_mail: Dossier, in_fund: Fund) -> None:
    InsuredPerson.objects.filter(incapacities__dossier=by_mail).update(email="")
    run(in_fund, READY + ONE_DAY)
    one = Questionnaire.objects.get()
    assert (one.state, one.channel) == ("to_post", "post")
    assert mail.outbox == []


@pytest.mark.parametrize(
    "gone",
    [
        fact("questionnaire_received", READY, "r", channel="phone", complete=True),
        fact("questionnaire_waived", READY, "w", reason="medical"),
        fact("questionnaire_sent", READY, "s", channel="in_person", language="nl"),
        fact("incapacity_excluded", READY, "x", reason="work_accident"),
        fact("incapacity_ended", READY, "e", version=2, reason="resumed"),
    ],
    ids=lambda one: one.kind,
)
@pytest.mark.parametrize("email", ["", "an@insured.example"])
def test_t1_what_is_not_needed_any_more_is_not_sent(due: Due, in_fund: Fund, gone: Fact, email: str) -> None:
    dossier = due(email=email)
    run(in_fund, READY)
    note(dossier, gone)
    with clock.at(READY):
        assert mailing.deliver(in_fund, READY) == (0, 0)
    assert run(in_fund, READY + ONE_DAY).withdrawn == 1
    assert states(in_fund) == {"withdrawn": 1}
    assert mail.outbox == []
