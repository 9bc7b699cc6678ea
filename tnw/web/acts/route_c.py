"""The acts of route C as pages: what a regional service reports, what the fund answers, consent and steps."""

from collections.abc import Callable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import SERVICE_STEPS
from routing.models import RouteC
from routing.models.route_c import Service
from routing.policies import route_c as policies
from routing.policies.start import may_start_traject
from routing.services import route_c as services
from routing.windows import is_within, windows_of
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.fields import CASE_READS, OnForm, choice, form_of_contact, text
from tnw.web.acts.route_forms import CONSENT, LATER, CloseForm, reasons
from tnw.web.cards.route_c import OUTSIDE_WINDOW
from tnw.web.fields import day
from trajects.fact_words import CODES

TOLD_TO_SERVICE = _("Text for the regional service")


class ReportForm(OnForm):
    """What the service's message says."""

    service = choice(_("Regional service"), Service.choices)
    registered_on = day(_("Registered on"))
    note = text(_("What the message says"), rows=3)
    field_order = ["service", "registered_on", "on", "note"]

    def fit(self, occasion: Occasion) -> None:
        self.fields["on"].label = gettext("Reported on")
        self.fields["registered_on"].help_text = str(_windows(occasion))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("service") and told.get("registered_on"):
            fund = self.occasion.dossier.fund_id
            told["outside"] = not is_within(fund, told["service"], told["registered_on"])
        return told


def _windows(occasion: Occasion) -> Word:
    """When each service could register somebody."""
    parts = []
    for service, windows in windows_of(occasion.dossier.fund_id).items():
        spans = [
            gettext("%(first)s to %(last)s") % {"first": _date(one.opens_on), "last": _date(one.closes_on)}
            if one.closes_on
            else gettext("from %(first)s on") % {"first": _date(one.opens_on)}
            for one in windows
        ]
        told = ", ".join(spans) or gettext("never")
        parts.append(f"{Service(service).label}: {told}")
    told = gettext("What was registered outside these periods is refused by itself. %(periods)s.")
    return told % {"periods": "; ".join(parts)}


def _date(value: Any) -> str:
    return formats.date_format(value, "d/m/Y")


class DenyForm(OnForm):
    """Why the fund does not confirm; the state of the incapacity says it beforehand."""

    reason = reasons(*policies.DENIED_FOR)
    note = text(TOLD_TO_SERVICE, rows=3)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        reason = policies.denial_of(occasion.dossier, occasion.on)
        return {"on": occasion.on, "reason": reason}

    def fit(self, occasion: Occasion) -> None:
        # Of an earlier day another reason may hold: what is shut is so today.
        if not self.is_bound:
            fit = {
                code: policies.denial_fits(occasion.dossier, code, occasion.on)
                for code in policies.DENIED_FOR
            }
            self.close("reason", fit)


class RefuseForm(OnForm):
    """Why it is no registration of this person."""

    reason = reasons("unknown_person", "other")
    note = text(TOLD_TO_SERVICE, rows=3, hint=_("Needed where the reason is another one."))


class ConsentForm(OnForm):
    """What the insured person decided."""

    elsewhere = {"contact": "how"}

    consent = choice(_("Consent for data processing"), [*CONSENT, LATER])
    how = form_of_contact()
    report = text(_("Report"), hint=CASE_READS)

    def fit(self, occasion: Occasion) -> None:
        self.fields["how"].required = False
        self.fields["how"].help_text = _("The contact in which it was asked, where there was one.")
        self.close("consent", {"given": may_start_traject(occasion.dossier)})


class StepForm(OnForm):
    """Which step, and when."""

    step = choice(_("Step"), [(code, CODES["step"][code]) for code in SERVICE_STEPS])
    note = text(_("Note"), rows=3)


def _may(policy: Callable[..., Verdict]) -> Callable[[Occasion], Verdict]:
    """What a policy says of the registration that the address names."""
    return lambda occasion: policy(occasion.actor, occasion.dossier, occasion.of(RouteC), occasion.on)


