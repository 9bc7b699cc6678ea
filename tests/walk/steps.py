"""What can be tried with a dossier on any day, fit or not: every service, with whatever the walk draws."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, NamedTuple

from dossiers.law import kinds
from dossiers.models import Dossier
from dossiers.scans import Upload
from routing.services import consents, route_a, route_b, route_c
from routing.services import employer as referral
from tnw.core import clock
from trajects import signatures
from trajects.models.appointment import Purpose
from trajects.plans import Action, Contents, Interview, Objective
from trajects.services import (
    absence,
    actions,
    adapted_work,
    consultation,
    contacts,
    declaration,
    employer,
    partner,
    plan,
    reintegration,
    signing,
    training,
    traject,
)

COORDINATOR, DOCTOR, LEAD = "coordinator", "advisory_doctor", "team_lead"
FORM = {"form": "in_person", "report": "a talk"}
WORDS = "some words"
NUMBERS = count(1)  # of registered letters: each has its own
SCAN = Upload("signed.pdf", b"%PDF-1.7 what was signed")
Of = Callable[[Sequence[Any]], Any]  # one of some choices


class Try(NamedTuple):
    """A service, whose it is, what it is about, and what it is told on a day."""

    service: Callable[..., Any]
    by: str
    about: str = ""
    told: Callable[[date, Of], dict[str, Any]] = lambda _day, _of: {}
    signs: bool = False


def _moment(day: date, of: Of) -> dict[str, Any]:
    ahead = day + timedelta(days=of([1, 3, 9, 20]))
    return {"at": datetime.combine(ahead, time(of([9, 11, 14])), clock.BRUSSELS), "form": "in_person"}


def _contents(day: date, of: Of) -> dict[str, Any]:
    due, later = day + timedelta(days=30), day + timedelta(days=of([20, 60, 80]))
    whole = Contents(
        objectives=(Objective(WORDS, due),),
        result=WORDS,
        actions=(Action(id="a1", text=WORDS, who=WORDS, due=due),),
        next=Interview(later, time(10), "in_person"),
    )
    return {"contents": of([whole, whole, Contents(result=WORDS)])}


def _just() -> dict[str, Any]:
    """Who signs has just confirmed who that is."""
    return {"confirmed_at": clock.now()}


def _first_contact(consents_of: tuple[str, ...]) -> Callable[[date, Of], dict[str, Any]]:
    return lambda _day, of: {**FORM, "role_explained": True, "consent": of(consents_of)}


ANSWERS = ("given", "given", "given", "refused", "later")
TRIES: dict[str, Try] = {
    "assess": Try(
        route_a.assess, DOCTOR, told=lambda _d, of: {"category": of([1, 2, 3, 4, 4, 4]), "reason": WORDS}
    ),
    "refer": Try(route_a.refer, DOCTOR),
    "withdraw referral": Try(route_a.withdraw_referral, DOCTOR),
    "medical contact": Try(route_a.hold_medical_contact, DOCTOR, told=lambda _d, _of: {"form": "phone"}),
    "first contact A": Try(
        route_a.hold_first_contact,
        COORDINATOR,
        told=lambda d, of: {**_first_contact(ANSWERS)(d, of), "first_step": of(kinds.FIRST_STEPS)},
    ),
    "decide A": Try(
        route_a.decide_on_consent,
        COORDINATOR,
        told=lambda _d, of: {"consent": of(ANSWERS), "first_step": of(kinds.FIRST_STEPS)},
    ),
    "close A": Try(route_a.close_route, COORDINATOR, told=lambda _d, _of: {"reason": "declined"}),
    "request": Try(route_b.request_contact, COORDINATOR),
    "first contact B": Try(route_b.hold_first_contact, COORDINATOR, told=_first_contact(ANSWERS)),
    "ask permission": Try(route_b.ask_permission, COORDINATOR, told=lambda _d, of: {"aim": of(kinds.AIMS)}),
    "grant": Try(route_b.grant, DOCTOR),
    "refuse": Try(route_b.refuse, DOCTOR, told=lambda _d, _of: {"reason": WORDS, "for_insured": WORDS}),
    "close B": Try(route_b.close_route, COORDINATOR, told=lambda _d, _of: {"reason": "declined"}),
    "report": Try(
        route_c.report_registration,
        COORDINATOR,
        told=lambda d, of: {"service": of(kinds.SERVICES), "registered_on": d - timedelta(days=2)},
    ),
    "confirm": Try(route_c.confirm_invalidity, COORDINATOR, "routes_c"),
    "deny": Try(
        route_c.deny_invalidity, COORDINATOR, "routes_c", lambda _d, of: {"reason": of(kinds.DENIALS)}
    ),
    "decide C": Try(
        route_c.decide_on_consent, COORDINATOR, "routes_c", lambda _d, of: {"consent": of(ANSWERS)}
    ),
    "step C": Try(
        route_c.report_step, COORDINATOR, "routes_c", lambda _d, of: {"step": of(kinds.SERVICE_STEPS)}
    ),
    "close C": Try(route_c.close_route, COORDINATOR, "routes_c", lambda _d, _of: {"reason": "declined"}),
    "plan": Try(
        contacts.plan, COORDINATOR, told=lambda d, of: {"purpose": of(Purpose.values), **_moment(d, of)}
    ),
    "move": Try(contacts.move, COORDINATOR, "appointments", _moment),
    "cancel": Try(contacts.cancel, COORDINATOR, "appointments"),
    "absence": Try(
        contacts.record_absence,
        COORDINATOR,
        "appointments",
        lambda _d, of: {"excused": of([True, False, False])},
    ),
    "excuse": Try(contacts.excuse, COORDINATOR, "appointments"),
    "talk": Try(contacts.hold_contact, COORDINATOR, told=lambda _d, _of: FORM),
    "talk as planned": Try(contacts.hold_contact, COORDINATOR, "appointments", lambda _d, _of: FORM),
    "consent": Try(
        consents.record_consent,
        COORDINATOR,
        told=lambda _d, of: {
            "answer": of(["given", "given", "refused", "withdrawn"]),
            "purpose": of(kinds.CONSENTS),
            "party": of(["", *kinds.PARTIES[:5]]),
        },
    ),
    "consult": Try(
        consultation.hold, COORDINATOR, told=lambda _d, of: {"party": of(kinds.PARTIES[:5]), "report": WORDS}
    ),
    "action": Try(
        actions.record_action, COORDINATOR, told=lambda _d, _of: {"kind": "phone_call", "text": WORDS}
    ),
    "first step": Try(
        traject.choose_first_step, COORDINATOR, told=lambda _d, of: {"step": of(kinds.FIRST_STEPS)}
    ),
    "evaluate": Try(traject.evaluate, COORDINATOR, told=lambda _d, _of: {"evaluation": WORDS}),
    "end": Try(
        traject.end,
        COORDINATOR,
        told=lambda _d, of: {"result": of(kinds.RESULTS), "evaluation": of(["", WORDS])},
    ),
    "stop": Try(traject.stop, COORDINATOR),
    "formal part": Try(
        reintegration.start, COORDINATOR, told=lambda _d, of: {"condition": of([1, 2, 3, 4]), "agreed": True}
    ),
    "suspend": Try(reintegration.suspend, COORDINATOR, told=lambda _d, of: {"reason": of(kinds.SUSPENSIONS)}),
    "resume": Try(reintegration.resume, COORDINATOR),
    "evaluate plan": Try(
        reintegration.evaluate_plan, COORDINATOR, told=lambda _d, _of: {"evaluation": WORDS}
    ),
    "end formal part": Try(
        reintegration.end,
        COORDINATOR,
        told=lambda _d, of: {"result": of(kinds.RESULTS), "evaluation": of(["", WORDS])},
    ),
    "draw up": Try(declaration.draw_up, COORDINATOR, told=lambda _d, _of: {"text": WORDS}),
    "change text": Try(declaration.change, COORDINATOR, "declarations", lambda _d, _of: {"text": WORDS}),
    "coordinator signs": Try(
        signing.sign,
        COORDINATOR,
        "declarations",
        lambda _d, _of: {"role": COORDINATOR, **_just()},
        signs=True,
    ),
    "doctor signs": Try(
        signing.sign, DOCTOR, "declarations", lambda _d, _of: {"role": DOCTOR, **_just()}, signs=True
    ),
    "insured signs": Try(
        signing.record_signature,
        COORDINATOR,
        "declarations",
        lambda _d, _of: {"method": "paper", "statement": WORDS, "evidence": SCAN},
        signs=True,
    ),
    "refuse to sign": Try(
        declaration.refuse, COORDINATOR, "declarations", lambda _d, _of: {"role": "insured", "reason": WORDS}
    ),
    "plan meeting": Try(plan.hold_meeting, COORDINATOR, told=lambda _d, _of: FORM),
    "agree": Try(plan.agree, COORDINATOR, told=_contents),
    "review": Try(
        plan.review,
        COORDINATOR,
        told=lambda _d, of: {
            "done": WORDS,
            "found": WORDS,
            "with_interview": of([True, False]),
            "form": "phone",
        },
    ),
    "propose referral": Try(referral.propose, COORDINATOR),
    "answer referral": Try(
        referral.answer, COORDINATOR, told=lambda _d, of: {"agreed": of([True, True, False])}
    ),
    "refer to physician": Try(
        referral.refer, COORDINATOR, told=lambda _d, _of: {"asks_for": "visit", "agreed": True}
    ),
    "visit": Try(
        employer.record_visit, COORDINATOR, told=lambda _d, of: {"outcome": of(kinds.VISIT_OUTCOMES)}
    ),
    "not asked": Try(employer.decide_not_to_ask, COORDINATOR),
    "employer starts": Try(
        employer.start, COORDINATOR, told=lambda _d, of: {"requested_by": of(kinds.REQUESTERS)}
    ),
    "employer ends": Try(
        employer.end, COORDINATOR, told=lambda _d, of: {"decision": of(["A", "B", "C", "D"])}
    ),
    "propose training": Try(
        training.propose, COORDINATOR, told=lambda _d, of: {"proposed_by": of(kinds.PROPOSERS), "what": WORDS}
    ),
    "advise": Try(
        training.advise,
        DOCTOR,
        "trainings",
        lambda _d, of: {"favorable": of([True, True, False]), "medical": WORDS, "insured": WORDS},
    ),
    "submit": Try(training.submit, COORDINATOR, "trainings"),
    "review training": Try(
        training.review, COORDINATOR, "trainings", lambda _d, of: {"favorable": of([True, False])}
    ),
    "decide training": Try(
        training.decide,
        COORDINATOR,
        "trainings",
        lambda d, of: {
            "approved": of([True, True, False]),
            "first_day": d,
            "last_day": d + timedelta(days=40),
        },
    ),
    "letter of training": Try(
        training.send_letter, COORDINATOR, "trainings", lambda _d, _of: {"proof": f"RR {next(NUMBERS)}"}
    ),
    "complete training": Try(
        training.complete, COORDINATOR, "trainings", lambda _d, of: {"success": of([True, False])}
    ),
    "break off": Try(training.break_off, COORDINATOR, "trainings", lambda _d, _of: {"reason": WORDS}),
    "form": Try(
        partner.draw_up, COORDINATOR, told=lambda _d, of: {"service": of(kinds.SERVICES), "form": WORDS}
    ),
    "send form": Try(partner.send, COORDINATOR, "partner_referrals"),
    "partner answers": Try(
        partner.answer, COORDINATOR, "partner_referrals", lambda _d, of: {"accepted": of([True, True, False])}
    ),
    "partner step": Try(
        partner.take_step, COORDINATOR, "partner_referrals", lambda _d, of: {"step": of(kinds.SERVICE_STEPS)}
    ),
    "partner ends": Try(partner.end, COORDINATOR, "partner_referrals"),
    "adapted work": Try(
        adapted_work.plan,
        COORDINATOR,
        told=lambda d, of: {
            "starts_on": d + timedelta(days=of([1, 9, 30])),
            "what": WORDS,
            "declared": of([True, False]),
        },
    ),
    "declare work": Try(adapted_work.declare, COORDINATOR, "adapted_works"),
    "permit work": Try(
        adapted_work.permit, DOCTOR, "adapted_works", lambda d, of: {"first_day": d, "hours": of([None, 19])}
    ),
    "refuse work": Try(
        adapted_work.refuse, DOCTOR, "adapted_works", lambda _d, _of: {"medical": WORDS, "insured": WORDS}
    ),
    "end work": Try(adapted_work.end, COORDINATOR, "adapted_works"),
    "cancel work": Try(adapted_work.cancel, COORDINATOR, "adapted_works"),
    "absence letter": Try(
        absence.send_letter, COORDINATOR, "absences", lambda _d, _of: {"proof": f"RR {next(NUMBERS)}"}
    ),
    "propose reduction": Try(absence.propose, COORDINATOR, "absences"),
    "confirm reduction": Try(absence.confirm, LEAD, "absences"),
    "refuse reduction": Try(absence.refuse, LEAD, "absences", lambda _d, _of: {"note": WORDS}),
    "new date": Try(absence.ask_new_date, COORDINATOR, "absences"),
    "withdraw absence": Try(absence.withdraw, COORDINATOR, "absences", lambda _d, _of: {"note": WORDS}),
}


def subjects(dossier: Dossier, about: str) -> list[str]:
    """What it can be about, and something that is not there."""
    return [*getattr(dossier, about).values_list("subject", flat=True), "nothing"]


def read(dossier: Dossier, subject: str) -> str:
    """The hash of what is signed; none where nothing is there."""
    document = signatures.kept(dossier, subject)
    return document.sha256 if document else ""
