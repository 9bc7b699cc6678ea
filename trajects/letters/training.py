"""A paid training: the application to RIZIV, and what was decided; a refusal goes by registered letter (H1, H2)."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers.documents.kinds import OF_THE_POST, REGISTERED, About, Kind, Matter, Sent
from dossiers.documents.letter import (
    Letter,
    bullets,
    day,
    details,
    heading,
    needed,
    note,
    paragraph,
    paragraphs,
)
from dossiers.documents.words import closing, rights, salutation
from dossiers.models import Channel, Dossier
from tnw.accounts.models import Actor
from tnw.core.policies import Verdict
from trajects.letters.standing import in_states
from trajects.letters.told import told
from trajects.models import TrainingProject
from trajects.models.training import TrainingState
from trajects.policies.sharing import may_process
from trajects.services import training as services

# In which an application is written, and still goes.
TO_RIZIV = (TrainingState.ADVISED, TrainingState.SUBMITTED)
# What the application tells besides, with its name; without one of these RIZIV cannot judge it.
ASKED = {
    "provider": gettext_lazy("Who gives the training, and where"),
    "period": gettext_lazy("From when to when, and how many hours a week"),
    "goal": gettext_lazy("To which work it leads"),
    "costs": gettext_lazy("What it costs, and who bears that now"),
}


def _in_state(*states: str) -> Callable[[Dossier, date], list[About]]:
    def about(dossier: Dossier, today: date) -> list[About]:
        found = [one for one in dossier.trainings.all() if one.state in states]
        return [
            About(one.subject, day(one.proposed_on))
            for one in sorted(found, key=lambda one: (one.proposed_on, one.subject))
        ]

    return about


def _training(matter: Matter) -> TrainingProject:
    return next(one for one in matter.dossier.trainings.all() if one.subject == matter.subject)


def _what(matter: Matter) -> str:
    """Which training it is, as it was proposed."""
    return told(matter, "training_proposed", subject=matter.subject, part="text")


def _may(_actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """RIZIV decides of whom asks it; without a word against the processing of his data (A6)."""
    return may_process(dossier, on=on)


def application(matter: Matter) -> Letter:
    """Who, which training, why; that the advice is favourable, and no word of health."""
    incapacity = matter.dossier.incapacity
    person, one = incapacity.person, _training(matter)
    given = [(_label(name), needed(matter.said.get(name, ""), asked)) for name, asked in ASKED.items()]
    blocks = [
        paragraph(_("We submit the application below for a vocational rehabilitation, and ask your decision.")),
        heading(pgettext("letter", "The insured person")),
        details(
            (_("Name"), str(person)),
            (_("SSIN"), f"{person.ssin[:2]}.{person.ssin[2:4]}.{person.ssin[4:6]}-{person.ssin[6:9]}.{person.ssin[9:]}"),
            (_("Address"), f"{person.street}\n{person.postal_code} {person.city}"),
            (_("Regime"), incapacity.get_regime_display()),
            (_("Incapacitated since"), day(incapacity.start)),
        ),
        heading(pgettext("letter", "The training")),
        details(
            (_("Training"), needed(_what(matter), gettext_lazy("which training it is"))),
            *given,
            (_("Proposed by"), _proposer(one)),
            (_("Proposed on"), day(one.proposed_on)),
        ),
        *paragraphs(matter.said.get("text", "")),
        heading(pgettext("letter", "Advice of the advisory doctor")),
        paragraph(
            _(
                "Favourable: the training is compatible with the state of health. Medical data go from doctor to doctor "
                "and are not in this letter."
            )
        ),
    ]  # fmt: skip
    return Letter(_("Application for a vocational rehabilitation"), blocks, closing(matter))


def _label(name: str) -> str:
    """The same in a word, as it stands in the application."""
    return {
        "provider": pgettext("training", "Given by"),
        "period": pgettext("training", "Period and hours"),
        "goal": pgettext("training", "Leads to"),
        "costs": pgettext("training", "Costs"),
    }[name]


def _proposer(one: TrainingProject) -> str:
    return {
        "insured": _("the insured person"),
        "regional_service": _("the mediator of the regional employment service"),
    }.get(one.proposed_by, "")


def approved(matter: Matter) -> Letter:
    """The fund pays, and the incapacity is presumed for the whole training (H2)."""
    one = _training(matter)
    period = [
        (pgettext("training", "From"), day(one.starts_on) if one.starts_on else ""),
        (pgettext("training", "Until and including"), day(one.ends_on) if one.ends_on else ""),
    ]
    blocks = [
        salutation(),
        paragraph(
            _("Good news: the High Commission of the Medical Council for Invalidity of RIZIV approves your training.")
        ),
        details((_("Training"), _what(matter)), *period, (_("Decided on"), _decided(one))),
        *paragraphs(matter.said.get("text", "")),
        heading(_("What this means for you")),
        bullets(
            [
                _("Your fund pays the training, as it was approved."),
                _("During the whole training you stay recognized as incapacitated, and your benefit goes on."),
                _("After the training the advisory doctor looks with you at what you can do then."),
            ]
        ),
        heading(_("What we ask of you")),
        bullets(
            [
                _("Follow the training, and keep proofs of attendance and invoices."),
                _("Tell your coordinator when it begins, changes or stops, and when you have finished it."),
            ]
        ),
    ]  # fmt: skip
    return Letter(_("Your training is approved"), blocks, closing(matter))


def refused(matter: Matter) -> Letter:
    """By registered letter, with what remains open (H2)."""
    one = _training(matter)
    blocks = [
        salutation(),
        paragraph(
            _("The High Commission of the Medical Council for Invalidity of RIZIV does not approve your training.")
        ),
        details((_("Training"), _what(matter)), (_("Decided on"), _decided(one))),
        heading(_("Why")),
        *paragraphs(needed(matter.said.get("why", ""), WHY)),
        *paragraphs(matter.said.get("text", "")),
        *rights(),
        heading(_("What you can do now")),
        paragraph(
            _(
                "This decision ends neither your incapacity for work nor your return-to-work traject. Your coordinator "
                "looks with you at what else is possible."
            )
        ),
        note(_("The fund does not pay this training. If you begin it all the same, ask first what that means.")),
    ]  # fmt: skip
    return Letter(_("Your training is not approved"), blocks, closing(matter))


WHY = gettext_lazy("The reason, as the commission gave it, without medical data")


def _decided(one: TrainingProject) -> str:
    return day(one.decided_on) if one.decided_on else ""


def _submitted(one: Sent) -> str:
    """The first application that leaves is the submission (H1); one that is sent again is none."""
    its = services.training_of(one.dossier, one.subject)
    if its.state != TrainingState.ADVISED:
        return ""
    return services.submit(dossier_id=one.dossier.public_id, actor=one.actor, on=one.on, subject=one.subject)


def _told(one: Sent) -> str:
    """The registered letter of the decision (H2); by another way nothing of it is in the law."""
    if one.channel != Channel.REGISTERED:
        return ""
    return services.send_letter(
        dossier_id=one.dossier.public_id,
        actor=one.actor,
        on=one.on,
        subject=one.subject,
        proof=one.number,
    )


_TEXT = {"text": gettext_lazy("What you want to add")}

KINDS = (
    Kind(
        "training_application",
        gettext_lazy("Application for a training, to RIZIV"),
        application,
        nothing=gettext_lazy("No training with a favourable advice waits to be submitted."),
        about=_in_state(*TO_RIZIV),
        may=_may,
        stands=in_states(TrainingProject, *TO_RIZIV),
        party="riziv",
        asks={**ASKED, **_TEXT},
        channels=(Channel.POST, Channel.REGISTERED, Channel.HANDED_OVER),
        sent=_submitted,
    ),
    Kind(
        "training_approved",
        gettext_lazy("Training approved"),
        approved,
        nothing=gettext_lazy("No training is approved."),
        about=_in_state(TrainingState.APPROVED),
        asks=_TEXT,
        channels=(*OF_THE_POST, Channel.REGISTERED),
        sent=_told,
    ),
    Kind(
        "training_refused",
        gettext_lazy("Training not approved"),
        refused,
        nothing=gettext_lazy("No training was refused."),
        about=_in_state(TrainingState.REFUSED),
        asks={"why": WHY, **_TEXT},
        channels=REGISTERED,
        sent=_told,
    ),
)
