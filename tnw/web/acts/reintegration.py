"""The formal part as pages: its start under a condition, its suspensions, its end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.law.kinds import SUSPENSIONS
from tnw.web.acts.act import Act, Occasion
from tnw.web.acts.fields import NoteForm, OnForm, choice, text
from tnw.web.acts.traject import ResultForm
from trajects.fact_words import CODES
from trajects.models.reintegration import Condition
from trajects.policies import reintegration as policies
from trajects.services import reintegration as services


class StartForm(OnForm):
    """Under which of the four conditions; what is recorded does not bear out, is closed and says why (Z1)."""

    condition = choice(_("Condition"), Condition.choices)
    agreed = forms.BooleanField(
        label=_("The insured person agrees that fitting actions are looked for"),
        error_messages={
            "required": _(
                "The insured person agrees that fitting actions are looked for: ask so, and confirm it."
            )
        },
    )
    note = text(_("Note"), rows=3)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """The one condition that holds, where there is one."""
        facts = acts.happened(occasion.dossier)
        self.fits = {
            str(one.value): policies.condition_fits(occasion.dossier, facts, one, occasion.on)
            for one in Condition
        }
        fitting = [condition for condition, may in self.fits.items() if may]
        return {"on": occasion.on, "condition": fitting[0] if len(fitting) == 1 else None}

    def fit(self, occasion: Occasion) -> None:
        self.close("condition", self.fits)


class SuspendForm(OnForm):
    """Why."""

    reason = choice(_("Reason"), [(code, CODES["reason"][code]) for code in SUSPENSIONS])
    note = text(
        _("Note"),
        rows=3,
        hint=_(
            "Read by the coordinator, the doctor, the medical team and the team lead; where illness is the reason, "
            "by the advisory doctors and the medical team only."
        ),
    )

    def fit(self, occasion: Occasion) -> None:
        self.close("reason", {code: policies.suspension_fits(occasion.dossier, code) for code in SUSPENSIONS})


class EvaluatePlanForm(OnForm):
    """What came of it."""

    evaluation = text(
        _("Evaluation of the plan"),
        required=True,
        hint=_(
            "What was done, what came of it, what remains. Looked back on together with the insured person."
        ),
    )


ACTS = (
    Act(
        slug="start-reintegration",
        title=lambda occasion: _("Start the reintegration traject"),
        hint=_(
            "The formal part: engagement declaration, plan and reviews. It starts under one of four conditions."
        ),
        button=_("Start the reintegration traject"),
        told=_("The reintegration traject is started."),
        form=StartForm,
        may=lambda occasion: policies.may_start(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.start(
            **occasion.who,
            on=told["on"],
            condition=int(told["condition"]),
            agreed=told["agreed"],
            note=told["note"],
            seen=seen,
        ),
        looks_ahead=True,
    ),
    Act(
        slug="suspend-reintegration",
        title=lambda occasion: _("Suspend the reintegration traject"),
        hint=_(
            "The interview and the review of the plan wait: their dates move by the days of the suspension."
        ),
        button=_("Suspend"),
        told=_("The reintegration traject is suspended."),
        form=SuspendForm,
        may=lambda occasion: policies.may_suspend(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.suspend(
            **occasion.who, on=told["on"], reason=told["reason"], note=told["note"], seen=seen
        ),
        looks_ahead=True,
    ),
    Act(
        slug="resume-reintegration",
        title=lambda occasion: _("Resume the reintegration traject"),
        hint=_("It goes on where it stood; what was still due moves by the days of the suspension."),
        button=_("Resume"),
        told=_("The reintegration traject goes on."),
        form=NoteForm,
        may=lambda occasion: policies.may_resume(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.resume(
            **occasion.who, on=told["on"], note=told["note"], seen=seen
        ),
        looks_ahead=True,
    ),
    Act(
        slug="evaluate-plan",
        title=lambda occasion: _("Evaluate the plan"),
        hint=_(
            "Once the plan is carried out; the reintegration traject or the traject then ends with its result."
        ),
        button=_("Record the evaluation"),
        told=_("The plan is evaluated."),
        form=EvaluatePlanForm,
        may=lambda occasion: policies.may_evaluate_plan(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.evaluate_plan(
            **occasion.who, on=told["on"], evaluation=told["evaluation"], seen=seen
        ),
    ),
    Act(
        slug="end-reintegration",
        title=lambda occasion: _("End the reintegration traject with its result"),
        hint=_(
            "What is due in it falls away. The return-to-work traject goes on, and another one can follow."
        ),
        button=_("End the reintegration traject"),
        told=_("The reintegration traject is ended."),
        form=ResultForm,
        may=lambda occasion: policies.may_end(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.end(
            **occasion.who,
            on=told["on"],
            result=told["result"],
            evaluation=told.get("evaluation", ""),
            note=told["note"],
            seen=seen,
        ),
    ),
)
