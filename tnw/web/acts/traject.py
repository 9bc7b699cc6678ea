"""The traject as pages: looking back on it, ending it with a result, stopping it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.law.kinds import RESULTS
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Occasion
from tnw.web.acts.fields import OnForm, choice, text
from trajects.fact_words import CODES
from trajects.policies import traject as policies
from trajects.policies.results import INCAPACITY_ENDED, result_fits
from trajects.services import traject as services

FALLS_AWAY = _(
    "What is open in it falls away, and the contacts that are planned for it are cancelled; what the occupational "
    "physician or RIZIV has before it goes on, and so does adapted work."
)


class EvaluateForm(OnForm):
    """What it brought."""

    evaluation = text(
        _("Evaluation"),
        required=True,
        hint=_(
            "What was done, what came of it, what remains. Looked back on together with the insured person."
        ),
    )


class ResultForm(OnForm):
    """With which result, and what came of the plan where one is carried out (Z8)."""

    result = choice(_("Result"), [(code, CODES["result"][code]) for code in RESULTS])
    evaluation = text(_("Evaluation of the plan"), hint=_("The plan is evaluated before it ends."))
    note = text(
        _("Note"),
        rows=3,
        hint=_(
            "Read by the coordinator, the doctor, the medical team and the team lead; where it is medically not "
            "possible, by the advisory doctors and the medical team only."
        ),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """Where the incapacity ended otherwise than by a resumption, that is the result."""
        incapacity = occasion.dossier.incapacity
        over = incapacity.end is not None and incapacity.end < occasion.today
        otherwise = over and incapacity.end_reason not in ("", "resumed")
        return {"on": occasion.on, "result": INCAPACITY_ENDED if otherwise else None}

    def fit(self, occasion: Occasion) -> None:
        facts = acts.happened(occasion.dossier)
        fits = {code: result_fits(occasion.dossier, facts, code, occasion.on) for code in RESULTS}
        self.close("result", fits)
        if not policies.plan_to_evaluate(occasion.dossier):
            del self.fields["evaluation"]


class StopForm(OnForm):
    """When, and what was said."""

    note = text(
        _("Note"),
        rows=3,
        hint=_("A reason is not needed. No medical details: those are for the advisory doctor."),
    )


def _may_end(occasion: Occasion) -> Verdict:
    return policies.may_end(occasion.actor, occasion.dossier, occasion.on)


ACTS = (
    Act(
        slug="evaluate-traject",
        title=lambda occasion: _("Evaluate the traject"),
        hint=_("Looked back on together with the insured person, before it ends."),
        button=_("Record the evaluation"),
        told=_("The traject is evaluated."),
        form=EvaluateForm,
        may=lambda occasion: policies.may_evaluate(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.evaluate(
            **occasion.who, on=told["on"], evaluation=told["evaluation"], seen=seen
        ),
    ),
    Act(
        slug="end-traject",
        title=lambda occasion: _("End the traject with its result"),
        hint=FALLS_AWAY,
        button=_("End the traject"),
        told=_("The traject is ended."),
        form=ResultForm,
        may=_may_end,
        do=lambda occasion, told, seen: services.end(
            **occasion.who,
            on=told["on"],
            result=told["result"],
            evaluation=told.get("evaluation", ""),
            note=told["note"],
            seen=seen,
        ),
    ),
    Act(
        slug="stop-traject",
        title=lambda occasion: _("The insured person stops the traject"),
        hint=_(
            "The traject is voluntary: the insured person can stop it at any moment. What is open in it falls away, "
            "and the contacts that are planned for it are cancelled; what the occupational physician or RIZIV has "
            "before it goes on, and so does adapted work."
        ),
        button=_("Stop the traject"),
        told=_("The traject is stopped."),
        form=StopForm,
        may=lambda occasion: policies.may_stop(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.stop(
            **occasion.who, on=told["on"], note=told["note"], seen=seen
        ),
    ),
)
