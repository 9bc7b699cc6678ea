"""The worklist on its page, as a file, and under a name."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Deadline, Dossier, Reminder
from dossiers.reminders import RULE_IDS, sweep
from tests.web.desk import MONDAY, D, MakeDossier, MakeUser, bare, deadline
from tnw.accounts.models import AccessLog, Fund, Role, SavedView, User
from tnw.accounts.services import VIEWS
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
    assert "T12" not in page.split("<main")[1].replace('value="T12"', "")
    assert "Nothing here fits these filters" in page_of(client, "rule=T9").content.decode()
    Deadline.objects.all().delete()
    assert "You have nothing to do now." in page_of(client).content.decode()


def test_reminders_of_an_earlier_date_are_no_mark(furnished: tuple[Client, Dossier]) -> None:
    client, _dossier = furnished
    Reminder.objects.update(falls_on=D("2026-01-01"))
    assert "Reminded on" not in page_of(client).content.decode()


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
    keep(client, "", name="Plans", delete="1")
    assert list(SavedView.objects.filter(name="Plans").values_list("user", flat=True)) == [other.pk]
