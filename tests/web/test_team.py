"""The team page, and reassigning with a result for each dossier."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import batches, jobs
from dossiers.models import Batch, Deadline, Dossier, InsuredPerson, Reassignment
from dossiers.services import reassign
from tests import population
from tests.web.conftest import Place
from tests.web.test_worklist import MONDAY, bare, deadline
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Fund, Role, Team, User
from tnw.accounts.services import start_deputy
from tnw.core import clock, scope
from tnw.core.errors import DomainError, NotAllowed

D = date.fromisoformat
MakeUser = Callable[..., User]
MakeDossier = Callable[..., Dossier]
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is a nudge: the job does the same."""
    monkeypatch.setattr("dossiers.batches.work_off_batches.delay_on_commit", lambda _fund: None)


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
    answer = client.post(
        reverse("reassign"),
        {"dossier": sorted(chosen), "coordinator": other.public_id, "reason": "Leave"},
    )
    at_work = client.get(answer["Location"])
    assert (at_work.context["at_work"], at_work.context["counts"]["all"]) == (True, 120)
    assert answer["Location"] in client.get(reverse("home")).content.decode()
    assert jobs.bulk_steps(MONDAY, fund)[fund.number] == {"dossiers": 120}
    done = client.get(answer["Location"]).context
    assert (done["at_work"], done["counts"]["good"], done["counts"]["refused"]) == (False, 120, 0)
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
    sent = {"dossier": chosen, "coordinator": other.public_id, "reason": "Leave"}
    sent["once"] = client.post(address, {"dossier": chosen}).context["once"]
    answer = client.post(address, sent)
    assert client.post(address, sent)["Location"] == answer["Location"], (
        "a second click asks for nothing more"
    )
    jobs.bulk_steps(MONDAY, coordinator.fund)
    page = client.get(answer["Location"]).content.decode()
    for told in (f"Reassign to {other.name}", "given to the coordinator", "was theirs already"):
        assert told in page
    assert page.count('scope="row"') == 2
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
    found = {load.coordinator.name: load for load, _deputy in page.context["loads"]}
    assert list(found) == [coordinator.name]
    load = found[coordinator.name]
    assert (load.dossiers, load.overdue, load.week) == ((1, False), (2, False), (2, False))
    assert page.context["unassigned"] == (1, False)
    assert page.context["overdue"].number == 2
    assert len(client.get(reverse("home"), {"bucket": "overdue"}).context["page"].lines) == 2
    assert [one.pk for one in page.context["out_of_order"]] == [three["nobodys"].pk]
    for bucket, number in (("overdue", 2), ("soon", 2)):
        address = f"{reverse('home')}?bucket={bucket}&amp;coordinator={coordinator.public_id}"
        assert address in page.content.decode()
        listed = client.get(address.replace("&amp;", "&")).context["page"]
        assert len(listed.lines) == number
    listed = client.get(f"{reverse('reassign')}?of={coordinator.public_id}").context["dossiers"]
    assert [one.pk for one in listed] == [own.pk]


def test_what_is_counted_of_a_coordinator_is_what_the_list_holds(
    three: dict[str, Dossier], coordinator: User, team_lead: User, fund: Fund, dossier_of: MakeDossier,
    make_user: MakeUser, signed_in: SignedIn,
) -> None:  # fmt: skip
    """Of the lead's teams only, whoever has to act, and also what is known to close later."""
    elsewhere = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    [led] = Team.objects.bulk_create(
        [Team(fund=fund, name="Oost", languages=["nl"], lead=make_user(Role.TEAM_LEAD, fund=fund))]
    )
    Dossier.objects.filter(pk=elsewhere.pk).update(team=led)
    for dossier in (three["own"], elsewhere):
        deadline(dossier, act_by=D("2026-03-12"))
        deadline(dossier, "T4", act_by=D("2026-03-13"))
        deadline(dossier, act_by=D("2026-03-11"), closed_on=D("2026-04-01"))
        deadline(dossier, act_by=D("2026-03-18"), closed_on=D("2026-04-01"))
        deadline(dossier, "T4", act_by=D("2026-03-18"))
    client = signed_in(team_lead)
    page = client.get(reverse("team"))
    [(load, _deputy)] = page.context["loads"]
    assert (load.dossiers.value, load.overdue.value, load.week.value) == (2, 3, 2)
    for bucket, number in (("overdue", 3), ("soon", 2)):
        listed = client.get(reverse("home"), {"bucket": bucket, "coordinator": str(coordinator.public_id)})
        assert len(listed.context["page"].lines) == number
    assert "also what the advisory doctor has to do" in page.content.decode()
    own = signed_in(coordinator).get(reverse("home"), {"bucket": "overdue"}).context["page"]
    assert [line.deadline.rule for line in own.lines] == ["T7"] * 4


