"""The acts of route B as pages: the request, the first contact, the permission asked and decided, closing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import AIMS
from routing.policies import route_b as policies
from routing.policies.first_contact import waits_in_a
from routing.services import route_b as services
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.contacts import its_day_has_come, steps_that_fit
from tnw.web.acts.fields import MEDICAL_READS, OnForm, choice, text
from tnw.web.acts.route_forms import CLOSINGS, LATER, CloseForm, HeldForm, reasons, step_asked
from trajects.fact_words import CODES
from trajects.models.appointment import Purpose
from trajects.models.traject import FirstStep

GRANTED, REFUSED = "granted", "refused"
AIM: list[tuple[str, Word]] = [(code, CODES["aim"][code]) for code in AIMS]


class RequestForm(OnForm):
    """When it was asked, and what for."""

    note = text(
        _("Note"),
        rows=3,
        hint=_(
            "What the insured person asked for. Nothing about health: for that there are the health notes."
        ),
    )


class FirstContactForm(HeldForm):
    """What the first contact has to settle; whether the traject starts is for the advisory doctor."""

    consent = choice(
        _("Consent for data processing"),
        [("given", _("Given")), ("refused", _("Refused: the route closes")), LATER],
    )


class AskForm(OnForm):
    """What for, and with which first step the traject would begin."""

    aim = choice(_("Aim"), AIM)
    first_step = step_asked(_("Needed where the aim does not say it; it may change later."))
    note = text(
        _("Note"),
        rows=4,
        hint=_("Read by the coordinator, the advisory doctors and the medical team."),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        route = policies.open_route(occasion.dossier)
        return {"on": occasion.on, "aim": route.aim if route else ""}

    def fit(self, occasion: Occasion) -> None:
        self.close("first_step", steps_that_fit(occasion))


class DecideForm(OnForm):
    """Granted or refused; a refusal says why, and what the insured person is told."""

    decision = choice(
        _("Decision"),
        [
            (GRANTED, _("Granted: the traject starts")),
            (REFUSED, _("Refused: not compatible with the general state of health")),
        ],
    )
    reason = text(_("Medical note"), rows=4, hint=MEDICAL_READS)
    for_insured = text(
        _("What the insured person is told"),
        rows=4,
        hint=_(
            "Needed for a refusal. Read by the coordinator too, who discusses it with the insured person."
        ),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("decision") == REFUSED:
            asked = _("Write down what the insured person is told: the coordinator discusses it with him.")
            self.ask(told, {"reason": _("Say why: it is a medical note."), "for_insured": asked})
        return told


class StartForm(OnForm):
    """With which first step."""

    first_step = choice(_("First step"), FirstStep.choices)

    def fit(self, occasion: Occasion) -> None:
        self.close("first_step", steps_that_fit(occasion))


class CloseRequestForm(CloseForm):
    """Why; that the permission was refused is one more reason."""

    reason = reasons("permission_refused", *CLOSINGS)


def _may_hold_first_contact(occasion: Occasion) -> Verdict:
    may = policies.may_hold_first_contact(occasion.actor, occasion.dossier, occasion.on)
    if may and waits_in_a(occasion.dossier):
        return Verdict(
            False, _("A referral waits for its first contact too: record the first contact for both.")
        )
    return may and its_day_has_come(occasion)


def _first_contact(occasion: Occasion, told: Data, seen: int) -> object:
    given = {name: told[name] for name in ("on", "report", "role_explained", "consent")}
    return services.hold_first_contact(
        **occasion.who, form=told["how"], subject=occasion.subject, seen=seen, **given
    )


def _decide(occasion: Occasion, told: Data, seen: int) -> object:
    if told["decision"] == GRANTED:
        return services.grant(**occasion.who, on=told["on"], note=told["reason"], seen=seen)
    return services.refuse(
        **occasion.who, on=told["on"], reason=told["reason"], for_insured=told["for_insured"], seen=seen
    )


def _to_decide(occasion: Occasion) -> Word:
    route = policies.open_route(occasion.dossier)
    aim = CODES["aim"].get(route.aim, "") if route else ""
    return _("Decide on the permission (%(aim)s)") % {"aim": aim} if aim else _("Decide on the permission")


ACTS = (
    Act(
        slug="request-contact",
        title=lambda occasion: _("Record a request for contact"),
        hint=_(
            "The insured person asked for contact with the coordinator. The questionnaire goes out where none came "
            "back complete; the advisory doctor sees the request."
        ),
        button=_("Record the request"),
        told=_("The request is recorded."),
        form=RequestForm,
        may=lambda occasion: policies.may_request(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.request_contact(
            **occasion.who, on=told["on"], note=told["note"], seen=seen
        ),
        looks_ahead=True,
    ),
    Act(
        slug="first-contact-b",
        title=lambda occasion: _("Record the first contact"),
        hint=_(
            "Explain your role, look for the aim together, and ask consent for data processing. Whether the traject "
            "starts is then for the advisory doctor to permit."
        ),
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
        slug="ask-permission",
        title=lambda occasion: _("Ask the permission of the advisory doctor"),
        hint=_(
            "The advisory doctor decides; granted, the traject starts. The aim may be another one than before."
        ),
        button=_("Ask the permission"),
        told=_("The permission is asked for."),
        form=AskForm,
        may=lambda occasion: policies.may_ask(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.ask_permission(
            **occasion.who,
            on=told["on"],
            aim=told["aim"],
            first_step=told["first_step"],
            note=told["note"],
            seen=seen,
        ),
        looks_ahead=True,
    ),
    Act(
        slug="decide-permission",
        title=_to_decide,
        hint=_(
            "Granted, the traject starts at once, and what else is open closes. Refused, the coordinator discusses it "
            "with the insured person within a month."
        ),
        button=_("Decide"),
        told=_("The decision is recorded."),
        form=DecideForm,
        may=lambda occasion: policies.may_decide(occasion.actor, occasion.dossier, occasion.on),
        do=_decide,
        beside=("route_b",),
    ),
    Act(
        slug="start-traject-b",
        title=lambda occasion: _("Start the traject that was permitted"),
        hint=_("The permission was granted before; what else is open closes."),
        button=_("Start the traject"),
        told=_("The traject is started."),
        form=StartForm,
        may=lambda occasion: policies.may_start(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.start_traject(
            **occasion.who, on=told["on"], first_step=told["first_step"], seen=seen
        ),
    ),
    Act(
        slug="close-route-b",
        title=lambda occasion: _("Close the request of the insured person"),
        hint=_("What was due in it falls away. The insured person can ask again at any moment."),
        button=_("Close the route"),
        told=_("The route is closed."),
        form=CloseRequestForm,
        may=lambda occasion: policies.may_close(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.close_route(
            **occasion.who, on=told["on"], reason=told["reason"], note=told["note"], seen=seen
        ),
        looks_ahead=True,
    ),
)
