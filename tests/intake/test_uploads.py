"""Files that were uploaded and wait: what no import names is not kept, and what is none of them stops nobody."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from dossiers.models import ImportRun
from dossiers.models.imports import ImportKind
from routing.intake.imports import submit, upload_path
from routing.intake.queue import STRAY, forget_strays
from routing.jobs import waiting_imports
from tests import population
from tests.intake.conftest import TODAY
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund

Upload = Callable[[Fund], ImportRun]


class Undone(Exception):
    """What ends the transaction in which a file came in."""


@pytest.fixture
def upload(settings: Settings, tmp_path: Path) -> Upload:
    settings.UPLOADS = tmp_path / "uploads"
    settings.UPLOADS.mkdir()

    def submitted(fund: Fund) -> ImportRun:
        content = population.write(tmp_path / "feed.csv", [population.line(fund=fund.number)]).read_bytes()
        actor = actors.system(actors.FEED)
        with audit.acting_as(actor, fund):
            return submit(
                fund=fund, actor=actor, upload=BytesIO(content), file_name="feed.csv",
                kind=ImportKind.RECOGNITIONS, today=TODAY,
            )  # fmt: skip

    return submitted


def undone(upload: Upload, fund: Fund) -> Path:
    """The file of an upload that was undone after it was kept."""
    with suppress(Undone), transaction.atomic():
        path = upload_path(upload(fund))
        raise Undone
    return path


def grow_old(path: Path) -> None:
    then = time.time() - STRAY.total_seconds() - 60
    os.utime(path, (then, then))


def test_a_file_whose_upload_was_undone_is_deleted_after_a_day(fund: Fund, upload: Upload) -> None:
    path = undone(upload, fund)
    waiting_imports(TODAY)
    assert path.exists()  # as far as anybody knows its transaction is under way
    grow_old(path)
    waiting_imports(TODAY)
    assert not path.exists()


def test_what_an_import_of_any_fund_names_stays_however_old(
    in_fund: Fund, other_fund: Fund, upload: Upload
) -> None:
    waiting = [upload_path(upload(fund)) for fund in (in_fund, other_fund)]
    stray = undone(upload, in_fund)
    for path in (*waiting, stray):
        grow_old(path)
    assert forget_strays() == 1
    assert [path.exists() for path in (*waiting, stray)] == [True, True, False]


def test_what_is_no_upload_is_left_alone_and_stops_nothing(
    fund: Fund, upload: Upload, settings: Settings
) -> None:
    other = settings.UPLOADS / "list of somebody.csv"
    other.write_text("a;b\n")
    grow_old(other)
    path = upload_path(upload(fund))
    assert waiting_imports(TODAY)[fund.number] == {"files": 1, "busy": 0, "failed": 0}
    assert other.exists()
    assert not path.exists()
