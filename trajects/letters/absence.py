"""What follows on an absence in route A, by registered letter: a warning, then a notice of reduction (X1 to X3)."""

from collections.abc import Callable
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_fsm import can_proceed

from dossiers.documents.kinds import REGISTERED, About, Kind, Matter, Sent, Word
from dossiers.documents.letter import (
    Block,
    Letter,
    bullets,
    day,
    details,
    heading,
    listed,
    note,
    paragraph,
    paragraphs,
)
from dossiers.documents.words import closing, salutation
from dossiers.law.reductions import AGAIN, FIRST, SECOND
from dossiers.models import Dossier
from tnw.core.errors import DomainError
from trajects.models import AbsenceProcedure
from trajects.policies.absence import PROPOSERS, is_told, ladder, percentage, standing
from trajects.services.absence import send_letter

OF_STEP = {FIRST: "absence_warning", SECOND: "absence_reduction", AGAIN: "absence_reduction_again"}


def _at_step(step: str) -> Callable[[Dossier, date], list[About]]:
    def about(dossier: Dossier, today: date) -> list[About]:
        steps = ladder(dossier)
        return [
            About(one.subject, f"{one.get_purpose_display()}, {day(one.absent_on)}")
            for one in standing(dossier)
            if steps[one.subject] == step
            and can_proceed(one.send_letter)
            and not is_told(dossier, one, step, OF_STEP[step])
        ]

    return about


def _absence(matter: Matter) -> AbsenceProcedure:
    return next(one for one in standing(matter.dossier) if one.subject == matter.subject)


def warning(matter: Matter) -> Letter:
    """After the first absence: a warning, and what a next one costs."""
    one = _absence(matter)
    blocks = [
        salutation(),
        *_what_happened(one),
        note(_("This letter is a warning. Your benefit is not reduced for this absence.")),
        *_if_there_was_a_reason(),
        heading(_("What happens at a next absence")),
        paragraph(_next_time(matter, one)),
        *_new_date(matter),
    ]
    return Letter(_("Warning after an absence"), blocks, closing(matter))


def reduction(matter: Matter) -> Letter:
    """After a second absence, or a further one: that it can cost, how much, and from when to when. It decides nothing."""
    one = _absence(matter)
    percent = percentage(matter.dossier, one)
    again = ladder(matter.dossier)[one.subject] == AGAIN
    before = [day(each.absent_on) for each in standing(matter.dossier) if each.absent_on < one.absent_on]
    blocks = [
        salutation(),
        *_what_happened(one),
        *([paragraph(_("You were absent before on %(days)s.") % {"days": listed(before)})] if before else []),
    ]
    if percent is None:
        told = _("For an incapacity for work that began before 1 January 2023 the benefit is not reduced.")
        return Letter(
            _("Notice after an absence"),
            [*blocks, note(told), *_if_there_was_a_reason(), *_new_date(matter)],
            closing(matter),
        )
    blocks += [
        paragraph(_("Because this is not the first time, your daily benefit can be reduced:")),
        details(
            (pgettext("reduction", "By"), _("%(percent)s %% of the daily benefit") % {"percent": formats.localize(percent)}),
            (pgettext("reduction", "From"), day(one.absent_on)),
            (pgettext("reduction", "Until"), _until(one, again)),
        ),
        paragraph(
            _("Nothing is decided yet. Somebody else at the fund than who wrote this letter decides whether your benefit "
              "is reduced, and for which days.")
        ),
        *_if_there_was_a_reason(),
        *_your_rights(),
        *_new_date(matter),
    ]  # fmt: skip
    return Letter(_("Your benefit can be reduced after an absence"), blocks, closing(matter))


def _what_happened(one: AbsenceProcedure) -> list[Block]:
    return [
        paragraph(_("You were not there for an appointment in which you were obliged to take part:")),
        details((_("Appointment"), one.get_purpose_display()), (pgettext("letter", "When"), day(one.absent_on))),
    ]  # fmt: skip


