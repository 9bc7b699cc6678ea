"""Who may do what on route C, in every state of a registration and in each phase: the policies as a table, and the
services beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from routing.models import RouteC, RouteCState
from routing.policies import route_c as policies
from routing.services import route_c as services
from tests.route_c.conftest import INVALID_FROM, START
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed

TODAY = date(2023, 6, 15)
LETTERS = dict(zip("CDMLPA", Role.values, strict=True))
REPORT = {"service": "vdab", "registered_on": date(2023, 6, 1)}
FACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "report": ("registration_reported", "r-1", REPORT),
    "refusal": ("registration_refused", "r-1", {"reason": "unknown_person"}),
    "confirmation": ("invalidity_confirmed", "r-1", {}),
    "denial": ("invalidity_denied", "r-1", {"reason": "awaiting_recognition"}),
    "start": ("traject_started", "r-1", {"route": "C"}),
    "closing": ("route_closed", "r-1", {"route": "C", "reason": "declined"}),
    "excluded": ("incapacity_excluded", "", {"reason": "work_accident"}),
    "contradiction": ("invalidity_confirmed", "r-9", {}),
}
RECOGNIZED = {"invalidity_from": INVALID_FROM}
STATES: dict[str, tuple[str, date, dict[str, Any]]] = {
    "reported": ("report", START, RECOGNIZED),
    "awaiting": ("report", START, {}),
    "primary": ("report", date(2022, 9, 5), {}),
    "refused": ("report refusal", START, RECOGNIZED),
    "confirmed": ("report confirmation", START, RECOGNIZED),
    "denied": ("report denial", START, RECOGNIZED),
    "started": ("report confirmation start", START, RECOGNIZED),
    "closed": ("report closing", START, RECOGNIZED),
    "ended": ("report", START, {**RECOGNIZED, "end": TODAY - timedelta(days=2), "end_reason": "resumed"}),
    "excluded": ("report excluded", START, RECOGNIZED),
    "contradicts": ("report contradiction", START, RECOGNIZED),
}
# Who may: C coordinator, D advisory doctor, J what acts of itself; nobody: `-`. Section 8: the others follow along.
TABLE = """
act      reported awaiting primary refused confirmed denied started closed ended excluded contradicts
report   CJ       CJ       CJ      CJ      CJ        CJ     CJ      CJ     -     -        -
refuse   CJ       CJ       CJ      -       -         -      -       -      -     -        -
confirm  C        -        -       -       -         -      -       -      -     -        -
deny     -        C        C       -       -         -      -       -      -     -        -
consent  -        -        -       -       C         -      -       -      -     -        -
step     CJ       CJ       CJ      -       CJ        -      CJ      -      -     -        -
close    CD       CD       CD      -       CD        -      -       -      -     -        -
"""
ACTS: dict[str, tuple[Callable[..., object], Callable[..., object], dict[str, Any]]] = {
    "refuse": (policies.may_refuse, services.refuse, {"reason": "unknown_person"}),
    "confirm": (policies.may_confirm, services.confirm_invalidity, {}),
    "deny": (policies.may_deny, services.deny_invalidity, {}),
    "consent": (policies.may_decide_on_consent, services.decide_on_consent, {"consent": "given"}),
    "step": (policies.may_report_step, services.report_step, {"step": "orientation"}),
    "close": (policies.may_close, services.close_route, {"reason": "declined"}),
}


def furnished(dossier_of: Callable[..., Dossier], state: str) -> Dossier:
    way, start, columns = STATES[state]
    facts: list[Fact] = []
    for number, name in enumerate(way.split()):
        kind, subject, values = FACTS[name]
        facts.append(fact(kind, date(2023, 6, 2) + timedelta(days=number), f"f-{number}", subject, **values))
    made = dossier_of(start=start, facts=facts, **columns)
    return Dossier.objects.select_related("incapacity", "route_a").get(pk=made.pk)


def performed(service: Callable[..., object], dossier: Dossier, actor: Actor, told: dict[str, Any]) -> bool:
    """Whether the service does it; undone at once. What a policy allows has to fit the machine, too."""
    try:
        with transaction.atomic():
            service(dossier_id=dossier.public_id, actor=actor, on=TODAY, **told)
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    except DomainError as refused:
        if refused.code != "dossier_unknown":  # so it is to roles that see no dossiers
            raise
        return False
    return True


def test_c1_to_c4_who_may_do_what_in_which_state(
    fund: Fund, team: Team, make_user: Callable[..., User], dossier_of: Callable[..., Dossier]
) -> None:
    people: dict[str, Actor] = {
        letter: actors.of_user(make_user(role, fund=fund, team=team)) for letter, role in LETTERS.items()
    }
    people["J"] = actors.system()
    wrong: list[tuple[object, ...]] = []
    with audit.acting_as(actors.system(), fund), clock.at(TODAY):
        stands = {state: furnished(dossier_of, state) for state in STATES}
        rows = {state: RouteC.objects.get(dossier=dossier) for state, dossier in stands.items()}
        for act, state, expected in cells(TABLE):
            dossier = stands[state]
            for one, actor in people.items():
                if act == "report":
                    verdict: object = policies.may_report(actor, dossier, TODAY)
                    service: Callable[..., object] = services.report_registration
                    told: dict[str, Any] = {**REPORT, "service": "actiris"}
                else:
                    policy, service, values = ACTS[act]
                    verdict = policy(actor, dossier, rows[state], TODAY)
                    told = {"subject": "r-1", **values}
                if act == "deny":  # for the reason that holds, where there is one
                    told["reason"] = policies.denial_of(dossier, TODAY) or "not_in_invalidity"
                if bool(verdict) != (one in expected):
                    wrong.append((act, state, one, bool(verdict)))
                if one == "C" or one in expected:  # the others fall to the same policy
                    with audit.acting_as(actor, fund):
                        done = performed(service, dossier, actor, told)
                    if done != (one in expected):
                        wrong.append((act, state, one, "done", done))
    assert wrong == []
    assert {row.state for row in rows.values()} == set(RouteCState.values)


def test_c1_the_state_of_the_incapacity_gives_the_reason_of_a_denial(
    fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    expected = {
        "reported": "",
        "awaiting": "awaiting_recognition",
        "primary": "not_in_invalidity",
        "ended": "incapacity_ended",
    }
    with audit.acting_as(actors.system(), fund), clock.at(TODAY):
        for state, reason in expected.items():
            dossier = furnished(dossier_of, state)
            on = min(TODAY, dossier.incapacity.end or TODAY)
            assert policies.denial_of(dossier, on) == reason
            assert not reason or policies.denial_fits(dossier, reason, on)
            assert not any(policies.denial_fits(dossier, one, on) for one in ("other", "excluded"))
