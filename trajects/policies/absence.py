"""Who may do what on an absence in route A (domain.md X1 to X3, section 8), and in which state."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.law import reductions
from dossiers.law.reductions import FIRST, LADDER, Span
from dossiers.models import Dispatch, DispatchState, Dossier, LedgerEntry
from dossiers.policies import may_record
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.core.policies import YES, Verdict
from trajects.models.absence import OVER, AbsenceProcedure, AbsenceState
from trajects.reading import letters_of, proposer_of

PROPOSERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR)
_DONE = Verdict(False, _("This is not the step of this absence now."))


def standing(dossier: Dossier) -> list[AbsenceProcedure]:
    """The unjustified absences that stand, the first first: excused or withdrawn ones do not count."""
    found = (one for one in dossier.absences.all() if one.state not in OVER)
    return sorted(found, key=lambda one: (one.absent_on, one.subject))


def ladder(dossier: Dossier) -> dict[str, str]:
    """The step of each absence that stands, by its subject: first, second, and again from the third on (X1)."""
    return {one.subject: reductions.step_of(number) for number, one in enumerate(standing(dossier), start=1)}


def is_told(dossier: Dossier, absence: AbsenceProcedure, step: str, kind: str) -> bool:
    """Whether a letter of this kind for this step waits or went: one that the post brought back is written anew."""
    ways = Dispatch.objects.filter(fund=dossier.fund_id, dossier=dossier, document__subject=absence.subject)
    last = ways.filter(document__kind=kind).exclude(state=DispatchState.WITHDRAWN).order_by("pk").last()
    if last is not None and last.state in (DispatchState.WAITING, DispatchState.RETURNED):
        return last.state == DispatchState.WAITING
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier)
    voided = list(entries.filter(kind="fact_voided").values_list("values__fact", flat=True))
    went = entries.filter(kind="registered_letter_sent", subject=absence.subject, values__step=step)
    return went.exclude(fact_id__in=voided).exists()


def percentage(dossier: Dossier, absence: AbsenceProcedure) -> Decimal | None:
    """By the day of the absence and the regime (X2); None where nothing can be reduced."""
    incapacity = dossier.incapacity
    return reductions.percentage(incapacity.regime, started_on=incapacity.start, absent_on=absence.absent_on)


def period(dossier: Dossier, absence: AbsenceProcedure) -> Span | None:
    """What this step reduces, by what is recorded now; None for the first, and for what does not stand."""
    step = ladder(dossier).get(absence.subject)
    if step is None:
        return None
    return reductions.period(
        step,
        absence.absent_on,
        asked_on=absence.asked_on,
        attended_on=absence.attended_on,
        last_day=dossier.incapacity.end,
    )


def may_send_letter(actor: Actor, dossier: Dossier, absence: AbsenceProcedure, on: date) -> Verdict:
    """Each step has its registered letter, and none goes out before those of the steps before it (X3)."""
    if not (verdict := may_record(actor, dossier, on, *PROPOSERS)):
        return verdict
    if not can_proceed(absence.send_letter):
        return _DONE
    return _letters_before(dossier, absence)


def may_propose(actor: Actor, dossier: Dossier, absence: AbsenceProcedure, on: date) -> Verdict:
    """From the second absence on, with the proof of this step's letter and of those of the steps before it (X3)."""
    if not (verdict := may_record(actor, dossier, on, *PROPOSERS)):
        return verdict
    if absence.state not in (AbsenceState.RECORDED, AbsenceState.WARNED):
        return _DONE
    if ladder(dossier)[absence.subject] == FIRST:
        return Verdict(False, _("After the first absence there is only the warning by registered letter."))
    if percentage(dossier, absence) is None:
        return Verdict(
            False, _("For an incapacity that began before 1 January 2023 the benefit is not reduced.")
        )
    return _letter_of(actor, dossier, absence) and _warned_before(dossier, absence)


