"""Who stands in for whom, and for how long."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from tests.web.test_worklist import MONDAY
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Deputy, Fund, Role, Team, User
from tnw.accounts.services import end_deputy, start_deputy
from tnw.core import clock
from tnw.core.errors import DomainError

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


PERIODS = [
    # who arranges, who is away, the deputy, first and last day, why it is refused
    ("coordinator", "coordinator", "colleague", "2026-03-16", "2026-03-20", ""),
    ("coordinator", "coordinator", "colleague", "2026-03-10", "2026-03-16", ""),
    ("lead", "coordinator", "colleague", "2026-03-16", "2026-03-20", ""),
    ("lead", "doctor", "doctor2", "2026-03-16", "2026-03-20", ""),
    ("lead", "coordinator", "doctor", "2026-03-16", "2026-03-20", "no_deputy"),
    ("lead", "coordinator", "stranger", "2026-03-16", "2026-03-20", "no_deputy"),
    ("lead", "coordinator", "gone", "2026-03-16", "2026-03-20", "no_deputy"),
    ("lead", "administrator", "administrator2", "2026-03-16", "2026-03-20", "no_deputy"),
    ("coordinator", "coordinator", "coordinator", "2026-03-16", "2026-03-20", "oneself"),
    ("coordinator", "coordinator", "colleague", "2026-03-20", "2026-03-16", "period"),
    ("coordinator", "coordinator", "colleague", "2026-03-01", "2026-03-15", "past"),
    ("coordinator", "colleague", "coordinator", "2026-03-16", "2026-03-20", "not_allowed"),
    ("administrator", "coordinator", "colleague", "2026-03-16", "2026-03-20", "not_allowed"),
    ("stranger_lead", "coordinator", "colleague", "2026-03-16", "2026-03-20", "not_allowed"),
]


@pytest.fixture
def people(
    make_user: MakeUser, fund: Fund, other_fund: Fund, team: Team, coordinator: User, doctor: User, team_lead: User
) -> dict[str, User]:  # fmt: skip
    gone = make_user(Role.COORDINATOR, fund=fund, team=team)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    return {
        "coordinator": coordinator,
        "doctor": doctor,
        "lead": team_lead,
        "gone": gone,
        "colleague": make_user(Role.COORDINATOR, fund=fund, team=team),
        "doctor2": make_user(Role.ADVISORY_DOCTOR, fund=fund, team=team),
        "administrator": make_user(Role.ADMINISTRATOR, fund=fund),
        "administrator2": make_user(Role.ADMINISTRATOR, fund=fund),
        "stranger": make_user(Role.COORDINATOR, fund=other_fund),
        "stranger_lead": make_user(Role.TEAM_LEAD, fund=other_fund),
    }


@pytest.mark.parametrize(("who", "away", "deputy", "first_day", "last_day", "code"), PERIODS)
def test_who_may_stand_in(
    who: str,
    away: str,
    deputy: str,
    first_day: str,
    last_day: str,
    code: str,
    at_home: None,
    people: dict[str, User],
) -> None:
    def ask() -> Deputy:
        return start_deputy(
            user=people[away],
            deputy=people[deputy],
            first_day=D(first_day),
            last_day=D(last_day),
            actor=actors.of_user(people[who]),
            today=MONDAY,
        )

    if not code:
        made = ask()
        assert AuditEntry.objects.filter(object_pk=str(made.pk), content_type__model="deputy").exists()
        return
    with pytest.raises(DomainError) as refusal:
        ask()
    assert refusal.value.code == code
    assert not Deputy.objects.exists()


OVERLAPS = [
    ("2026-03-21", "2026-03-25", False),
    ("2026-03-20", "2026-03-25", True),
    ("2026-03-17", "2026-03-18", True),
    ("2026-03-16", "2026-03-16", True),
]


@pytest.mark.parametrize(("first_day", "last_day", "refused"), OVERLAPS)
def test_the_same_two_do_not_overlap(
    first_day: str, last_day: str, refused: bool, at_home: None, people: dict[str, User]
) -> None:
    def ask(deputy: str, first: str, last: str) -> None:
        start_deputy(
            user=people["coordinator"], deputy=people[deputy], first_day=D(first), last_day=D(last),
            actor=actors.of_user(people["lead"]), today=MONDAY,
        )  # fmt: skip

    ask("colleague", "2026-03-16", "2026-03-20")
    if refused:
        with pytest.raises(DomainError) as error:
            ask("colleague", first_day, last_day)
        assert error.value.code == "overlap"
    else:
        ask("colleague", first_day, last_day)
    assert Deputy.objects.count() == 2 - refused


ENDS = [
    # first and last day of the period, what is left of it when it ends on Monday 16 March
    ("2026-03-10", "2026-03-20", "2026-03-15"),
    ("2026-03-16", "2026-03-20", None),
    ("2026-03-18", "2026-03-20", None),
]


@pytest.mark.parametrize(("first_day", "last_day", "left"), ENDS)
def test_a_period_ends(
    first_day: str, last_day: str, left: str | None, at_home: None, people: dict[str, User]
) -> None:
    actor = actors.of_user(people["coordinator"])
    made = start_deputy(
        user=people["coordinator"], deputy=people["colleague"], first_day=D(first_day), last_day=D(last_day),
        actor=actor, today=MONDAY,
    )  # fmt: skip
    for stranger in ("colleague", "stranger_lead"):
        with pytest.raises(DomainError):
            end_deputy(deputy_id=made.public_id, actor=actors.of_user(people[stranger]), today=MONDAY)
    end_deputy(deputy_id=made.public_id, actor=actor, today=MONDAY)
    assert [f"{one.last_day}" for one in Deputy.objects.all()] == ([left] if left else [])


def test_who_can_take_over_is_offered_and_nobody_else(
    at_home: None, people: dict[str, User], signed_in: SignedIn
) -> None:
    lead, address = signed_in(people["lead"]), reverse("deputies")

    def offered(away: str) -> set[str]:
        page = lead.get(address, {"user": str(people[away].public_id) if away else "nobody"})
        assert "---------" not in page.content.decode()
        return {name for value, name in page.context["form"].fields["deputy"].choices if value}

    assert offered("coordinator") == {people["colleague"].name}
    assert offered("doctor") == {people["doctor2"].name}
    assert offered("") == set()
    page = lead.get(address).content.decode()
    assert "Choose who is away" in page
    told = {"user": people["coordinator"].public_id, "deputy": people["doctor"].public_id}
    refused = lead.post(address, {**told, "first_day": "16/03/2026", "last_day": "20/03/2026"})
    assert "with the same role" in refused.content.decode()


def test_deputies_are_arranged_and_ended_on_their_page(
    at_home: None, people: dict[str, User], signed_in: SignedIn
) -> None:
    address = reverse("deputies")
    client = signed_in(people["coordinator"])
    period = {"first_day": "16/03/2026", "last_day": "20/03/2026"}
    assert client.post(address, {"deputy": people["doctor"].public_id, **period}).context["form"].errors
    assert (
        client.post(
            address, {"deputy": people["colleague"].public_id, "first_day": "x", "last_day": "20/03/2026"}
        )
        .context["form"]
        .errors
    )
    answer = client.post(address, {"deputy": people["colleague"].public_id, **period}, follow=True)
    assert "The deputy is arranged." in answer.content.decode()
    made = Deputy.objects.get()
    team = signed_in(people["lead"]).get(reverse("team")).content.decode()
    assert people["colleague"].name in team
    again = {"user": people["coordinator"].public_id, "deputy": people["colleague"].public_id, **period}
    assert "already" in signed_in(people["lead"]).post(address, again).content.decode()
    assert signed_in(people["colleague"]).post(address, {"end": made.public_id}).status_code == 403
    assert signed_in(people["lead"]).post(address, {"end": uuid4()}).status_code == 404
    assert signed_in(people["lead"]).post(address, {"end": "x"}).status_code == 404
    signed_in(people["lead"]).post(address, {"end": made.public_id})
    assert not Deputy.objects.exists()
