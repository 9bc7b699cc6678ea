"""What happens inside a traject, through the services; `DONE_BY` names them by the kind of fact that an act begins with."""

from collections.abc import Callable
from datetime import time, timedelta

from dossiers.documents import dispatching
from dossiers.models import Channel, Dispatch, DispatchState
from routing.services import employer as referral
from tnw.web.demo.course import working_day
from tnw.web.demo.notes import NOTES, PLANS, TRAININGS
from tnw.web.demo.services import signing
from tnw.web.demo.services.deed import Deed
from trajects.models import AdaptedWork, EngagementDeclaration, PartnerReferral, TrainingProject
from trajects.plans import Action, Contents, Interview, Objective
from trajects.services import (
    absence,
    actions,
    adapted_work,
    consultation,
    declaration,
    employer,
    partner,
    plan,
    reintegration,
    training,
    traject,
)

FORM = "in_person"


# --- the traject and its formal part


def _evaluate(deed: Deed) -> None:
    traject.evaluate(**deed.on_it, evaluation=deed.note)


def _end(deed: Deed) -> None:
    result = deed.values["result"]
    traject.end(**deed.on_it, result=result, evaluation=deed.note, note=deed.act.note)


def _start_formal_part(deed: Deed) -> None:
    reintegration.start(**deed.on_it, condition=deed.values["condition"], agreed=True)


def _suspend(deed: Deed) -> None:
    reintegration.suspend(**deed.on_it, reason=deed.values["reason"], note=deed.act.note)


def _resume(deed: Deed) -> None:
    reintegration.resume(**deed.on_it)


def _evaluate_plan(deed: Deed) -> None:
    reintegration.evaluate_plan(**deed.on_it, evaluation=deed.note)


def _end_formal_part(deed: Deed) -> None:
    reintegration.end(**deed.on_it, result=deed.values["result"], evaluation=deed.note)


# --- declaration and plan


def _draw_up(deed: Deed) -> None:
    declaration.draw_up(**deed.on_it, text=declaration.text_for(deed.dossier))


def _refuse_to_sign(deed: Deed) -> None:
    subject = deed.row(EngagementDeclaration, "refuse")
    declaration.refuse(**deed.on_it, subject=subject, role=deed.values["role"], reason=deed.note)


def _void_declaration(deed: Deed) -> None:
    """The text changes: a new one is drawn up in the same act, and the letter that tells of it goes to the post."""
    subject = deed.row(EngagementDeclaration, "void")
    declaration.change(**deed.on_it, subject=subject, text=declaration.text_for(deed.dossier))
    waits = Dispatch.objects.filter(dossier=deed.dossier, state=DispatchState.WAITING, channel=Channel.POST)
    for one in waits.filter(document__kind=declaration.CHANGED):
        dispatching.confirm(dispatch_id=one.public_id, actor=deed.actor, on=deed.act.fact.on)


def _meet_for_plan(deed: Deed) -> None:
    plan.hold_meeting(**deed.on_it, form=FORM, report=deed.note)


def _contents(deed: Deed) -> Contents:
    """A plan with two objectives and two actions; the next interview in eleven weeks."""
    day = deed.act.fact.on
    first, second, result, mine, theirs = PLANS[deed.dossier.incapacity.person.language]
    interview = working_day(day + timedelta(days=77))
    return Contents(
        objectives=(
            Objective(first, day + timedelta(days=60)),
            Objective(second, day + timedelta(days=150)),
        ),
        result=result,
        actions=(
            Action("a1", mine, deed.dossier.incapacity.person.first_name, day + timedelta(days=30)),
            Action("a2", theirs, str(deed.actor.label), day + timedelta(days=45)),
        ),
        next=Interview(
            interview, time(9 + day.day % 7), FORM, deed.dossier.team.place if deed.dossier.team else ""
        ),
    )


def _agree(deed: Deed) -> None:
    plan.agree(**deed.on_it, contents=_contents(deed))


def _review(deed: Deed) -> None:
    changes = _contents(deed) if deed.did("plan_agreed") else None
    plan.review(
        **deed.on_it,
        done=deed.note,
        found=deed.note,
        with_interview=deed.values["with_interview"],
        form=FORM if deed.values["with_interview"] else "",
        changes=changes,
        following=_contents(deed).next,
    )


def _act(deed: Deed) -> None:
    actions.record_action(**deed.on_it, kind=deed.values["kind"], text=deed.note)


def _consult(deed: Deed) -> None:
    consultation.hold(**deed.on_it, party=deed.values["party"], report=deed.note)


# --- the employer


def _propose_referral(deed: Deed) -> None:
    referral.propose(**deed.on_it)


def _refer(deed: Deed) -> None:
    referral.refer(**deed.on_it, asks_for="visit", agreed=True)


def _visit(deed: Deed) -> None:
    employer.record_visit(**deed.on_it, outcome=deed.values["outcome"])


def _not_asked(deed: Deed) -> None:
    employer.decide_not_to_ask(**deed.on_it)


def _employer_starts(deed: Deed) -> None:
    employer.start(**deed.on_it, requested_by=deed.values["requested_by"])


def _employer_ends(deed: Deed) -> None:
    refused_by = deed.values.get("refused_by", "")
    employer.end(**deed.on_it, decision=deed.values["decision"], refused_by=refused_by)


# --- training, partners, adapted work


def _propose_training(deed: Deed) -> None:
    by = deed.values.get("proposed_by", "insured")
    training.propose(**deed.on_it, proposed_by=by, what=deed.words(TRAININGS))


