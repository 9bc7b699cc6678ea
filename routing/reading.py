"""What is read of a route beside its row: which of two things came first."""

from datetime import date

from dossiers.acts import happened
from dossiers.models import Dossier
from routing.models import RouteCState
from routing.policies.start import none_runs

# What says whether health allows a traject (P5).
FINDINGS = ("assessment_made", "referral_made", "permission_granted", "permission_refused")


def finding_awaited(dossier: Dossier) -> bool:
    """Whether a registration waits for its traject only until the doctor finds anew that health allows one (P5, C1).

    What he finds from the day of the confirmation on is his answer to it: then nothing more is awaited.
    """
    confirmed = {row.subject for row in dossier.routes_c.all() if row.state == RouteCState.CONFIRMED}
    if not confirmed or dossier.route_a.health_allows or not none_runs(dossier):
        return False
    facts = happened(dossier)
    found = max((fact.on for fact in facts if fact.kind in FINDINGS), default=date.min)
    return any(
        fact.kind == "invalidity_confirmed" and fact.subject in ("", *confirmed) and found < fact.on
        for fact in facts
    )
