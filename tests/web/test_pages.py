"""What each page shows, what it writes, and how many queries it may cost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from tests import population
from tests.web.conftest import Place
from tnw.accounts import access, actors, audit
from tnw.accounts.models import AccessLog, AuditEntry, Role, User
from tnw.core import clock, scope
from tnw.integration import clients

Browse = Callable[..., Client]

# Session, user and actor cost seven of each. What a page holds may grow; what it asks may not.
CEILINGS = {
    "home": (Role.COORDINATOR, 20),
    "dossier": (Role.COORDINATOR, 16),
    "dossier_history": (Role.COORDINATOR, 12),
    "search": (Role.COORDINATOR, 8),
    "rules": (Role.COORDINATOR, 5),
    "profile": (Role.COORDINATOR, 5),
    "components": (Role.COORDINATOR, 5),
    "unassigned": (Role.TEAM_LEAD, 8),
    "reassign": (Role.COORDINATOR, 6),
    "silent": (Role.COORDINATOR, 9),
    "presumptions": (Role.COORDINATOR, 9),
    "deputies": (Role.COORDINATOR, 7),
    "team": (Role.TEAM_LEAD, 17),
    "imports": (Role.ADMINISTRATOR, 6),
    "import_run": (Role.ADMINISTRATOR, 8),
    "access_log": (Role.PRIVACY_OFFICER, 8),
}


def address(name: str, place: Place) -> str:
    if name.startswith("dossier"):
        return reverse(name, args=[place.dossier.public_id])
    if name == "import_run":
        return reverse(name, args=[place.run.public_id])
    return reverse(name)


@pytest.mark.parametrize("name", CEILINGS)
def test_query_ceiling(
    name: str, browse: Browse, own: Place, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    role, ceiling = CEILINGS[name]
    client = browse(role)
    client.get(address(name, own))
    start = clock.today() - timedelta(days=150)
    for _more in range(4):
        population.dossier(fund=own.fund, start=start, last_name="Van Hée", postal_code="0000")
    with django_assert_max_num_queries(ceiling):
        if name == "search":
            response = client.post(address(name, own), {"text": "van hee"})
        else:
            response = client.get(address(name, own))
    assert response.status_code == 200


def test_a_dossier_shows_what_it_holds(browse: Browse, own: Place) -> None:
    page = browse(Role.COORDINATOR).get(address("dossier", own)).content.decode()
    person = own.dossier.incapacity.person
    assert "Van Hée Zoë" in page
    assert person.ssin not in page
    assert f"{person.ssin[6:9]}.{person.ssin[9:]}" not in page
    assert "***" in page
    assert "Refer after category 4" in page
    history = browse(Role.COORDINATOR).get(address("dossier_history", own)).content.decode()
    for told in ("Questionnaire sent", "Remaining capacities assessed", "Category"):
        assert told in history


def test_opening_a_dossier_is_logged(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    client.get(address("dossier", own))
    client.post(reverse("dossier_ssin", args=[own.dossier.public_id]))
    with scope.funds(own.fund.pk):
        assert list(AccessLog.objects.order_by("pk").values_list("through", flat=True)) == ["page", "ssin"]


def test_no_log_no_dossier(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    client.raise_request_exception = False
    with mock.patch.object(AccessLog.objects, "create", side_effect=DatabaseError):
        response = client.get(address("dossier", own))
    assert response.status_code == 500
    assert "Van Hée" not in response.content.decode()


def test_a_page_that_fails_leaves_no_line(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    client.raise_request_exception = False
    with mock.patch("tnw.web.dossier.lines", side_effect=ValueError):
        assert client.get(address("dossier", own)).status_code == 500
    with scope.funds(own.fund.pk):
        assert not AccessLog.objects.exists()


def test_no_page_is_kept(browse: Browse, own: Place) -> None:
    response = browse(Role.COORDINATOR).get(address("dossier", own))
    assert "no-store" in response["Cache-Control"]
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"cause": "work_accident"}, "Excluded from the return-to-work traject"),
        ({"end": "2026-02-01", "end_reason": "resumed"}, "The incapacity ended on 01/02/2026"),
    ],
)
def test_a_dossier_says_clearly_that_it_is_over(
    columns: dict[str, str], told: str, browse: Browse, own: Place
) -> None:
    over = population.dossier(fund=own.fund, start=date(2026, 1, 5), **columns)  # type: ignore[arg-type]
    page = browse(Role.COORDINATOR).get(reverse("dossier", args=[over.public_id])).content.decode()
    assert told in page


def test_home_counts_and_leads_to_the_dossier(browse: Browse, own: Place) -> None:
    page = browse(Role.ADVISORY_DOCTOR).get(reverse("home"))
    assert address("dossier", own) in page.content.decode()
    counts = {count.bucket: count.number for count in page.context["counts"]}
    assert counts["overdue"] >= 1
    assert "overdue" in page.content.decode().split("</title>")[0]


def test_a_coordinator_sees_only_the_own_dossiers_at_home(
    browse: Browse, own: Place, make_user: Callable[..., User]
) -> None:
    page = browse(Role.COORDINATOR).get(reverse("home"))
    assert [count.number for count in page.context["counts"]] == [0, 0, 0, 0]


def test_the_access_log_names_dossiers_by_reference_only(browse: Browse, own: Place) -> None:
    actor = actors.system(actors.COMMAND)
    with audit.acting_as(actor, own.fund):
        for _time in range(60):
            access.log(actor=actor, fund_id=own.fund.pk, dossier_id=own.dossier.pk, through="page")
    client = browse(Role.PRIVACY_OFFICER)
    first = client.get(reverse("access_log"))
    page = first.content.decode()
    assert own.dossier.incapacity.reference in page
    assert "Van Hée" not in page
    assert len(first.context["lines"]) == 50
    rest = client.get(f"{reverse('access_log')}?{first.context['more']}")
    assert len(rest.context["lines"]) == 10
    seen = [line.entry.pk for response in (first, rest) for line in response.context["lines"]]
    assert len(set(seen)) == 60
    reference = own.dossier.incapacity.reference
    assert client.get(reverse("access_log"), {"reference": reference}).context["lines"]
    assert not client.get(reverse("access_log"), {"reference": "nowhere"}).context["lines"]
    assert not client.get(reverse("access_log"), {"until": "01/01/2020"}).context["lines"]
    assert client.get(reverse("access_log"), {"since": "2026-99-99"}).context["form"].errors
    assert client.get(reverse("access_log"), {"until": "31/12/9999"}).context["form"].errors


def test_the_access_log_of_one_api_client_with_the_trace_of_each_call(browse: Browse, own: Place) -> None:
    made = clients.create(
        actor=actors.system(actors.COMMAND), fund=own.fund, name="Kern", scopes=["scope:tnw:dossier:read"]
    )[0]
    for actor, through in ((made.actor, "api"), (actors.system(actors.COMMAND), "page")):
        with audit.acting_as(actor, own.fund):
            access.log(actor=actor, fund_id=own.fund.pk, dossier_id=own.dossier.pk, through=through)
    client = browse(Role.PRIVACY_OFFICER)
    page = client.get(reverse("access_log"), {"client": made.client_id})
    (line,) = page.context["lines"]
    assert line.entry.through == "api"
    assert str(line.entry.trace_id) in page.content.decode()
    assert client.get(reverse("access_log"), {"client": "nobody"}).context["form"].errors


def test_the_rules_of_a_day(browse: Browse) -> None:
    client = browse(Role.ADMINISTRATOR)
    assert "Hold the medical contact" in client.get(reverse("rules"), {"on": "01/02/2024"}).content.decode()
    before = client.get(reverse("rules"), {"on": "31/12/2023"}).content.decode()
    assert "Hold the medical contact" not in before
    assert "No rule was in force" in client.get(reverse("rules"), {"on": "31/12/2021"}).content.decode()
    assert "A date is expected" in client.get(reverse("rules"), {"on": "soon"}).content.decode()


def test_giving_unassigned_dossiers_to_a_coordinator(
    browse: Browse, own: Place, coordinator: User, foreign: Place
) -> None:
    lost = population.dossier(fund=own.fund, start=date(2026, 6, 1), postal_code="0000")
    client = browse(Role.TEAM_LEAD)
    address = reverse("unassigned")
    assert str(lost.public_id) in client.get(address).content.decode()
    to = {"coordinator": str(coordinator.public_id)}
    assert "at least one dossier" in client.post(address, to).content.decode()
    assert (
        "does not exist"
        in client.post(address, {**to, "dossier": [str(foreign.dossier.public_id)]}).content.decode()
    )
    assert client.post(address, {"dossier": [str(lost.public_id)]}).context["form"].errors
    answer = client.post(address, {**to, "dossier": [str(lost.public_id)]}, follow=True).content.decode()
    assert "1 dossier is given to" in answer
    assert str(lost.public_id) not in answer
    with scope.funds(own.fund.pk):
        lost.refresh_from_db()
        assert lost.coordinator == coordinator
        assert AuditEntry.objects.filter(object_pk=str(lost.pk), acting__user__isnull=False).exists()
        assert not Dossier.objects.filter(fund=own.fund, coordinator=None, pk=lost.pk).exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_a_team_lead_assigns(role: str, browse: Browse, own: Place) -> None:
    assert browse(role).post(reverse("unassigned"), {"dossier": []}).status_code == 403
