"""One mail for each user and working day: to whom, of what, in which words, once."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.mail import EmailMultiAlternatives
from django.http import QueryDict

from dossiers.jobs import daily_digest
from dossiers.models import Deadline, Dossier, Reminder
from dossiers.reminders import RULE_IDS, marks, of_dossier, send_digests, sweep
from dossiers.reminders.digest import SHOWN
from tnw.accounts import actors
from tnw.accounts.models import Deputy, DigestSent, Fund, Role, Team, User
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import Worklist
from tnw.web.worklist.scope import scope_of

D = date.fromisoformat
FRIDAY, SATURDAY, MONDAY = D("2026-03-13"), D("2026-03-14"), D("2026-03-16")
Mailbox = list[EmailMultiAlternatives]
MakeUser = Callable[..., User]
MakeDossier = Callable[..., Dossier]


def recipients(mailbox: Mailbox) -> list[str]:
    return sorted(address for mail in mailbox for address in mail.to)


def change(row: User | Team, **values: object) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def deadline(dossier: Dossier, rule: str = "T7", falls_on: date = MONDAY, **more: object) -> Deadline:
    """A row as the law could have made it."""
    return Deadline.objects.create(
        **{
            "fund": dossier.fund, "dossier": dossier, "rule": rule, "opened_by": "x", "occurrence": 1,
            "version": D("2022-01-01"), "opens_on": D("2026-01-05"), "falls_on": falls_on, "act_by": falls_on,
            "anchor": "referral", "anchor_on": D("2026-01-05"), **more,
        }
    )  # fmt: skip


def test_the_mail_says_how_many_and_where_and_nothing_of_anybody(
    in_fund: Fund, dossier_of: MakeDossier, doctor: User, mailoutbox: Mailbox
) -> None:
    dossier = dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    assert send_digests(in_fund, MONDAY) == (1, 0)
    [mail] = mailoutbox
    assert mail.to == [doctor.email]
    assert mail.subject == "1 deadline waits for you"
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    for text in (mail.body, str(html)):
        assert f"/dossiers/{dossier.public_id}" in text
        assert "/profile" in text
        for secret in (
            "Goossens",
            dossier.incapacity.person.ssin,
            dossier.incapacity.reference,
            "uestionnaire",
        ):
            assert secret not in text
    assert "16/03/2026" in mail.body


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_mail_is_in_the_language_of_the_user(
    in_fund: Fund, dossier_of: MakeDossier, doctor: User, mailoutbox: Mailbox, language: str
) -> None:
    change(doctor, language=language)
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    send_digests(in_fund, MONDAY)
    [mail] = mailoutbox
    assert f'<html lang="{language}">' in str(mail.alternatives[0][0])
    assert "16/03/2026" in mail.body


def test_once_a_day_and_only_what_is_new(
    in_fund: Fund, dossier_of: MakeDossier, doctor: User, mailoutbox: Mailbox
) -> None:
    dossier_of(start=D("2026-01-05"), today=D("2026-03-12"))
    sweep(in_fund, D("2026-03-12"), RULE_IDS)
    assert send_digests(in_fund, D("2026-03-12")) == (1, 0)
    assert send_digests(in_fund, D("2026-03-12")) == (0, 0)
    sweep(in_fund, D("2026-03-13"), RULE_IDS)
    assert send_digests(in_fund, D("2026-03-13")) == (0, 0)
    assert DigestSent.objects.filter(user=doctor).count() == 2


def test_free_days_are_quiet_and_the_next_working_day_tells(
    in_fund: Fund, dossier_of: MakeDossier, doctor: User, mailoutbox: Mailbox
) -> None:
    dossier = dossier_of(start=D("2026-01-05"), today=FRIDAY)
    deadline(dossier, "T5", falls_on=D("2026-03-19"))  # five days before it: Saturday
    sweep(in_fund, FRIDAY, RULE_IDS)
    send_digests(in_fund, FRIDAY)
    mailoutbox.clear()
    sweep(in_fund, SATURDAY, RULE_IDS)
    assert daily_digest(SATURDAY) == {"311": {"mails": 0, "failed": 0}}
    assert send_digests(in_fund, D("2026-04-06")) == (0, 0)  # Easter Monday
    sweep(in_fund, MONDAY, RULE_IDS)
    assert send_digests(in_fund, MONDAY) == (1, 0)
    assert mailoutbox[0].body.count("/dossiers/") == 2  # T1 of Monday, and T5


def test_what_was_taken_in_late_is_told_all_the_same(
    in_fund: Fund, dossier_of: MakeDossier, doctor: User, mailoutbox: Mailbox
) -> None:
    """A dossier recorded after today's mail, whose steps lie days back, is in the next one."""
    sweep(in_fund, MONDAY, RULE_IDS)
    assert send_digests(in_fund, MONDAY) == (0, 0)
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, D("2026-03-17"), RULE_IDS)
    assert Reminder.objects.filter(on__lt=MONDAY).exists()
    assert send_digests(in_fund, D("2026-03-17")) == (1, 0)


