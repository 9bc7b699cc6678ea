"""Who may do what on route A, in every state it can be in: the policies as a table, and the services beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.models import RouteAState
from routing.policies import route_a as policies
from routing.services import route_a as services
from tests.route_a.test_states import FACTS, START, WAYS, played, route
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed

IN_MONTH_4, IN_MONTH_8 = date(2026, 4, 20), date(2026, 8, 10)
LETTERS = {
    "C": Role.COORDINATOR,
    "D": Role.ADVISORY_DOCTOR,
    "M": Role.MEDICAL_TEAM,
    "L": Role.TEAM_LEAD,
    "P": Role.PRIVACY_OFFICER,
    "A": Role.ADMINISTRATOR,
}
BY_REQUEST = "asks contact_B asked permitted traject_B"
STATES = {
    **WAYS,
    "assessed_1": "category_1",
    "assessed_3": "category_3",
    "traject_over": "category_4 referral contact_A traject_A traject_over",
    "over_2": "category_4 referral contact_A traject_A category_2 traject_over",
    "by_B": BY_REQUEST,
    "by_B_4": f"{BY_REQUEST} category_4",
    "ended": "category_4 ended",
    "excluded": "category_4 excluded",
    "contradicts": "category_4 contact_A",
}

# Who may, by state. C coordinator, D advisory doctor, M medical team; nobody: `-`. In month 4.
# A4: at any moment. A5: category 1 not before month 6 is past, category 2 never, one traject at a time (R1).
TABLE = """
act              awaiting sent received waived assessed_1 assessed_2 assessed_3 assessed_4 referred contacted started closed
assess           DM       DM   DM       DM     DM         DM         DM         DM         DM       DM        DM      DM
refer            -        -    -        -      -          -          D          D          -        -         -       -
withdraw         -        -    -        -      -          -          -          -          D        -         -       -
first_contact    -        -    -        -      -          -          -          -          C        -         -       -
decide           -        -    -        -      -          -          -          -          -        C         -       -
close            CD       CD   CD       CD     CD         CD         CD         CD         CD       CD        -       -
medical_contact  DM       DM   DM       DM     DM         DM         DM         DM         DM       DM        DM      DM
"""
# Once month 6 is past, after a traject, beside one of another route, and where nothing can be recorded any more.
LATER = """
act              assessed_1 assessed_2 assessed_3 assessed_4 traject_over over_2 by_B by_B_4 ended excluded contradicts
assess           DM         DM         DM         DM         DM           DM     DM   DM     -     -        -
refer            D          -          D          D          D            -      -    -      -     -        -
withdraw         -          -          -          -          -            -      -    -      -     -        -
first_contact    -          -          -          -          -            -      -    -      -     -        -
decide           -          -          -          -          -            -      -    -      -     -        -
close            CD         CD         CD         CD         -            -      -    CD     -     -        -
medical_contact  DM         DM         DM         DM         DM           DM     DM   DM     -     -        -
"""
POLICIES = {
    "assess": policies.may_assess,
    "refer": policies.may_refer,
    "withdraw": policies.may_withdraw_referral,
    "first_contact": policies.may_hold_first_contact,
    "decide": policies.may_decide_on_consent,
    "close": policies.may_close_route,
    "medical_contact": policies.may_hold_medical_contact,
}
ACTS: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "assess": (services.assess, {"category": 4}),
    "refer": (services.refer, {}),
    "withdraw": (services.withdraw_referral, {}),
    "first_contact": (
        services.hold_first_contact,
        {"form": "phone", "report": "", "role_explained": True, "consent": "refused"},
    ),
    "decide": (services.decide_on_consent, {"consent": "given", "first_step": "guidance"}),
    "close": (services.close_route, {"reason": "declined"}),
    "medical_contact": (services.hold_medical_contact, {"form": "phone"}),
}
AROUND: dict[str, tuple[str, dict[str, object]]] = {
    "ended": ("incapacity_ended", {"reason": "resumed", "version": 2}),
    "excluded": ("incapacity_excluded", {"reason": "work_accident"}),
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
        kind, values = {**FACTS, **AROUND}[name]
        facts.append(fact(kind, START + timedelta(days=number), f"f-{number}", **values))
    return dossier_of(start=START, facts=facts)


def look(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("incapacity", "route_a").get(pk=dossier.pk)


@pytest.mark.parametrize(
    ("table", "day"), [(TABLE, IN_MONTH_4), (LATER, IN_MONTH_8)], ids=["month 4", "month 8"]
)
def test_a4_to_a6_who_may_do_what_in_which_state(
    table: str, day: date, fund: Fund, people: dict[str, Actor], dossier_of: Callable[..., Dossier]
) -> None:
    dossiers: dict[str, Dossier] = {}
    wrong: list[tuple[object, ...]] = []
    with audit.acting_as(actors.system(), fund), clock.at(day):
        for act, state, expected in cells(table):
            if state not in dossiers:
                dossiers[state] = look(furnished(dossier_of, STATES[state]))
            dossier = dossiers[state]
            allowed = (
                "".join(one for one, actor in people.items() if POLICIES[act](actor, dossier, day)) or "-"
            )
            if sorted(allowed) != sorted(expected):
                wrong.append((act, state, allowed))
            service, values = ACTS[act]
            for one, actor in people.items():
                if act == "assess" and one not in expected:
                    continue  # the others of a kind stand for it
                with audit.acting_as(actor, fund):
                    done = performed(service, dossier, actor, day, values)
                if done != (one in allowed):
                    wrong.append((act, state, one, done))
    assert wrong == []


def performed(
    service: Callable[..., object], dossier: Dossier, actor: Actor, day: date, values: dict
) -> bool:
    """Whether the service does it; undone at once. What a policy allows has to fit the machine, too."""
    try:
        with transaction.atomic():
            service(dossier_id=dossier.public_id, actor=actor, on=day, **values)
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    except DomainError as refused:
        if refused.code != "dossier_unknown":  # so it is to roles that see no dossiers
            raise
        return False
    return True


def test_every_state_is_in_the_tables() -> None:
    columns = {column for table in (TABLE, LATER) for _row, column, _cell in cells(table)}
    assert columns == set(STATES)
    plain = {name: way for name, way in STATES.items() if name not in ("ended", "excluded")}
    assert {route(played(*way.split()))[0].state for way in plain.values()} == set(RouteAState.values)


@pytest.mark.parametrize(
    ("service", "values", "role"),
    [
        (services.assess, {"category": 4}, "M"),
        (services.hold_medical_contact, {"form": "phone"}, "D"),
        (services.close_route, {"reason": "declined"}, "C"),
    ],
)
def test_a_dossier_of_another_fund_is_not_there(
    service: Callable[..., object],
    values: dict[str, Any],
    role: str,
    fund: Fund,
    other_fund: Fund,
    people: dict[str, Actor],
    dossier_of: Callable[..., Dossier],
) -> None:
    foreign = dossier_of(start=START, fund=other_fund)
    with (
        audit.acting_as(people[role], fund),
        clock.at(IN_MONTH_4),
        pytest.raises(DomainError) as refused,
    ):
        service(dossier_id=foreign.public_id, actor=people[role], on=IN_MONTH_4, **values)
    assert refused.value.code == "dossier_unknown"
