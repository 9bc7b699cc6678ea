"""The interview for the plan, its reviews, and its actions that are done; the plan itself is written on its own page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.law.calendar import act_by, add_months
from dossiers.law.kinds import ACTIONS
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion
from tnw.web.acts.appointments import place_of_last
from tnw.web.acts.contacts import fit_party, held_beforehand, party
from tnw.web.acts.fields import CASE_READS, OnForm, choice, form_of_contact, text
from tnw.web.fields import day, hour
from trajects.fact_words import CODES
from trajects.models import Appointment, PlanDraft
from trajects.models.appointment import Form, Purpose
from trajects.plans import Action, Contents, Interview, missing
from trajects.policies import contacts as contacts_policies
from trajects.policies import plan as policies
from trajects.proposals import like_last
from trajects.reading import last_appointment, planned
from trajects.services import plan as services
from trajects.versions import in_force, versions_of

NOTHING_WRITTEN = Verdict(False, _("nothing is written as a draft: write it on the page of the plan first"))
NOT_COMPLETE = Verdict(False, _("the draft is not complete yet"))
DONE = Verdict(False, _("done already"))
REVIEW_MONTHS = 3


class MeetingForm(OnForm):
    """How the interview for the plan went."""

    elsewhere = {"form": "how"}
    how = form_of_contact()
    party = party()
    report = text(_("Report"), required=True, hint=CASE_READS)
    outcome = text(_("Outcome"), rows=2, hint=_("What was agreed, in a sentence."))

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        one = occasion.appointment
        return {**held_beforehand(occasion), "party": one.party if one else ""}

    def fit(self, occasion: Occasion) -> None:
        fit_party(self, occasion)


class ReviewForm(OnForm):
    """What was done, what was found, with an interview or without; and when it is looked at again."""

    elsewhere = {"form": "how", "next": "next_day"}
    done = text(_("What was done"), required=True, hint=CASE_READS)
    found = text(_("What was found"), required=True)
    interview = choice(
        _("Was there an interview with the insured person?"),
        [("no", _("No: reviewed through the dossier")), ("yes", _("Yes"))],
    )
    planned = forms.ChoiceField(label=_("Which appointment it was"), required=False)
    how = forms.ChoiceField(
        label=_("Form of the interview"),
        required=False,
        choices=[("", pgettext_lazy("interview", "none")), *Form.choices],
    )
    changes = choice(
        _("Does the plan change?"),
        [
            ("no", _("No: it stays as it is")),
            ("yes", _("Yes: what is written as the draft is agreed as well")),
        ],
    )
    next_day = day(_("Next follow-up interview"), required=False)
    next_time = hour()
    next_how = forms.ChoiceField(
        label=_("Form of the next interview"),
        required=False,
        choices=[("", pgettext_lazy("interview", "none")), *Form.choices],
    )
    next_place = forms.CharField(label=_("Place of the next interview"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_time"].required = False

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        past = _past_interviews(occasion)
        told = {"on": occasion.on, "changes": "no", **_next_beforehand(occasion)}
        if past:
            told |= {"planned": past[-1].subject, "how": past[-1].form, "interview": "yes"}
        return told

    def fit(self, occasion: Occasion) -> None:
        past = [
            (one.subject, formats.date_format(_at(one), "d/m/Y H:i")) for one in _past_interviews(occasion)
        ]
        self.offer("planned", [("", _("none: it was held without an appointment")), *past])
        draft = services.draft_of(occasion.actor, occasion.dossier)
        self.draft: PlanDraft | None = draft
        may = policies.may_agree(occasion.actor, occasion.dossier, occasion.on)
        if may and draft is None:
            may = NOTHING_WRITTEN
        elif may and draft and missing(Contents.of(draft.contents)):
            may = NOT_COMPLETE
        self.close("changes", {"yes": may})
        self.fields["next_day"].help_text = _(
            "Proposed as the last one was. Leave it empty where one is planned already, or where the plan changes."
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("interview") == "yes" and not told.get("how"):
            self.add_error("how", ValidationError(_("Say how the interview was held.")))
        parts = [told.get("next_day"), told.get("next_time"), told.get("next_how")]
        if told.get("next_day") and not all(parts):
            self.add_error("next_day", ValidationError(_("Give its day, its time and its form.")))
        return told


def _at(one: Appointment) -> datetime:
    return one.at.astimezone(clock.BRUSSELS)


def _past_interviews(occasion: Occasion) -> list[Appointment]:
    """The follow-up interviews of which the outcome waits, the latest last."""
    return [one for one in planned(occasion.dossier, Purpose.FOLLOW_UP) if one.on <= occasion.today]


def _next_beforehand(occasion: Occasion) -> dict[str, Any]:
    """Nothing where one is planned; else in three months, as the last one was."""
    if any(one.on > occasion.today for one in planned(occasion.dossier, Purpose.FOLLOW_UP)):
        return {}
    following = next_interview(occasion)
    return {
        "next_day": following.on,
        "next_time": following.at,
        "next_how": following.form,
        "next_place": following.place,
    }


def next_interview(occasion: Occasion) -> Interview:
    """The next interview as it could be: by the date of the next review, on the weekday and at the hour of the last."""
    place = place_of_last(occasion, Purpose.FOLLOW_UP) or place_of_last(occasion, Purpose.PLAN_MEETING)
    last = last_appointment(occasion.dossier, Purpose.FOLLOW_UP) or last_appointment(
        occasion.dossier, Purpose.PLAN_MEETING
    )
    by = act_by(add_months(occasion.today, REVIEW_MONTHS))
    if last is None:
        return Interview(by, None, "", place)
    at = like_last(_at(last), by)
    return Interview(at.date(), at.time(), last.form, place)


class DoneForm(OnForm):
    """Which action of the plan is done."""

    elsewhere = {"plan_action": "action"}
    action = choice(_("Which action is done"), [])
    kind = choice(_("What was it"), [(code, CODES["kind"][code]) for code in ACTIONS])
    note = text(_("Note"), rows=3, hint=CASE_READS)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"on": occasion.on, "kind": "other"}

    def fit(self, occasion: Occasion) -> None:
        actions = list(_actions(occasion))
        self.offer("action", ((one.id, _in_words(one)) for one in actions))
        self.close("action", {one.id: DONE for one in actions if one.done})


def _in_words(action: Action) -> str:
    due = formats.date_format(action.due, "d/m/Y") if action.due else "–"
    return f"{action.text} ({action.who}, {due})"


def _actions(occasion: Occasion) -> Iterator[Action]:
    version = in_force(
        versions_of(occasion.actor, occasion.dossier), policies.plan_in_force(occasion.dossier)
    )
    return iter(version.contents.actions if version and version.contents else ())


def _review(occasion: Occasion, told: Data, seen: int) -> object:
    with_interview = told["interview"] == "yes"
    draft = services.draft_of(occasion.actor, occasion.dossier) if told["changes"] == "yes" else None
    following = None
    if told["next_day"]:
        following = Interview(told["next_day"], told["next_time"], told["next_how"], told["next_place"])
    return services.review(
        **occasion.who,
        on=told["on"],
        done=told["done"],
        found=told["found"],
        with_interview=with_interview,
        form=told["how"] if with_interview else "",
        subject=told["planned"] if with_interview else "",
        changes=Contents.of(draft.contents) if draft else None,
        revision=draft.revision if draft else None,
        following=following,
        seen=seen,
    )


def _may_hold(occasion: Occasion) -> Any:
    may = policies.may_hold_meeting(occasion.actor, occasion.dossier, occasion.on)
    if may and occasion.appointment:
        return contacts_policies.may_tell_outcome(
            occasion.actor, occasion.dossier, occasion.appointment, occasion.on
        )
    return may


ACTS: tuple[Act, ...] = (
    Act(
        slug="hold-meeting",
        title=lambda occasion: _("Record the interview for the plan"),
        hint=_("In it the plan is drawn up with the insured person; a second interview may be needed."),
        button=_("Record the interview"),
        told=_("The interview for the plan is recorded."),
        form=MeetingForm,
        may=_may_hold,
        do=lambda occasion, told, seen: services.hold_meeting(
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
        purposes=(Purpose.PLAN_MEETING,),
    ),
    Act(
        slug="review-plan",
        title=lambda occasion: _("Review the plan"),
        hint=_(
            "Every three months, together with the insured person: what was done, what was found, what changes."
        ),
        button=_("Record the review"),
        told=_("The review is recorded."),
        form=ReviewForm,
        may=lambda occasion: policies.may_review(occasion.actor, occasion.dossier, occasion.on),
        do=_review,
    ),
    Act(
        slug="plan-action",
        title=lambda occasion: _("Record an action of the plan as done"),
        hint=_("Of the plan in force. It stands as done there, and in a next version too."),
        button=_("Record as done"),
        told=_("The action is recorded as done."),
        form=DoneForm,
        may=lambda occasion: policies.may_mark_done(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.mark_action_done(
            **occasion.who,
            on=told["on"],
            plan_action=told["action"],
            kind=told["kind"],
            note=told["note"],
            seen=seen,
        ),
    ),
)
