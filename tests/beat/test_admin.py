"""The administrator's site: users, teams and steps of the own fund, and not a trace of another's."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import ReminderStep
from tnw.accounts.admin import site
from tnw.accounts.models import Actor, AuditEntry, Fund, Role, Team, User
from tnw.core import scope

SignIn = Callable[[User], Client]
PASSWORD = "nog een heel lang wachtwoord"


@pytest.fixture(autouse=True)
def _static_files(settings: Any, tmp_path: Path) -> None:
    """Warnings are errors, and nobody collected the files."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def admin(signed_in: SignIn, administrator: User) -> Client:
    return signed_in(administrator)


def test_only_these_are_there() -> None:
    assert {model.__name__ for model in site._registry} == {
        "Fund", "User", "Team", "ReminderStep", "QuestionnaireVersion", "Question", "RegistrationWindow",
        "Client",
    }  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_no_other_role_enters(
    signed_in: SignIn, make_user: Callable[..., User], fund: Fund, role: str
) -> None:
    answer = signed_in(make_user(role, fund=fund)).get(reverse("admin:accounts_user_changelist"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("home")


def test_who_is_not_signed_in_is_sent_to_the_one_sign_in(client: Client, db: None) -> None:
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("model", ["accounts_user", "accounts_team", "dossiers_reminderstep"])
def test_lists_and_forms_open(
    admin: Client, administrator: User, team: Team, fund: Fund, other_fund: Fund, model: str
) -> None:
    assert admin.get(reverse(f"admin:{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:{model}_add")).status_code == 200
    rows: dict[str, Any] = {
        "accounts_user": User,
        "accounts_team": Team,
        "dossiers_reminderstep": ReminderStep,
    }
    own = rows[model].objects.filter(fund=fund).first()
    assert own
    assert admin.get(reverse(f"admin:{model}_change", args=[own.pk])).status_code == 200


def test_another_funds_rows_do_not_exist(
    admin: Client, other_fund: Fund, make_user: Callable[..., User]
) -> None:
    stranger = make_user(Role.COORDINATOR, fund=other_fund)
    User.objects.filter(pk=stranger.pk).update(name="Vreemdeling")
    stranger.refresh_from_db()
    team = Team.objects.bulk_create([Team(fund=other_fund, name="Elders", languages=["nl"])])[0]
    step = ReminderStep.objects.filter(fund=other_fund).first()
    assert step
    for model, row in [("accounts_user", stranger), ("accounts_team", team), ("dossiers_reminderstep", step)]:
        change = reverse(f"admin:{model}_change", args=[row.pk])
        assert change not in admin.get(reverse(f"admin:{model}_changelist")).content.decode()
        for page in ("change", "history"):
            answer = admin.get(reverse(f"admin:{model}_{page}", args=[row.pk]), follow=True)
            assert answer.redirect_chain
            assert answer.redirect_chain[-1][0] == reverse("admin:index")
    password = reverse("admin:auth_user_password_change", args=[stranger.pk])
    assert admin.get(password).status_code == 404
    form = admin.get(reverse("admin:accounts_user_add")).content.decode()
    assert "Elders" not in form
    assert "Vreemdeling" not in admin.get(reverse("admin:accounts_team_add")).content.decode()


def new_user(**more: object) -> dict[str, object]:
    return {
        "email": "Nieuw@fund311.example", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD,
        "name": "Nieuw", "roles": [Role.COORDINATOR], "languages": ["nl", "fr"], "language": "fr", "digest": "on",
        "team": "", **more,
    }  # fmt: skip


@pytest.mark.usefixtures("hashed_as_in_use")
def test_a_user_made_here_belongs_to_the_fund_has_an_actor_and_can_sign_in(
    admin: Client, administrator: User, fund: Fund, team: Team
) -> None:
    answer = admin.post(reverse("admin:accounts_user_add"), new_user(team=team.pk))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    user = User.objects.get(email="nieuw@fund311.example")
    assert (user.fund, user.team, user.roles, user.languages) == (fund, team, ["coordinator"], ["nl", "fr"])
    assert user.check_password(PASSWORD)
    assert user.password.startswith("argon2")
    assert Actor.objects.filter(user=user).exists()
    with scope.funds(fund.pk):
        entry = AuditEntry.objects.filter(object_id=user.pk, object_repr="Nieuw").first()
        assert entry
        assert entry.acting.user == administrator
    assert Client().login(username=user.email, password=PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password1": "kort", "password2": "kort"}, "password2"),
        ({"roles": []}, "roles"),
        ({"roles": ["keizer"]}, "roles"),
        ({"email": "geen adres"}, "email"),
        ({"team": 999_999}, "team"),
    ],
)
def test_what_is_wrong_in_a_new_user_is_said_at_its_field(
    admin: Client, fund: Fund, wrong: dict[str, object], field: str
) -> None:
    answer = admin.post(reverse("admin:accounts_user_add"), new_user(**wrong))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not User.objects.filter(name="Nieuw").exists()


def test_an_address_that_is_taken_is_said(admin: Client, administrator: User) -> None:
    answer = admin.post(reverse("admin:accounts_user_add"), new_user(email=administrator.email.upper()))
    assert answer.status_code == 200
    assert "email" in answer.context["adminform"].form.errors


def test_a_team_with_its_postal_codes(admin: Client, fund: Fund) -> None:
    team = {
        "name": "Oost", "lead": "", "languages": ["nl"], "areas-TOTAL_FORMS": "1", "areas-INITIAL_FORMS": "0",
        "areas-0-first": "9000", "areas-0-last": "9999",
    }  # fmt: skip
    answer = admin.post(reverse("admin:accounts_team_add"), team)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = Team.objects.get(fund=fund, name="Oost")
    assert [f"{area}" for area in made.areas.all()] == ["9000–9999"]
    again = admin.post(reverse("admin:accounts_team_add"), team)
    assert again.status_code == 200
    backwards = {**team, "name": "West", "areas-0-last": "8000"}
    assert admin.post(reverse("admin:accounts_team_add"), backwards).status_code == 200


def test_steps_are_edited_and_only_those_that_can_come_to_pass(admin: Client, fund: Fund) -> None:
    add = reverse("admin:dossiers_reminderstep_add")
    step = {"rule": "T7", "counted_from": "act_by", "days": "-21", "audience": "owner"}
    assert admin.post(add, step).status_code == 302
    assert ReminderStep.objects.get(fund=fund, rule="T7", days=-21)
    for wrong, field in [
        (step, "__all__"),
        ({**step, "counted_from": "surfaces"}, "counted_from"),
        ({**step, "rule": "T99"}, "rule"),
        ({**step, "counted_from": "workdays"}, "__all__"),
        ({**step, "counted_from": "workdays", "days": "2"}, "__all__"),
        ({**step, "days": "1000"}, "__all__"),
    ]:
        answer = admin.post(add, wrong)
        assert answer.status_code == 200
        assert field in answer.context["adminform"].form.errors, wrong
    assert fund.live_from == date(2022, 1, 1)
