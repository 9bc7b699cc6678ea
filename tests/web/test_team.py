"""The team page, and reassigning with a result for each dossier."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Deadline, Dossier, Reassignment
from dossiers.services import reassign
from tests import population
from tests.web.conftest import Place
from tests.web.test_worklist import MONDAY, bare, deadline
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Fund, Role, Team, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError, NotAllowed

D = date.fromisoformat
MakeUser = Callable[..., User]
MakeDossier = Callable[..., Dossier]
SignedIn = Callable[[User], Client]


@pytest.fixture
def at_home(fund: Fund) -> Iterator[None]:
    with audit.acting_as(actors.system(), fund), clock.at(MONDAY):
        yield


@pytest.fixture
def other(make_user: MakeUser, fund: Fund) -> User:
    """A coordinator of another team."""
    [team] = Team.objects.bulk_create([Team(fund=fund, name="Zuid", languages=["fr"])])
    return make_user(Role.COORDINATOR, fund=fund, team=team)


@pytest.fixture
def three(at_home: None, dossier_of: MakeDossier, coordinator: User, other: User) -> dict[str, Dossier]:
    """A dossier of the coordinator, one of another, one of nobody."""
    owners = {"own": coordinator, "others": other, "nobodys": None}
    return {name: bare(dossier_of(start=D("2026-01-05"), today=MONDAY), who) for name, who in owners.items()}


GIVEN = [
    # who gives, to whom, what becomes of: own, others', nobody's, a strange one
    ("lead", "other", ["done", "theirs", "done", "gone"]),
    ("lead", "coordinator", ["theirs", "done", "done", "gone"]),
    ("coordinator", "other", ["done", "theirs", "not_allowed", "gone"]),
    ("coordinator", "coordinator", ["theirs", "not_allowed", "not_allowed", "gone"]),
]


@pytest.mark.parametrize(("who", "to", "outcomes"), GIVEN)
def test_each_dossier_has_its_own_result(
    who: str,
    to: str,
    outcomes: list[str],
    three: dict[str, Dossier],
    coordinator: User,
    other: User,
    team_lead: User,
    other_fund: Fund,
) -> None:
    people = {"lead": team_lead, "coordinator": coordinator, "other": other}
    actor = actors.of_user(people[who])
    strange = population.dossier(fund=other_fund, start=D("2026-01-05"), today=MONDAY)
    ids = [*(dossier.public_id for dossier in three.values()), strange.public_id]
    before = {dossier.pk: dossier.coordinator_id for dossier in Dossier.objects.all()}
    given = reassign(dossier_ids=[*ids, ids[0]], coordinator=people[to], reason=" Leave ", actor=actor)
    assert [(one.dossier_id, one.outcome) for one in given] == list(zip(ids, outcomes, strict=True))
    kept = list(
        Reassignment.objects.order_by("pk").values_list("dossier", "before", "after", "reason", "actor")
    )
    done = [dossier for dossier, outcome in zip(three.values(), outcomes, strict=False) if outcome == "done"]
    assert kept == [(one.pk, before[one.pk], people[to].pk, "Leave", actor.pk) for one in done]
    for one in done:
        one.refresh_from_db()
        assert (one.coordinator_id, one.team_id) == (people[to].pk, people[to].team_id)
        entries = AuditEntry.objects.filter(object_pk=str(one.pk), content_type__model="dossier")
        assert "coordinator" in entries.latest("pk").changes
        assert "Leave" not in str(entries.latest("pk").changes)


REFUSED = [
    ({"reason": "  "}, DomainError, "reason"),
    ({"coordinator": "doctor"}, DomainError, "coordinator"),
    ({"coordinator": "stranger"}, DomainError, "coordinator"),
    ({"coordinator": "gone"}, DomainError, "coordinator"),
    ({"actor": "doctor"}, NotAllowed, None),
]


@pytest.mark.parametrize(("changed", "error", "field"), REFUSED)
def test_what_is_refused_as_a_whole(
    changed: dict[str, str],
    error: type[DomainError],
    field: str | None,
    three: dict[str, Dossier],
    make_user: MakeUser,
    other: User,
    doctor: User,
    team_lead: User,
    fund: Fund,
    other_fund: Fund,
) -> None:
    gone = make_user(Role.COORDINATOR, fund=fund)
    gone.is_active = False
    gone.save()
    people = {
        "doctor": doctor, "stranger": make_user(Role.COORDINATOR, fund=other_fund), "gone": gone,
        "lead": team_lead, "other": other,
    }  # fmt: skip
    asked: dict[str, Any] = {"coordinator": "other", "actor": "lead", "reason": "Leave", **changed}
    with pytest.raises(error) as refusal:
        reassign(
            dossier_ids=[three["own"].public_id],
            coordinator=people[asked["coordinator"]],
            reason=asked["reason"],
            actor=actors.of_user(people[asked["actor"]]),
        )
    assert refusal.value.field == field
    assert not Reassignment.objects.exists()


def test_a_hundred_and_more_at_once(
    at_home: None, fund: Fund, coordinator: User, other: User, team_lead: User, signed_in: SignedIn
) -> None:
    lines = [population.line(start="2026-01-05", fund=fund.number) for _number in range(120)]
    assert not population.take_in(fund, lines, MONDAY)["rejected"]
    Dossier.objects.update(coordinator=coordinator)
    client = signed_in(team_lead)
    home = client.get(reverse("home"), {"rows": "200"})
    chosen = {str(line.deadline.dossier.public_id) for line in home.context["page"].lines}
    assert len(chosen) == 120
    page = client.post(reverse("reassign"), {"dossier": sorted(chosen)})
    assert len(page.context["dossiers"]) == 120
    page = client.post(
        reverse("reassign"),
        {"dossier": sorted(chosen), "coordinator": other.public_id, "reason": "Leave"},
    )
    assert page.context["done"] == 120
    assert set(Dossier.objects.values_list("coordinator", flat=True)) == {other.pk}
    assert set(Deadline.objects.values_list("for_coordinator", flat=True)) == {other.pk}


def test_the_page_keeps_what_was_chosen_until_it_is_right(
    three: dict[str, Dossier], coordinator: User, other: User, signed_in: SignedIn, other_fund: Fund
) -> None:
    client, address = signed_in(coordinator), reverse("reassign")
    own = str(three["own"].public_id)
    running = client.get(address)
    assert [str(one.public_id) for one in running.context["dossiers"]] == [own]
    strange = population.dossier(fund=other_fund, start=D("2026-01-05"), today=MONDAY)
    chosen = [own, str(three["others"].public_id), str(strange.public_id)]
    page = client.post(address, {"dossier": chosen, "coordinator": other.public_id}).content.decode()
    assert "Say why" in page
    assert page.count(" checked") == 2
    assert strange.incapacity.reference not in page
    answer = client.post(
        address, {"dossier": chosen, "coordinator": other.public_id, "reason": "Leave"}
    ).content.decode()
    for told in ("1 dossier given to", "was theirs already", "is not there any more"):
        assert told in answer
    assert (
        "Choose at least one"
        in client.post(address, {"coordinator": other.public_id, "reason": "Leave"})
        .context["form"]
        .errors.as_text()
    )
    assert "No dossiers were chosen" in client.post(address, {"dossier": "x"}).content.decode()


@pytest.mark.parametrize("role", [Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.PRIVACY_OFFICER])
def test_who_has_no_dossiers_of_their_own_reassigns_none(
    role: str, browse: Callable[..., Client], own: Place
) -> None:
    client = browse(role)
    assert client.get(reverse("reassign")).status_code == 403
    assert client.post(reverse("reassign"), {"dossier": str(own.dossier.public_id)}).status_code == 403
    if role == Role.ADVISORY_DOCTOR:
        assert reverse("reassign") not in client.get(reverse("home")).content.decode()


def test_the_team_page_counts_and_each_count_opens_its_list(
    three: dict[str, Dossier], coordinator: User, team: Team, team_lead: User, other: User, signed_in: SignedIn
) -> None:  # fmt: skip
    own = three["own"]
    for act_by in ("2026-03-12", "2026-03-13", "2026-03-16", "2026-03-18", "2026-03-30"):
        deadline(own, act_by=D(act_by))
    Dossier.objects.filter(pk=three["nobodys"].pk).update(out_of_order="some-fact")
    client = signed_in(team_lead)
    page = client.get(reverse("team"))
    found = {load.coordinator.name: load for load in page.context["loads"]}
    assert list(found) == [coordinator.name]
    load = found[coordinator.name]
    assert (load.dossiers, load.overdue, load.week) == ((1, False), (2, False), (2, False))
    assert page.context["unassigned"] == (1, False)
    assert [one.pk for one in page.context["out_of_order"]] == [three["nobodys"].pk]
    for bucket, number in (("overdue", 2), ("soon", 2)):
        address = f"{reverse('home')}?bucket={bucket}&amp;coordinator={coordinator.public_id}"
        assert address in page.content.decode()
        listed = client.get(address.replace("&amp;", "&")).context["page"]
        assert len(listed.lines) == number
    listed = client.get(f"{reverse('reassign')}?of={coordinator.public_id}").context["dossiers"]
    assert [one.pk for one in listed] == [own.pk]


def test_who_leads_no_team_sees_all_coordinators_and_who_left(
    three: dict[str, Dossier], coordinator: User, other: User, make_user: MakeUser, fund: Fund, signed_in: SignedIn
) -> None:  # fmt: skip
    idle = make_user(Role.COORDINATOR, fund=fund)
    User.objects.filter(pk__in=[other.pk, idle.pk]).update(is_active=False)
    page = signed_in(make_user(Role.TEAM_LEAD, fund=fund)).get(reverse("team"))
    assert {load.coordinator.pk for load in page.context["loads"]} == {coordinator.pk, other.pk}
    assert "no longer works here" in page.content.decode()


def test_a_reassignment_of_another_fund_is_not_there(
    three: dict[str, Dossier], other: User, team_lead: User, other_fund: Fund
) -> None:
    reassign(
        dossier_ids=[three["own"].public_id],
        coordinator=other,
        reason="Leave",
        actor=actors.of_user(team_lead),
    )
    with scope.funds(other_fund.pk):
        assert not Reassignment.objects.exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD])
def test_why_a_dossier_changed_hands_is_read_by_everybody_in_the_case(
    role: str, three: dict[str, Dossier], coordinator: User, other: User, make_user: MakeUser, fund: Fund,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    lead = actors.of_user(make_user(Role.TEAM_LEAD, fund=fund))
    for name, to, reason in [
        ("nobodys", other, "Waited <i>too</i> long"),
        ("nobodys", coordinator, "Lives in Gent"),
        ("others", coordinator, "Something else"),
    ]:
        reassign(dossier_ids=[three[name].public_id], coordinator=to, reason=reason, actor=lead)
    client = signed_in(make_user(role, fund=fund))
    page = client.get(reverse("dossier_history", args=[three["nobodys"].public_id])).content.decode()
    assert "Waited &lt;i&gt;too&lt;/i&gt; long" in page
    assert "Something else" not in page
    latest, first = page.index("Lives in Gent"), page.index("Waited")
    assert latest < first
    assert f"From {other.name} to {coordinator.name}" in page[:latest]
    assert f"To {other.name}" in page[latest:first]
    theirs = client.get(reverse("dossier_history", args=[three["own"].public_id])).content.decode()
    assert "Coordinators" not in theirs
