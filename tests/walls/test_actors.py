"""Every change has an actor, and no secret is in its trace."""

import json
from datetime import date
from typing import Any

import pytest
from auditlog.registry import auditlog
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models.signals import pre_save

from dossiers.models import LedgerEntry
from tests.walls.catalogue import ask, walled_tables
from tests.walls.conftest import Case
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Actor, ActorKind, AuditEntry, Fund, Role, User
from tnw.accounts.services import create_fund, create_user
from tnw.core import scope
from tnw.core.errors import DomainError

pytestmark = pytest.mark.django_db

PASSWORD = "een heel lang wachtwoord"


def entries(fund: Fund) -> list[AuditEntry]:
    with scope.funds(fund.pk):
        return list(AuditEntry.objects.select_related("acting", "actor").order_by("pk"))


def test_no_trace_can_be_without_its_actor() -> None:
    loose = ask(
        "select attrelid::regclass::text, attname from pg_attribute a where attname in ('actor_id', 'acting_id') "
        "and not attnotnull and attrelid = any(%s::regclass[])",
        [walled_tables()],
    )
    # auditlog's own column is for users only; `acting` beside it is never empty.
    assert loose == [("accounts_auditentry", "actor_id")]


def test_a_user_is_behind_what_a_user_changes(ours: Case) -> None:
    actor = actors.of_user(ours.coordinator)
    with audit.acting_as(actor, ours.fund, remote_addr="192.0.2.1"):
        ours.team.name = "Zuid"
        ours.team.save()
    last = entries(ours.fund)[-1]
    assert (last.fund, last.acting, last.actor, last.remote_addr) == (
        ours.fund,
        actor,
        ours.coordinator,
        "192.0.2.1",
    )
    assert last.changes == {"name": ["Noord", "Zuid"]}


def test_the_named_system_actor_is_behind_what_a_job_changes(ours: Case) -> None:
    with audit.acting_as(actors.system("nightly"), ours.fund):
        ours.team.name = "Zuid"
        ours.team.save()
    last = entries(ours.fund)[-1]
    assert (last.acting.kind, last.acting.name, last.acting.user, last.actor) == (
        ActorKind.JOB,
        "nightly",
        None,
        None,
    )


def test_each_change_of_before_has_its_actor_and_fund(ours: Case, theirs: Case) -> None:
    for case in (ours, theirs):
        found = entries(case.fund)
        assert {entry.content_type.model for entry in found} >= {"fund", "team", "user"}
        assert all(entry.acting_id and entry.fund_id == case.fund.pk for entry in found)
        with scope.funds(case.fund.pk):
            assert set(LedgerEntry.objects.values_list("actor__name", flat=True)) == {"feed", "TNW"}
            assert set(AccessLog.objects.values_list("actor__name", flat=True)) == {"TNW"}


def test_a_change_by_nobody_is_refused(ours: Case) -> None:
    """Before any work, after it, and inside a wall that was opened without an actor."""
    with audit.acting_as(actors.system(), ours.fund):
        pass
    for opened in (scope.funds(), scope.funds(ours.fund.pk)):
        ours.team.name = "Niemand"
        with (
            opened,
            pytest.raises((ProgrammingError, IntegrityError), match="accounts_auditentry"),
            transaction.atomic(),
        ):
            ours.team.save()
        ours.team.refresh_from_db()
        assert ours.team.name == "Noord"


def test_work_inside_work_signs_its_own_and_then_the_outer_signs_again(ours: Case, theirs: Case) -> None:
    listening = len(pre_save.receivers)
    with audit.acting_as(actors.system("outer"), ours.fund):
        for _ in range(2):
            with audit.acting_as(actors.system("inner"), theirs.fund):
                theirs.team.name += "!"
                theirs.team.save()
            ours.team.name += "!"
            ours.team.save()
    assert len(pre_save.receivers) == listening
    for case, name in ((ours, "outer"), (theirs, "inner")):
        assert [entry.acting.name for entry in entries(case.fund)[-2:]] == [name, name]


