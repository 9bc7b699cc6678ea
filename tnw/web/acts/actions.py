"""Recording what was done for the insured: a call, a letter, a meeting, a request for other data (A3)."""

from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import ACTIONS
from tnw.accounts.models import MEDICAL
from tnw.accounts.policies import in_role
from tnw.web.acts.act import Act, Occasion
from tnw.web.acts.fields import OnForm, choice, text
from trajects.fact_words import CODES
from trajects.policies import actions as policies
from trajects.services import actions as services


class ActionForm(OnForm):
    """When, how, and what was done."""

    elsewhere = {"text": "what"}
    kind = choice(_("What was it"), [(code, CODES["kind"][code]) for code in ACTIONS])
    what = text(
        _("What was done"),
        required=True,
        hint=_(
            "With whom a case is shared needs the consent of the insured person: record that as a consultation."
        ),
    )

    def fit(self, occasion: Occasion) -> None:
        if in_role(occasion.actor, *MEDICAL):
            self.fields["what"].help_text = _(
                "The coordinator and the team lead read this too: no medical details. Those belong in a medical note."
            )


ACTS = (
    Act(
        slug="record-action",
        title=lambda occasion: _("Record an action"),
        hint=_("What you did for the insured person besides a contact with him: calls, letters, meetings."),
        button=_("Record the action"),
        told=_("The action is recorded."),
        form=ActionForm,
        may=lambda occasion: policies.may_record_action(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.record_action(
            **occasion.who, on=told["on"], kind=told["kind"], text=told["what"], seen=seen
        ),
    ),
)
