"""Whether the insured hears of an appointment by a calendar message: asked in its form, never taken for granted."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from tnw.core.policies import YES, Verdict
from trajects.policies.contacts import may_be_mailed
from trajects.services import invitations

if TYPE_CHECKING:
    from tnw.web.acts.act import Occasion

NOT_INVITED = Verdict(False, _("No calendar message went out for this appointment."))


def field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Mail it to the insured person as a calendar message"),
        required=False,
        help_text=_("It says the date, the hour, the place or number, and with whom; nothing of why."),
    )


def invited(occasion: "Occasion") -> bool:
    """Whether the insured has it in a calendar: then the change is told, unless somebody says otherwise."""
    return bool(may_be_mailed(occasion.dossier)) and invitations.invited(occasion.dossier, occasion.subject)


def fit(form: forms.Form, occasion: "Occasion", *, needs_invitation: bool = False) -> None:
    """Closed where nobody can be reached, with the reason."""
    may = may_be_mailed(occasion.dossier)
    if may and needs_invitation:
        may = YES if invitations.has_or_gets(occasion.dossier, occasion.subject) else NOT_INVITED
    if not may:
        form.fields["mail"].disabled = True
        form.fields["mail"].help_text = str(may.reason)
        form.initial.pop("mail", None)
        form.fields["mail"].initial = False
