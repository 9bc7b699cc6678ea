"""While the months of the demo are still being replayed, every page says how far it has come."""

from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from tnw.core import clock
from tnw.web.demo import memory, notice
from tnw.web.demo.memory import Memory
from tnw.web.demo.population import Plan

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("through", "told"),
    [(None, "20/11/2024"), (date(2025, 7, 3), "03/07/2025"), (date(2026, 11, 19), "19/11/2026"), (TODAY, "")],
)
def test_up_to_which_day(
    through: date | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "folder", lambda: tmp_path)
    request = RequestFactory().get("/")
    assert notice.replaying(request) == {}, "nothing was begun here"
    Memory(Plan.until(TODAY, people=6, months=24), through).save()
    with clock.at(TODAY):
        page = render_to_string("base.html", notice.replaying(request))
    assert (f"has come to {told}." in page) == ('id="replaying"' in page) == bool(told)
