"""The words that letters share: how they begin, and how they end."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dossiers.documents.kinds import Matter
from dossiers.documents.letter import Block, heading, paragraph


def salutation() -> Block:
    """As an authority greets, alike in every letter and mail; nobody's sex is known."""
    return paragraph(pgettext("formal letter", "Dear Sir or Madam,"))


def rights() -> list[Block]:
    """What can be done about a decision that the letter tells of."""
    return [
        heading(_("Your rights")),
        paragraph(
            _(
                "You can ask for an explanation of this decision, and for the papers on which it rests. If you do not "
                "agree, you can take it to the labour court of where you live, by a petition, within three months of "
                "receiving this letter."
            )
        ),
    ]


def closing(matter: Matter) -> list[str]:
    """The end, with the name of who writes."""
    return [_("Yours sincerely,"), matter.sender.name if matter.sender else matter.fund.name]
