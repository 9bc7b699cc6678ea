"""The help is complete, true and leads to real places."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dossiers.explanations.phrases import STATES
from dossiers.law.row import Row
from dossiers.law.rules import RULES, in_force
from dossiers.models import Deadline
from dossiers.policies import may_read_health, may_write_health
from dossiers.reading import as_row
from routing.policies.route_a import may_open_assessments
from routing.questionnaires.policies import may_enter, may_read_answers
from tests.web.conftest import Place
from tnw.accounts import policies
from tnw.accounts.models import Actor, ActorKind, Role, User
from tnw.core import scope
from tnw.core.policies import Verdict
from tnw.web.help import first_day, keys, roles, rules, states
from trajects.policies.signing import may_sign_any

Browse = Callable[..., Client]


def test_every_rule_is_told_in_plain_words_at_a_place_of_its_own() -> None:
    assert rules.PLAIN.keys() == {rule.id for rule in RULES}
    assert all(rules.text(rule) for rule in RULES)
    for day in {rule.valid_from for rule in RULES}:
        places = [rules.place(rule) for rule in in_force(day)]
        assert len(places) == len(set(places))


def test_a_deadline_leads_to_its_rule(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    dossier = client.get(reverse("dossier", args=[own.dossier.public_id])).content.decode()
    shown = client.get(reverse("rules")).content.decode()
    linked = re.findall(r'href="/rules(?:\?on=[^"#]*)?#([\w-]+)"', dossier)
    assert "refer" in linked
    assert all(f'id="{place}"' in shown for place in linked)
    with scope.funds(own.fund.pk):
        rows: list[Row] = [as_row(one) for one in Deadline.objects.filter(dossier=own.dossier)]
    assert rows
    assert all(rules.address(row).partition("#")[2] in linked for row in rows)


def test_no_screen_names_a_rule_by_its_id(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    for name in ("help", "help_words", "help_states", "help_roles", "help_keys", "rules"):
        assert not re.search(r"\bT\d{1,2}\b", client.get(reverse(name)).content.decode()), name


def test_every_state_has_its_meaning() -> None:
    assert states.DEADLINES.keys() == STATES.keys()


# What the table says of a whole page is what its policy says.
POLICIES: dict[str, Callable[[Actor], Verdict]] = {
    "Dossiers of the own fund": policies.may_see_dossiers,
    "Health notes shared with the coordinator": may_read_health,
    "Medical notes, reasons of an assessment or a refusal": may_write_health,
    "Answers to the questionnaire": may_read_answers,
    "Assessing the remaining capacities": may_open_assessments,
    "Signing a declaration": may_sign_any,
    "Audit trail and access log": policies.may_read_access_log,
    "Users, reference data, imports": policies.may_import,
}


@pytest.mark.parametrize("row", POLICIES)
def test_the_table_of_rights_is_that_of_the_policies(row: str) -> None:
    (right,) = [right for right in roles.RIGHTS if str(right.what) == row]
    actors = [Actor(kind=ActorKind.USER, user=User(roles=[role])) for role in roles.ROLES]
    assert [bool(POLICIES[row](actor)) for actor in actors] == [may != roles.NO for may in right.may]


def test_who_writes_answers_enters_them() -> None:
    (right,) = [right for right in roles.RIGHTS if str(right.what) == "Answers to the questionnaire"]
    actors = [Actor(kind=ActorKind.USER, user=User(roles=[role])) for role in roles.ROLES]
    assert [bool(may_enter(actor)) for actor in actors] == [may == roles.WRITES for may in right.may]


def test_the_keys_of_every_page_are_told() -> None:
    base = settings.BASE_DIR / "templates"
    lists = {
        path.relative_to(base).as_posix()
        for path in base.rglob("*.html")
        if path.parent.name != "help" and re.search(r"<dt><kbd>", path.read_text())
    }
    assert lists == {source for _name, source in keys.PAGES}
    for _name, source in keys.PAGES:
        assert len(keys.keys(source)) == (base / source).read_text().count("<dt><kbd>"), source


@pytest.mark.parametrize("role", Role.values)
def test_the_first_day_leads_where_the_role_may_go_and_can_be_hidden(role: str, browse: Browse) -> None:
    client = browse(role)
    home = client.get(reverse("home")).content.decode()
    steps = first_day.STEPS[role]
    assert 3 <= len(steps) <= 5
    for step in steps:
        assert f'href="{step.url}"' in home
        assert client.get(step.url).status_code == 200, step.url
    told = client.post(reverse("first_day"), follow=True).content.decode()
    assert "Your first day" not in told
    assert "under Help" in told
    assert "Show it on the home page again" in client.get(reverse("help")).content.decode()
    assert "Your first day" in client.post(reverse("first_day"), {"again": "1"}, follow=True).content.decode()


def test_somebody_with_two_roles_has_both_days_and_no_step_twice() -> None:
    days = first_day.days([Role.MEDICAL_TEAM, Role.ADVISORY_DOCTOR])
    routes = [step.route for day in days for step in day.steps]
    assert len(days) == 2
    assert len(routes) == len(set(routes))


def test_help_costs_nothing_but_the_session(browse: Browse, django_assert_max_num_queries: Any) -> None:
    client = browse(Role.COORDINATOR)
    for name in ("help", "help_words", "help_states", "help_roles", "help_keys"):
        with django_assert_max_num_queries(5):
            assert client.get(reverse(name)).status_code == 200
