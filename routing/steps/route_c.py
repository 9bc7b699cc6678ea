"""What can be done next on route C: by whom, why not, and for which deadlines."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.phases import Phase, phase_on
from dossiers.steps import Step
from routing.models import RouteC, RouteCState
from routing.policies import route_c as policies
from routing.reading import finding_awaited
from tnw.accounts.models import Actor, Role


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of each registration, and to enter a new one."""
    report = policies.may_report(actor, dossier, today)
    return [
        *(step for row in dossier.routes_c.all() for step in _of_one(dossier, row, actor, today)),
        Step("report-registration", report, Role.COORDINATOR, main=False, of=RouteC.NAME),
    ]


def _of_one(dossier: Dossier, row: RouteC, actor: Actor, today: date) -> Iterator[Step]:
    if row.state == RouteCState.REPORTED:
        confirm = policies.may_confirm(actor, dossier, row, today)
        deny = policies.may_deny(actor, dossier, row, today)
        in_invalidity = phase_on(dossier.incapacity, today) == Phase.INVALIDITY
        yield _step("confirm-invalidity", confirm, row, main=in_invalidity)
        yield _step("deny-invalidity", deny, row, main=not in_invalidity)
        yield _step("refuse-registration", policies.may_refuse(actor, dossier, row, today), row)
    if row.state == RouteCState.CONFIRMED:
        ask = policies.may_decide_on_consent(actor, dossier, row, today)
        # Given it could not be yet; refused or put off it can.
        yield _step("registration-consent", ask, row, main=not finding_awaited(dossier))
    if row.state in (RouteCState.REPORTED, RouteCState.CONFIRMED, RouteCState.STARTED):
        yield _step("registration-step", policies.may_report_step(actor, dossier, row, today), row)
    if row.state in (RouteCState.REPORTED, RouteCState.CONFIRMED):
        yield _step("close-registration", policies.may_close(actor, dossier, row, today), row)


def _step(act: str, verdict: policies.Verdict, row: RouteC, *, main: bool = False) -> Step:
    rules = ("T16",) if main and row.state == RouteCState.REPORTED else ()
    return Step(act, verdict, Role.COORDINATOR, rules, subject=row.subject, main=main, of=RouteC.NAME)
