"""The imports page: a file in, its progress, and what was refused by line, never by person."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers.models import ImportRun
from dossiers.models.imports import ImportState
from routing.intake.imports import resume
from tests import population
from tests.web.conftest import Place
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role
from tnw.core import scope

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


def feed(tmp_path: Path, *lines: dict[str, str]) -> SimpleUploadedFile:
    path = population.write(tmp_path / "feed.csv", lines)
    return SimpleUploadedFile("nightly.csv", path.read_bytes(), "text/csv")


def work_off(fund: Fund) -> ImportRun:
    """What the worker does."""
    with audit.acting_as(actors.system(), fund):
        return resume(ImportRun.objects.filter(fund=fund, state=ImportState.WAITING).get())


def test_upload_progress_and_report(browse: Browse, fund: Fund, tmp_path: Path) -> None:
    client = browse(Role.ADMINISTRATOR)
    secret = population.line(last_name="Geheimzinnig", start="31/12/2026")
    upload = feed(tmp_path, population.line(), secret)
    answer = client.post(reverse("imports"), {"kind": "recognitions", "upload": upload})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in page
    run = work_off(fund)
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-trigger" not in part
    page = client.get(answer["Location"]).content.decode()
    for told in ("nightly.csv", "invalid_date", "A date is expected", "<code>start</code>"):
        assert told in page
    assert "Geheimzinnig" not in page
    report = client.get(reverse("import_report", args=[run.public_id]))
    assert "attachment" in report["Content-Disposition"]
    content = report.getvalue().decode()
    assert "Geheimzinnig" not in content
    assert json.loads(content)["rejected"] == [{"line": 3, "column": "start", "code": "invalid_date"}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04" + b"\x00" * 100, "not a CSV file"),
        ("réference;naam\n".encode("latin-1"), "not in UTF-8"),
        (b"a;b\n1;2\n", "lacks these columns"),
    ],
)
def test_a_file_refused_whole_says_why(content: bytes, told: str, browse: Browse, fund: Fund) -> None:
    client = browse(Role.ADMINISTRATOR)
    upload = SimpleUploadedFile("feed.csv", content)
    answer = client.post(reverse("imports"), {"kind": "recognitions", "upload": upload})
    work_off(fund)
    page = client.get(answer["Location"]).content.decode()
    assert "The whole file is refused" in page
    assert told in page


def test_nothing_chosen(browse: Browse, fund: Fund) -> None:
    page = browse(Role.ADMINISTRATOR).post(reverse("imports"), {"kind": "recognitions"}).content.decode()
    assert "Choose a file." in page
    with scope.funds(fund.pk):
        assert not ImportRun.objects.exists()


def test_refused_lines_page_by_page(browse: Browse, own: Place) -> None:
    wrong = [population.line(start="never") for _number in range(230)]
    population.take_in(own.fund, wrong, own.run.today)
    with scope.funds(own.fund.pk):
        run = ImportRun.objects.latest("pk")
    client = browse(Role.ADMINISTRATOR)
    first = client.get(reverse("import_run", args=[run.public_id]))
    assert len(first.context["rejections"]) == 200
    rest = client.get(reverse("import_run", args=[run.public_id]), {"after": first.context["last"].line})
    assert len(rest.context["rejections"]) == 30


def test_a_name_that_tries_something(browse: Browse, fund: Fund) -> None:
    upload = BytesIO(b"a;b\n")
    upload.name = "../../<script>.csv"
    answer = browse(Role.ADMINISTRATOR).post(
        reverse("imports"), {"kind": "facts", "upload": upload}, follow=True
    )
    assert "<script>.csv" not in answer.content.decode()
    assert "&lt;script&gt;.csv" in answer.content.decode()
