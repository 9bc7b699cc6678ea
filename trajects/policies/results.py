"""Which result of a traject, or of its formal part, the record bears out (Z8): what contradicts it is not chosen."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.law.facts import Fact
from dossiers.machines import fold
from dossiers.models import Dossier
from dossiers.models.case import EndReason
from tnw.core.policies import YES, Verdict
from trajects.models import AdaptedWork, Traject
from trajects.models.adapted_work import AdaptedWorkState
from trajects.models.traject import TrajectState
from trajects.policies.employer import has_employer

STOPPED, INCAPACITY_ENDED = "stopped_by_insured", "incapacity_ended"
OWN_EMPLOYER, ADAPTED_WORK, TRAINING = "resumed_own_employer", "adapted_work", "training_finished"
RESUMPTIONS = (OWN_EMPLOYER, "resumed_other_employer", "resumed_self_employed")
# Permission is needed, and not necessarily before (W1).
WORKED = (AdaptedWorkState.DECLARED, AdaptedWorkState.PERMITTED)
# A regional service trains too, and tells of a step no more than that it was taken (G1).
TRAINED = ("application_training", "learning_at_work", "training")
NOT_ENDED = Verdict(False, _("The incapacity has not ended."))
RESUMED = Verdict(False, _("The incapacity ended because work was resumed: choose how."))
NOT_RESUMED = Verdict(False, _("The incapacity ended otherwise than by a resumption."))
NOT_WORKED = Verdict(False, _("No adapted work is declared or permitted."))
NOT_TRAINED = Verdict(False, _("No training was completed in this traject."))


def result_fits(dossier: Dossier, facts: Iterable[Fact], result: str, on: date) -> Verdict:
    """Whether nothing recorded contradicts this result on that day; `facts` are those of the dossier, corrected."""
    # A recognized day is the last one at the latest: what comes later is recorded of that day.
    incapacity = dossier.incapacity
    ended = incapacity.end_reason if incapacity.end is not None and incapacity.end <= on else None
    if result == INCAPACITY_ENDED:
        if ended is None:
            return NOT_ENDED
        return RESUMED if ended == EndReason.RESUMED else YES
    if result in RESUMPTIONS:
        if ended in (EndReason.PENSION, EndReason.DEATH):
            return NOT_RESUMED
        return has_employer(dossier) if result == OWN_EMPLOYER else YES
    # As it stood on that day, whatever came after it.
    past = [one for one in facts if one.on <= on]
    if result == ADAPTED_WORK:
        return YES if _works_adapted(past, on) else NOT_WORKED
    if result == TRAINING:
        return YES if _was_trained(past) else NOT_TRAINED
    return YES


def _works_adapted(past: Sequence[Fact], on: date) -> bool:
    return any(
        one.state in WORKED and (one.permitted_to is None or on <= one.permitted_to)
        for one in fold(AdaptedWork, past).made
    )


def _was_trained(past: Sequence[Fact]) -> bool:
    running = [one for one in fold(Traject, past).made if one.state == TrajectState.RUNNING]
    return any(
        one.kind == "training_completed" or (one.kind == "service_step" and one.values["step"] in TRAINED)
        for one in past
        if running and running[-1].started_on <= one.on
    )
