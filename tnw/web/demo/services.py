"""What people do, done through the service of each act; `DONE_BY` names it by the kind of fact that the act begins with."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dossiers import career, health
from dossiers.consents import DATA_PROCESSING, STATES
from dossiers.models import Dossier
from dossiers.models.career import CareerKind
from dossiers.models.health import Sight
from routing import services
from routing.models import Questionnaire
from routing.models.questionnaire import Sending
from routing.questionnaires import entry, sending
from routing.questionnaires.reference import questions_of
from tnw.accounts.models import Actor
from tnw.web.demo.answers import answers
from tnw.web.demo.course import Act
from tnw.web.demo.notes import AIMS, JOBS, OF_THE_DOCTOR, SHARED_WITH_COORDINATOR
from tnw.web.demo.people import chance
from trajects import services as contacts
from trajects.models import Appointment

WITHOUT_WORDS = "–"
# How often a doctor writes something down, for whom.
NOTED = ((0.25, Sight.SHARED, SHARED_WITH_COORDINATOR), (0.15, Sight.MEDICAL, OF_THE_DOCTOR))


class Deed(NamedTuple):
    """An act that is being done: in which dossier, and by whom."""

    dossier: Dossier
    actor: Actor
    act: Act

    @property
    def on_it(self) -> dict[str, Any]:
        """What every service wants to know."""
        return {"dossier_id": self.dossier.public_id, "actor": self.actor, "on": self.act.fact.on}

    @property
    def subject(self) -> str:
        """The appointment that it is about, as the service that made it called it."""
        if self.act.at is None:
            return ""
        found = Appointment.objects.filter(fund=self.dossier.fund_id, dossier=self.dossier, at=self.act.at)
        return found.order_by("-pk").values_list("subject", flat=True)[0]

    def also(self, kind: str, value: str) -> str:
        """A value of something that was done along with it."""
        return next((fact.get(value, "") for fact in self.act.also if fact.kind == kind), "")

    def did(self, kind: str) -> bool:
        return any(fact.kind == kind for fact in self.act.also)


def _assess(deed: Deed) -> None:
    category = deed.act.fact.values["category"]
    services.assess(**deed.on_it, category=category, reason=deed.act.note or WITHOUT_WORDS)


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


def _consent(deed: Deed) -> services.Consent:
    if deed.did("traject_started") or deed.act.fact.kind == "consent_given":
        return "given"
    refused = deed.did("consent_refused") or deed.act.fact.kind == "consent_refused"
    return "refused" if refused else "later"


def _meet(deed: Deed) -> None:
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
    values = deed.act.fact.values
    if values["purpose"] == DATA_PROCESSING:
        services.decide_on_consent(
            **deed.on_it, consent=_consent(deed), first_step=deed.also("first_step_chosen", "step")
        )
    else:
        answer = STATES[deed.act.fact.kind]
        contacts.record_consent(
            **deed.on_it, answer=answer, purpose=values["purpose"], party=values.get("party", "")
        )


def _close(deed: Deed) -> None:
    services.close_route(**deed.on_it, reason=deed.act.fact.values["reason"], note=deed.act.note)


def _plan(deed: Deed) -> None:
    values = deed.act.fact.values
    place = deed.dossier.team.place if deed.dossier.team and values["form"] == "in_person" else ""
    contacts.plan(**deed.on_it, purpose=values["purpose"], at=values["at"], form=values["form"], place=place)


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
    contacts.choose_first_step(**deed.on_it, step=deed.act.fact.values["step"])


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
    sending.waive(**deed.on_it, reason=reason, note=deed.act.note or WITHOUT_WORDS)


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
    "route_closed": _close,
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


def service_of(act: Act) -> Callable[[Deed], None] | None:
    """The service that does an act; None where there is none yet, and its fact is recorded."""
    if act.fact.get("route", "A") != "A":  # the other roads have no services yet
        return None
    if (
        act.fact.get("purpose") == DATA_PROCESSING and not act.also
    ):  # asked at the first contact of another road
        return None
    return DONE_BY.get(act.fact.kind)
