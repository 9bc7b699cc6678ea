"""The registration with a regional service as acts: the form, its answer, the steps there, the end (G1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import SERVICE_STEPS, SERVICES
from tnw.web.acts.act import Act, Occasion, may_with, unless_waiting
from tnw.web.acts.fields import NoteForm, OnForm, choice, text
from trajects.fact_words import CODES
from trajects.models import PartnerReferral
from trajects.policies import partner as policies
from trajects.services import partner as services

SERVICE_OF = {"nl": "vdab", "fr": "forem", "de": "adg"}


class FormForm(OnForm):
    """For which service, and what is asked of it."""

    service = choice(_("Service"), [(code, CODES["service"][code]) for code in SERVICES])
    form_text = text(
        _("What the form says"),
        required=True,
        rows=6,
        hint=_("What the insured person seeks, can do and needs. No medical details: the service reads it."),
    )
    elsewhere = {"form": "form_text"}

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        language = occasion.dossier.incapacity.person.language
        return {"on": occasion.on, "service": SERVICE_OF.get(language, "")}


class AnswerForm(NoteForm):
    """What the service answered."""

    answer = choice(_("Answer"), [("accepted", _("accepted")), ("refused", _("refused"))])


class StepForm(NoteForm):
    """Which step, on which day."""

    step = choice(_("Step"), [(code, CODES["step"][code]) for code in SERVICE_STEPS])


def _who(occasion: Occasion) -> dict[str, Any]:
    return {**occasion.who, "subject": occasion.subject}


ACTS = (
    Act(
        slug="draw-up-form",
        title=lambda occasion: _("Draw up a registration form"),
        hint=_("For a regional employment service. It is sent once the insured person consents to that."),
        button=_("Keep the form"),
        told=_("The registration form is drawn up."),
        form=FormForm,
        may=lambda occasion: policies.may_draw_up(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.draw_up(
            **occasion.who, on=told["on"], service=told["service"], form=told["form_text"], seen=seen
        ),
        looks_ahead=True,
    ),
    Act(
        slug="send-form",
        title=lambda occasion: _("Send the registration form"),
        hint=_("With the consent of the insured person for the regional employment service."),
        button=_("Record that it was sent"),
        told=_("The registration form is sent."),
        form=NoteForm,
        may=unless_waiting(may_with(policies.may_send, PartnerReferral), "partner_form"),
        do=lambda occasion, told, seen: services.send(
            **_who(occasion), on=told["on"], note=told["note"], seen=seen
        ),
        names=PartnerReferral,
        looks_ahead=True,
    ),
    Act(
        slug="partner-answer",
        title=lambda occasion: _("Record the answer of the regional service"),
        hint=_("Whether it takes up the guidance."),
        button=_("Record the answer"),
        told=_("The answer is recorded."),
        form=AnswerForm,
        may=may_with(policies.may_answer, PartnerReferral),
        do=lambda occasion, told, seen: services.answer(
            **_who(occasion),
            on=told["on"],
            accepted=told["answer"] == "accepted",
            note=told["note"],
            seen=seen,
        ),
        names=PartnerReferral,
    ),
    Act(
        slug="service-step",
        title=lambda occasion: _("Record a step at the regional service"),
        hint=_("Each step with its day. The same step told again of the same day is one."),
        button=_("Record the step"),
        told=_("The step is recorded."),
        form=StepForm,
        may=may_with(policies.may_take_step, PartnerReferral),
        do=lambda occasion, told, seen: services.take_step(
            **_who(occasion), on=told["on"], step=told["step"], note=told["note"], seen=seen
        ),
        names=PartnerReferral,
    ),
    Act(
        slug="end-partner",
        title=lambda occasion: _("End the guidance by the regional service"),
        hint=_("It has ended there, or the form is not pursued. The traject goes on."),
        button=_("Record the end"),
        told=_("The end of the guidance by the regional service is recorded."),
        form=NoteForm,
        may=may_with(policies.may_end, PartnerReferral),
        do=lambda occasion, told, seen: services.end(
            **_who(occasion), on=told["on"], note=told["note"], seen=seen
        ),
        names=PartnerReferral,
    ),
)
