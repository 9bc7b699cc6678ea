"""The first wall: what each role and each fund may see (domain.md section 8)."""

from typing import Any

import pytest

from dossiers.models import (
    CareerItem,
    Deadline,
    Dossier,
    Incapacity,
    InsuredPerson,
    LedgerEntry,
    LedgerPayload,
    Reminder,
)
from routing.models import RouteC
from tests.walls.conftest import Case
from tnw.accounts import actors
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import may_assign, may_import, may_read_access_log, may_see_dossiers
from tnw.accounts.services import create_user
from tnw.core import scope

pytestmark = pytest.mark.django_db

WALLED: list[Any] = [
    CareerItem,
    Deadline,
    Dossier,
    Incapacity,
    InsuredPerson,
    LedgerEntry,
    LedgerPayload,
    Reminder,
]
# Who sees dossiers, may assign them, reads the access log, imports.
ROLES = {
    Role.COORDINATOR: (True, False, False, False),
    Role.ADVISORY_DOCTOR: (True, False, False, False),
    Role.MEDICAL_TEAM: (True, False, False, False),
    Role.TEAM_LEAD: (True, True, False, False),
    Role.PRIVACY_OFFICER: (False, False, True, False),
    Role.ADMINISTRATOR: (False, False, False, True),
}


def user_actor(case: Case, *roles: str) -> Actor:
    user = create_user(
        fund=case.fund, email=f"{'-'.join(roles)}@example.org", name="Somebody", roles=roles, password=None,
        actor=actors.system(),
    )  # fmt: skip
    return actors.of_user(user)


def test_each_role_sees_what_it_may_and_only_of_its_fund(ours: Case, theirs: Case) -> None:
    assert set(ROLES) == set(Role)
    for role, (sees, *_rest) in ROLES.items():
        actor = user_actor(ours, role)
        with scope.funds(ours.fund.pk, theirs.fund.pk):  # the second wall is open: the first stands alone
            for model in WALLED:
                funds = set(model.objects.visible_to(actor).values_list("fund_id", flat=True))
                assert funds == ({ours.fund.pk} if sees else set()), (role, model)


def test_each_role_may_enter_what_is_its_own(fund: object, other_fund: object, ours: Case) -> None:
    policies = (may_see_dossiers, may_assign, may_read_access_log, may_import)
    for role, allowed in ROLES.items():
        actor = user_actor(ours, role)
        assert tuple(bool(policy(actor)) for policy in policies) == allowed, role
        assert all(policy(actor).reason for policy in policies if not policy(actor)), role


def test_roles_add_up(ours: Case) -> None:
    both = user_actor(ours, Role.ADMINISTRATOR, Role.COORDINATOR)
    with scope.funds(ours.fund.pk):
        assert Dossier.objects.visible_to(both).get() == ours.dossier


def test_a_job_sees_the_funds_at_work(ours: Case, theirs: Case) -> None:
    job = actors.system()
    assert not Dossier.objects.visible_to(job).exists()
    with scope.funds(theirs.fund.pk):
        assert Dossier.objects.visible_to(job).get() == theirs.dossier
    with scope.funds(ours.fund.pk, theirs.fund.pk):
        assert Dossier.objects.visible_to(job).count() == 2


def test_a_funds_client_sees_its_fund_and_no_other(ours: Case, theirs: Case) -> None:
    client = Actor.objects.create(kind=ActorKind.CLIENT, name="A portal", fund=ours.fund)
    with scope.funds(ours.fund.pk, theirs.fund.pk):
        for model in WALLED:
            assert set(model.objects.visible_to(client).values_list("fund_id", flat=True)) == {ours.fund.pk}
    assert [bool(may(client)) for may in (may_assign, may_read_access_log, may_import)] == [False] * 3


def test_a_regional_service_sees_the_dossiers_that_it_deals_with(ours: Case, theirs: Case) -> None:
    forem, adg = (
        Actor.objects.create(kind=ActorKind.CLIENT, name=name, service=name) for name in ("forem", "adg")
    )
    with scope.funds(ours.fund.pk):
        dealt_with = RouteC.objects.filter(service="vdab").exists()
        vdab = Actor.objects.create(kind=ActorKind.CLIENT, name="vdab", service="vdab")
        assert dealt_with
        assert Dossier.objects.visible_to(vdab).locked().get() == ours.dossier
        assert set(RouteC.objects.visible_to(vdab).values_list("service", flat=True)) == {"vdab"}
        assert not Dossier.objects.visible_to(adg).exists()
        for model in WALLED:
            if model is not Dossier:
                assert not model.objects.visible_to(forem).exists()
    assert not may_import(forem)


def test_what_is_visible_can_be_locked(ours: Case) -> None:
    actor = actors.of_user(ours.coordinator)
    with scope.funds(ours.fund.pk):
        locked = Dossier.objects.visible_to(actor).select_related("coordinator").locked()
        assert locked.get() == ours.dossier
        assert 'FOR NO KEY UPDATE OF "dossiers_dossier"' in str(locked.query)
