"""What the insured hears of the signing: that the text changed, and that the signature is still missing (Z2)."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import Block, Letter, bullets, day, details, paragraph
from dossiers.documents.words import closing, salutation
from dossiers.models import Dossier
from tnw.accounts.models import Role
from trajects.models import EngagementDeclaration
from trajects.models.declaration import TO_SIGN, DeclarationState
from trajects.policies.declaration import INSURED
from trajects.services.declaration import CHANGED
from trajects.services.signing import REMINDER
from trajects.signing.http import configured


def _unsigned(*, after_another: bool) -> Callable[[Dossier, date], list[About]]:
    def about(dossier: Dossier, today: date) -> list[About]:
        made = list(dossier.declarations.all())
        if after_another and not any(one.state == DeclarationState.VOID for one in made):
            return []
        return [
            About(one.subject, day(one.drawn_up_on))
            for one in made
            if one.state in TO_SIGN and not one.signed[INSURED]
        ]

    return about


def _declaration(matter: Matter) -> EngagementDeclaration:
    return next(one for one in matter.dossier.declarations.all() if one.subject == matter.subject)


def changed(matter: Matter) -> Letter:
    """The text changed: what was signed no longer counts."""
    blocks = [
        salutation(),
        paragraph(
            _(
                "The text of your engagement declaration has changed. What was signed under the former text no longer "
                "counts."
            )
        ),
        details((pgettext("letter", "New text of"), day(_declaration(matter).drawn_up_on))),
        paragraph(
            _(
                "Your coordinator contacts you to read the new text with you. You then decide whether you sign it."
            )
        ),
        *_how(),
    ]
    return Letter(_("The text of your engagement declaration has changed"), blocks, closing(matter))


def reminder(matter: Matter) -> Letter:
    """The declaration waits for the insured."""
    blocks = [
        salutation(),
        paragraph(_("Your engagement declaration has been drawn up and is not signed by you yet.")),
        details((pgettext("letter", "Drawn up on"), day(_declaration(matter).drawn_up_on))),
        *_how(),
    ]
    return Letter(_("Your engagement declaration waits for your signature"), blocks, closing(matter))


def _how() -> list[Block]:
    ways = [
        _("on paper, which you give or send back to your coordinator"),
        _("on the screen, at your coordinator’s office"),
    ]
    if configured():
        ways.append(_("with your own electronic identity, at a service that your coordinator sends you to"))
    return [
        paragraph(_("You can sign in one of these ways:")),
        bullets(ways),
        paragraph(
            _(
                "Taking part is voluntary. If you do not want to sign, tell your coordinator why. If you have questions, "
                "call or write to your coordinator."
            )
        ),
    ]


KINDS = (
    Kind(
        CHANGED,
        gettext_lazy("The text of the declaration changed"),
        changed,
        nothing=gettext_lazy("No declaration of which the text changed waits for the insured person."),
        about=_unsigned(after_another=True),
        roles=(Role.COORDINATOR,),
    ),
    Kind(
        REMINDER,
        gettext_lazy("Reminder to sign the declaration"),
        reminder,
        nothing=gettext_lazy("No declaration waits for the signature of the insured person."),
        about=_unsigned(after_another=False),
        roles=(Role.COORDINATOR, Role.ADVISORY_DOCTOR),
        many=True,
    ),
)
