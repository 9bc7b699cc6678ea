"""Appointments that are planned, when what they were planned for goes another way or ends."""

from collections.abc import Collection, Iterator
from datetime import date

from dossiers import acts
from dossiers.acts import Done
from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tnw.accounts import actors
from tnw.core import clock
from trajects.reading import planned
from trajects.services import invitations


def called_off(dossier: Dossier, on: date, purposes: Collection[str], but: str = "") -> Iterator[Done]:
    """What was planned for these purposes and lies ahead is not any more; of what is past, somebody tells the outcome."""
    now = clock.now()
    ahead = (
        one.subject
        for one in planned(dossier, *purposes)
        if one.subject != but and (one.on > on or one.at > now)
    )
    about: dict[str, list[Fact]] = {subject: [] for subject in sorted(ahead)}
    if not about:
        return
    for fact in acts.happened(dossier):
        if fact.subject in about:
            about[fact.subject].append(fact)
    last_day = dossier.incapacity.end or date.max
    for subject, facts in about.items():
        # What was arranged after the incapacity had ended, before anybody knew, is taken back.
        for fact in facts:
            if fact.on > last_day:
                yield Done("fact_voided", on, {"fact": fact.id, "reason": "incapacity_ended"})
        if arranged := [fact.on for fact in facts if fact.on <= last_day]:
            # Not before it was arranged, where the act is of an earlier day.
            yield Done("appointment_cancelled", max(on, *arranged), {}, subject)
        # Whoever has it in a calendar would come for nothing.
        invitations.cancelled(dossier, actors.system(), subject, mail=True)
