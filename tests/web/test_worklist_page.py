"""The worklist on its page, as a file, and under a name."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.ledger import record
from dossiers.models import Deadline, Dossier, Reminder
from dossiers.reminders import RULE_IDS, sweep
from tests.web.desk import MONDAY, D, MakeDossier, MakeUser, bare, deadline
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, SavedView, Team, User
from tnw.accounts.services import VIEWS
from tnw.core import clock
from tnw.web.worklist.export import safe


def page_of(client: Client, query: str = "") -> Any:
    return client.get(f"{reverse('home')}?{query}")


@pytest.fixture
def furnished(
    at_home: None, dossier_of: MakeDossier, coordinator: User, fund: Fund, signed_in: Callable[[User], Client]
) -> tuple[Client, Dossier]:
    """A coordinator signed in, with one dossier of which a deadline is overdue and escalated."""
    dossier = bare(
        dossier_of(start=D("2026-01-05"), today=MONDAY, last_name="=Ännchen", first_name="Zoë"), coordinator
    )
    deadline(dossier, act_by=D("2026-03-12"))
    deadline(dossier, "T12", act_by=D("2026-04-30"))
    sweep(fund, MONDAY, RULE_IDS)
    return signed_in(coordinator), dossier


def test_the_page_has_groups_and_marks_what_was_reminded(furnished: tuple[Client, Dossier]) -> None:
    client, dossier = furnished
    answer = page_of(client)
    page = answer.content.decode()
    assert [bucket for bucket, _lines in answer.context["page"].groups()] == ["overdue", "later"]
    assert "The team lead was told; reminded on" in page
    assert "13/03/2026" in page
    assert "1 overdue" in page.split("</title>")[0]
    assert reverse("dossier", args=[dossier.public_id]) in page
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)  # any letters
    assert "T12" not in page.split("<main")[1].replace('value="T12"', "").replace("/next/T12", "")
    assert "Nothing here fits these filters" in page_of(client, "rule=T9").content.decode()
    Deadline.objects.all().delete()
    assert "You have nothing to do now." in page_of(client).content.decode()


def test_reminders_of_an_earlier_date_are_no_mark(furnished: tuple[Client, Dossier]) -> None:
    client, _dossier = furnished
    Reminder.objects.update(falls_on=D("2026-01-01"))
    assert "eminded on" not in page_of(client).content.decode()


def rows_of(answer: Any) -> list[list[str]]:
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_list_as_csv(furnished: tuple[Client, Dossier], fund: Fund) -> None:
    client, dossier = furnished
    answer = client.get(reverse("worklist_export", args=["csv"]), {"rule": "T7"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    raw = answer.getvalue()
    assert raw.startswith(b"\xef\xbb\xbf")
    header, line = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
    assert header[:2] == ["State", "Insured person"]
    assert line[1] == "'=Ännchen Zoë"
    assert line[4] == "12/03/2026"
    found = AccessLog.objects.filter(fund=fund).values_list("dossier_id", "through")
    assert list(found) == [(dossier.pk, "export")]


def test_the_list_as_a_workbook(furnished: tuple[Client, Dossier]) -> None:
    client, _dossier = furnished
    answer = client.get(reverse("worklist_export", args=["xlsx"]))
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=Ännchen Zoë" in sheet
    assert "<f>" not in sheet
    assert client.get(reverse("worklist_export", args=["pdf"])).status_code == 404


def test_a_list_too_long_for_a_file_is_refused(
    furnished: tuple[Client, Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _dossier = furnished
    monkeypatch.setattr("tnw.web.worklist.export.MOST", 1)
    answer = client.get(reverse("worklist_export", args=["csv"]), follow=True)
    assert "choose less with the filters" in answer.content.decode()
    assert not AccessLog.objects.exists()
    monkeypatch.setattr("tnw.web.worklist.export.MOST", 2)
    monkeypatch.setattr("tnw.web.worklist.export.CHUNK", 1)
    assert len(rows_of(client.get(reverse("worklist_export", args=["csv"])))) == 3
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+32", "'+32"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("An", "An"),
        ("", ""),
        ("A=1", "A=1"),
    ],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    assert safe(text) == written


def keep(client: Client, query: str, **data: str) -> Any:
    return client.post(f"{reverse('worklist_views')}?{query}", data, follow=True)


def test_views_are_saved_replaced_and_deleted(
    furnished: tuple[Client, Dossier], coordinator: User, make_user: MakeUser, fund: Fund
) -> None:
    client, _dossier = furnished
    answer = keep(client, "rule=T12&after=x&coordinator=none", name="  Plans ")
    assert answer.redirect_chain[-1][0] == "/?rule=T12"
    assert list(SavedView.objects.values_list("user", "name", "query")) == [
        (coordinator.pk, "Plans", "rule=T12")
    ]
    assert 'aria-current="page">Plans' in answer.content.decode()
    keep(client, "rule=T7", name="Plans")
    assert SavedView.objects.get().query == "rule=T7"
    assert "Give the view a name" in keep(client, "rule=T7", name=" ").content.decode()
    SavedView.objects.bulk_create(SavedView(user=coordinator, name=f"{n}") for n in range(VIEWS - 1))
    page = keep(client, "rule=T7", name="One more").content.decode()
    assert "delete one first" in page
    assert "One more" in page
    keep(client, "rule=T9", name="Plans")
    assert SavedView.objects.get(name="Plans").query == "rule=T9"
    other = make_user(Role.COORDINATOR, fund=fund)
    SavedView.objects.create(user=other, name="Plans")
    for view in SavedView.objects.filter(name="Plans"):
        keep(client, "", delete=str(view.pk))
    assert list(SavedView.objects.filter(name="Plans").values_list("user", flat=True)) == [other.pk]


def test_a_name_with_what_cannot_be_kept_is_taken_without_it(furnished: tuple[Client, Dossier]) -> None:
    client, _dossier = furnished
    assert keep(client, "rule=T7", name="Pla\0ns").status_code == 200
    assert SavedView.objects.get().name == "Plans"


SHARED = [
    # who looks, whether they see it, whether they may remove it
    ("owner", True, True),
    ("colleague", True, False),
    ("lead", True, True),
    ("elsewhere", False, False),
    ("stranger", False, False),
]


@pytest.mark.parametrize(("who", "sees", "removes"), SHARED)
def test_a_shared_view_is_used_by_the_team_and_removed_by_its_owner_or_a_lead(
    who: str, sees: bool, removes: bool, furnished: tuple[Client, Dossier], coordinator: User, team_lead: User,
    make_user: MakeUser, fund: Fund, other_fund: Fund, team: Team, signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    client, _dossier = furnished
    told = keep(client, "rule=T7", name="First contacts", shared="1").content.decode()
    assert f"is shared with {team.name}" in told
    view = SavedView.objects.get()
    people = {
        "owner": coordinator,
        "colleague": make_user(Role.ADVISORY_DOCTOR, fund=fund, team=team),
        "lead": team_lead,
        "elsewhere": make_user(Role.COORDINATOR, fund=fund),
        "stranger": make_user(Role.TEAM_LEAD, fund=other_fund),
    }
    client = signed_in(people[who])
    page = page_of(client, "rule=T7").content.decode()
    assert ("First contacts" in page) == sees
    assert (f'name="delete" value="{view.pk}"' in " ".join(page.split())) == removes
    answer = client.post(reverse("worklist_views"), {"delete": str(view.pk)})
    assert answer.status_code == (403 if sees and not removes else 302)
    assert SavedView.objects.exists() != removes
    if who == "owner":
        keep(client, "rule=T7", name="First contacts", shared="1")
        keep(client, "rule=T7", name="First contacts")
        assert SavedView.objects.get().team is None, "saved again without sharing it is one's own"


def test_without_a_team_nothing_is_shared(
    at_home: None, make_user: MakeUser, fund: Fund, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(make_user(Role.COORDINATOR, fund=fund))
    assert "You are in no team" in keep(client, "rule=T7", name="Mine", shared="1").content.decode()
    assert "view-shared" not in page_of(client, "rule=T7").content.decode()


def test_the_last_choice_is_remembered_and_everything_is_one_press_away(
    furnished: tuple[Client, Dossier], coordinator: User
) -> None:
    client, _dossier = furnished
    assert page_of(client, "rule=T12").context["page"].lines
    assert len(page_of(client).context["page"].lines) == 2, "a glance is not remembered"
    answer = page_of(client, "rule=T12&bucket=later&rows=60&keep=1")
    assert answer["Location"] == "/?bucket=later&rule=T12"
    coordinator.refresh_from_db()
    assert coordinator.choices == {"worklist": {"query": "rule=T12", "rows": 60}}
    again = page_of(client)
    assert [line.deadline.rule for line in again.context["page"].lines] == ["T12"]
    assert again.context["rows"] == 60
    page = again.content.decode()
    assert "As you left it" in page
    assert 'href="/?keep=1"' in page
    assert len(page_of(client, "all=1").context["page"].lines) == 2
    assert page_of(client, "keep=1&rows=30")["Location"] == "/"
    assert len(page_of(client).context["page"].lines) == 2
    coordinator.refresh_from_db()
    assert coordinator.choices == {}
    for broken in ("x", {"query": 1, "rows": "many"}, {"query": "rule=T99", "rows": 7}):
        User.objects.filter(pk=coordinator.pk).update(choices={"worklist": broken})
        assert len(page_of(client).context["page"].lines) == 2


def test_a_line_says_when_why_and_what_next(
    at_home: None,
    dossier_of: MakeDossier,
    coordinator: User,
    doctor: User,
    signed_in: Callable[[User], Client],
) -> None:
    """The date of the law with its reason and ground; the appointment that is planned; the step, for whose it is."""
    facts = [
        fact("assessment_made", D("2026-02-10"), "a-1", category=4),
        fact("referral_made", D("2026-02-12"), "r-1"),
    ]
    dossier = dossier_of(start=D("2025-11-03"), today=MONDAY, facts=facts)
    Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator)
    client, url = signed_in(coordinator), reverse("dossier_step", args=[dossier.public_id, "T7"])
    (line,) = page_of(client, "rule=T7").context["page"].lines
    assert (line.near, line.step, line.planned) == ("4 days late", url, None)
    page = page_of(client, "rule=T7").content.decode()
    assert "Legal date" in page
    assert "12/02/2026" in page.split("<main")[1], "why: the referral that it is counted from"
    step = client.get(url)["Location"]
    assert step.startswith(reverse("act", args=[dossier.public_id, "plan"]))
    at = clock.now() + timedelta(2)
    made = fact("appointment_made", MONDAY, "ap-1", "ap", purpose="first_contact", at=at, form="phone")
    with audit.acting_as(actors.of_user(coordinator), dossier.fund):
        record(dossier, made, fund=dossier.fund, actor=actors.of_user(coordinator))
    (line,) = page_of(client, "rule=T7").context["page"].lines
    assert line.planned
    assert "planned 18/03" in page_of(client, "rule=T7").content.decode()
    client = signed_in(doctor)
    assert client.get(url)["Location"] == reverse("dossier", args=[dossier.public_id]), (
        "not the doctor's to take"
    )


def test_a_line_says_whose_it_is_unless_it_is_ones_own(
    at_home: None, dossier_of: MakeDossier, coordinator: User, signed_in: Callable[[User], Client]
) -> None:
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    for rule in ("T2", "T4", "T7"):
        deadline(dossier, rule)
    client = signed_in(coordinator)
    for rule, whose in (("T2", "Insured person"), ("T4", "Advisory doctor"), ("T7", "")):
        answer = page_of(client, f"rule={rule}")
        (line,) = answer.context["page"].lines
        assert line.own == (not whose)
        told = f'<span class="small soft">{line.whose}</span>'
        assert (told in answer.content.decode()) == bool(whose)
        assert line.whose == whose or not whose
    assert 'href="/?turn=insured"' in page_of(client).content.decode()


def test_the_days_and_the_date_of_a_line_agree(
    at_home: None, dossier_of: MakeDossier, coordinator: User, signed_in: Callable[[User], Client]
) -> None:
    """Late counts from the legal date, here a Sunday; before that one has until the last working day."""
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    deadline(dossier, act_by=D("2026-03-13"), falls_on=D("2026-03-15"))
    deadline(dossier, "T12", act_by=D("2026-03-27"), falls_on=D("2026-03-29"))
    late, ahead = page_of(signed_in(coordinator)).context["page"].lines
    assert (late.near, late.day) == ("1 day late", D("2026-03-15"))
    assert (ahead.near, ahead.day) == ("in 11 days", D("2026-03-27"))
    page = " ".join(page_of(signed_in(coordinator)).content.decode().split())
    assert f'aria-describedby="why-{late.deadline.pk}"><time datetime="2026-03-15">15/03/2026' in page
    assert "To be done by 13/03/2026, the last working day" in page


def test_the_next_appointment_stands_beside_one_without_an_outcome(
    at_home: None, dossier_of: MakeDossier, coordinator: User, signed_in: Callable[[User], Client]
) -> None:
    facts = [
        fact("assessment_made", D("2026-02-10"), "a-1", category=4),
        fact("referral_made", D("2026-02-12"), "r-1"),
        *(
            fact("appointment_made", D("2026-02-16"), f"ap-{day}", f"ap-{day}", purpose="first_contact",
                 at=clock.midnight(D(day)) + timedelta(hours=10), form="phone")
            for day in ("2026-02-20", "2026-03-20", "2026-03-23")
        ),
    ]  # fmt: skip
    dossier = dossier_of(start=D("2025-11-03"), today=MONDAY, facts=facts)
    Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator)
    page = page_of(signed_in(coordinator), "rule=T7").content.decode()
    assert '<span class="tag">planned 20/03 10:00</span>' in page
    assert '<span class="tag is-overdue">outcome of 20/02 10:00 missing</span>' in page
    assert "23/03 10:00" not in page.split('id="list"')[1].split("</table>")[0]
