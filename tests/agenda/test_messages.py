"""Calendar messages to the insured: asked for, true when they go, once, and saying nothing but when, where and with whom."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from routing.services import route_a
from tests import population
from tests.agenda.conftest import Met
from tests.agenda.rules_of_itip import Read, read
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tests.web.cases import START, TODAY, address, moment, typed
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund, User
from tnw.core import clock
from trajects.calendar.mailing import Mailed, deliver
from trajects.models import Appointment, CalendarMessage
from trajects.services import contacts

TUESDAY = TODAY + timedelta(1)
EMAIL = "noor@example.org"
BACKEND = "django.core.mail.backends.locmem.EmailBackend.send_messages"


class Desk:
    """A coordinator and a doctor at one dossier on Monday; what is mailed when the job runs."""

    def __init__(self, dossier: Dossier, people: dict[str, Actor]) -> None:
        self.dossier, self.people, self.fund = dossier, people, dossier.fund

    def act(self, service: Callable[..., Any], by: str = COORDINATOR, **told: Any) -> Any:
        with audit.acting_as(self.people[by], self.fund):
            return service(dossier_id=self.dossier.public_id, actor=self.people[by], on=clock.today(), **told)

    def plan(self, *, mail: bool = True, by: str = COORDINATOR, **told: Any) -> str:
        usual = {
            "purpose": "first_contact",
            "at": moment(TUESDAY, 10),
            "form": "in_person",
            "place": "Kouter 8, Gent",
        }
        return str(self.act(contacts.plan, by, **{**usual, **told}, mail=mail))

    def move(self, subject: str, hour: int = 14, *, mail: bool = True, **told: Any) -> None:
        self.act(
            contacts.move, subject=subject, at=moment(TUESDAY, hour), form="in_person", mail=mail, **told
        )

    def cancel(self, subject: str, *, mail: bool = True) -> None:
        self.act(contacts.cancel, subject=subject, mail=mail)

    def job(self) -> Mailed:
        with audit.acting_as(self.people["system"], self.fund):
            return deliver(self.fund, clock.today())

    def goes(self) -> Read:
        """The one mail that the job sends now."""
        before = len(mail.outbox)
        assert self.job().messages == 1
        (sent,) = mail.outbox[before:]
        assert sent.to == [EMAIL]
        return read(sent)

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        with audit.acting_as(self.people["system"], self.fund):
            rows = CalendarMessage.objects.order_by("pk")
            return list(rows.values_list("method", "sequence", "state"))


@pytest.fixture
def desk(met: Met, people: dict[str, Actor]) -> Desk:
    return Desk(met(email=EMAIL, last_name="Desmedt"), people)


def test_invited_moved_and_cancelled_is_one_event(desk: Desk) -> None:
    subject = desk.plan()
    first = desk.goes()
    assert (first.method, first.event["sequence"]) == ("REQUEST", 0)
    assert first.event.decoded("dtstart") == moment(TUESDAY, 10)
    assert first.event.decoded("dtend") == moment(TUESDAY, 11)
    desk.move(subject)
    second = desk.goes()
    assert (second.method, second.event["sequence"]) == ("REQUEST", 1)
    assert second.event.decoded("dtstart") == moment(TUESDAY, 14)
    assert "has moved" in second.text or "verplaatst" in second.text
    desk.cancel(subject)
    third = desk.goes()
    assert (third.method, third.event["sequence"]) == ("CANCEL", 2)
    assert {one.event["uid"] for one in (first, second, third)} == {first.event["uid"]}
    assert desk.rows == [("request", 0, "sent"), ("request", 1, "sent"), ("cancel", 2, "sent")]
    assert desk.job() == Mailed(), "twice is once"


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_it_says_when_where_and_with_whom_and_nothing_else(
    language: str, met: Met, people: dict[str, Actor]
) -> None:
    for purpose, by, form in (
        ("first_contact", COORDINATOR, "phone"),
        ("medical_examination", DOCTOR, "in_person"),
    ):
        told = {"email": EMAIL, "last_name": "Desmedt", "first_name": "Noor", "language": language}
        desk = Desk(met(**told), people)
        subject = desk.plan(
            purpose=purpose, by=by, form=form, place="Kouter 8, Gent" if form != "phone" else ""
        )
        said = desk.goes()
        if by == COORDINATOR:
            desk.move(subject, reason="Liever later: chemo.")
            said = Read(
                said.method, said.event, said.raw + (again := desk.goes()).raw, said.text + again.text
            )
        for text in (said.raw.replace("\r\n ", ""), said.text):
            for never in (
                "Desmedt",
                "Noor",
                "chemo",
                "medi",
                "méd",
                "onderzoek",
                "contact",
                "gesprek",
                "/dossiers/",
            ):
                assert never not in text.replace("example", ""), (never, text)
        assert (people[by].label in said.text) == (by == COORDINATOR)
        assert ("0470 11 22 33" in said.text) == (form == "phone")
        assert ("Kouter 8" in said.text) == (form == "in_person")
        assert said.event["organizer"] == "mailto:info@fund.example"
        assert said.event["class"] == "PRIVATE"


# How a mail begins and ends, how it says where, and what only those are asked who have to come.
FORMAL = {
    "nl": ("Geachte mevrouw, geachte heer,", "Met vriendelijke groeten,", "Waar: ", "past het u niet"),
    "fr": ("Madame, Monsieur,", "Avec nos salutations distinguées,", "Où\u00a0: ", "ne vous convient pas"),
    "de": ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen", "Wo: ", "passt es Ihnen nicht"),
}


@pytest.mark.parametrize("language", FORMAL)
def test_it_is_formal_and_what_is_cancelled_suits_nobody_anyway(
    language: str, met: Met, people: dict[str, Actor]
) -> None:
    begins, ends, where, suits = FORMAL[language]
    desk = Desk(met(email=EMAIL, language=language), people)
    subject = desk.plan(place="Kouter 8, Gent", form="in_person")
    invited = desk.goes().text
    desk.cancel(subject)
    cancelled = desk.goes().text
    for text in (invited, cancelled):
        lines = text.strip().splitlines()
        assert lines[0] == begins
        assert lines[-2] == ends
        assert not re.search(r"[^\W\d]: ", text) or language != "fr"
    assert f"{where}Kouter 8, Gent" in invited
    assert suits in invited
    assert suits not in cancelled
    assert "info@fund.example" in cancelled


def test_nobody_is_called_at_the_address_that_history_tells(desk: Desk) -> None:
    made = fact(
        "appointment_made", TODAY, "ap-1", "ap", purpose="first_contact", at=moment(TUESDAY, 10), form="phone"
    )
    with audit.acting_as(desk.people["system"], desk.fund):
        told = Entry(desk.dossier.pk, made, {"place": "Kouter 8, Gent"})
        record_many([told], fund=desk.fund, actor=desk.people["system"])
    desk.act(contacts.move, subject="ap", at=moment(TUESDAY, 14), form="phone", mail=True)
    said = desk.goes()
    assert "Kouter" not in said.raw + said.text
    assert "0470 11 22 33" in said.text


def test_where_nothing_is_said_of_mail_whoever_was_invited_hears_of_it(desk: Desk) -> None:
    """As the API moves and cancels."""
    subject = desk.plan()
    desk.goes()
    desk.act(contacts.move, subject=subject, at=moment(TUESDAY, 14), form="in_person")
    said = desk.goes()
    assert (said.method, said.event.decoded("dtstart")) == ("REQUEST", moment(TUESDAY, 14))
    desk.act(contacts.cancel, subject=subject)
    assert desk.goes().method == "CANCEL"


def test_where_nothing_is_said_of_mail_nobody_else_does(desk: Desk) -> None:
    subject = desk.plan(mail=False)
    desk.act(contacts.move, subject=subject, at=moment(TUESDAY, 14), form="in_person")
    desk.act(contacts.cancel, subject=subject)
    assert desk.rows == []


def test_nobody_is_mailed_who_was_not_to_be(desk: Desk) -> None:
    subject = desk.plan(mail=False)
    desk.move(subject, mail=False)
    desk.cancel(subject)
    assert desk.rows == []
    assert (desk.job(), mail.outbox) == (Mailed(), [])


def test_what_still_waits_goes_once_as_it_is_then(desk: Desk) -> None:
    subject = desk.plan()
    desk.move(subject, mail=False)
    said = desk.goes()
    assert (said.event["sequence"], said.event.decoded("dtstart")) == (1, moment(TUESDAY, 14))
    assert "verplaatst" not in said.text, "nobody heard of the former moment"
    assert desk.rows == [("request", 0, "withdrawn"), ("request", 1, "sent")]


def test_cancelled_before_it_went_nothing_goes(desk: Desk) -> None:
    desk.cancel(desk.plan())
    assert desk.rows == [("request", 0, "withdrawn")]
    assert desk.job() == Mailed()


def test_called_off_by_another_act_it_leaves_the_calendar_too(desk: Desk) -> None:
    desk.plan()
    desk.goes()
    desk.act(route_a.withdraw_referral, DOCTOR)
    said = desk.goes()
    assert (said.method, said.event["sequence"]) == ("CANCEL", 1)


def test_nothing_is_sent_that_the_mail_server_did_not_take(desk: Desk) -> None:
    desk.plan()
    with mock.patch(BACKEND, side_effect=SMTPException("away")):
        assert desk.job() == Mailed(failed=1)
    assert desk.rows == [("request", 0, "waiting")]
    with mock.patch(BACKEND, return_value=1) as first:
        assert desk.job().messages == 1
    # The mail server had it, and nobody wrote that down: what goes again is the same to the byte.
    with audit.acting_as(desk.people["system"], desk.fund):
        CalendarMessage.objects.update(state="waiting", sent_at=None)
    again = desk.goes()
    (one,) = first.call_args.args[0]
    assert read(one).raw == again.raw
    assert one.extra_headers["Message-ID"] == mail.outbox[-1].extra_headers["Message-ID"]


def test_after_a_try_that_may_have_arrived_a_cancellation_goes(desk: Desk) -> None:
    subject = desk.plan()
    with mock.patch(BACKEND, side_effect=SMTPException("broken off")):
        desk.job()
    desk.cancel(subject)
    assert desk.goes().method == "CANCEL"


def test_after_a_try_that_was_killed_a_cancellation_goes(desk: Desk) -> None:
    """The mail server may have taken it; nothing here could write that down."""
    subject = desk.plan()
    with mock.patch(BACKEND, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        desk.job()
    assert desk.rows == [("request", 0, "waiting")]
    desk.cancel(subject)
    assert desk.goes().method == "CANCEL"


def test_of_what_was_passed_over_no_cancellation_goes(desk: Desk) -> None:
    """Somebody held the dossier: nothing was tried."""
    subject = desk.plan()
    with mock.patch("trajects.calendar.mailing._hand_over", return_value=None):
        assert desk.job() == Mailed()
    desk.cancel(subject)
    assert desk.rows == [("request", 0, "withdrawn")]


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    desk: Desk, coordinator: User, client: Client
) -> None:
    desk.plan()
    with mock.patch(BACKEND, side_effect=SMTPRecipientsRefused({EMAIL: (550, b"no")})):
        assert desk.job() == Mailed()
    assert desk.rows == [("request", 0, "refused")]
    assert desk.job() == Mailed()
    client.force_login(coordinator)
    page = client.get(reverse("dossier_contacts", args=[desk.dossier.public_id])).content.decode()
    assert "Calendar message (Invitation): Could not be sent, 15/06/2026 09:00. The mail server" in page


ENDS: dict[str, dict[str, Any]] = {
    "death": {"end": "2026-06-14", "end_reason": "death"},
    "end": {"end": "2026-06-14", "end_reason": "resumed"},
    "no address": {"email": ""},
    "excluded": {"cause": "work_accident"},
}


@pytest.mark.parametrize("why", ENDS)
def test_after_the_end_nothing_goes_out(why: str, desk: Desk, fund: Fund) -> None:
    desk.plan()
    person = desk.dossier.incapacity.person
    line = population.line(
        start=START, reference=desk.dossier.incapacity.reference, ssin=person.ssin, birth_date=person.birth_date,
        version=2, **{"email": EMAIL, **ENDS[why]},
    )  # fmt: skip
    assert not population.take_in(fund, [line], TODAY)["rejected"]
    assert desk.job() == Mailed(withdrawn=1)
    assert mail.outbox == []


def test_of_what_is_past_nobody_hears(desk: Desk) -> None:
    desk.plan()
    with clock.at(TUESDAY, hour=12):
        assert desk.job() == Mailed(withdrawn=1)


def test_without_an_address_it_is_refused_and_the_form_says_why(
    met: Met, people: dict[str, Actor], coordinator: User, client: Client
) -> None:
    desk = Desk(met(), people)
    with refused("not_allowed"):
        desk.plan()
    assert desk.rows == []
    client.force_login(coordinator)
    form = client.get(address(desk.dossier, "plan", "first_contact")).context["form"]
    assert form.fields["mail"].disabled
    assert form.fields["mail"].help_text == "There is no e-mail address for this person."


def test_the_form_asks_and_remembers_who_was_invited(desk: Desk, coordinator: User, client: Client) -> None:
    client.force_login(coordinator)
    posted = {"purpose": "first_contact", "day": "16/06/2026", "time": "10:00", "how": "in_person"}
    plan = address(desk.dossier, "plan", "first_contact")
    assert not client.get(plan).context["form"]["mail"].value()
    # What is only tried leaves no message behind.
    client.post(plan, typed(desk.dossier, **posted, mail="on", preview="1"))
    assert desk.rows == []
    client.post(plan, typed(desk.dossier, **posted, mail="on"))
    assert desk.rows == [("request", 0, "waiting")]
    desk.goes()
    with audit.acting_as(desk.people["system"], desk.fund):
        subject = Appointment.objects.get().subject
    move = address(desk.dossier, "move", subject)
    assert client.get(move).context["form"]["mail"].value()
    client.post(move, typed(desk.dossier, day="16/06/2026", time="15:00", how="in_person"))
    assert len(desk.rows) == 1, "asked, and said no"
    client.post(address(desk.dossier, "cancel", subject), typed(desk.dossier, mail="on"))
    assert desk.rows[-1] == ("cancel", 1, "waiting")


def test_with_the_fact_or_not_at_all(desk: Desk) -> None:
    with transaction.atomic():
        desk.plan()
        transaction.set_rollback(True)
    assert desk.rows == []


def test_another_fund_sees_none_of_it(desk: Desk, other_fund: Fund) -> None:
    desk.plan()
    with audit.acting_as(desk.people["system"], other_fund):
        assert deliver(other_fund, date(2026, 6, 15)) == Mailed()
        assert not CalendarMessage.objects.exists()
