"""That the insured knows an appointment otherwise than it stands, in words, with the letter that puts it right."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.documents.kinds import kind_of
from dossiers.documents.policies import may_write
from dossiers.law.calendar import add_working_days
from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web.acts.act import Occasion
from tnw.web.words import Word
from trajects.heard import CANCELLED, INVITATION, MOVED, Untold, untold
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState
from trajects.proposals import POST

KNOWS: dict[str, str | Promise] = {
    MOVED: _("The insured person still knows the former moment."),
    CANCELLED: _("The insured person still knows the appointment."),
}
WAITS = _("The letter that waits for the post no longer holds.")
LET_REST = _("Say that it does not go, and write another")
WRITE: dict[str, str | Promise] = {
    MOVED: _("Write that it moved"),
    CANCELLED: _("Write that it is cancelled"),
}


def of(one: Untold) -> Word:
    """What the insured knows, or will not hear."""
    return WAITS if one.waits else KNOWS[one.letter]


def address(actor: Actor, dossier: Dossier, one: Untold, today: date) -> str:
    """Where the letter is written, or the one that waits is let rest first; empty for who may not."""
    if not may_write(actor, dossier, kind_of(one.letter), today):
        return ""
    if one.waits:
        return reverse("dossier_letters", args=[dossier.public_id])
    where = reverse("dossier_letter_write", args=[dossier.public_id, one.letter])
    return f"{where}?subject={one.appointment.subject}"


def title(one: Untold) -> Word:
    """What is done there."""
    return LET_REST if one.waits else WRITE[one.letter]


def too_late(appointments: Iterable[Appointment], today: date) -> Appointment | None:
    """The first that is ahead and of which a letter that is written today would be read too late."""
    until, now = clock.midnight(add_working_days(today, POST)), clock.now()
    near = (one for one in appointments if one.state == AppointmentState.PLANNED and now < one.at < until)
    return min(near, key=lambda one: one.at, default=None)


def too_late_by_post(dossier: Dossier, kind: str, subject: str, today: date) -> str:
    """That the post would come too late with a letter about an appointment; empty where it comes in time."""
    its = [one for one in dossier.appointments.all() if one.subject == subject]
    if kind not in (INVITATION, MOVED) or (one := too_late(its, today)) is None:
        return ""
    told = {"day": formats.date_format(one.at.astimezone(clock.BRUSSELS), "d/m/Y H:i")}
    return (
        gettext(
            "The post takes about three working days: for %(day)s this letter comes too late. Call the insured person."
        )
        % told
    )


def with_letter(said: Word, occasion: Occasion) -> Word:
    """What an act that moved or called off an appointment says, with what has to be written because of it."""
    its = Appointment.objects.visible_to(occasion.actor).filter(dossier=occasion.dossier)
    found = untold(occasion.actor, occasion.dossier, its.filter(subject=occasion.subject))
    if (one := found.get(occasion.subject)) is None:
        return said
    where = address(occasion.actor, occasion.dossier, one, occasion.today)
    link = format_html(' <a href="{}">{}</a>', where, title(one)) if where else ""
    return format_html("{} {}{}", said, of(one), link)
