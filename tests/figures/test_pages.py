"""The pages: whose figures, what they say, what they open, what files leave out, and what they ask of the database."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from routing.figures.counting import count
from routing.figures.table import FIGURES
from routing.jobs import close_quarters
from tests.figures import story
from tests.figures.conftest import Tell, record
from tests.figures.story import TODAY, back, day, voided
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
from tnw.accounts.models import AccessLog, Fund, Role, User
from tnw.core import clock

SignIn = Callable[[User], Client]


@pytest.fixture
def dossiers(tell: Tell, in_fund: Fund, coordinator: User, colleague: User) -> Iterator[list[Dossier]]:
    made = story.write(tell, coordinator, colleague)
    count(in_fund, TODAY)
    with clock.at(TODAY):
        yield made


def numbers(page: Any) -> list[list[int | None]]:
    return [[cell.number for cell in row.numbers] for row in page.context["table"].rows]


def test_whose(
    dossiers: list[Dossier], signed_in: SignIn, coordinator: User, team_lead: User, doctor: User
) -> None:
    """A team lead the fund, any team and coordinator; a coordinator the own dossiers, whatever is asked."""
    inflow = reverse("figure", args=["inflow"])
    lead = signed_in(team_lead)
    assert numbers(lead.get(f"{inflow}?until=2026q1"))[-2:] == [[7], [3]]
    assert numbers(lead.get(f"{inflow}?until=2026q1&of={coordinator.public_id}"))[-2:] == [[5], [1]]
    assert numbers(lead.get(f"{inflow}?until=2025q4&by=language")) == [[5], [2]]
    assert numbers(lead.get(f"{inflow}?until=2025q4&by=coordinator&of=team-{team_lead.team_id}")) == [
        [5],
        [2],
    ]
    own = signed_in(coordinator)
    for asked in ("", f"&of={team_lead.public_id}", "&of=team-1", "&by=coordinator"):
        page = own.get(f"{inflow}?until=2026q1{asked}")
        assert numbers(page)[-2:] == [[5], [1]]
        assert "of" not in page.context["asked"].fields
    assert numbers(own.get(f"{inflow}?until=2025q4&by=language")) == [[5]]
    assert numbers(signed_in(doctor).get(f"{inflow}?until=2026q1"))[-2:] == [[7], [3]]
    User.objects.filter(pk=doctor.pk).update(team=None)
    assert "no figures of your own" in signed_in(doctor).get(inflow).content.decode()


def test_a_number_opens_its_list_within_ones_own(
    dossiers: list[Dossier], signed_in: SignIn, coordinator: User, team_lead: User
) -> None:
    address = reverse("figure_list", args=["questionnaires"]) + "?until=2026q1"
    lead = signed_in(team_lead)
    assert len(lead.get(address).context["found"].lines) == 2
    assert [line.part for line in lead.get(f"{address}&part=late").context["found"].lines] == ["late"]
    assert [line.part for line in lead.get(f"{address}&by=language&value=fr").context["found"].lines] == [
        "never"
    ]
    at_a_glance = lead.get(reverse("figures") + "?until=2026q1").content.decode()
    assert f'<a href="{address}' in at_a_glance.replace("&amp;", "&"), "the large number too"
    for wrong in ("&part=twice", "&by=language&value=xx"):
        assert lead.get(address + wrong).status_code == 404
    assert lead.get(reverse("figure", args=["births"])).status_code == 404
    assert [line.part for line in signed_in(coordinator).get(address).context["found"].lines] == ["late"]
    assert not AccessLog.objects.exists()  # until a dossier is opened


def test_files_leave_small_numbers_out_and_hold_no_formula(
    dossiers: list[Dossier], signed_in: SignIn, team_lead: User, coordinator: User
) -> None:
    User.objects.filter(pk=coordinator.pk).update(name="=1+1")
    lead = signed_in(team_lead)
    page = lead.get(reverse("figure", args=["inflow"]) + "?until=2025q4&by=coordinator")
    assert [[cell.untold for cell in row.numbers] for row in page.context["table"].rows] == [[True], [True]]
    told = read(lead.get(reverse("figure_file", args=["inflow", "csv"]) + "?until=2025q4&by=coordinator"))
    assert ["'=1+1", "·"] in told
    assert [row for row in told if row and row[-1] == "·"] == [["'=1+1", "·"], ["Coordinator 2", "·"]]
    assert told[1] == ["Incapacities that began in the quarter and are not excluded."]
    by_quarter = read(lead.get(reverse("figure_file", args=["inflow", "csv"]) + "?until=2026q1"))
    assert by_quarter[-4:-2] == [["Q4 2025", "7"], ["Q1 2026", "·"]]
    assert "fewer than five could be reckoned from it" in by_quarter[-1][0]
    days = read(lead.get(reverse("figure_file", args=["time_to_answer", "csv"]) + "?until=2026q1"))
    assert ["Q1 2026", "·", "·", "·"] in days
    # What the fund is paid by is told in full.
    assert (
        read(lead.get(reverse("figure_file", args=["complete_questionnaires", "csv"]) + "?until=2026q1"))[-1][
            -1
        ]
        == "4"
    )
    book = lead.get(reverse("figure_file", args=["inflow", "xlsx"]) + "?until=2025q4&by=coordinator").content
    with ZipFile(io.BytesIO(book)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
    assert lead.get(reverse("figure_file", args=["inflow", "exe"])).status_code == 404


def read(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def on_paper(page: Any) -> str:
    """What is left of a page without what stays on the screen."""
    text = re.sub(r'<span class="no-print">.*?</span>', "", " ".join(page.content.decode().split()))
    return re.sub(r'<div class="no-print">.*?</svg> </div>', "", text)


def test_paper_lacks_only_the_small_numbers_and_says_so(
    dossiers: list[Dossier], signed_in: SignIn, team_lead: User
) -> None:
    lead = signed_in(team_lead)
    page = lead.get(reverse("figures") + "?until=2025q4")
    tile = re.search(r'/inflow/?\?until=2025q4">.*?</li>', on_paper(page))
    assert tile
    assert re.search(r'<b> ?<a href="[^"]*">7</a> ?</b>', " ".join(tile[0].split()))
    page = lead.get(reverse("figures") + "?until=2026q1")
    told = on_paper(page)
    tile = re.search(r'/inflow/?\?until=2026q1">.*?</li>', told)
    assert tile
    assert '<span class="only-print">·</span>' in tile[0]
    assert "Q4 2025 7; Q1 2026 ·</desc>" in tile[0], "the quarter that may be told is drawn"
    assert ">3<" not in tile[0]
    assert "it is fewer than five, or fewer than five could be reckoned" in told
    assert "Numbers with ° stay here" in page.content.decode()
    assert page.content.decode().count('data-label="Median, days"') == len(page.context["durations"])
    one = lead.get(reverse("figure", args=["inflow"]) + "?until=2026q1")
    assert "Q4 2025 7; Q1 2026 ·</desc>" in on_paper(one)
    assert "Q1 2026 3" not in on_paper(one)


def test_a_list_names_its_days(dossiers: list[Dossier], signed_in: SignIn, team_lead: User) -> None:
    lead = signed_in(team_lead)
    for code, name in (("first_contacts", "Legal date"), ("questionnaires", "Day"), ("inflow", "Day")):
        assert lead.get(reverse("figure_list", args=[code])).context["day_of"] == name


def test_the_counts_of_the_funding(
    dossiers: list[Dossier], signed_in: SignIn, team_lead: User, coordinator: User, in_fund: Fund
) -> None:
    close_quarters(day("07-01"), in_fund)
    record(dossiers[2], *voided("07-02", "back-02-10"))
    record(dossiers[3], *back("03-20", recorded="07-03"))
    lead = signed_in(team_lead)
    page = lead.get(reverse("figures_funding") + "?until=2026q1")
    assert [one.number for one in page.context["figures"][0][1]][:2] == [2, 1]
    told = " ".join(page.content.decode().split())
    assert ">+3</span>" in told
    assert ">−1</span>" in told
    assert "to Q1 2026, recorded on 03/07/2026" in told
    closed = lead.get(reverse("figure_list", args=["complete_questionnaires"]) + "?until=2026q1&closed=1")
    assert closed.context["found"].number == len(closed.context["found"].lines) == 2
    assert closed.context["found"].lines[0].dossier.pk in {one.pk for one in dossiers}
    rows = read(lead.get(reverse("figures_funding_file", args=["csv"]) + "?until=2026q1"))
    assert [row[4] for row in rows if row[1] == "Q1 2026" and row[4]] == ["1", "1", "-1", "1"]
    assert signed_in(coordinator).get(reverse("figures_funding")).status_code == 403


def test_not_counted_yet(tell: Tell, signed_in: SignIn, team_lead: User) -> None:
    for address in (reverse("figures"), reverse("figure", args=["inflow"])):
        assert "Not counted yet" in signed_in(team_lead).get(address).content.decode()


CEILINGS = {"figures": 9, "figures_funding": 13, **dict.fromkeys(FIGURES, 9)}


def test_query_ceilings(
    dossiers: list[Dossier],
    signed_in: SignIn,
    team_lead: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = signed_in(team_lead)
    client.get(reverse("figures"))
    for name, ceiling in CEILINGS.items():
        address = reverse(name) if name.startswith("figures") else reverse("figure", args=[name])
        with django_assert_max_num_queries(ceiling):
            page = client.get(address)
        assert page.status_code == 200
        if name in FIGURES:
            assert str(FIGURES[name].definition) in page.content.decode().replace("&#x27;", "'")
    with django_assert_max_num_queries(11):
        client.get(reverse("figure_list", args=["inflow"]) + "?until=2025q4")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_who_works_without_dossiers_sees_no_figures(
    role: str, signed_in: SignIn, make_user: Callable[..., User], fund: Fund
) -> None:
    client = signed_in(make_user(role, fund=fund))
    assert client.get(reverse("figure", args=["inflow"])).status_code == 403