def test_who_does_not_speak_the_language_is_told_of_before_it_is_done(
    three: dict[str, Dossier], other: User, coordinator: User, team_lead: User, signed_in: SignedIn
) -> None:
    """Once for each choice, in the row of each; sent again it is done."""
    User.objects.filter(pk=other.pk).update(languages=["fr"])
    InsuredPerson.objects.filter(incapacities__dossier=three["own"]).update(language="nl")
    InsuredPerson.objects.filter(incapacities__dossier=three["nobodys"]).update(language="fr")
    client, mark = signed_in(team_lead), f"not a language of {other.name}"
    chosen = [str(three["own"].public_id), str(three["nobodys"].public_id)]
    asked = {"dossier": chosen, "coordinator": str(other.public_id), "reason": "Leave"}
    address = reverse("reassign")

    def minded(answer: Any) -> dict[str, str]:
        page = answer.content.decode()
        assert page.count(mark) == 1
        assert "Not done" in page.split("</title>")[0]
        return {"minded": str(answer.context["tongues"])}

    shown = minded(client.post(address, asked))
    assert minded(client.post(address, {**asked, "reason": ""}))  # with the other faults too
    assert not Batch.objects.exists()
    # What was shown of one choice is not known of another.
    InsuredPerson.objects.filter(incapacities__dossier=three["nobodys"]).update(language="de")
    both = client.post(address, {**asked, **shown})
    assert both.content.decode().count(mark) == 2
    third = client.post(address, {**asked, "coordinator": str(coordinator.public_id), **shown})
    assert third.status_code == 302, "who speaks all of them"
    assert client.post(address, {**asked, "minded": str(both.context["tongues"])}).status_code == 302
    assert Batch.objects.count() == 2
    # Where nobody said in which languages somebody works there is nothing to mind.
    User.objects.filter(pk=other.pk).update(languages=[])
    assert client.post(address, asked).status_code == 302


def test_of_an_unassigned_dossier_it_is_told_too(
    three: dict[str, Dossier], other: User, team_lead: User, signed_in: SignedIn
) -> None:
    User.objects.filter(pk=other.pk).update(languages=["fr"])
    InsuredPerson.objects.filter(incapacities__dossier=three["nobodys"]).update(language="nl")
    client, address = signed_in(team_lead), reverse("unassigned")
    asked = {"dossier": str(three["nobodys"].public_id), "coordinator": str(other.public_id)}
    page = client.post(address, asked)
    assert f"not a language of {other.name}" in page.content.decode()
    assert Dossier.objects.get(pk=three["nobodys"].pk).coordinator is None
    assert client.post(address, {**asked, "minded": str(page.context["tongues"])}).status_code == 302
    assert Dossier.objects.get(pk=three["nobodys"].pk).coordinator == other


def test_what_somebody_gave_meanwhile_is_not_given_again_without_a_reason(
    three: dict[str, Dossier], coordinator: User, other: User, team_lead: User, signed_in: SignedIn
) -> None:
    """Both had the page open; of the second nothing is given, and it says which dossiers are whose."""
    client, address = signed_in(team_lead), reverse("unassigned")
    ids = [str(three[name].public_id) for name in ("nobodys", "own")]
    told = {"dossier": [*ids, "no id"], "coordinator": str(other.public_id)}
    tongues = client.post(address, told).context["tongues"]
    page = client.post(address, {**told, "minded": str(tongues)})
    assert page.status_code == 200
    person = three["own"].incapacity.person
    assert f"{person} has {coordinator.name} as coordinator by now." in page.content.decode()
    whose = dict(Dossier.objects.values_list("pk", "coordinator"))
    assert (whose[three["own"].pk], whose[three["nobodys"].pk]) == (coordinator.pk, None)
    assert client.post(address, {**told, "dossier": [ids[0], "no id"], "minded": str(tongues)})["Location"]
    assert Dossier.objects.get(pk=three["nobodys"].pk).coordinator == other


def test_the_team_page_says_who_stands_in_today(
    three: dict[str, Dossier], coordinator: User, other: User, team_lead: User, signed_in: SignedIn
) -> None:
    actor = actors.of_user(team_lead)
    for first, last in (("2026-03-16", "2026-03-18"), ("2026-03-19", "2026-03-20")):
        start_deputy(
            user=coordinator, deputy=other, first_day=D(first), last_day=D(last), actor=actor, today=MONDAY
        )
    [(load, period)] = signed_in(team_lead).get(reverse("team")).context["loads"]
    assert load.coordinator == coordinator
    assert (period.deputy, period.last_day) == (other, D("2026-03-18"))


@pytest.mark.parametrize("role", [Role.ADVISORY_DOCTOR, Role.COORDINATOR])
def test_who_may_not_reassign_reads_no_reassignment(
    role: str, three: dict[str, Dossier], other: User, team_lead: User, make_user: MakeUser, fund: Fund, signed_in: SignedIn
) -> None:  # fmt: skip
    batch = batches.ask_reassign(
        dossier_ids=[three["own"].public_id],
        coordinator=other,
        reason="Leave",
        actor=actors.of_user(team_lead),
    )
    answer = signed_in(make_user(role, fund=fund)).get(reverse("batch", args=[batch.public_id]))
    assert answer.status_code == (200 if role == Role.COORDINATOR else 403)


def test_who_leads_no_team_sees_all_coordinators_and_who_left(
    three: dict[str, Dossier], coordinator: User, other: User, make_user: MakeUser, fund: Fund, signed_in: SignedIn
) -> None:  # fmt: skip
    idle = make_user(Role.COORDINATOR, fund=fund)
    User.objects.filter(pk__in=[other.pk, idle.pk]).update(is_active=False)
    page = signed_in(make_user(Role.TEAM_LEAD, fund=fund)).get(reverse("team"))
    assert {load.coordinator.pk for load, _deputy in page.context["loads"]} == {coordinator.pk, other.pk}
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
