"""What the beat does of itself with dossiers: plain functions of the day, each for one fund or for all."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import structlog
from django.conf import settings

from dossiers import batches
from dossiers.documents import dispatching, mailing
from dossiers.reminders import RULE_IDS, send_digests, sweep
from dossiers.verification import export_root
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock, scope

log = structlog.get_logger(__name__)

# Per fund, by its number, what a job did there.
Outcome = dict[str, dict[str, int]]

# The dates of the mission have jobs of their own, on the floors above.
BY_NAME = frozenset({"T1", "T4", "T7", "T8", "T12"})
OTHERS = tuple(rule for rule in RULE_IDS if rule not in BY_NAME)


def in_each_fund(work: Callable[[Fund], NamedTuple], fund: Fund | None) -> Outcome:
    """Do a piece of work inside the wall of every fund, or of one, as the system.

    A fund in which it fails keeps it from no other: what failed is raised when all had their turn.
    """
    outcome: Outcome = {}
    failed: list[Exception] = []
    for one in [fund] if fund else Fund.objects.order_by("number"):
        try:
            with audit.acting_as(actors.system(), one):
                outcome[one.number] = work(one)._asdict()
        except Exception as error:
            log.error("job_failed", fund=one.number, error=type(error).__name__)
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExceptionGroup("in several funds", failed)
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


class OnTheirWay(NamedTuple):
    """What became of letters that waited: mailed, not taken by the mail server, not sent after a death."""

    mailed: int
    failed: int
    withdrawn: int


def letters_on_their_way(today: date, fund: Fund | None = None) -> Outcome:
    """Mail the links that wait, also those that failed before; what would go to the dead goes no more."""

    def send(one: Fund) -> OnTheirWay:
        withdrawn = dispatching.let_rest(one)
        return OnTheirWay(*mailing.deliver(one, today), withdrawn)

    return in_each_fund(send, fund)


class Taken(NamedTuple):
    """In how many dossiers a bulk step was taken, or told why not."""

    dossiers: int


def bulk_steps(today: date, fund: Fund | None = None) -> Outcome:
    """Go on with what was asked for and no worker finished."""
    return in_each_fund(lambda one: Taken(batches.work_off(one, today)), fund)


def export_ledger_root(today: date, fund: Fund | None = None) -> Outcome:
    """Write the heads of all chains to a file of the day, for a place that the database's superuser cannot reach."""
    settings.LEDGER_ROOTS.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.LEDGER_ROOTS / f"ledger-{today.isoformat()}.root.gz"
    funds = Fund.objects.all()
    with scope.funds(*funds.values_list("pk", flat=True)):
        heads = 0 if path.exists() else export_root(path, clock.now())
    return {"all": {"heads": heads}}
