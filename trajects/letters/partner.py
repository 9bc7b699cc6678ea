"""The registration form with which somebody is registered at VDAB, Forem, Actiris or ADG (G1)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers import acts, consents
from dossiers.documents.kinds import About, Kind, Matter, Sent
from dossiers.documents.letter import (
    Letter,
    Missing,
    day,
    details,
    heading,
    note,
    paragraph,
    paragraphs,
)
from dossiers.documents.words import closing
from dossiers.identifiers import dotted_ssin
from dossiers.models import Channel, Dossier, LedgerEntry
from dossiers.notes import notes_of
from tnw.accounts.models import Actor
from tnw.core.policies import Verdict
from trajects.letters.career import career_of, career_table
from trajects.models import PartnerReferral
from trajects.models.partner import PartnerState
from trajects.policies.sharing import CONSULTATION, REGIONAL_SERVICE, may_share
from trajects.services import partner

# As they call themselves, in their own language.
SERVICES = {
    "vdab": "VDAB, Vlaamse Dienst voor Arbeidsbemiddeling en Beroepsopleiding",
    "forem": "Le Forem, Office wallon de la formation professionnelle et de l’emploi",
    "actiris": "Actiris Brussels",
    "adg": "ADG, Arbeitsamt der Deutschsprachigen Gemeinschaft",
}
SHORT = {"vdab": "VDAB", "forem": "Forem", "actiris": "Actiris", "adg": "ADG"}


# In which language each works; of Actiris, whoever does not speak one of its two, the first.
LANGUAGE = {"vdab": "nl", "forem": "fr", "adg": "de"}
BILINGUAL = ("fr", "nl")


def _to_send(dossier: Dossier, _today: date) -> list[About]:
    found = [one for one in dossier.partner_referrals.all() if one.state == PartnerState.DRAWN_UP]
    return [About(one.subject, _label(one)) for one in sorted(found, key=lambda one: one.pk)]


def _label(one: PartnerReferral) -> str:
    return f"{SHORT[one.service]}, {day(one.drawn_up_on)}" if one.drawn_up_on else SHORT[one.service]


def _may(_actor: Actor, dossier: Dossier, on: date) -> Verdict:
    return may_share(dossier, REGIONAL_SERVICE, on=on)


def form(matter: Matter) -> Letter:
    """The form, with all that the service needs to register somebody and nothing of health."""
    dossier = matter.dossier
    one = next(one for one in dossier.partner_referrals.all() if one.subject == matter.subject)
    person = dossier.incapacity.person
    career = career_of(matter)
    blocks = [
        details(
            (_("Registered with"), SERVICES[one.service]),
            (_("Registered by"), ", ".join([matter.sender.name if matter.sender else "", matter.fund.name])),
            (_("Form drawn up on"), day(one.drawn_up_on) if one.drawn_up_on else ""),
        ),
        heading(_("Who is registered")),
        details(
            (_("Name"), str(person)),
            (_("National register number"), dotted_ssin(person.ssin)),
            (_("Date of birth"), day(person.birth_date) if person.birth_date else ""),
            (_("Address"), f"{person.street}, {person.postal_code} {person.city}"),
            (_("Phone"), person.phone),
            (_("E-mail"), person.email),
            (_("Language"), person.get_language_display()),
            (_("Regime"), dossier.incapacity.get_regime_display()),
            (_("Incapable of work since"), day(dossier.incapacity.start)),
            (_("Employment contract"), _("yes") if dossier.incapacity.employment_contract else _("no")),
        ),
        heading(_("What is asked")),
        *paragraphs(_asked(matter)),
        *paragraphs(matter.said.get("text", "")),
        *([heading(_("Career")), career_table(career)] if career else []),
        paragraph(
            _(
                "Please let the return-to-work coordinator know whether you accept this registration, and tell of each "
                "step that is taken. The coordinator stays the link between you, the insured person and the fund."
            )
        ),
        note(
            _(
                "The insured person consented on %(day)s to the sharing of these data with you. This form holds no "
                "medical data."
            )
            % {"day": day(_consented(dossier))}
        ),
    ]
    title = _("Registration form for %(service)s") % {"service": SHORT[one.service]}
    return Letter(title, blocks, closing(matter))


def _asked(matter: Matter) -> str:
    """What the coordinator wrote on the form when it was drawn up. Raises Missing."""
    entries = LedgerEntry.objects.visible_to(matter.actor).filter(
        dossier=matter.dossier, subject=matter.subject, kind="partner_form_drawn_up"
    )
    told = [text for one in notes_of(matter.actor, entries).values() for text in one.texts]
    if not told:
        raise Missing(_("what the form asks of the service"))
    return told[-1]


def _consented(dossier: Dossier) -> date:
    facts = acts.happened(dossier)
    wanted = (CONSULTATION, REGIONAL_SERVICE)
    return next(one.since for one in consents.register(facts) if (one.purpose, one.party) == wanted)


def _language(matter: Matter) -> str:
    """That of the service; of Actiris, in Brussels, that of the insured where it is one of its two."""
    its = next(one for one in matter.dossier.partner_referrals.all() if one.subject == matter.subject)
    spoken = matter.dossier.incapacity.person.language
    return LANGUAGE.get(its.service) or (spoken if spoken in BILINGUAL else BILINGUAL[0])


def _sent(sent: Sent) -> str:
    """The form went to the service."""
    return partner.send(dossier_id=sent.dossier.public_id, actor=sent.actor, on=sent.on, subject=sent.subject)


KINDS = (
    Kind(
        "partner_form",
        gettext_lazy("Registration form for a regional service"),
        form,
        nothing=gettext_lazy("No registration form waits to be sent: draw one up under Partners and training."),
        about=_to_send,
        may=_may,
        party=REGIONAL_SERVICE,
        asks={"text": gettext_lazy("What you want to add")},
        channels=(Channel.POST, Channel.HANDED_OVER),
        sent=_sent,
        language=_language,
    ),
)  # fmt: skip