def test_what_closed_meanwhile_or_is_paused_is_not_told(
    in_fund: Fund, dossier_of: MakeDossier, doctor: User, mailoutbox: Mailbox
) -> None:
    dossier = dossier_of(start=D("2026-01-05"), today=MONDAY)
    rows = Deadline.objects.filter(dossier=dossier)
    for change in (
        {"closed_on": MONDAY, "outcome": "met"},
        {"paused_from": MONDAY},
        {"falls_on": D("2026-03-30")},
    ):
        Reminder.objects.all().delete()
        DigestSent.objects.all().delete()
        Dossier.objects.update(unswept=True)
        rows.update(closed_on=None, paused_from=None, falls_on=MONDAY, act_by=MONDAY)
        sweep(in_fund, MONDAY, RULE_IDS)
        rows.update(**change)
        assert send_digests(in_fund, MONDAY) == (0, 0), change


def test_nobody_who_turned_it_off_or_left(
    in_fund: Fund, dossier_of: MakeDossier, make_user: MakeUser, team: Team, mailoutbox: Mailbox
) -> None:
    off = make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team)
    gone = make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team)
    change(off, digest=False)
    change(gone, is_active=False)
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    assert send_digests(in_fund, MONDAY) == (0, 0)
    # Turned on again: what came while it was off is not told any more.
    change(off, digest=True)
    assert send_digests(in_fund, D("2026-03-17")) == (0, 0)


def test_a_long_list_ends_and_says_that_there_is_more(
    in_fund: Fund, dossier_of: MakeDossier, coordinator: User, mailoutbox: Mailbox
) -> None:
    dossier = dossier_of(start=D("2026-01-05"), today=MONDAY)
    for n in range(SHOWN + 3):
        deadline(dossier, opened_by=f"x{n}")
    sweep(in_fund, MONDAY, RULE_IDS)
    send_digests(in_fund, MONDAY)
    [mail] = mailoutbox
    assert mail.subject == f"More than {SHOWN} deadlines wait for you"
    assert mail.body.count("/dossiers/") == SHOWN


def has_it_in_the_worklist(fund: Fund, *users: User) -> set[str]:
    """Who of these has something to do in their worklist."""
    found = set()
    for user in User.objects.filter(pk__in=[user.pk for user in users]):
        if scope := scope_of(actor := actors.of_user(user), MONDAY):
            filters = Filters(QueryDict(), scope=scope, fund_id=fund.pk)
            if Worklist(actor, filters, MONDAY).page(None).lines:
                found.add(user.email)
    return found


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("rule", ["T2", "T6", "T7"])
@pytest.mark.parametrize("without", ["", "coordinator", "doctor", "lead", "team"])
def test_whom_a_step_concerns(
    in_fund: Fund,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    coordinator: User,
    doctor: User,
    team_lead: User,
    team: Team,
    mailoutbox: Mailbox,
    rule: str,
    without: str,
    late: bool,
) -> None:
    """Whoever acts is of the dossier's team, else of the fund; who is told finds it in the worklist too."""
    [elsewhere] = Team.objects.bulk_create([Team(fund=in_fund, name="Zuid", languages=["fr"])])
    doctor2 = make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=elsewhere)
    lead2 = make_user(Role.TEAM_LEAD, fund=in_fund, team=elsewhere)
    change(elsewhere, lead=lead2)
    bystanders = [
        make_user(Role.COORDINATOR, fund=in_fund, team=team),
        make_user(Role.MEDICAL_TEAM, fund=in_fund, team=team),
        make_user(Role.ADMINISTRATOR, fund=in_fund),
        make_user(Role.PRIVACY_OFFICER, fund=in_fund),
    ]
    dossier = dossier_of(start=D("2026-03-15"), today=D("2026-03-15"))
    Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator, team=team)
    match without:
        case "coordinator":
            change(coordinator, is_active=False)
        case "doctor":
            change(doctor, roles=[Role.MEDICAL_TEAM])
        case "lead":
            change(team, lead=None)
        case "team":
            Dossier.objects.filter(pk=dossier.pk).update(team=None)
    Deadline.objects.all().delete()
    day = FRIDAY if late else MONDAY
    deadline(dossier, rule, falls_on=day, opens_on=day)
    if late:
        Reminder.objects.all().delete()
    sweep(in_fund, MONDAY, RULE_IDS)
    if late:
        Reminder.objects.filter(audience="owner").delete()

    leads = {team_lead, lead2} if without in ("lead", "team") else {team_lead}
    if late or (rule != "T6" and without == "coordinator"):
        expected = leads
    elif rule == "T6":
        expected = {"doctor": {doctor2}, "team": {doctor, doctor2}}.get(without, {doctor})
    else:
        expected = {coordinator}
    send_digests(in_fund, MONDAY)
    assert recipients(mailoutbox) == sorted(user.email for user in expected)
    everybody = [coordinator, doctor, team_lead, doctor2, lead2, *bystanders]
    assert has_it_in_the_worklist(in_fund, *everybody) >= set(recipients(mailoutbox))
    assert not has_it_in_the_worklist(in_fund, *bystanders[2:])


