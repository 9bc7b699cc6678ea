"""Contacts and the first step: what came of an appointment, and what was held without one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.law.kinds import PARTIES
from tnw.core.policies import YES, Verdict
from tnw.web.acts.act import Act, Data, Occasion
from tnw.web.acts.fields import (
    CASE_READS,
    FOR_THE_DOCTOR,
    ActForm,
    OnForm,
    choice,
    form_of_contact,
    text,
)
from trajects.fact_words import CODES
from trajects.models import Appointment
from trajects.models.appointment import Purpose
from trajects.models.traject import FirstStep
from trajects.policies import contacts as policies
from trajects.policies.sharing import may_share
from trajects.services import contacts as services
from trajects.services import traject


def party() -> forms.ChoiceField:
    """Who else is there, besides the insured."""
    return forms.ChoiceField(label=_("Who else is there"), required=False, initial="")


def fit_party(form: ActForm, occasion: Occasion) -> None:
    """Only those with whom the insured consents to share (Z5)."""
    may = [code for code in PARTIES if may_share(occasion.dossier, code)]
    nobody = ("", pgettext_lazy("party", "nobody else"))
    form.offer("party", [nobody, *((code, CODES["party"][code]) for code in may)])
    form.fields["party"].help_text = _(
        "Only who is named in a consent of the insured person stands here; a new one is recorded under Consents."
    )


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

    note = text(_("Reason"), rows=3, hint=FOR_THE_DOCTOR)


class HoldForm(OnForm):
    """How it went."""

    how = form_of_contact()
    party = party()
    report = text(
        _("Report"),
        required=True,
        hint=CASE_READS,
    )
    outcome = text(_("Outcome"), rows=2, hint=_("What was agreed, in a sentence."))

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        one = occasion.appointment
        return {**held_beforehand(occasion), "party": one.party if one else ""}

    def fit(self, occasion: Occasion) -> None:
        fit_party(self, occasion)


def held_beforehand(occasion: Occasion) -> dict[str, Any]:
    """A contact that was planned was held on its day and in its form, unless somebody says otherwise."""
    one = occasion.appointment
    return {"on": min(one.on, occasion.on), "how": one.form} if one else {"on": occasion.on}


def its_day_has_come(occasion: Occasion) -> Verdict:
    """Whether the outcome of what the address names can be told; without an appointment nothing is waited for."""
    if occasion.appointment is None:
        return YES
    return policies.may_tell_outcome(occasion.actor, occasion.dossier, occasion.appointment, occasion.on)


class FirstStepForm(OnForm):
    """Another first step; those that are not possible say why."""

    elsewhere = {"first_step": "step"}
    step = choice(_("First step"), FirstStep.choices)

    def fit(self, occasion: Occasion) -> None:
        self.close("step", steps_that_fit(occasion))


def steps_that_fit(occasion: Occasion) -> dict[str, Verdict]:
    """Of each first step whether it is possible for this person, and why not (A7)."""
    return {one.value: policies.step_fits(occasion.dossier, one.value) for one in FirstStep}


def appointment_named(occasion: Occasion) -> Appointment:
    """That which the address names: an act that needs one is not reached without."""
    assert occasion.appointment is not None
    return occasion.appointment


def _may_tell_outcome(occasion: Occasion) -> Verdict:
    return policies.may_tell_outcome(
        occasion.actor, occasion.dossier, appointment_named(occasion), occasion.on
    )


def _may_hold(occasion: Occasion) -> Verdict:
    if occasion.appointment:
        return _may_tell_outcome(occasion)
    return policies.may_contact(occasion.actor, occasion.dossier, occasion.on, Purpose.FOLLOW_UP)


def _absence(occasion: Occasion, told: Data, seen: int) -> object:
    return services.record_absence(
        **occasion.who,
        # An absence is of the day of its appointment; of one that lies ahead there is none to record.
        on=min(appointment_named(occasion).on, occasion.today),
        subject=occasion.subject,
        excused=told["reason"] == "valid",
        note=told["note"],
        seen=seen,
    )


ACTS = (
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
            occasion.actor, occasion.dossier, appointment_named(occasion), occasion.on
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
            party=told["party"],
            outcome=told["outcome"],
            subject=occasion.subject,
            seen=seen,
        ),
        names="appointment",
        may_name=True,
        purposes=(Purpose.FOLLOW_UP, Purpose.PLAN_MEETING, Purpose.OTHER),
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
        do=lambda occasion, told, seen: traject.choose_first_step(
            **occasion.who, on=told["on"], step=told["step"], seen=seen
        ),
    ),
)
