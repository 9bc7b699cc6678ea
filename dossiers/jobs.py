"""What the beat does of itself with dossiers: plain functions of the day, each for one fund or for all."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from django.conf import settings

from dossiers.reminders import RULE_IDS, send_digests, sweep
from dossiers.verification import export_root
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock, scope

# Per fund, by its number, what a job did there.
Outcome = dict[str, dict[str, int]]

# The dates of the mission have jobs of their own, on the floors above.
BY_NAME = frozenset({"T1", "T4", "T7", "T8", "T12"})
OTHERS = tuple(rule for rule in RULE_IDS if rule not in BY_NAME)


def in_each_fund(work: Callable[[Fund], NamedTuple], fund: Fund | None) -> Outcome:
    """Do a piece of work inside the wall of every fund, or of one, as the system."""
    funds = [fund] if fund else Fund.objects.order_by("number")
    outcome: Outcome = {}
    for one in funds:
        with audit.acting_as(actors.system(), one):
            outcome[one.number] = work(one)._asdict()
    return outcome


def take_steps(rules: Iterable[str], today: date, fund: Fund | None = None) -> Outcome:
    """Remind of the deadlines of these rules, and escalate, up to and including today."""
    wanted = tuple(rules)
    return in_each_fund(lambda one: sweep(one, today, wanted), fund)


def recorded_dossiers(today: date, fund: Fund | None = None) -> Outcome:
    """Take the steps, of whatever rule, of the dossiers that were recorded in since the last sweep."""
    return take_steps((), today, fund)


def other_deadlines(today: date, fund: Fund | None = None) -> Outcome:
    """Remind and escalate for every rule that no job has by name."""
    return take_steps(OTHERS, today, fund)


def daily_digest(today: date, fund: Fund | None = None) -> Outcome:
    """Mail everyone what is new for them since their last digest, on working days."""
    return in_each_fund(lambda one: send_digests(one, today), fund)


def export_ledger_root(today: date, fund: Fund | None = None) -> Outcome:
    """Write the heads of all chains to a file of the day, for a place that the database's superuser cannot reach."""
    settings.LEDGER_ROOTS.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.LEDGER_ROOTS / f"ledger-{today.isoformat()}.root.gz"
    funds = Fund.objects.all()
    with scope.funds(*funds.values_list("pk", flat=True)):
        heads = 0 if path.exists() else export_root(path, clock.now())
    return {"all": {"heads": heads}}