def test_the_latest_step_of_each_stands_with_it(
    in_fund: Fund, dossier_of: MakeDossier, coordinator: User
) -> None:
    dossier = dossier_of(start=D("2026-01-05"), today=MONDAY)
    rows = [
        deadline(dossier, falls_on=falls_on, opened_by=f"{falls_on}")
        for falls_on in (D("2026-03-20"), D("2026-03-10"), D("2026-03-25"), D("2026-06-01"))
    ]
    sweep(in_fund, MONDAY, RULE_IDS)
    found = marks(actors.of_user(coordinator), rows, MONDAY)
    assert [(f"{mark.on}", mark.escalated) if (mark := found.get(row.pk)) else None for row in rows] == [
        ("2026-03-15", False),
        ("2026-03-11", True),
        ("2026-03-11", False),
        None,
    ]
    of_day = of_dossier(dossier, D("2026-03-11")).filter(deadline__rule="T7")
    assert [(row.step, f"{row.on}") for row in of_day] == [
        ("falls_on+1", "2026-03-11"),
        ("act_by-14", "2026-03-11"),
        ("act_by+0", "2026-03-10"),
        ("act_by-14", "2026-03-06"),
        ("act_by-5", "2026-03-05"),
        ("act_by-14", "2026-02-24"),
    ]


def test_another_fund_hears_nothing(
    in_fund: Fund,
    other_fund: Fund,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    doctor: User,
    mailoutbox: Mailbox,
) -> None:
    stranger = make_user(Role.ADVISORY_DOCTOR, fund=other_fund)
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    assert daily_digest(MONDAY) == {"311": {"mails": 1, "failed": 0}, "509": {"mails": 0, "failed": 0}}
    assert recipients(mailoutbox) == [doctor.email]
    assert not has_it_in_the_worklist(in_fund, stranger)


DEPUTIES = [
    # first and last day of the period, whether the deputy shares the role, whether the deputy hears
    ("2026-03-16", "2026-03-16", True, True),
    ("2026-03-01", "2026-03-31", True, True),
    ("2026-03-01", "2026-03-15", True, False),
    ("2026-03-17", "2026-03-31", True, False),
    ("2026-03-01", "2026-03-31", False, False),
]


@pytest.mark.parametrize(("first_day", "last_day", "shared", "heard"), DEPUTIES)
def test_a_deputy_hears_for_whom(
    in_fund: Fund,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    team: Team,
    coordinator: User,
    mailoutbox: Mailbox,
    first_day: str,
    last_day: str,
    shared: bool,
    heard: bool,
) -> None:
    """In the period, in the roles that both have; who is away still gets the own mail."""
    deputy = make_user(Role.COORDINATOR if shared else Role.MEDICAL_TEAM, fund=in_fund, team=team)
    Deputy.objects.create(
        fund=in_fund, user=coordinator, deputy=deputy, first_day=D(first_day), last_day=D(last_day)
    )
    dossier = dossier_of(start=D("2026-03-15"), today=D("2026-03-15"))
    Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator, team=team)
    Deadline.objects.all().delete()
    deadline(dossier)
    sweep(in_fund, MONDAY, RULE_IDS)
    send_digests(in_fund, MONDAY)
    assert recipients(mailoutbox) == sorted([coordinator.email] + [deputy.email] * heard)
    for mail in mailoutbox:
        for text in (mail.body, str(mail.alternatives[0][0])):
            assert (f"for {coordinator.name}" in text) == (mail.to == [deputy.email])


def test_a_deputy_who_hears_it_anyway_hears_it_once_and_as_their_own(
    in_fund: Fund, dossier_of: MakeDossier, make_user: MakeUser, team: Team, doctor: User, mailoutbox: Mailbox
) -> None:
    deputy = make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team)
    gone = make_user(Role.ADVISORY_DOCTOR, fund=in_fund, team=team)
    for away in (doctor, gone):
        Deputy.objects.create(fund=in_fund, user=away, deputy=deputy, first_day=MONDAY, last_day=MONDAY)
    change(gone, is_active=False)
    dossier_of(start=D("2026-01-05"), today=MONDAY)
    sweep(in_fund, MONDAY, RULE_IDS)
    send_digests(in_fund, MONDAY)
    [mail] = [mail for mail in mailoutbox if mail.to == [deputy.email]]
    assert mail.body.count("/dossiers/") == 1
    assert "for " + doctor.name not in mail.body