def _do(
    service: Callable[..., object], *names: str, **renamed: str
) -> Callable[[Occasion, Data, int], object]:
    """Hand these values of the form to a service, besides its day and the registration; some under another name."""
    given = {**{name: name for name in names}, **renamed}

    def do(occasion: Occasion, told: Data, seen: int) -> object:
        values = {name: told[field] for name, field in given.items()}
        return service(**occasion.who, on=told["on"], subject=occasion.subject, seen=seen, **values)

    return do


def _reported(_occasion: Occasion, told: Data, _result: object) -> Word:
    """A refusal is said plainly: why, and what the service is told."""
    if not told["outside"]:
        return ""
    words = {"day": _date(told["registered_on"]), "service": Service(told["service"]).label}
    why = str(OUTSIDE_WINDOW) % words
    return gettext("The registration is refused, and only that is recorded. Tell the service: “%(why)s”") % {
        "why": why
    }


ACTS = (
    Act(
        slug="report-registration",
        title=lambda occasion: _("Enter a registration with a regional service"),
        hint=_("From the message of the service: the fund itself cannot begin this route."),
        button=_("Enter the registration"),
        told=_("The registration is entered: confirm or deny the invalidity to the service."),
        told_of=_reported,
        form=ReportForm,
        may=lambda occasion: policies.may_report(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.report_registration(
            **occasion.who,
            on=told["on"],
            service=told["service"],
            registered_on=told["registered_on"],
            note=told["note"],
            seen=seen,
        ),
    ),
    Act(
        slug="confirm-invalidity",
        title=lambda occasion: _("Confirm the invalidity to the regional service"),
        hint=_("The insured person is in invalidity, recognized by RIZIV. Then consent is asked."),
        button=_("Confirm the invalidity"),
        told=_("The invalidity is confirmed: ask consent for data processing."),
        form=OnForm,
        may=_may(policies.may_confirm),
        do=_do(services.confirm_invalidity),
        names=RouteC,
    ),
    Act(
        slug="deny-invalidity",
        title=lambda occasion: _("Deny the invalidity to the regional service"),
        hint=_(
            "The registration is of this person, who is not in invalidity: not a year yet, not recognized by RIZIV, or "
            "the incapacity has ended. The service can report it again later. Of somebody else, or made by mistake: "
            "refuse the registration instead."
        ),
        button=_("Deny the invalidity"),
        told=_("The invalidity is denied: tell the service why."),
        form=DenyForm,
        may=_may(policies.may_deny),
        do=_do(services.deny_invalidity, "reason", "note"),
        names=RouteC,
    ),
    Act(
        slug="refuse-registration",
        title=lambda occasion: _("Refuse the registration"),
        hint=_(
            "The registration itself is wrong: of somebody else, or made by mistake. Of this person, but not in "
            "invalidity: deny the invalidity instead. Outside the periods of the service it was refused by itself when "
            "it was entered."
        ),
        button=_("Refuse the registration"),
        told=_("The registration is refused: tell the service why."),
        form=RefuseForm,
        may=_may(policies.may_refuse),
        do=_do(services.refuse, "reason", "note"),
        names=RouteC,
    ),
    Act(
        slug="registration-consent",
        title=lambda occasion: _("Record the decision on consent"),
        hint=_("With consent the traject starts, guided by the regional service; other open routes close."),
        button=_("Record the decision"),
        told=_("The decision is recorded."),
        form=ConsentForm,
        may=_may(policies.may_decide_on_consent),
        do=_do(services.decide_on_consent, "consent", "report", contact="how"),
        names=RouteC,
        looks_ahead=True,
    ),
    Act(
        slug="registration-step",
        title=lambda occasion: _("Record a step at the regional service"),
        hint=_("As the service reports it. The same step of the same day is recorded once."),
        button=_("Record the step"),
        told=_("The step is recorded."),
        form=StepForm,
        may=_may(policies.may_report_step),
        do=_do(services.report_step, "step", "note"),
        names=RouteC,
    ),
    Act(
        slug="close-registration",
        title=lambda occasion: _("Close route C"),
        hint=_(
            "The registration is right, and the insured person goes no further with it. What was due in it falls away. "
            "The service can report another registration."
        ),
        button=_("Close the route"),
        told=_("The route is closed."),
        form=CloseForm,
        may=_may(policies.may_close),
        do=_do(services.close_route, "reason", "note"),
        names=RouteC,
        looks_ahead=True,
    ),
)
