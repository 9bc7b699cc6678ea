"""The three routes and the contacts, through their services; `DONE_BY` names them by the kind that an act begins with."""

from collections.abc import Callable

from dossiers import career, health
from dossiers.consents import DATA_PROCESSING, STATES
from dossiers.models.career import CareerKind
from dossiers.models.health import Sight
from routing.models import Questionnaire, RouteC
from routing.models.questionnaire import Sending
from routing.questionnaires import entry, sending
from routing.questionnaires.reference import questions_of
from routing.services import consents, route_b, route_c
from routing.services import employer as referral
from routing.services import route_a as services
from routing.services.consents import Consent
from routing.services.first_contact import plan_first_contact
from tnw.web.demo.answers import answers
from tnw.web.demo.notes import AIMS, JOBS, NOTES, OF_THE_DOCTOR, SHARED_WITH_COORDINATOR
from tnw.web.demo.people import chance
from tnw.web.demo.services.deed import Deed
from trajects.models import Appointment, PartnerReferral
from trajects.models.appointment import Purpose
from trajects.policies.sharing import EMPLOYER_REFERRAL
from trajects.services import contacts, partner, traject

# How often a doctor writes something down, for whom.
NOTED = ((0.25, Sight.SHARED, SHARED_WITH_COORDINATOR), (0.15, Sight.MEDICAL, OF_THE_DOCTOR))


def _assess(deed: Deed) -> None:
    category = deed.act.fact.values["category"]
    services.assess(**deed.on_it, category=category, reason=deed.note)


def _refer(deed: Deed) -> None:
    services.refer(**deed.on_it)


def _withdraw(deed: Deed) -> None:
    services.withdraw_referral(**deed.on_it)


def _see(deed: Deed) -> None:
    """A medical contact, and now and then what the doctor writes down of it."""
    services.hold_medical_contact(**deed.on_it, form=deed.act.fact.values["form"])
    luck = chance(deed.dossier.incapacity.reference, deed.act.fact.on, "health")
    for share, sight, texts in NOTED:
        if luck.random() < share:
            text = luck.choice(texts[deed.dossier.incapacity.person.language])
            health.write(dossier_id=deed.dossier.public_id, sight=sight, text=text, actor=deed.actor)


def _consent(deed: Deed) -> Consent:
    if deed.did("traject_started") or deed.act.fact.kind == "consent_given":
        return "given"
    refused = deed.did("consent_refused") or deed.act.fact.kind == "consent_refused"
    return "refused" if refused else "later"


def _meet(deed: Deed) -> None:
    if deed.values.get("route") == "B":
        route_b.hold_first_contact(
            **deed.on_it,
            form=deed.values["form"],
            report=deed.note,
            role_explained=True,
            consent=_consent(deed),
            subject=deed.subject,
        )
        return
    services.hold_first_contact(
        **deed.on_it,
        form=deed.act.fact.values["form"],
        report=deed.act.note,
        role_explained=True,
        consent=_consent(deed),
        first_step=deed.also("first_step_chosen", "step"),
        subject=deed.subject,
    )


def _decide(deed: Deed) -> None:
    """What was thought over after the first contact; or a consent for something else."""
    values = deed.values
    if deed.did("occupational_referral_made"):
        referral.refer(**deed.on_it, asks_for="visit", agreed=True)
    elif values["purpose"] == EMPLOYER_REFERRAL:
        referral.answer(**deed.on_it, agreed=deed.act.fact.kind == "consent_given")
    elif deed.act.fact.kind == "consent_withdrawn" or values["purpose"] != DATA_PROCESSING:
        answer = STATES[deed.act.fact.kind]
        consents.record_consent(
            **deed.on_it, answer=answer, purpose=values["purpose"], party=values.get("party", "")
        )
    elif deed.also("traject_started", "route") == "C":
        route_c.decide_on_consent(
            **deed.on_it, subject=deed.row(RouteC, "start_traject"), consent="given", contact="phone"
        )
    else:
        services.decide_on_consent(
            **deed.on_it, consent=_consent(deed), first_step=deed.also("first_step_chosen", "step")
        )


def _close(deed: Deed) -> None:
    told = {"reason": deed.values["reason"], "note": deed.note}
    match deed.values["route"]:
        case "A":
            services.close_route(**deed.on_it, **told)
        case "B":
            route_b.close_route(**deed.on_it, **told)
        case _:
            route_c.close_route(**deed.on_it, subject=deed.row(RouteC, "close"), **told)


def _request(deed: Deed) -> None:
    route_b.request_contact(**deed.on_it)


def _ask_permission(deed: Deed) -> None:
    aim = deed.values["aim"]
    step = route_b.STEP_OF_AIM.get(aim, "guidance")
    route_b.ask_permission(**deed.on_it, aim=aim, first_step=step, note=deed.act.note)


def _grant(deed: Deed) -> None:
    route_b.grant(**deed.on_it)


def _refuse(deed: Deed) -> None:
    told = deed.words(NOTES["permission_refused"])
    route_b.refuse(**deed.on_it, reason=deed.note, for_insured=told)


def _register(deed: Deed) -> None:
    """Outside every window it is refused by itself."""
    values = deed.values
    route_c.report_registration(
        **deed.on_it, service=values["service"], registered_on=values["registered_on"]
    )


