"""The referral to the occupational physician: what is asked, with whose consent, and nothing of health (A7)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers import acts, consents
from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import Letter, bullets, day, details, heading, note, paragraph, paragraphs
from dossiers.documents.words import closing
from dossiers.identifiers import dotted_enterprise_number
from dossiers.models import Channel, Dossier
from dossiers.models.career import CareerKind
from dossiers.policies import is_open
from tnw.accounts.models import Actor
from tnw.core.policies import Verdict
from trajects.letters.career import career_of
from trajects.models.employer import EmployerState
from trajects.policies.employer import latest
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, may_share

VISIT = "visit"


def _made(dossier: Dossier, _today: date) -> list[About]:
    """The referral that was made and of which nothing came yet."""
    one = latest(dossier)
    if one is None or one.state != EmployerState.REFERRED or one.referred_on is None:
        return []
    return [About(str(one.number), day(one.referred_on))]


def _may(_actor: Actor, dossier: Dossier, on: date) -> Verdict:
    return may_share(dossier, OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL, on=on) and is_open(dossier, on)


def referral(matter: Matter) -> Letter:
    """To the occupational physician of the employer."""
    dossier = matter.dossier
    person, incapacity = dossier.incapacity.person, dossier.incapacity
    made = next(one for one in reversed(acts.happened(dossier)) if one.kind == "occupational_referral_made")
    job = next((one for one in career_of(matter, CareerKind.JOB) if one.last_day is None), None)
    who = details(
        (_("Name"), str(person)),
        (_("Date of birth"), day(person.birth_date) if person.birth_date else ""),
        (_("Address"), f"{person.street}, {person.postal_code} {person.city}"),
        (_("Phone"), person.phone),
        (_("E-mail"), person.email),
        (_("Employer"), job.organization if job else ""),
        (_("Enterprise number"), dotted_enterprise_number(incapacity.employer_number)),
        (pgettext("career", "Function"), job.title if job else ""),
        (_("Incapable of work since"), day(incapacity.start)),
    )
    blocks = [
        paragraph(_("Dear doctor,")),
        paragraph(
            _(
                "As return-to-work coordinator of %(fund)s I refer to you the person named below, who is incapable of "
                "work and has an employment contract with an employer for whom you watch over the health of the workers."
            )
            % {"fund": matter.fund.name}
        ),
        who,
        heading(_("What is asked")),
        paragraph(_asked(made.get("asks_for", VISIT))),
        *paragraphs(matter.said.get("text", "")),
        paragraph(_("Please let me know:")),
        bullets([
            _("on which day you see this person;"),
            _("what comes of it: a resumption, a traject at the employer, or neither;"),
            _("what I can do to support the return to work."),
        ]),
        note(
            _(
                "The insured person consented to this referral on %(day)s. This letter holds no medical data, and none "
                "need be sent to me: the advisory doctor of the fund and you write to each other about health."
            )
            % {"day": day(_consented(dossier))}
        ),
    ]  # fmt: skip
    return Letter(_("Referral to the occupational physician"), blocks, closing(matter))


def _asked(what: str) -> str:
    if what == VISIT:
        return _(
            "A visit before the resumption of work (Code on well-being at work, book I, title 4): I ask you to look with "
            "this person at what makes a return to work possible, such as adapted work or an adapted workplace."
        )
    return _(
        "The start of a reintegration traject (Code on well-being at work, book I, title 4, chapter VI): I ask you to "
        "assess whether this person can take up the agreed work again, or other or adapted work at this employer."
    )


def _consented(dossier: Dossier) -> date:
    facts = acts.happened(dossier)
    wanted = (EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN)
    return next(one.since for one in consents.register(facts) if (one.purpose, one.party) == wanted)


KINDS = (
    Kind(
        "occupational_referral",
        gettext_lazy("Referral to the occupational physician"),
        referral,
        nothing=gettext_lazy("No referral to the occupational physician was made, or something came of it already."),
        about=_made,
        may=_may,
        party=OCCUPATIONAL_PHYSICIAN,
        asks={"text": gettext_lazy("What you want to add")},
        channels=(Channel.POST, Channel.HANDED_OVER),
    ),
)  # fmt: skip