def _advise(deed: Deed) -> None:
    favorable = deed.values["favorable"]
    training.advise(
        **deed.on_it,
        subject=deed.row(TrainingProject, "advise"),
        favorable=favorable,
        medical="" if favorable else deed.note,
        insured="" if favorable else deed.words(NOTES["permission_refused"]),
    )


def _submit(deed: Deed) -> None:
    training.submit(**deed.on_it, subject=deed.row(TrainingProject, "submit"))


def _review_training(deed: Deed) -> None:
    subject = deed.row(TrainingProject, "review")
    training.review(**deed.on_it, subject=subject, favorable=deed.values["favorable"])


def _decide_training(deed: Deed) -> None:
    values = deed.values
    approved = values["approved"]
    training.decide(
        **deed.on_it,
        subject=deed.row(TrainingProject, "decide"),
        approved=approved,
        first_day=values.get("from") if approved else None,
        last_day=values.get("to") if approved else None,
    )


def _complete(deed: Deed) -> None:
    subject = deed.row(TrainingProject, "complete")
    training.complete(**deed.on_it, subject=subject, success=deed.values["success"])


def _break_off(deed: Deed) -> None:
    training.break_off(**deed.on_it, subject=deed.row(TrainingProject, "break_off"), reason=deed.note)


def _draw_up_form(deed: Deed) -> None:
    partner.draw_up(**deed.on_it, service=deed.values["service"], form=deed.note)


def _send_form(deed: Deed) -> None:
    partner.send(**deed.on_it, subject=deed.row(PartnerReferral, "send"))


def _partner_answers(deed: Deed) -> None:
    subject = deed.row(PartnerReferral, "answer")
    partner.answer(**deed.on_it, subject=subject, accepted=deed.values["accepted"])


def _partner_ends(deed: Deed) -> None:
    partner.end(**deed.on_it, subject=deed.row(PartnerReferral, "end"))


def _plan_work(deed: Deed) -> None:
    adapted_work.plan(**deed.on_it, starts_on=deed.values["starts_on"])


def _declare_work(deed: Deed) -> None:
    adapted_work.declare(**deed.on_it, subject=deed.row(AdaptedWork, "declare"))


def _permit_work(deed: Deed) -> None:
    values = deed.values
    adapted_work.permit(
        **deed.on_it,
        subject=deed.row(AdaptedWork, "permit"),
        first_day=values["from"],
        hours=values.get("hours"),
    )


def _refuse_work(deed: Deed) -> None:
    told = deed.words(NOTES["permission_refused"])
    subject = deed.row(AdaptedWork, "refuse")
    adapted_work.refuse(**deed.on_it, subject=subject, medical=deed.note, insured=told)


def _end_work(deed: Deed) -> None:
    adapted_work.end(**deed.on_it, subject=deed.row(AdaptedWork, "end"))


def _cancel_work(deed: Deed) -> None:
    adapted_work.cancel(**deed.on_it, subject=deed.row(AdaptedWork, "cancel"))


# --- absence


def _send_letter(deed: Deed) -> None:
    absence.send_letter(**deed.on_it, subject=deed.subject, proof=deed.values["proof"])


def _propose_reduction(deed: Deed) -> None:
    absence.propose(**deed.on_it, subject=deed.subject)


def _confirm_reduction(deed: Deed) -> None:
    absence.confirm(**deed.on_it, subject=deed.subject)


def _refuse_reduction(deed: Deed) -> None:
    absence.refuse(**deed.on_it, subject=deed.subject, note=deed.note)


def _ask_new_date(deed: Deed) -> None:
    absence.ask_new_date(**deed.on_it, subject=deed.subject)


def _withdraw_absence(deed: Deed) -> None:
    absence.withdraw(**deed.on_it, subject=deed.subject, note=deed.note)


DONE_BY: dict[str, Callable[[Deed], None]] = {
    "traject_evaluated": _evaluate,
    "traject_ended": _end,
    "reintegration_started": _start_formal_part,
    "traject_suspended": _suspend,
    "traject_resumed": _resume,
    "plan_evaluated": _evaluate_plan,
    "reintegration_ended": _end_formal_part,
    "declaration_drawn_up": _draw_up,
    "declaration_signed": signing.sign,
    "declaration_refused": _refuse_to_sign,
    "declaration_voided": _void_declaration,
    "plan_meeting_held": _meet_for_plan,
    "plan_agreed": _agree,
    "plan_reviewed": _review,
    "action_taken": _act,
    "consultation_held": _consult,
    "occupational_referral_proposed": _propose_referral,
    "occupational_referral_made": _refer,
    "pre_return_visit_held": _visit,
    "employer_traject_declined": _not_asked,
    "employer_traject_started": _employer_starts,
    "employer_traject_ended": _employer_ends,
    "training_proposed": _propose_training,
    "training_advised": _advise,
    "training_submitted": _submit,
    "training_reviewed": _review_training,
    "training_decided": _decide_training,
    "training_completed": _complete,
    "training_broken_off": _break_off,
    "partner_form_drawn_up": _draw_up_form,
    "partner_form_sent": _send_form,
    "partner_answered": _partner_answers,
    "partner_ended": _partner_ends,
    "adapted_work_planned": _plan_work,
    "adapted_work_declared": _declare_work,
    "adapted_work_permitted": _permit_work,
    "adapted_work_refused": _refuse_work,
    "adapted_work_ended": _end_work,
    "adapted_work_cancelled": _cancel_work,
    "registered_letter_sent": _send_letter,
    "reduction_proposed": _propose_reduction,
    "reduction_confirmed": _confirm_reduction,
    "reduction_refused": _refuse_reduction,
    "new_date_asked": _ask_new_date,
    "absence_withdrawn": _withdraw_absence,
}
