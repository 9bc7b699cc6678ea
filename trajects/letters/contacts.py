"""Letters about appointments: the invitation, that it moved, that it does not take place (A4, A6, X1)."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers import acts
from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import Block, Letter, details, moment, needed, note, paragraph, paragraphs
from dossiers.documents.words import closing, salutation
from dossiers.models import Dossier, LedgerEntry
from tnw.accounts.models import Role
from trajects.letters.standing import as_planned
from trajects.letters.told import told
from trajects.models import Appointment
from trajects.models.absence import waited_for
from trajects.models.appointment import AppointmentState, Form, Purpose
from trajects.reading import PLACED, number_to_call

WRITERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR)


def _planned(dossier: Dossier, today: date) -> list[About]:
    """What still lies ahead."""
    return _named(
        one
        for one in dossier.appointments.all()
        if one.state == AppointmentState.PLANNED and timezone.localtime(one.at).date() >= today
    )


def _moved(dossier: Dossier, today: date) -> list[About]:
    """Of those, what was planned for another moment, form or place before."""
    if not (planned := _planned(dossier, today)):
        return []
    told = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, kind="appointment_moved")
    subjects = set(told.values_list("subject", flat=True))
    return [one for one in planned if one.subject in subjects]


def _cancelled(dossier: Dossier, today: date) -> list[About]:
    """What would still lie ahead."""
    return _named(
        one
        for one in dossier.appointments.all()
        if one.state == AppointmentState.CANCELLED and timezone.localtime(one.at).date() >= today
    )


def _named(found: Iterable[Appointment]) -> list[About]:
    return [
        About(one.subject, f"{one.get_purpose_display()}, {moment(one.at)}")
        for one in sorted(found, key=lambda one: one.at)
    ]


def _appointment(matter: Matter) -> Appointment:
    return next(one for one in matter.dossier.appointments.all() if one.subject == matter.subject)


def invitation(matter: Matter) -> Letter:
    """To an appointment that is planned."""
    one = _appointment(matter)
    blocks = [
        salutation(),
        paragraph(_why(one)),
        _when(one, matter),
        *paragraphs(matter.said.get("text", "")),
        *_may_be_missed(one, matter),
    ]
    return Letter(_title(one), blocks, closing(matter))


def moved(matter: Matter) -> Letter:
    """The new moment of an appointment."""
    one = _appointment(matter)
    blocks = [
        salutation(),
        paragraph(_("Your appointment has moved. This is the new moment; the former one no longer holds.")),
        _when(one, matter),
        *paragraphs(matter.said.get("text", "")),
        *_may_be_missed(one, matter),
    ]
    return Letter(_("Your appointment has moved"), blocks, closing(matter))


def cancelled(matter: Matter) -> Letter:
    """That an appointment does not take place."""
    one = _appointment(matter)
    blocks = [
        salutation(),
        paragraph(_("This appointment does not take place. You need not come.")),
        details((_("Appointment"), one.get_purpose_display()), (pgettext("letter", "When"), moment(one.at))),
        *paragraphs(matter.said.get("text", "")),
    ]
    return Letter(_("Your appointment is cancelled"), blocks, closing(matter))


def _title(one: Appointment) -> str:
    return {
        Purpose.MEDICAL_EXAMINATION: _("Invitation to a medical examination"),
        Purpose.FIRST_CONTACT: _("Invitation to a first contact"),
        Purpose.FOLLOW_UP: _("Invitation to a follow-up interview"),
        Purpose.PLAN_MEETING: _("Invitation to draw up your reintegration plan"),
    }.get(Purpose(one.purpose), _("Invitation to an appointment"))


def _why(one: Appointment) -> str:
    return {
        Purpose.MEDICAL_EXAMINATION: _(
            "The advisory doctor invites you to a medical examination. Together you look at what you still can do "
            "and what you need to work again."
        ),
        Purpose.FIRST_CONTACT: _(
            "Your return-to-work coordinator invites you to a first contact. The coordinator explains what he or she "
            "can do for you, and looks with you for a first step towards work that suits you."
        ),
        Purpose.FOLLOW_UP: _(
            "We invite you to look together at how your traject is going and what comes next."
        ),
        Purpose.PLAN_MEETING: _("We invite you to draw up your reintegration plan together."),
    }.get(Purpose(one.purpose), _("We invite you to an appointment."))


def _when(one: Appointment, matter: Matter) -> Block:
    """Where to be, or how the insured is reached: without that nobody can take part."""
    rows = [(pgettext("letter", "When"), moment(one.at)), (_("How"), one.get_form_display())]
    return details(*rows, _where(one, matter), (_("With"), _with(one, matter)))


def _where(one: Appointment, matter: Matter) -> tuple[str, str]:
    """The place as its form calls it. Raises Missing."""
    person, typed = matter.dossier.incapacity.person, _typed(one, matter)
    if one.form == Form.PHONE:
        return _("We call you on"), number_to_call(typed) or person.phone or _("Let us know on which number.")
    if one.form == Form.VIDEO:
        return _("Link"), needed(
            typed, gettext_lazy("the link of the video call, as place of the appointment")
        )
    if one.form == Form.HOME_VISIT:
        lives = f"{person.street}, {person.postal_code} {person.city}" if person.street else ""
        return _("We come to"), needed(typed or lives, gettext_lazy("the place of the appointment"))
    if one.form == Form.OTHER:
        return pgettext("letter", "Where"), typed
    return pgettext("letter", "Where"), _place(one, matter)


def _with(one: Appointment, matter: Matter) -> str:
    """Of an examination the coordinator knows no more than that it is with the advisory doctor."""
    if one.purpose != Purpose.MEDICAL_EXAMINATION:
        who = matter.dossier.coordinator or matter.sender
        return who.name if who else ""
    user = matter.actor.user
    return user.name if user and user.has_role(Role.ADVISORY_DOCTOR) else _("the advisory doctor")


def _typed(one: Appointment, matter: Matter) -> str:
    return told(matter, *PLACED, subject=one.subject, part="place")


def _place(one: Appointment, matter: Matter) -> str:
    """Where it was planned, or where the team receives people. Raises Missing."""
    team = matter.dossier.team
    place = _typed(one, matter) or (team.place if team else "")
    return needed(place, gettext_lazy("the place of the appointment"))


def _may_be_missed(one: Appointment, matter: Matter) -> list[Block]:
    """What follows on an absence is said where something does: in route A, at the examination and the first contact."""
    comes = one.form in ("", Form.IN_PERSON, Form.OTHER)
    can = paragraph(
        _("Can you not come? Let us know before the appointment, by phone or e-mail, and we look for another moment.")
        if comes
        else _("Does it not suit you? Let us know beforehand, by phone or e-mail, and we look for another moment.")
    )  # fmt: skip
    if one.purpose == Purpose.FIRST_CONTACT:
        obliged = one.route in ("", "A") and waited_for(acts.happened(matter.dossier))
    else:
        obliged = one.purpose == Purpose.MEDICAL_EXAMINATION
    return [can, note(_obliged(one.form))] if obliged else [can]


def _obliged(form: str) -> str:
    """Nobody has to come to a call."""
    if form == Form.PHONE:
        return _("You are obliged to be reachable by phone then. Who is not, without a valid reason, is warned by "
                 "registered letter; if it happens again, part of the benefit can be lost.")  # fmt: skip
    if form == Form.VIDEO:
        return _("You are obliged to take part. Who does not, without a valid reason, is warned by registered letter; "
                 "if it happens again, part of the benefit can be lost.")  # fmt: skip
    if form == Form.HOME_VISIT:
        return _("You are obliged to be there. Who is not, without a valid reason, is warned by registered letter; "
                 "if it happens again, part of the benefit can be lost.")  # fmt: skip
    return _("You are obliged to come. Who stays away without a valid reason is warned by registered letter; "
             "who does so again can lose part of the benefit.")  # fmt: skip


_TEXT = {"text": gettext_lazy("What you want to add")}

KINDS = (
    Kind(
        "invitation",
        gettext_lazy("Invitation to an appointment"),
        invitation,
        nothing=gettext_lazy("No appointment is planned."),
        about=_planned,
        roles=WRITERS,
        asks=_TEXT,
        many=True,
        stands=as_planned,
    ),
    Kind(
        "appointment_moved",
        gettext_lazy("An appointment has moved"),
        moved,
        nothing=gettext_lazy("No appointment was moved."),
        about=_moved,
        roles=WRITERS,
        asks=_TEXT,
        stands=as_planned,
    ),
    Kind(
        "appointment_cancelled",
        gettext_lazy("An appointment is cancelled"),
        cancelled,
        nothing=gettext_lazy("No appointment is cancelled."),
        about=_cancelled,
        roles=WRITERS,
        asks=_TEXT,
    ),
)
