"""What can be done next on an absence in route A: by whom, and why not (X1 to X3)."""

from collections.abc import Iterator
from datetime import date

from dossiers.law.reductions import FIRST
from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models.absence import OVER, AbsenceProcedure, AbsenceState
from trajects.models.appointment import Purpose
from trajects.policies import absence as policies


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of the absences, the earliest absence first."""
    found = sorted(dossier.absences.all(), key=lambda one: (one.absent_on, one.subject))
    return [step for one in found for step in _of(dossier, one, actor, today)]


def _of(dossier: Dossier, one: AbsenceProcedure, actor: Actor, today: date) -> Iterator[Step]:
    if one.state in OVER:
        return
    examined = one.purpose == Purpose.MEDICAL_EXAMINATION
    whose = Role.ADVISORY_DOCTOR if examined else Role.COORDINATOR
    step = policies.ladder(dossier)[one.subject]
    may_reduce = step != FIRST and policies.percentage(dossier, one) is not None
    if one.state in (AbsenceState.RECORDED, AbsenceState.WARNED):
        letter = policies.may_send_letter(actor, dossier, one, today)
        may = policies.may_propose(actor, dossier, one, today)
        # A letter that told of an earlier step has to be sent anew: then that comes first again.
        again = one.state == AbsenceState.WARNED and may_reduce and letter and not may
        sending = one.state == AbsenceState.RECORDED or bool(again)
        if sending:
            yield Step("absence-letter", letter, whose, subject=one.subject, of=one.NAME)
        if may_reduce:
            main = one.state == AbsenceState.WARNED and not again
            yield Step("absence-propose", may, whose, subject=one.subject, main=main, of=one.NAME)
    if one.state == AbsenceState.PROPOSED:
        may = policies.may_confirm(actor, dossier, one, today)
        yield Step("absence-confirm", may, Role.TEAM_LEAD, subject=one.subject, of=one.NAME)
        may = policies.may_decide(actor, dossier, one, today)
        yield Step("absence-refuse", may, Role.TEAM_LEAD, subject=one.subject, main=False, of=one.NAME)
    if one.asked_on is None and one.attended_on is None:
        may = policies.may_ask_new_date(actor, dossier, one, today)
        yield Step("absence-new-date", may, whose, subject=one.subject, main=False, of=one.NAME)
    may = policies.may_withdraw(actor, dossier, one, today)
    # What was confirmed stands no longer where an absence before it was excused.
    stale = one.state == AbsenceState.CONFIRMED and not may_reduce
    whose = Role.TEAM_LEAD if one.state == AbsenceState.CONFIRMED else whose
    yield Step("absence-withdraw", may, whose, subject=one.subject, main=stale, of=one.NAME)
