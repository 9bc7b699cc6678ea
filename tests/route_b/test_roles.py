"""Who may do what on route B, in every state it can be in: the policies as a table, and the services beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.models import RouteBState
from routing.policies import first_contact
from routing.policies import route_b as policies
from routing.services import route_b as services
from tests.machines import Named
from tests.route_a.test_roles import LETTERS, performed
from tests.route_b.test_states import FACTS, MET, START, WAYS
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock

DAY = date(2026, 4, 20)
STATES = {
    **WAYS,
    "running": f"{MET} asked granted started_B",
    "referred": "category_4 referral requested",
    "ended": f"{MET} ended",
    "out": f"{MET} excluded",
    "mixed": f"{MET} granted",
}
del STATES["started"]
AROUND: Named = {
    "category_4": ("assessment_made", "", {"category": 4}),
    "referral": ("referral_made", "", {}),
    "ended": ("incapacity_ended", "", {"reason": "resumed", "version": 2}),
    "excluded": ("incapacity_excluded", "", {"reason": "work_accident"}),
}
# Who may, by state. C coordinator, D advisory doctor; nobody: `-`. B1: one request at a time. R1: none beside a traject.
TABLE = """
act           none requested sent received contacted physician asked refused granted running closed referred ended out mixed
request       C    -         -    -        -         -         -     -       -       -       C      -        -     -   -
plan          -    C         C    C        -         -         -     -       -       -       -      C        -     -   -
first_contact -    C         C    C        -         -         -     -       -       -       -      C        -     -   -
ask           -    -         -    -        C         -         -     -       -       -       -      -        -     -   -
grant         -    -         -    -        -         -         D     -       -       -       -      -        -     -   -
refuse        -    -         -    -        -         -         D     -       -       -       -      -        -     -   -
start         -    -         -    -        -         -         -     -       C       -       -      -        -     -   -
close         -    CD        CD   CD       CD        CD        CD    CD      CD      -       -      CD       -     -   -
"""
POLICIES = {
    "request": policies.may_request,
    "plan": first_contact.may_plan,
    "first_contact": policies.may_hold_first_contact,
    "ask": policies.may_ask,
    "grant": policies.may_decide,
    "refuse": policies.may_decide,
    "start": policies.may_start,
    "close": policies.may_close,
}
ACTS: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "request": (services.request_contact, {}),
    "first_contact": (
        services.hold_first_contact,
        {"form": "phone", "report": "", "role_explained": True, "consent": "given"},
    ),
    "ask": (services.ask_permission, {"aim": "training"}),
    "grant": (services.grant, {}),
    "refuse": (services.refuse, {"reason": "no", "for_insured": "no"}),
    "start": (services.start_traject, {"first_step": "guidance"}),
    "close": (services.close_route, {"reason": "declined"}),
}


@pytest.fixture
def people(make_user: Callable[..., User], fund: Fund, team: Team) -> dict[str, Actor]:
    found = {
        letter: actors.of_user(make_user(role, fund=fund, team=team)) for letter, role in LETTERS.items()
    }
    return {**found, "system": actors.system()}


def furnished(dossier_of: Callable[..., Dossier], way: str) -> Dossier:
    facts = []
    for number, name in enumerate(way.split(), start=1):
        kind, subject, values = {**FACTS, **AROUND}[name]
        facts.append(fact(kind, START + timedelta(days=number), f"f-{number}", subject, **values))
    return dossier_of(start=START, facts=facts)


def test_b1_to_b5_r1_who_may_do_what_in_which_state(
    fund: Fund, people: dict[str, Actor], dossier_of: Callable[..., Dossier]
) -> None:
    dossiers: dict[str, Dossier] = {}
    wrong: list[tuple[object, ...]] = []
    with audit.acting_as(actors.system(), fund), clock.at(DAY):
        for act, state, expected in cells(TABLE):
            if state not in dossiers:
                made = furnished(dossier_of, STATES[state])
                dossiers[state] = Dossier.objects.select_related("incapacity", "route_a").get(pk=made.pk)
            dossier = dossiers[state]
            allowed = (
                "".join(one for one, actor in people.items() if POLICIES[act](actor, dossier, DAY)) or "-"
            )
            if sorted(allowed) != sorted(expected):
                wrong.append((act, state, allowed))
            # One contact serves both where a referral waits too: that is the act of route A.
            if act == "plan" or (act, state) == ("first_contact", "referred"):
                continue
            service, values = ACTS[act]
            for one in ("C", "D", "M", "system"):
                with audit.acting_as(people[one], fund):
                    done = performed(service, dossier, people[one], DAY, values)
                if done != (one in allowed):
                    wrong.append((act, state, one, done))
    assert wrong == []


def test_every_state_is_in_the_table() -> None:
    columns = {column for _row, column, _cell in cells(TABLE)}
    assert columns == set(STATES)
    assert len(WAYS) - 1 == len(RouteBState)


def test_another_fund_is_not_there(
    other_fund: Fund, fund: Fund, people: dict[str, Actor], dossier_of: Callable[..., Dossier]
) -> None:
    foreign = dossier_of(start=START, fund=other_fund)
    with audit.acting_as(people["C"], fund), clock.at(DAY):
        assert not performed(services.request_contact, foreign, people["C"], DAY, {})
    assert Role.COORDINATOR in LETTERS.values()
