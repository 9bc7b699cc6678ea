"""The permission for adapted work, given or refused, with the special rule on combining income (W1)."""

from collections.abc import Callable
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import (
    Letter,
    bullets,
    day,
    details,
    heading,
    note,
    paragraph,
    paragraphs,
)
from dossiers.documents.words import closing, rights, salutation
from dossiers.models import Dossier
from dossiers.models.case import Regime
from tnw.accounts.models import Role
from trajects.letters.standing import in_states
from trajects.letters.told import decided_by, told_by
from trajects.models import AdaptedWork
from trajects.models.adapted_work import AdaptedWorkState

WRITERS = (Role.ADVISORY_DOCTOR, Role.COORDINATOR)


def _in_state(state: str) -> Callable[[Dossier, date], list[About]]:
    def about(dossier: Dossier, today: date) -> list[About]:
        found = [one for one in dossier.adapted_works.all() if one.state == state]
        return [
            About(one.subject, day(one.permitted_from or one.starts_on))
            for one in sorted(found, key=lambda one: (one.starts_on, one.subject))
        ]

    return about


def _work(matter: Matter) -> AdaptedWork:
    return next(one for one in matter.dossier.adapted_works.all() if one.subject == matter.subject)


def permitted(matter: Matter) -> Letter:
    """From when to when, so many hours, and what that does with the benefit."""
    one = _work(matter)
    assert one.permitted_from  # it is permitted
    hours = _("%(n)s hours a week") % {"n": formats.localize(one.hours.normalize())} if one.hours else ""
    blocks = [
        salutation(),
        paragraph(
            _(
                "You asked permission for adapted work during your incapacity for work. The advisory doctor gives this "
                "permission. You stay recognized as incapacitated while you work within it."
            )
        ),
        details(
            (pgettext("permission", "From"), day(one.permitted_from)),
            (pgettext("permission", "Until and including"), _until(one)),
            (pgettext("permission", "At most"), hours),
            decided_by(matter, "adapted_work_permitted", one.subject),
        ),
        *paragraphs(matter.said.get("text", "")),
        heading(_("Your benefit and your income from this work")),
        paragraph(_rule(matter)),
        heading(_("What you have to do")),
        bullets(
            [
                _("Keep to these days and hours. For more or other work you first ask a new permission."),
                _("Tell us at once when something changes: the hours, the work, the employer, your income."),
                _("Tell us when the work stops, and when you are fully at work again."),
            ]
        ),
        note(
            _(
                "Work without permission, or beyond it, can end the recognition of your incapacity, and benefit that was "
                "paid too much is asked back."
            )
        ),
    ]
    return Letter(_("Permission for adapted work"), blocks, closing(matter))


def refused(matter: Matter) -> Letter:
    """In the words that the doctor wrote for the insured, and no other."""
    one = _work(matter)
    why = told_by(
        matter,
        "adapted_work_refused",
        one.subject,
        gettext_lazy("what the insured person is told of the refusal"),
    )
    blocks = [
        salutation(),
        paragraph(
            _("You asked permission for adapted work from %(day)s on. The advisory doctor does not give it.")
            % {"day": day(one.starts_on)}
        ),
        details(decided_by(matter, "adapted_work_refused", one.subject)),
        heading(_("What the advisory doctor tells you")),
        *paragraphs(why),
        *paragraphs(matter.said.get("text", "")),
        heading(_("What you can do now")),
        bullets(
            [
                _("Talk it over with your coordinator: perhaps other work, or fewer hours, is possible."),
                _("Ask a new permission when your situation changes."),
                _("Ask the advisory doctor for an explanation."),
            ]
        ),
        *rights(),
        note(_("Do not begin this work: without permission it can end the recognition of your incapacity.")),
    ]  # fmt: skip
    return Letter(_("No permission for adapted work"), blocks, closing(matter))


def _until(one: AdaptedWork) -> str:
    return (
        day(one.permitted_to) if one.permitted_to else _("as long as your incapacity for work is recognized")
    )


def _rule(matter: Matter) -> str:
    """That a special rule holds is in the law (W1); by how much is worked out by the payment of benefits."""
    if matter.dossier.incapacity.regime == Regime.SELF_EMPLOYED:
        return _(
            "A special rule holds for whoever combines a benefit with income as a self-employed person: how much of the "
            "benefit remains depends on the activity and on how long it lasts. Your fund works it out and tells you. "
            "Ask for it before you begin."
        )
    return _(
        "A special rule holds for whoever combines a benefit with wages: how much of the benefit remains depends on how "
        "much you work. Your fund works it out on what you and your employer report each month. Ask for it before you begin."
    )


_TEXT = {"text": gettext_lazy("What you want to add")}

KINDS = (
    Kind(
        "adapted_work_permitted",
        gettext_lazy("Permission for adapted work"),
        permitted,
        nothing=gettext_lazy("No adapted work is permitted."),
        about=_in_state(AdaptedWorkState.PERMITTED),
        roles=WRITERS,
        asks=_TEXT,
        many=True,
        stands=in_states(AdaptedWork, AdaptedWorkState.PERMITTED, AdaptedWorkState.ENDED),
    ),
    Kind(
        "adapted_work_refused",
        gettext_lazy("No permission for adapted work"),
        refused,
        nothing=gettext_lazy("No adapted work was refused."),
        about=_in_state(AdaptedWorkState.REFUSED),
        roles=WRITERS,
        asks=_TEXT,
        stands=in_states(AdaptedWork, AdaptedWorkState.REFUSED),
    ),
)
