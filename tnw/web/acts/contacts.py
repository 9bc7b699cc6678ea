"""Appointments, contacts, consents and the first step: what the coordinator does, and who calls for an examination."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.law.kinds import CONSENTS, PARTIES
from routing.models import RouteAState
from routing.services import plan_first_contact
from tnw.accounts.models import MEDICAL, Role
from tnw.accounts.policies import in_role
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.fields import ActForm, MomentForm, OnForm, choice, form_of_contact, hour, text
from tnw.web.fact_words import CODES
from tnw.web.fields import day
from trajects import policies, services
from trajects.models import Appointment, Proposal
from trajects.models.appointment import Purpose
from trajects.models.traject import FirstStep
from trajects.proposals import proposal_of
from trajects.reading import place_of

PURPOSES = (Purpose.FIRST_CONTACT, Purpose.FOLLOW_UP, Purpose.MEDICAL_EXAMINATION, Purpose.OTHER)
NOT_WAITED_FOR = _("there is no referral that waits for its first contact")

PLANNED: dict[str, Word] = {
    Purpose.FIRST_CONTACT: _("Plan the first contact"),
    Purpose.FOLLOW_UP: _("Plan a follow-up interview"),
    Purpose.MEDICAL_EXAMINATION: _("Call for a medical examination"),
}


class PlanForm(MomentForm):
    """What for, when, how and where."""

    purpose = choice(_("Purpose"), [(one.value, one.label) for one in PURPOSES])
    day = day()
    time = hour()
    how = form_of_contact()
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=_("An address, a room or a number to call."),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """What a job proposed for this contact, where that still stands."""
        proposed = (
            proposal_of(occasion.dossier, occasion.subject, occasion.today) if occasion.subject else None
        )
        if proposed is None:
            return {"purpose": occasion.subject}
        return {"purpose": occasion.subject, **_when(proposed), "how": proposed.form, "place": proposed.place}

    def fit(self, occasion: Occasion) -> None:
        if "day" in self.initial and not self.is_bound:  # of another day it would not be true
            self.fields["day"].help_text = _(
                "Proposed: this moment is free, and in time where that is possible."
            )
        shut: dict[str, Word] = {}
        if not in_role(occasion.actor, Role.COORDINATOR):
            reason = _("planned by the coordinator")
            shut = {one: reason for one in PURPOSES if one != Purpose.MEDICAL_EXAMINATION}
        if not in_role(occasion.actor, *MEDICAL):
            shut[Purpose.MEDICAL_EXAMINATION] = _("called for by the advisory doctor")
        if occasion.dossier.route_a.state != RouteAState.REFERRED:
            shut.setdefault(Purpose.FIRST_CONTACT, NOT_WAITED_FOR)
        self.fields["purpose"].close(shut)  # type: ignore[attr-defined]  # a field of our own


class MoveForm(MomentForm):
    """Another moment, form or place."""

    day = day()
    time = hour()
    how = form_of_contact()
    place = forms.CharField(label=_("Place"), required=False, max_length=200)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        if (one := occasion.appointment) is None:
            return {}
        return {
            **_when(one),
            "how": one.form,
            "place": place_of(occasion.actor, occasion.dossier, one.subject),
        }


def _when(one: Appointment | Proposal) -> dict[str, Any]:
    """A moment as the form asks for it."""
    return {"day": one.on, "time": one.at.astimezone(clock.BRUSSELS).time()}


class NoteForm(ActForm):
    """What is to be remembered of it, if anything."""

    note = text(_("Note"), rows=3)


class AbsenceForm(ActForm):
    """Whether there was a valid reason."""

    reason = choice(
        _("Was there a valid reason?"),
        [
            ("none", _("No, or none is known yet")),
            ("valid", _("Yes: the absence is excused")),
        ],
    )
    note = text(
        _("Note"), rows=3, hint=_("What was said. No medical details: those are for the advisory doctor.")
    )


class ExcuseForm(OnForm):
    """When it was accepted, and why."""

    note = text(_("Reason"), rows=3, hint=_("No medical details: those are for the advisory doctor."))


class HoldForm(OnForm):
    """How it went."""

    how = form_of_contact()
    report = text(
        _("Report"),
        required=True,
        hint=_("Read by the coordinator, the doctor, the medical team and the team lead."),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return held_beforehand(occasion)


def held_beforehand(occasion: Occasion) -> dict[str, Any]:
    """A contact that was planned was held on its day and in its form, unless somebody says otherwise."""
    one = occasion.appointment
    return {"on": min(one.on, occasion.on), "how": one.form} if one else {"on": occasion.on}


class ConsentForm(OnForm):
    """For what, with whom, and what was answered."""

    purpose = choice(_("Consent for"), [(code, CODES["purpose"][code]) for code in CONSENTS])
    party = forms.ChoiceField(
        label=_("With whom"),
        required=False,
        choices=[
            ("", pgettext_lazy("party", "nobody in particular")),
            *((code, CODES["party"][code]) for code in PARTIES),
        ],
        help_text=_("Each party is asked for by itself."),
    )
    answer = choice(
        _("Answer"),
        [("given", _("given")), ("refused", _("refused")), ("withdrawn", _("withdrawn"))],
    )
    note = text(_("Note"), rows=3)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("purpose") == "consultation" and told.get("answer") == "given" and not told.get("party"):
            self.add_error("party", ValidationError(_("Say with whom: each party is asked for by itself.")))
        return told


class FirstStepForm(OnForm):
    """Another first step; those that are not possible say why."""

    elsewhere = {"first_step": "step"}
    step = choice(_("First step"), FirstStep.choices)

    def fit(self, occasion: Occasion) -> None:
        self.fields["step"].close(shut_steps(occasion))  # type: ignore[attr-defined]  # a field of our own


def shut_steps(occasion: Occasion) -> dict[str, Word]:
    """The first steps that are not possible for this person, and why (A7)."""
    verdicts = {one.value: policies.step_fits(occasion.dossier, one.value) for one in FirstStep}
    return {step: verdict.reason for step, verdict in verdicts.items() if not verdict}


def _may_plan(occasion: Occasion) -> Verdict:
    purpose = occasion.subject
    if purpose not in PURPOSES:
        examiner = in_role(occasion.actor, *MEDICAL) and not in_role(occasion.actor, Role.COORDINATOR)
        purpose = Purpose.MEDICAL_EXAMINATION if examiner else Purpose.OTHER
    return policies.may_contact(occasion.actor, occasion.dossier, occasion.on, purpose)


def _plan(occasion: Occasion, told: Data, seen: int) -> object:
    given = {
        "at": told["at"],
        "place": told["place"],
        "form": told["how"],
        "on": occasion.today,
        "seen": seen,
    }
    if told["purpose"] == Purpose.FIRST_CONTACT:
        return plan_first_contact(**occasion.who, **given)
    return services.plan(**occasion.who, purpose=told["purpose"], **given)


def _one(occasion: Occasion) -> Appointment:
    assert occasion.appointment is not None
    return occasion.appointment


def _may_change(occasion: Occasion) -> Verdict:
    return policies.may_change(occasion.actor, occasion.dossier, _one(occasion), occasion.on)


def _may_tell_outcome(occasion: Occasion) -> Verdict:
    return policies.may_tell_outcome(occasion.actor, occasion.dossier, _one(occasion), occasion.on)


def _may_hold(occasion: Occasion) -> Verdict:
    if occasion.appointment:
        return _may_tell_outcome(occasion)
    return policies.may_contact(occasion.actor, occasion.dossier, occasion.on, Purpose.FOLLOW_UP)


def _move(occasion: Occasion, told: Data, seen: int) -> object:
    return services.move(
        **occasion.who,
        on=occasion.today,
        subject=occasion.subject,
        at=told["at"],
        form=told["how"],
        place=told["place"],
        seen=seen,
    )


def _absence(occasion: Occasion, told: Data, seen: int) -> object:
    return services.record_absence(
        **occasion.who,
        # An absence is of the day of its appointment; of one that lies ahead there is none to record.
        on=min(_one(occasion).on, occasion.today),
        subject=occasion.subject,
        excused=told["reason"] == "valid",
        note=told["note"],
        seen=seen,
    )


ACTS = (
    Act(
        slug="plan",
        title=lambda occasion: PLANNED.get(occasion.subject, _("Plan a contact")),
        hint=_(
            "The insured person is invited for this moment. An appointment moves no deadline: holding it meets one."
        ),
        button=_("Plan"),
        told=_("The appointment is planned."),
        form=PlanForm,
        may=_may_plan,
        do=_plan,
        looks_ahead=True,
    ),
    Act(
        slug="move",
        title=lambda occasion: _("Move the appointment"),
        hint=_("No deadline moves with it."),
        button=_("Move"),
        told=_("The appointment is moved."),
        form=MoveForm,
        may=_may_change,
        do=_move,
        names="appointment",
        looks_ahead=True,
    ),
    Act(
        slug="cancel",
        title=lambda occasion: _("Cancel the appointment"),
        hint=_("It will not take place. No deadline moves with it."),
        button=_("Cancel the appointment"),
        told=_("The appointment is cancelled."),
        form=NoteForm,
        may=_may_change,
        do=lambda occasion, told, seen: services.cancel(
            **occasion.who, on=occasion.today, subject=occasion.subject, note=told["note"], seen=seen
        ),
        names="appointment",
        looks_ahead=True,
    ),
    Act(
        slug="absence",
        title=lambda occasion: _("Record an absence"),
        hint=_("The insured person did not come. A valid reason that is told later can still be recorded."),
        button=_("Record the absence"),
        told=_("The absence is recorded."),
        form=AbsenceForm,
        may=_may_tell_outcome,
        do=_absence,
        names="appointment",
    ),
    Act(
        slug="excuse",
        title=lambda occasion: _("Accept a reason for the absence"),
        hint=_("There was a valid reason after all: the absence then has no further consequence."),
        button=_("Excuse the absence"),
        told=_("The absence is excused."),
        form=ExcuseForm,
        may=lambda occasion: policies.may_excuse(
            occasion.actor, occasion.dossier, _one(occasion), occasion.on
        ),
        do=lambda occasion, told, seen: services.excuse(
            **occasion.who, on=told["on"], subject=occasion.subject, note=told["note"], seen=seen
        ),
        names="appointment",
    ),
    Act(
        slug="hold-contact",
        title=lambda occasion: _("Record a contact that was held"),
        hint=_("Any contact with the insured person besides the first one and the medical examination."),
        button=_("Record the contact"),
        told=_("The contact is recorded."),
        form=HoldForm,
        may=_may_hold,
        do=lambda occasion, told, seen: services.hold_contact(
            **occasion.who,
            on=told["on"],
            form=told["how"],
            report=told["report"],
            subject=occasion.subject,
            seen=seen,
        ),
        names="appointment",
        may_name=True,
        purposes=(Purpose.FOLLOW_UP, Purpose.PLAN_MEETING, Purpose.OTHER),
    ),
    Act(
        slug="consent",
        title=lambda occasion: _("Record a consent"),
        hint=_("What the insured person answered. A withdrawn consent ends the sharing from that day."),
        button=_("Record the consent"),
        told=_("The consent is recorded."),
        form=ConsentForm,
        may=lambda occasion: policies.may_record_consent(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.record_consent(
            **occasion.who,
            on=told["on"],
            answer=told["answer"],
            purpose=told["purpose"],
            party=told["party"],
            note=told["note"],
            seen=seen,
        ),
    ),
    Act(
        slug="first-step",
        title=lambda occasion: _("Change the first step"),
        hint=_("It may change while the traject runs."),
        button=_("Change the first step"),
        told=_("The first step is changed."),
        form=FirstStepForm,
        may=lambda occasion: policies.may_choose_step(
            occasion.actor, occasion.dossier, occasion.on, FirstStep.GUIDANCE
        ),
        do=lambda occasion, told, seen: services.choose_first_step(
            **occasion.who, on=told["on"], step=told["step"], seen=seen
        ),
    ),
)
