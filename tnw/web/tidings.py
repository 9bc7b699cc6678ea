"""That the insured knows an appointment otherwise than it stands, in words, with the letter that puts it right."""

from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dossiers.documents.kinds import kind_of
from dossiers.documents.policies import may_write
from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.web.acts.act import Occasion
from tnw.web.words import Word
from trajects.heard import CANCELLED, MOVED, Untold, untold
from trajects.models import Appointment

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


def with_letter(said: Word, occasion: Occasion) -> Word:
    """What an act that moved or called off an appointment says, with what has to be written because of it."""
    its = Appointment.objects.visible_to(occasion.actor).filter(dossier=occasion.dossier)
    found = untold(occasion.actor, occasion.dossier, its.filter(subject=occasion.subject))
    if (one := found.get(occasion.subject)) is None:
        return said
    where = address(occasion.actor, occasion.dossier, one, occasion.today)
    link = format_html(' <a href="{}">{}</a>', where, title(one)) if where else ""
    return format_html("{} {}{}", said, of(one), link)
