"""Appointments: made, moved and cancelled; who calls for an examination does it here too."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.documents.kinds import kind_of
from dossiers.documents.policies import may_write
from dossiers.law.facts import corrected
from dossiers.reading import entries_of, facts_of
from routing.policies.first_contact import may_plan as may_plan_first_contact
from routing.services.first_contact import plan_first_contact
from tnw.accounts.models import MEDICAL, Role
from tnw.accounts.policies import in_role
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web import tidings
from tnw.web.acts import mailing, minding
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.contacts import appointment_named, fit_party, party
from tnw.web.acts.fields import (
    ActForm,
    MomentForm,
    choice,
    form_of_contact,
    text,
)
from tnw.web.agenda.choosing import act_address, moment
from tnw.web.fields import day, hour
from trajects.models import Appointment, Proposal
from trajects.models.appointment import Form, Purpose
from trajects.policies import contacts as policies
from trajects.policies.plan import may_hold_meeting
from trajects.proposals import awaited, proposed_for
from trajects.reading import last_appointment, number_to_call, place_of, planned
from trajects.services import contacts as services

PURPOSES = (
    Purpose.FIRST_CONTACT,
    Purpose.FOLLOW_UP,
    Purpose.PLAN_MEETING,
    Purpose.MEDICAL_EXAMINATION,
    Purpose.OTHER,
)


WHERE = _("An address or a room; by phone the number to call, where it is not that of the insured person.")
CALLED = _(
    "By phone a number is called: fill in a number, or nothing where it is that of the insured person."
)
PLANNED: dict[str, Word] = {
    Purpose.FIRST_CONTACT: _("Plan the first contact"),
    Purpose.FOLLOW_UP: _("Plan a follow-up interview"),
    Purpose.PLAN_MEETING: _("Plan the interview for the plan"),
    Purpose.MEDICAL_EXAMINATION: _("Call for a medical examination"),
}


class PlacedForm(MomentForm):
    """A moment and where, or on which number: by phone an address that stood there beforehand is left out."""

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        place = told.get("place", "")
        if told.get("how") == Form.PHONE and place and not number_to_call(place):
            if place != self.initial.get("place"):
                self.add_error("place", str(CALLED))
            told["place"] = ""
        return told


class PlanForm(PlacedForm):
    """What for, when, how, where, and who else is there."""

    purpose = choice(_("Purpose"), [(one.value, one.label) for one in PURPOSES])
    day = day()
    time = hour()
    how = form_of_contact()
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=WHERE,
    )
    party = party()
    mail = mailing.field()

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """What is proposed for this contact; a moment chosen in the agenda goes before."""
        proposed = proposed_for(occasion.dossier, occasion.subject, occasion.today)
        chosen = moment(occasion.given)
        if proposed is None:
            return {"purpose": occasion.subject, **chosen}
        reviewing = occasion.subject == Purpose.FOLLOW_UP
        place = (place_of_last(occasion, Purpose.FOLLOW_UP) if reviewing else "") or proposed.place
        when = _when(proposed) | chosen
        return {"purpose": occasion.subject, **when, "how": proposed.form, "place": place}

    def fit(self, occasion: Occasion) -> None:
        fit_party(self, occasion)
        mailing.fit(self, occasion)
        chosen = moment(occasion.given)
        if "day" in self.initial and not chosen and not self.is_bound:  # of another day it would not be true
            self.fields["day"].help_text = _(
                "Proposed: this moment is free, and in time where that is possible."
            )
            if self.initial.get("how") == Form.PHONE and occasion.subject == Purpose.FIRST_CONTACT:
                self.fields["how"].help_text = _("Proposed by phone: a letter would come too late.")
        may: dict[str, Verdict] = {}
        if not in_role(occasion.actor, Role.COORDINATOR):
            may = dict.fromkeys(PURPOSES, Verdict(False, _("planned by the coordinator")))
        examines = Verdict(bool(in_role(occasion.actor, *MEDICAL)), _("called for by the advisory doctor"))
        may[Purpose.MEDICAL_EXAMINATION] = examines
        for one, policy in (
            (Purpose.FIRST_CONTACT, may_plan_first_contact),
            (Purpose.PLAN_MEETING, may_hold_meeting),
        ):
            may.setdefault(one, policy(occasion.actor, occasion.dossier, occasion.on))
        self.close("purpose", may)


class MoveForm(PlacedForm):
    """Another moment, form or place."""

    day = day()
    time = hour()
    how = form_of_contact()
    place = forms.CharField(label=_("Place"), required=False, max_length=200, help_text=WHERE)
    reason = forms.CharField(
        label=_("Why it moves"), required=False, max_length=200, help_text=_("Stays in the dossier.")
    )
    mail = mailing.field()

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        if (one := occasion.appointment) is None:
            return {}
        return {
            **_when(one),
            **moment(occasion.given),
            "how": one.form,
            "place": place_of(occasion.actor, occasion.dossier, one.subject),
            "mail": mailing.invited(occasion),
        }

    def fit(self, occasion: Occasion) -> None:
        mailing.fit(self, occasion)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if self.initial.get("place") and not told.get("place"):
            told["place"] = None  # taken away
        if one := self.occasion.appointment:
            told["former"] = undo(self.occasion, one)
        return told


def undo(occasion: Occasion, one: Appointment) -> str:
    """The form that moves it back to where it is now."""
    back = occasion.given.get("next", "") or reverse("agenda")
    return act_address(
        occasion.dossier.public_id, "move", one.subject, back, one.at.astimezone(clock.BRUSSELS)
    )


def _moved(occasion: Occasion, told: Data, _result: object) -> Word:
    """That it moved, with the way back; and that the insured knows it otherwise, with the letter."""
    said = format_html(
        '{} <a href="{}">{}</a>', _("The appointment is moved."), told["former"], _("Move it back")
    )
    return tidings.with_letter(said, occasion)


def _cancelled(occasion: Occasion, _told: Data, _result: object) -> Word:
    return tidings.with_letter(_("The appointment is cancelled."), occasion)


def place_of_last(occasion: Occasion, purpose: str) -> str:
    """Where the last contact of this purpose took place, or was to."""
    last = last_appointment(occasion.dossier, purpose)
    return place_of(occasion.actor, occasion.dossier, last.subject) if last else ""


def _when(one: Appointment | Proposal) -> dict[str, Any]:
    """A moment as the form asks for it."""
    return {"day": one.on, "time": one.at.astimezone(clock.BRUSSELS).time()}


class CancelForm(ActForm):
    """What is to be remembered of it, if anything."""

    note = text(_("Note"), rows=3)
    mail = mailing.field()

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"mail": mailing.invited(occasion)}

    def fit(self, occasion: Occasion) -> None:
        mailing.fit(self, occasion, needs_invitation=True)


def _too_late(occasion: Occasion) -> Word:
    """Of a proposal that was opened after the contact was planned, held or given up: what became of it."""
    if not occasion.given.get("proposed"):
        return ""
    if there := planned(occasion.dossier, occasion.subject):
        when = formats.date_format(there[0].at.astimezone(clock.BRUSSELS), "d/m/Y H:i")
        return gettext("This proposal has fallen away: the contact is planned for %(when)s.") % {"when": when}
    if awaited(occasion.dossier, occasion.subject, occasion.today):
        return ""
    kind = "first_contact_held" if occasion.subject == Purpose.FIRST_CONTACT else "contact_held"
    facts = corrected(facts_of(entries_of(occasion.actor, occasion.dossier)))
    if held := max((fact.on for fact in facts if fact.kind == kind), default=None):
        day = formats.date_format(held, "d/m/Y")
        return gettext("This proposal has fallen away: the contact was held on %(day)s.") % {"day": day}
    return gettext("This proposal has fallen away: the contact is not waited for any more.")


def _may_plan(occasion: Occasion) -> Verdict:
    purpose = occasion.subject
    if purpose == Purpose.FIRST_CONTACT:
        return may_plan_first_contact(occasion.actor, occasion.dossier, occasion.on)
    if purpose not in PURPOSES:
        examiner = in_role(occasion.actor, *MEDICAL) and not in_role(occasion.actor, Role.COORDINATOR)
        purpose = Purpose.MEDICAL_EXAMINATION if examiner else Purpose.OTHER
    return policies.may_contact(occasion.actor, occasion.dossier, occasion.on, purpose)


def _plan(occasion: Occasion, told: Data, seen: int) -> str:
    given = {
        "at": told["at"],
        "place": told["place"],
        "form": told["how"],
        "party": told["party"],
        "mail": told["mail"],
        "on": occasion.today,
        "seen": seen,
    }
    if told["purpose"] == Purpose.FIRST_CONTACT:
        return plan_first_contact(**occasion.who, **given)
    return services.plan(**occasion.who, purpose=told["purpose"], **given)


def _planned(occasion: Occasion, told: Data, subject: object) -> Word:
    """Whether the insured knows of it; where not, the way to the invitation."""
    if told["mail"]:
        return _("The appointment is planned. The insured person is invited by e-mail.")
    said = _("The appointment is planned. The insured person knows nothing of it yet.")
    if not may_write(occasion.actor, occasion.dossier, kind_of("invitation"), occasion.today):
        return said
    address = reverse("dossier_letter_write", args=[occasion.dossier.public_id, "invitation"])
    return format_html('{} <a href="{}?subject={}">{}</a>', said, address, subject, _("Write the invitation"))


def _may_change(occasion: Occasion) -> Verdict:
    return policies.may_change(occasion.actor, occasion.dossier, appointment_named(occasion), occasion.on)


def _move(occasion: Occasion, told: Data, seen: int) -> object:
    return services.move(
        **occasion.who,
        on=occasion.today,
        subject=occasion.subject,
        at=told["at"],
        form=told["how"],
        place=told["place"],
        reason=told["reason"],
        mail=told["mail"],
        seen=seen,
    )


ACTS = (
    Act(
        slug="plan",
        title=lambda occasion: PLANNED.get(occasion.subject, _("Plan a contact")),
        hint=_(
            "The insured person hears of it by e-mail where you tick that below, and otherwise only by the invitation "
            "that you write afterwards. An appointment moves no deadline: holding it meets one."
        ),
        button=_("Plan"),
        told=_("The appointment is planned."),
        told_of=_planned,
        form=PlanForm,
        may=_may_plan,
        do=_plan,
        looks_ahead=True,
        warns=lambda occasion, told: minding.of(occasion, told, told["purpose"]),
        instead=lambda occasion: minding.in_agenda(occasion),
        too_late=_too_late,
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
        told_of=_moved,
        warns=lambda occasion, told: minding.of(occasion, told, appointment_named(occasion).purpose),
        instead=lambda occasion: minding.in_agenda(occasion),
    ),
    Act(
        slug="cancel",
        title=lambda occasion: _("Cancel the appointment"),
        hint=_("It will not take place. No deadline moves with it."),
        button=_("Cancel the appointment"),
        told=_("The appointment is cancelled."),
        form=CancelForm,
        may=_may_change,
        do=lambda occasion, told, seen: services.cancel(
            **occasion.who,
            on=occasion.today,
            subject=occasion.subject,
            note=told["note"],
            mail=told["mail"],
            seen=seen,
        ),
        names="appointment",
        looks_ahead=True,
        told_of=_cancelled,
    ),
)
