"""Mails that fail: they stop nobody else's, unless the mail server is away, and the next run sends them."""

from smtplib import SMTPRecipientsRefused
from unittest.mock import patch

import pytest
from django.core.mail import EmailMultiAlternatives

from dossiers.reminders import RULE_IDS, send_digests, sweep
from tests.beat.test_digest import MONDAY, D, Mailbox, MakeDossier, MakeUser, change, recipients
from tnw.accounts.models import Fund, Role, Team
from tnw.core.mailing import GIVES_UP_AFTER


def test_a_mail_that_fails_stops_nothing_and_is_tried_again(
    in_fund: Fund, dossier_of: MakeDossier, make_user: MakeUser, team: Team, mailoutbox: Mailbox
) -> None:
    doctors = [make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team) for _ in range(3)]
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    send = EmailMultiAlternatives.send

    def refuse_the_first(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        if self.to == [doctors[0].email]:
            raise SMTPRecipientsRefused({})
        return send(self, fail_silently)

    with patch.object(EmailMultiAlternatives, "send", refuse_the_first):
        assert send_digests(in_fund, MONDAY) == (2, 1)
    assert recipients(mailoutbox) == sorted(user.email for user in doctors[1:])
    assert send_digests(in_fund, MONDAY) == (1, 0)
    assert recipients(mailoutbox) == sorted(user.email for user in doctors)


@pytest.mark.parametrize("wrong", ["no\naddress", "nobody@example.org"])
def test_addresses_that_are_wrong_stop_nobody_behind_them(
    in_fund: Fund,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    team: Team,
    mailoutbox: Mailbox,
    wrong: str,
) -> None:
    doctors = [make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team) for _ in range(GIVES_UP_AFTER + 2)]
    for number, user in enumerate(doctors[:-1]):
        change(user, email=f"{number}{wrong}")
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    send = EmailMultiAlternatives.send

    def refuse_strangers(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        if wrong in self.to[0]:
            self.message()  # what is no address fails here
            raise SMTPRecipientsRefused({self.to[0]: (450, b"try again")})
        return send(self, fail_silently)

    with patch.object(EmailMultiAlternatives, "send", refuse_strangers):
        assert send_digests(in_fund, MONDAY) == (1, GIVES_UP_AFTER + 1)
    assert recipients(mailoutbox) == [doctors[-1].email]


def test_a_mail_server_that_dies_midway_is_given_up(
    in_fund: Fund, dossier_of: MakeDossier, make_user: MakeUser, team: Team, mailoutbox: Mailbox
) -> None:
    """Each further try would wait for it; the next run takes on."""
    doctors = [make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team) for _ in range(GIVES_UP_AFTER + 3)]
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    send = EmailMultiAlternatives.send

    def die_after_the_first(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        if mailoutbox:
            raise TimeoutError
        return send(self, fail_silently)

    with patch.object(EmailMultiAlternatives, "send", die_after_the_first):
        assert send_digests(in_fund, MONDAY) == (1, GIVES_UP_AFTER)
    assert send_digests(in_fund, MONDAY) == (GIVES_UP_AFTER + 2, 0)
    assert recipients(mailoutbox) == sorted(user.email for user in doctors)


def test_a_crash_between_mail_and_mark_repeats_one_mail_and_loses_none(
    in_fund: Fund, dossier_of: MakeDossier, make_user: MakeUser, team: Team, mailoutbox: Mailbox
) -> None:
    doctors = [make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team) for _ in range(3)]
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    send = EmailMultiAlternatives.send

    def die_after_the_second(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        send(self, fail_silently)
        if len(mailoutbox) == 2:
            raise KeyboardInterrupt
        return 1

    with patch.object(EmailMultiAlternatives, "send", die_after_the_second), pytest.raises(KeyboardInterrupt):
        send_digests(in_fund, MONDAY)
    assert send_digests(in_fund, MONDAY) == (2, 0)
    assert len(mailoutbox) == 4
    assert set(recipients(mailoutbox)) == {user.email for user in doctors}
