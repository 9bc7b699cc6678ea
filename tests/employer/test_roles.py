"""Who may do what with the employer in every state it can be in: the policies as a table, and the services beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.policies import employer as referring
from routing.services import employer as referrals
from tests.employer.stage import EMPLOYED, START
from tests.employer.test_states import FACTS, WAYS
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed
from trajects.policies import employer as policies
from trajects.services import employer as services

TODAY = date(2026, 6, 15)
LETTERS = dict(zip("CDMLPA", Role.values, strict=True))
TRAJECT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "category_4": ("assessment_made", "", {"category": 4}),
    "referral": ("referral_made", "", {}),
    "contact_A": ("first_contact_held", "", {"route": "A", "form": "phone"}),
    "yes": ("consent_given", "", {"purpose": "data_processing"}),
    "traject_A": ("traject_started", "", {"route": "A"}),
    "no_more": ("consent_withdrawn", "", {"purpose": "data_processing"}),
    "request": ("contact_requested", "", {}),
    "contact_B": ("first_contact_held", "", {"route": "B", "form": "phone"}),
    "over": ("incapacity_ended", "", {"reason": "resumed", "version": 2}),
    "contradicts": ("traject_ended", "", {"result": "no_result"}),
}
RUNS = "category_4 referral contact_A yes traject_A"
AROUND = {
    "b_asked": "request",
    "at_b": "request contact_B",
    "withdrawn": f"{RUNS} no_more",
    "over": f"{RUNS} over",
    "contradicts": f"{RUNS} contradicts contradicts",
}

# C coordinator; nobody: `-`. Inside a running traject, in every state of what is at the employer.
TABLE = """
act        none proposed agreed declined referred visited asked not_asked running ended
propose    C    -        -      C        -        -       -     C         -       C
answer     -    C        C      -        -        -       -     -         -       -
refer      C    C        C      C        -        -       -     C         -       C
visit      -    -        -      -        C        -       -     -         -       -
not_asked  -    -        -      -        C        C       C     -         -       -
start      C    C        C      C        C        C       C     C         -       C
end        -    -        -      -        -        -       -     -         C       -
"""
# Where the dossier stands otherwise; nothing was spoken of at the employer.
ELSEWHERE = """
act        b_asked at_b withdrawn over contradicts
propose    -       C    -         -    -
answer     -       -    -         -    -
refer      -       C    -         -    -
visit      -       -    -         -    -
not_asked  -       -    -         -    -
start      C       C    C         -    -
end        -       -    -         -    -
"""
POLICIES = {
    "propose": referring.may_propose,
    "answer": referring.may_answer,
    "refer": referring.may_refer,
    "visit": policies.may_record_visit,
    "not_asked": policies.may_not_ask,
    "start": policies.may_start,
    "end": policies.may_end,
}
ACTS: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "propose": (referrals.propose, {}),
    "answer": (referrals.answer, {"agreed": True}),
    "refer": (referrals.refer, {"asks_for": "visit", "agreed": True}),
    "visit": (services.record_visit, {"outcome": "other"}),
    "not_asked": (services.decide_not_to_ask, {}),
    "start": (services.start, {"requested_by": "employee"}),
    "end": (services.end, {"decision": "A"}),
}


@pytest.fixture
def people(make_user: Callable[..., User], fund: Fund, team: Team) -> dict[str, Actor]:
    return {letter: actors.of_user(make_user(role, fund=fund, team=team)) for letter, role in LETTERS.items()}


def furnished(dossier_of: Callable[..., Dossier], way: str) -> Dossier:
    facts = []
    for number, name in enumerate(way.split(), start=1):
        kind, subject, values = {**FACTS, **TRAJECT}[name]
        facts.append(fact(kind, START + timedelta(days=number), f"f-{number}", subject, **values))
    made = dossier_of(start=START, facts=facts, today=TODAY, **EMPLOYED)
    return Dossier.objects.select_related("incapacity", "route_a").get(pk=made.pk)


def performed(service: Callable[..., object], dossier: Dossier, actor: Actor, values: dict[str, Any]) -> bool:
    """Whether the service does it; undone at once."""
    try:
        with transaction.atomic():
            service(dossier_id=dossier.public_id, actor=actor, on=TODAY, **values)
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    except DomainError as refused:
        if refused.code != "dossier_unknown":  # so it is to roles that see no dossiers
            raise
        return False
    return True


def test_a7_b4_z7_z9_who_may_do_what_in_which_state(
    fund: Fund, people: dict[str, Actor], dossier_of: Callable[..., Dossier]
) -> None:
    wrong: list[tuple[object, ...]] = []
    ways = {**{state: f"{RUNS} {way}" for state, way in WAYS.items()}, **AROUND}
    dossiers: dict[str, Dossier] = {}
    with audit.acting_as(actors.system(), fund), clock.at(TODAY):
        for act, state, expected in (*cells(TABLE), *cells(ELSEWHERE)):
            if state not in dossiers:
                dossiers[state] = furnished(dossier_of, ways[state])
            dossier = dossiers[state]
            may = "".join(one for one, actor in people.items() if POLICIES[act](actor, dossier, TODAY)) or "-"
            if may != expected:
                wrong.append((act, state, may))
            service, values = ACTS[act]
            # The doctor stands for the others who may not.
            for one in "CD" if state == "none" else "C":
                with audit.acting_as(people[one], fund):
                    done = performed(service, dossier, people[one], values)
                if done != (one in may):
                    wrong.append((act, state, one, done))
    assert wrong == []
    assert {column for _row, column, _cell in cells(TABLE)} == set(WAYS)