def _confirm(deed: Deed) -> None:
    route_c.confirm_invalidity(**deed.on_it, subject=deed.row(RouteC, "confirm"))


def _deny(deed: Deed) -> None:
    subject = deed.row(RouteC, "deny")
    route_c.deny_invalidity(**deed.on_it, subject=subject, reason=deed.values["reason"])


def _take_step(deed: Deed) -> None:
    """At the service that guides a traject of route C, or at the partner to whom the coordinator sent somebody."""
    step = deed.values["step"]
    if at_partner := deed.row(PartnerReferral, "take_step"):
        partner.take_step(**deed.on_it, subject=at_partner, step=step)
    else:
        route_c.report_step(**deed.on_it, subject=deed.row(RouteC, "take_step"), step=step)


def _plan(deed: Deed) -> None:
    values = deed.act.fact.values
    place = deed.dossier.team.place if deed.dossier.team and values["form"] == "in_person" else ""
    told = {"at": values["at"], "form": values["form"], "place": place}
    if values["purpose"] == Purpose.FIRST_CONTACT:
        plan_first_contact(**deed.on_it, **told)
    else:
        contacts.plan(**deed.on_it, purpose=values["purpose"], **told)


def _move(deed: Deed) -> None:
    subject = deed.subject
    form = Appointment.objects.get(fund=deed.dossier.fund_id, dossier=deed.dossier, subject=subject).form
    contacts.move(**deed.on_it, subject=subject, at=deed.act.fact.values["at"], form=form)


def _cancel(deed: Deed) -> None:
    contacts.cancel(**deed.on_it, subject=deed.subject)


def _miss(deed: Deed) -> None:
    contacts.record_absence(**deed.on_it, subject=deed.subject, excused=False)


def _excuse(deed: Deed) -> None:
    contacts.excuse(**deed.on_it, subject=deed.subject)


def _talk(deed: Deed) -> None:
    form = deed.act.fact.values["form"]
    contacts.hold_contact(**deed.on_it, form=form, report=deed.act.note, subject=deed.subject)


def _step(deed: Deed) -> None:
    traject.choose_first_step(**deed.on_it, step=deed.act.fact.values["step"])


def _send(deed: Deed) -> None:
    """What lies on the pile goes to the post; otherwise it is asked for anew."""
    values = deed.act.fact.values
    mine = Questionnaire.objects.filter(fund=deed.dossier.fund_id, dossier=deed.dossier)
    one = mine.filter(state=Sending.TO_POST).first()
    if one is None or values["channel"] != "post":
        one = sending.send(**deed.on_it, channel=values["channel"], language=values["language"])
    if one.state == Sending.TO_POST:
        sending.posted(questionnaire_ids=[one.public_id], actor=deed.actor, on=deed.act.fact.on)


def _receive(deed: Deed) -> None:
    """What came in is typed over, and taken in."""
    values = deed.act.fact.values
    version = entry.beginning(deed.actor, deed.dossier, deed.act.fact.on).version
    luck = chance(deed.dossier.incapacity.reference, deed.act.fact.on, "answers")
    said = answers(
        questions_of(version), luck, deed.dossier.incapacity.person.language, whole=values["complete"]
    )
    sheet = entry.save(**deed.on_it, version=version, answers=said, revision=0)
    entry.receive(
        **deed.on_it, channel=values["channel"], complete=values["complete"], revision=sheet.revision
    )


def _waive(deed: Deed) -> None:
    reason = deed.act.fact.values["reason"]
    sending.waive(**deed.on_it, reason=reason, note=deed.note)


def _support(deed: Deed) -> None:
    sending.offer_support(**deed.on_it, channel=deed.act.fact.values["channel"], note=deed.act.note)


def _note_career(deed: Deed) -> None:
    """A job, and now and then what the insured aims at."""
    person = deed.dossier.incapacity.person
    luck = chance(deed.dossier.incapacity.reference, "career")
    job = career.Details(title=luck.choice(JOBS[person.language]), first_day=None)
    career.add(**deed.on_it, kind=CareerKind.JOB, details=job)
    if luck.random() < 0.5:
        aim = career.Details(title=luck.choice(AIMS[person.language]))
        career.add(**deed.on_it, kind=CareerKind.AIM, details=aim)


DONE_BY: dict[str, Callable[[Deed], None]] = {
    "assessment_made": _assess,
    "referral_made": _refer,
    "referral_withdrawn": _withdraw,
    "medical_contact_held": _see,
    "first_contact_held": _meet,
    "consent_given": _decide,
    "consent_refused": _decide,
    "consent_withdrawn": _decide,
    "route_closed": _close,
    "contact_requested": _request,
    "permission_requested": _ask_permission,
    "permission_granted": _grant,
    "permission_refused": _refuse,
    "registration_reported": _register,
    "registration_refused": _register,
    "invalidity_confirmed": _confirm,
    "invalidity_denied": _deny,
    "service_step": _take_step,
    "appointment_made": _plan,
    "appointment_moved": _move,
    "appointment_cancelled": _cancel,
    "absence_recorded": _miss,
    "absence_excused": _excuse,
    "contact_held": _talk,
    "first_step_chosen": _step,
    "questionnaire_sent": _send,
    "questionnaire_received": _receive,
    "questionnaire_waived": _waive,
    "support_offered": _support,
    "career_noted": _note_career,
}
