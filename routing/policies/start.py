"""Whether a traject may start, by whatever route (P5, R1): asked by routes A, B and C, and the same for each."""

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from tnw.core.policies import YES, Verdict
from trajects.policies.contacts import running_traject
from trajects.policies.sharing import may_process

HEALTH_IN_THE_WAY = Verdict(
    False,
    _(
        "The latest finding of the advisory doctor is that health does not allow a traject now: "
        "a new one has to come first."
    ),
)
SAID_NO = Verdict(
    False,
    _(
        "The insured person said no to data processing: without a new consent, recorded under Consents, "
        "no traject starts."
    ),
)
RUNS_ALREADY = Verdict(False, _("A traject is running already."))


def may_start_traject(dossier: Dossier) -> Verdict:
    """P5, R1: the doctor's newest finding, where there is one, does not speak against it, and none is running."""
    return none_runs(dossier) if dossier.route_a.health_allows else HEALTH_IN_THE_WAY


def none_runs(dossier: Dossier) -> Verdict:
    """R1: at most one at a time."""
    return RUNS_ALREADY if running_traject(dossier) else YES


def not_said_no(dossier: Dossier) -> Verdict:
    """A6: where the start does not ask for consent itself, the last answer to it was no *no*."""
    return YES if may_process(dossier) else SAID_NO