def _until(one: AbsenceProcedure, again: bool) -> str:
    """A further absence is reduced until the day before the insured comes, a second one until he asks for a new date."""
    if again:
        return _("the day before you really come to a new appointment")
    if one.asked_on:
        return _("%(day)s, the day on which you asked for a new date") % {"day": day(one.asked_on)}
    return _("the day on which you contact us for a new date, that day included")


def _next_time(matter: Matter, one: AbsenceProcedure) -> str:
    percent = percentage(matter.dossier, one)
    if percent is None:
        return _(
            "At a next absence without a valid reason you receive another registered letter. For an incapacity for "
            "work that began before 1 January 2023 the benefit is not reduced."
        )
    return _(
        "At a next absence without a valid reason your daily benefit can be reduced by %(percent)s %%, from the day of "
        "that appointment up to and including the day on which you contact us for a new date."
    ) % {"percent": formats.localize(percent)}


def _if_there_was_a_reason() -> list[Block]:
    return [
        heading(_("Did you have a valid reason?")),
        paragraph(
            _("Tell us as soon as you can, with whatever proves it. If the reason is valid, this absence does not count.")
        ),
    ]  # fmt: skip


def _your_rights() -> list[Block]:
    """This letter decides nothing: what can be contested is what follows on it."""
    return [
        heading(_("Your rights")),
        paragraph(
            _("Ask your coordinator at any moment what was decided, and for the papers on which it rests. If your benefit "
              "is reduced and you do not agree, you can take that decision to the labour court of where you live, by a "
              "petition, within three months of hearing of it.")
        ),
    ]  # fmt: skip


def _new_date(matter: Matter) -> list[Block]:
    blocks = [
        heading(_("Ask for a new date")),
        paragraph(_("Contact us for a new appointment. You reach us in one of these ways:")),
        bullets(_ways(matter)),
    ]
    return [*blocks, *paragraphs(matter.said.get("text", ""))]


def _ways(matter: Matter) -> list[str]:
    """By which the fund is reached: that of whoever writes first."""
    sender, fund = matter.sender, matter.fund
    phone = (sender.phone if sender else "") or fund.phone
    email = (sender.email if sender else "") or fund.email
    ways = [
        _("by phone: %(phone)s") % {"phone": phone} if phone else "",
        _("by e-mail: %(email)s") % {"email": email} if email else "",
        _("by letter: %(address)s") % {"address": fund.seat},
    ]
    return [way for way in ways if way]


def _sent_at(step: str) -> Callable[[Sent], str]:
    def sent(one: Sent) -> str:
        """The step that the letter told of: where the ladder moved meanwhile, another letter is needed (X3)."""
        if ladder(one.dossier).get(one.subject) != step:
            raise DomainError(
                gettext_lazy("Meanwhile this absence is another step: write a new letter."), code="other_step"
            )
        return send_letter(
            dossier_id=one.dossier.public_id,
            actor=one.actor,
            on=one.on,
            subject=one.subject,
            proof=one.number,
        )

    return sent


def _kind(step: str, name: Word, write: Callable[[Matter], Letter], nothing: Word) -> Kind:
    return Kind(
        OF_STEP[step],
        name,
        write,
        nothing=nothing,
        about=_at_step(step),
        roles=PROPOSERS,
        asks={"text": gettext_lazy("What you want to add")},
        channels=REGISTERED,
        sent=_sent_at(step),
    )


KINDS = (
    _kind(
        FIRST,
        gettext_lazy("Warning after a first absence"),
        warning,
        gettext_lazy("No first absence waits for its letter."),
    ),
    _kind(
        SECOND,
        gettext_lazy("Notice of reduction after a second absence"),
        reduction,
        gettext_lazy("No second absence waits for its letter."),
    ),
    _kind(
        AGAIN,
        gettext_lazy("Notice of reduction after a further absence"),
        reduction,
        gettext_lazy("No further absence waits for its letter."),
    ),
)