def may_decide(actor: Actor, dossier: Dossier, absence: AbsenceProcedure, on: date) -> Verdict:
    """The team lead confirms a proposal or does not: a natural person, and another than who proposed it (X3)."""
    if actor.kind != ActorKind.USER:
        return Verdict(False, _("Only a person can decide on this."))
    if not (verdict := may_record(actor, dossier, on, Role.TEAM_LEAD)):
        return verdict
    if not can_proceed(absence.confirm):
        return Verdict(False, _("No reduction is proposed here."))
    if proposer_of(actor, dossier, absence.subject) == actor.pk:
        return Verdict(False, _("Another person than who proposed the reduction decides on it."))
    return YES


def may_confirm(actor: Actor, dossier: Dossier, absence: AbsenceProcedure, on: date) -> Verdict:
    """Only what still stands as it was proposed: an absence excused meanwhile renumbers those after it."""
    if not (verdict := may_decide(actor, dossier, absence, on)):
        return verdict
    if ladder(dossier)[absence.subject] == FIRST or percentage(dossier, absence) is None:
        return Verdict(False, _("Nothing can be reduced for this absence any more: refuse or withdraw it."))
    span = period(dossier, absence)
    if span is None or span.empty:
        return Verdict(False, _("There is no day to reduce: refuse it."))
    return _letter_of(actor, dossier, absence) and _warned_before(dossier, absence)


def may_ask_new_date(actor: Actor, dossier: Dossier, absence: AbsenceProcedure, on: date) -> Verdict:
    """The insured contacts the fund for a new date."""
    if not (verdict := may_record(actor, dossier, on, *PROPOSERS)):
        return verdict
    if not can_proceed(absence.ask_new_date):
        return Verdict(False, _("A new date was asked already, or this absence does not stand any more."))
    if absence.attended_on:
        return Verdict(False, _("The insured person has come since."))
    return YES


def may_withdraw(actor: Actor, dossier: Dossier, absence: AbsenceProcedure, on: date) -> Verdict:
    """Who proposes takes it back too; what is confirmed, the team lead."""
    confirmed = absence.state == AbsenceState.CONFIRMED
    roles = (Role.TEAM_LEAD,) if confirmed else (*PROPOSERS, Role.TEAM_LEAD)
    if not (verdict := may_record(actor, dossier, on, *roles)):
        return verdict
    return YES if absence.state not in OVER else _DONE


def _letters_before(dossier: Dossier, absence: AbsenceProcedure) -> Verdict:
    """X3: no step without proof of the registered letters before it."""
    for one in standing(dossier):
        if one.subject == absence.subject:
            break
        if not one.proof:
            return Verdict(
                False, _("The registered letter of an earlier absence is not proved: that comes first.")
            )
    return YES


def _warned_before(dossier: Dossier, absence: AbsenceProcedure) -> Verdict:
    """X1: each absence costs after the letter of the one before it alone; it left on an earlier day."""
    if not (verdict := _letters_before(dossier, absence)):
        return verdict
    for one, following in pairwise(standing(dossier)):
        if one.subject == absence.subject:
            break
        if one.letter_on is not None and one.letter_on >= following.absent_on:
            days = {"absent": one.absent_on, "sent": one.letter_on, "next": following.absent_on}
            return Verdict(
                False,
                gettext(
                    "The registered letter after the absence of %(absent)s went on %(sent)s, too late to warn before "
                    "the absence of %(next)s: withdraw that one, so that it does not count."
                )
                % {name: date_format(day, "d/m/Y") for name, day in days.items()},
            )
    return YES


def _letter_of(actor: Actor, dossier: Dossier, absence: AbsenceProcedure) -> Verdict:
    """The letter that was sent last for this absence said what this step is, or more."""
    if not absence.proof:
        return Verdict(False, _("The registered letter of this step is not proved: that comes first."))
    told = [step for step in letters_of(actor, dossier, absence.subject) if step in LADDER]
    step = ladder(dossier)[absence.subject]
    if told and LADDER.index(told[-1]) < LADDER.index(step):
        return Verdict(
            False, _("The registered letter told of an earlier step: a new one has to be sent first.")
        )
    return YES