@pytest.mark.usefixtures("hashed_as_in_use")
def test_a_password_is_never_in_the_audit(fund: Fund) -> None:
    user = create_user(
        fund=fund, email="an@example.org", name="An", roles=[Role.COORDINATOR], password=PASSWORD,
        actor=actors.system(actors.COMMAND),
    )  # fmt: skip
    created = user.password
    with audit.acting_as(actors.of_user(user), fund):
        user.set_password(f"{PASSWORD} 2")
        user.save()
    told = json.dumps([[entry.changes, entry.object_repr, entry.additional_data] for entry in entries(fund)])
    for secret in (PASSWORD, created, user.password, "argon2", '"password"'):
        assert secret not in told
    assert created.startswith("argon2")


def test_signing_in_is_no_change(ours: Case, client: object) -> None:
    before = len(entries(ours.fund))
    client.force_login(ours.coordinator)  # type: ignore[attr-defined]
    assert len(entries(ours.fund)) == before


def test_what_people_change_here_is_audited() -> None:
    assert {"Fund", "Team", "TeamArea", "User"} <= {model.__name__ for model in auditlog.get_models()}


def test_one_actor_for_each_user_and_each_name(ours: Case) -> None:
    assert actors.of_user(ours.coordinator) == actors.of_user(ours.coordinator)
    assert actors.system("x") == actors.system("x") != actors.system("y")
    with pytest.raises(IntegrityError), transaction.atomic():
        Actor.objects.create(kind=ActorKind.JOB, name="x")
    with pytest.raises(IntegrityError, match="actor_user_has_a_user"), transaction.atomic():
        Actor.objects.create(kind=ActorKind.USER, name="nobody")


FUNDS: list[tuple[dict[str, Any], str]] = [
    ({"number": "31"}, "number"),
    ({"number": "31a"}, "number"),
    ({"number": "311\n"}, "number"),
    ({"number": "311"}, "number"),
    ({"institution": "000"}, "institution"),
    ({"institution": "310"}, "institution"),
    ({"name": ""}, "name_nl"),
    ({"name": "x" * 121}, "name_nl"),
]


def test_a_fund_that_cannot_be_is_refused_with_its_field(fund: Fund) -> None:
    right: dict[str, Any] = {
        "number": "312",
        "institution": "300",
        "name": "Fund",
        "live_from": date(2022, 1, 1),
    }
    for wrong, field in FUNDS:
        with pytest.raises(DomainError) as refused:
            create_fund(**{**right, **wrong}, actor=actors.system())
        assert refused.value.field == field, wrong
        assert field in str(refused.value)
    assert Fund.objects.get() == fund


USERS: list[tuple[dict[str, Any], str]] = [
    ({"email": "no address"}, "email"),
    ({"email": ""}, "email"),
    ({"email": "AN@example.org"}, "email"),
    ({"roles": []}, "roles"),
    ({"roles": ["king"]}, "roles"),
    ({"name": ""}, "name"),
    ({"language": "xx"}, "language"),
    ({"languages": ["xx"]}, "languages"),
    ({"password": "short"}, "password"),
    ({"password": "123456789012345"}, "password"),
    ({"password": ""}, "password"),
]


def test_a_user_who_cannot_be_is_refused_with_the_field(fund: Fund) -> None:
    right: dict[str, Any] = {
        "email": "els@example.org",
        "name": "Els",
        "roles": [Role.COORDINATOR],
        "password": None,
    }
    create_user(fund=fund, actor=actors.system(), **{**right, "email": "an@example.org", "name": "An"})
    for wrong, field in USERS:
        with pytest.raises(DomainError) as refused:
            create_user(fund=fund, actor=actors.system(), **{**right, **wrong})
        assert refused.value.field == field, wrong
    assert User.objects.count() == 1
    assert not Actor.objects.filter(name="Els").exists()


def test_a_user_of_another_funds_team_is_refused(ours: Case, theirs: Case) -> None:
    with pytest.raises(DomainError) as refused:
        create_user(
            fund=ours.fund, email="els@example.org", name="Els", roles=[Role.COORDINATOR], password=None,
            team=theirs.team, actor=actors.system(),
        )  # fmt: skip
    assert refused.value.field == "team"


def test_the_command_opens_a_fund_with_what_it_needs(db: None) -> None:
    call_command("create_fund", "311", institution="300", name="Bond", live_from=date(2022, 1, 1))
    fund = Fund.objects.get(number="311")
    assert (fund.name_fr, fund.live_from) == ("Bond", date(2022, 1, 1))
    assert fund.reminderstep_set.exists()
    assert entries(fund)[0].acting.name == actors.COMMAND
