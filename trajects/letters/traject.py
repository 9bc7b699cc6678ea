"""The end of a traject: what came of it, what fell away with it, what stays; also where the insured stopped it (P3, Z8)."""

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from dossiers import acts
from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import Letter, bullets, day, details, heading, moment, paragraph, paragraphs
from dossiers.documents.words import closing, salutation
from dossiers.models import Deadline, Dossier
from trajects.letters.partner import SHORT
from trajects.models import Traject
from trajects.models.adapted_work import AdaptedWorkState
from trajects.models.declaration import DeclarationState
from trajects.models.partner import PartnerState
from trajects.models.training import TrainingState
from trajects.policies.contacts import running_traject
from trajects.policies.results import STOPPED
from trajects.presumption import RULE

# What came of it, as one says it to the person concerned.
RESULTS = {
    "resumed_own_employer": gettext_lazy("You went back to work with your own employer."),
    "resumed_other_employer": gettext_lazy("You went to work with another employer."),
    "resumed_self_employed": gettext_lazy("You went to work as a self-employed person."),
    "adapted_work": gettext_lazy("You do adapted work."),
    "training_finished": gettext_lazy("You finished a training."),
    "medically_not_possible": gettext_lazy("A return to work is not possible for the moment."),
    "incapacity_ended": gettext_lazy("Your incapacity for work has ended."),
    "no_result": gettext_lazy("The traject did not lead to a return to work for now."),
}


def _ended(*, stopped: bool) -> Callable[[Dossier, date], list[About]]:
    def about(dossier: Dossier, today: date) -> list[About]:
        last = max(dossier.trajects.all(), key=lambda one: one.number, default=None)
        if last is None or last.ended_on is None or (last.result == STOPPED) is not stopped:
            return []
        return [About(str(last.number), day(last.ended_on))]

    return about


def ended(matter: Matter) -> Letter:
    """The traject ended with a result."""
    one = _traject(matter)
    opening = paragraph(
        _("Your return-to-work traject has ended. Below you read what that changes for you, and what stays.")
    )
    return Letter(_("Your return-to-work traject has ended"), _blocks(matter, one, opening), closing(matter))


def stopped(matter: Matter) -> Letter:
    """The insured stopped it; nobody asks why."""
    one = _traject(matter)
    opening = paragraph(
        _(
            "You let us know that you stop your return-to-work traject. That is your right: the traject is voluntary, and "
            "you need not say why. Below you read what that changes for you, and what stays."
        )
    )
    return Letter(
        _("You stopped your return-to-work traject"), _blocks(matter, one, opening), closing(matter)
    )


def _traject(matter: Matter) -> Traject:
    return next(one for one in matter.dossier.trajects.all() if str(one.number) == matter.subject)


def _blocks(matter: Matter, one: Traject, opening: dict[str, object]) -> list[dict[str, object]]:
    assert one.ended_on  # it is about an end
    fallen = list(_fallen_away(matter.dossier, one.ended_on))
    return [
        salutation(),
        opening,
        details(
            (pgettext("traject", "Began on"), day(one.started_on)),
            (pgettext("traject", "Ended on"), day(one.ended_on)),
            (_("What came of it"), RESULTS.get(one.result, "")),
        ),
        *paragraphs(matter.said.get("text", "")),
        *([heading(_("What falls away")), bullets(fallen)] if fallen else []),
        heading(_("What stays")),
        bullets(_stays(matter, one)),
    ]


def _fallen_away(dossier: Dossier, on: date) -> Iterator[str]:
    """What ended with the traject on its last day."""
    if off := _called_off(dossier, on):
        yield (
            ngettext(
                "Your appointment of %(moments)s does not take place.",
                "Your appointments of %(moments)s do not take place.",
                len(off),
            )
            % {"moments": "; ".join(off)}
        )
    if part := next((one for one in dossier.reintegrations.all() if one.ended_on == on), None):
        yield (
            _("Your reintegration traject ends, and with it the follow-up of your plan.")
            if part.plan_version
            else _("Your reintegration traject ends.")
        )
    if any(one.state == DeclarationState.LAPSED for one in dossier.declarations.all()):
        yield _("The engagement declaration that waited for signatures lapses: nobody need sign it any more.")
    presumed = Deadline.objects.filter(fund=dossier.fund_id, dossier=dossier, rule=RULE, closed_on=on)
    if any(row.falls_on > on for row in presumed):
        yield _(
            "The presumption of incapacity for work that came with your declaration ends. From then on the advisory "
            "doctor can assess your incapacity for work as before."
        )
    for one in dossier.partner_referrals.all():
        if one.state == PartnerState.ENDED and one.ended_on == on:
            yield _("We no longer follow your registration with %(service)s.") % {
                "service": SHORT[one.service]
            }


def _called_off(dossier: Dossier, on: date) -> list[str]:
    gone = {
        one.subject for one in acts.happened(dossier) if one.kind == "appointment_cancelled" and one.on == on
    }
    its = sorted((one for one in dossier.appointments.all() if one.subject in gone), key=lambda one: one.at)
    return [moment(one.at) for one in its]


def _stays(matter: Matter, one: Traject) -> Iterator[str]:
    """Rights, and the duties beside them."""
    dossier = matter.dossier
    if not dossier.incapacity.ended(matter.today):
        yield _(
            "The end of the traject changes nothing about your benefit as long as your incapacity for work is recognized."
        )
    if any(work.state == AdaptedWorkState.PERMITTED for work in dossier.adapted_works.all()):
        yield _("The adapted work for which you have permission goes on, as your permission says.")
    if any(training.state == TrainingState.APPROVED for training in dossier.trainings.all()):
        yield _("The training that was approved goes on, and what was promised for it stays.")
    yield _("What the occupational physician or RIZIV has before it already goes on.")
    if running_traject(dossier) is None and not dossier.incapacity.ended(matter.today):
        yield _(
            "You can ask for a new traject at any moment, as long as your incapacity for work is recognized: a call to your "
            "coordinator is enough."
        )
        yield _(
            "You stay obliged to return the questionnaire of the fund, and to come when the advisory doctor or the "
            "coordinator to whom the doctor referred you invites you."
        )
    yield _("You have the right to see your dossier and to get a copy of it.")


def _kind(
    slug: str, name: object, write: Callable[[Matter], Letter], nothing: object, *, stopped: bool
) -> Kind:
    return Kind(
        slug,
        name,  # type: ignore[arg-type]  # a word
        write,
        nothing=nothing,  # type: ignore[arg-type]  # a word
        about=_ended(stopped=stopped),
        asks={"text": gettext_lazy("What you want to add")},
        many=True,
    )


KINDS = (
    _kind(
        "traject_ended",
        gettext_lazy("End of the traject"),
        ended,
        gettext_lazy("No traject has ended with a result."),
        stopped=False,
    ),
    _kind(
        "traject_stopped",
        gettext_lazy("The insured person stopped the traject"),
        stopped,
        gettext_lazy("The insured person did not stop a traject."),
        stopped=True,
    ),
)
