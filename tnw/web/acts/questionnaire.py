"""The acts of the questionnaire as pages: sending, waiving, helping. Answers have a page of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import WAIVERS
from routing.questionnaires import policies, sending
from tnw.accounts.models import LANGUAGES
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.fields import ActForm, OnForm, choice, text
from trajects.fact_words import CODES
from trajects.policies.employer import running

SENT_BY: list[tuple[str, Word]] = [
    ("post", _("by post: to print and post")),
    ("email", _("by e-mail")),
    ("in_person", _("handed over in person")),
]
REACHED_BY = ("phone", "in_person", "email", "post", "other")


class SendForm(ActForm):
    """How, and in which language; it goes today."""

    channel = choice(_("How"), SENT_BY)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        person = occasion.dossier.incapacity.person
        return {"language": person.language, "channel": "email" if person.email else "post"}

    def fit(self, occasion: Occasion) -> None:
        if not occasion.dossier.incapacity.person.email:
            self.close("channel", {"email": Verdict(False, sending.NO_ADDRESS)})


class WaiveForm(OnForm):
    """Why nothing is asked (A2)."""

    reason = choice(_("Reason"), [(code, CODES["reason"][code]) for code in WAIVERS])
    note = text(
        _("Note"),
        rows=3,
        hint=_(
            "Needed for a medical reason, and then read by the advisory doctors and the medical team only."
        ),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """A traject that runs at the employer is a reason by itself (A2)."""
        return {"on": occasion.on, "reason": "employer_traject" if running(occasion.dossier) else ""}

    def fit(self, occasion: Occasion) -> None:
        self.close("reason", {code: policies.may_waive_for(occasion.actor, code) for code in WAIVERS})


class SupportForm(OnForm):
    """How the insured was reached."""

    channel = choice(_("How"), [(code, CODES["channel"][code]) for code in REACHED_BY])
    note = text(_("Note"), rows=3, hint=_("Nothing about health: for that there are the health notes."))


def _send(occasion: Occasion, told: Data, seen: int) -> object:
    return sending.send(
        **occasion.who, on=occasion.today, channel=told["channel"], language=told["language"], seen=seen
    )


ACTS = (
    Act(
        slug="send-questionnaire",
        title=lambda occasion: _("Send the questionnaire"),
        hint=_(
            "By post it counts as sent once somebody confirms that it was posted, by e-mail once it was handed over. "
            "What still waits is replaced."
        ),
        button=_("Send the questionnaire"),
        told=_("The questionnaire is on its way."),
        told_of=lambda _occasion, told, _result: (
            _("The questionnaire stands ready to be posted.") if told["channel"] == "post" else ""
        ),
        form=SendForm,
        may=lambda occasion: policies.may_send(occasion.actor, occasion.dossier, occasion.today),
        do=_send,
        looks_ahead=True,
    ),
    Act(
        slug="waive-questionnaire",
        title=lambda occasion: _("Waive the questionnaire"),
        hint=_("Then nothing is asked; the assessment of month 4 stays due."),
        button=_("Waive the questionnaire"),
        told=_("The questionnaire is waived."),
        form=WaiveForm,
        may=lambda occasion: policies.may_waive(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: sending.waive(
            **occasion.who, on=told["on"], reason=told["reason"], note=told["note"], seen=seen
        ),
    ),
    Act(
        slug="offer-support",
        title=lambda occasion: _("Record the help with the questionnaire"),
        hint=_("You reached the insured person and offered help with the questions."),
        button=_("Record the help"),
        told=_("The help that was offered is recorded."),
        form=SupportForm,
        may=lambda occasion: policies.may_offer_support(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: sending.offer_support(
            **occasion.who, on=told["on"], channel=told["channel"], note=told["note"], seen=seen
        ),
    ),
)
