"""By e-mail: sent is what the mail server took, and nothing that is not needed any more (T1, T2, A2)."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.db import transaction

from dossiers.law.calendar import ONE_DAY
from dossiers.law.facts import Fact, fact
from dossiers.models import Deadline, Dossier, InsuredPerson
from routing.models import Questionnaire
from routing.questionnaires import mailing
from routing.tasks import deliver_questionnaires
from tests.questionnaire.conftest import READY, note, run, states, told
from tnw.accounts import actors
from tnw.accounts.models import Fund
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


def test_t1_one_bad_address_stops_no_other(due: Due, in_fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "CHUNK", 2)
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


def test_t1_what_dies_after_the_mail_comes_twice_and_is_never_lost(by_mail: Dossier, in_fund: Fund) -> None:
    with (
        mock.patch("routing.questionnaires.mailing.ledger.record_many", side_effect=SystemExit),
        pytest.raises(SystemExit),
        clock.at(READY),
        transaction.atomic(),
    ):
        mailing.deliver(in_fund, READY)
    assert states(in_fund) == {"to_mail": 1}
    assert run(in_fund, READY).mailed == 1
    assert len(mail.outbox) == 2


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
