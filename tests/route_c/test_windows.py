"""The windows of the regional services (C2): reference data that administrators edit, each of the own fund."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from routing.models import RegistrationWindow
from routing.windows import PILOT, is_within, open_invented
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Fund, User
from tnw.accounts.services import create_fund
from tnw.core import scope

ADD = "admin:routing_registrationwindow_add"
WINDOW = {"service": "vdab", "opens_on": "01/01/2025", "closes_on": "", "note": "extended"}


@pytest.fixture(autouse=True)
def _static_files(settings: Any, tmp_path: Path) -> None:
    """Warnings are errors, and nobody collected the files."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def admin(signed_in: Callable[[User], Client], administrator: User) -> Client:
    return signed_in(administrator)


def windows(fund: Fund) -> list[tuple[str, date, date | None]]:
    with scope.funds(fund.pk):
        found = RegistrationWindow.objects.filter(fund=fund).order_by("service", "opens_on")
        return list(found.values_list("service", "opens_on", "closes_on"))


def test_c2_a_new_fund_and_one_that_was_there_have_those_of_the_pilot_once(fund: Fund) -> None:
    pilot = sorted(PILOT)
    assert windows(fund) == pilot
    assert "adg" not in {service for service, _first, _last in pilot}
    actor = actors.system(actors.COMMAND)
    old = create_fund(number="509", institution="500", name="Zuid", live_from=date(2022, 1, 1), actor=actor)
    assert windows(old) == []
    seed = import_module("routing.migrations.0013_registration_windows").seed
    for _time in range(2):
        with connection.schema_editor() as editor:
            seed(apps, editor)
    assert (windows(old), windows(fund)) == (pilot, pilot)


def test_c2_the_demo_marks_the_window_that_it_invents(in_fund: Fund, other_fund: Fund) -> None:
    assert not is_within(in_fund.pk, "vdab", date(2025, 6, 1))
    open_invented(in_fund)
    assert is_within(in_fund.pk, "vdab", date(2025, 6, 1))
    assert not is_within(in_fund.pk, "vdab", date(2024, 12, 31))
    assert not is_within(in_fund.pk, "forem", date(2025, 6, 1))
    assert not is_within(other_fund.pk, "vdab", date(2025, 6, 1))
    assert RegistrationWindow.objects.get(closes_on=None).note == "invented for the demo"


def test_c2_an_administrator_opens_and_closes_one_and_it_is_audited(
    admin: Client, administrator: User, fund: Fund, other_fund: Fund
) -> None:
    page = admin.get(reverse("admin:routing_registrationwindow_changelist"))
    assert page.context["cl"].result_count == len(PILOT), "of the own fund"
    answer = admin.post(reverse(ADD), WINDOW)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    with scope.funds(fund.pk):
        made = RegistrationWindow.objects.get(opens_on=date(2025, 1, 1))
        entry = AuditEntry.objects.filter(object_id=made.pk, object_repr=str(made)).first()
    assert made.fund == fund
    assert entry
    assert entry.acting.user == administrator
    change = reverse("admin:routing_registrationwindow_change", args=[made.pk])
    assert admin.post(change, {**WINDOW, "closes_on": "31/12/2025"}).status_code == 302
    assert ("vdab", date(2025, 1, 1), date(2025, 12, 31)) in windows(fund)
    with audit.acting_as(actors.system(), fund):
        assert is_within(fund.pk, "vdab", date(2025, 12, 31))
        assert not is_within(fund.pk, "vdab", date(2026, 1, 1))
    with scope.funds(other_fund.pk):
        stranger = RegistrationWindow.objects.first()
    assert stranger
    foreign = admin.get(reverse("admin:routing_registrationwindow_change", args=[stranger.pk]), follow=True)
    assert foreign.redirect_chain[-1][0] == reverse("admin:index")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"opens_on": "31/03/2024"}, "opens_on"),  # the last day of the pilot
        ({"opens_on": "01/01/2022"}, "opens_on"),  # open-ended over it
        ({"opens_on": "01/01/2022", "closes_on": "01/03/2023"}, "opens_on"),  # ends on its first day
        ({"opens_on": "01/03/2023"}, "opens_on"),
        ({"closes_on": "31/12/2024"}, "closes_on"),
        ({"service": "onem"}, "service"),
        ({"opens_on": ""}, "opens_on"),
        ({"opens_on": "01/04/2024"}, ""),
        ({"opens_on": "01/01/2022", "closes_on": "28/02/2023"}, ""),
        ({"service": "adg", "opens_on": "01/06/2023"}, ""),
    ],
)
def test_c2_two_windows_of_one_service_share_no_day(
    admin: Client, fund: Fund, told: dict[str, str], field: str
) -> None:
    answer = admin.post(reverse(ADD), {**WINDOW, **told})
    if not field:
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        return
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    if field == "opens_on" and told["opens_on"]:
        assert "VDAB has a window already from 01/03/2023 to 31/03/2024" in errors[field][0]
    assert len(windows(fund)) == len(PILOT)
