"""The acts of route A as pages: referral, first contact, consent, closing; and the medical contact."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from routing.policies import route_a as policies
from routing.policies.start import may_start_traject
from routing.services import route_a as services
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion
from tnw.web.acts.contacts import held_beforehand, its_day_has_come, steps_that_fit
from tnw.web.acts.fields import MEDICAL_READS, OnForm, choice, form_of_contact, text
from tnw.web.acts.route_forms import CONSENT, LATER, CloseForm, HeldForm, step_asked
from trajects.models.appointment import Purpose


class WithdrawForm(OnForm):
    """When, and why."""

    note = text(_("Reason"), rows=3, hint=_("The coordinator reads this too."))


class StepForm(OnForm):
    """Whatever asks consent and the first step: what is not possible says why (P5, A7)."""

    def fit(self, occasion: Occasion) -> None:
        self.close("consent", {"given": may_start_traject(occasion.dossier)})
        self.close("first_step", steps_that_fit(occasion))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("consent") == "given":
            self.ask(told, {"first_step": _("Choose the first step of the traject; it may change later.")})
        return told


class FirstContactForm(StepForm, HeldForm):
    """What the first contact has to settle (A6)."""

    consent = choice(_("Consent for data processing"), [*CONSENT, LATER])
    first_step = step_asked(_("Needed when the traject starts; it may change later."))


class DecisionForm(StepForm):
    """What the insured person decided after thinking it over."""

    consent = choice(_("Consent for data processing"), CONSENT)
    first_step = step_asked(_("Needed when the traject starts; it may change later."))


class MedicalContactForm(OnForm):
    """How it was held; what was found is a medical note."""

    how = form_of_contact()
    note = text(_("Medical note"), hint=MEDICAL_READS)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return held_beforehand(occasion)


def _may_hold_first_contact(occasion: Occasion) -> Verdict:
    may = policies.may_hold_first_contact(occasion.actor, occasion.dossier, occasion.on)
    return may and its_day_has_come(occasion)


def _may_hold_medical_contact(occasion: Occasion) -> Verdict:
    may = policies.may_hold_medical_contact(occasion.actor, occasion.dossier, occasion.on)
    return may and its_day_has_come(occasion)


def _first_contact(occasion: Occasion, told: Data, seen: int) -> object:
    given = {name: told[name] for name in ("on", "report", "role_explained", "consent", "first_step")}
    return services.hold_first_contact(
        **occasion.who, form=told["how"], subject=occasion.subject, seen=seen, **given
    )


def _medical_contact(occasion: Occasion, told: Data, seen: int) -> object:
    return services.hold_medical_contact(
        **occasion.who,
        on=told["on"],
        form=told["how"],
        note=told["note"],
        subject=occasion.subject,
        seen=seen,
    )


ACTS = (
    Act(
        slug="refer",
        title=lambda occasion: _("Refer to the coordinator"),
        hint=_("The coordinator then has a month for the first contact."),
        button=_("Refer"),
        told=_("The insured person is referred to the coordinator."),
        form=OnForm,
        may=lambda occasion: policies.may_refer(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.refer(**occasion.who, on=told["on"], seen=seen),
    ),
    Act(
        slug="withdraw-referral",
        title=lambda occasion: _("Withdraw the referral"),
        hint=_("The assessment stands; the first contact is not waited for any more."),
        button=_("Withdraw the referral"),
        told=_("The referral is withdrawn."),
        form=WithdrawForm,
        may=lambda occasion: policies.may_withdraw_referral(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.withdraw_referral(
            **occasion.who, on=told["on"], note=told["note"], seen=seen
        ),
    ),
    Act(
        slug="first-contact",
        title=lambda occasion: _("Record the first contact"),
        hint=_("Explain your role, look for the first step together, and ask consent for data processing."),
        button=_("Record the first contact"),
        told=_("The first contact is recorded."),
        form=FirstContactForm,
        may=_may_hold_first_contact,
        do=_first_contact,
        names="appointment",
        may_name=True,
        purposes=(Purpose.FIRST_CONTACT,),
    ),
    Act(
        slug="consent-decision",
        title=lambda occasion: _("Record the decision on consent"),
        hint=_("What the insured person decided after the first contact."),
        button=_("Record the decision"),
        told=_("The decision is recorded."),
        form=DecisionForm,
        may=lambda occasion: policies.may_decide_on_consent(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.decide_on_consent(
            **occasion.who,
            on=told["on"],
            consent=told["consent"],
            first_step=told["first_step"],
            seen=seen,
        ),
    ),
    Act(
        slug="medical-contact",
        title=lambda occasion: _("Record a medical contact"),
        hint=_("Held by the advisory doctor or the medical team, in whatever form."),
        button=_("Record the medical contact"),
        told=_("The medical contact is recorded."),
        form=MedicalContactForm,
        may=_may_hold_medical_contact,
        do=_medical_contact,
        names="appointment",
        may_name=True,
        purposes=(Purpose.MEDICAL_EXAMINATION,),
    ),
    Act(
        slug="close-route",
        title=lambda occasion: _("Close route A"),
        hint=_("What was due in it falls away. A later assessment begins it anew."),
        button=_("Close the route"),
        told=_("The route is closed."),
        form=CloseForm,
        may=lambda occasion: policies.may_close_route(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.close_route(
            **occasion.who, on=told["on"], reason=told["reason"], note=told["note"], seen=seen
        ),
        looks_ahead=True,
    ),
)
