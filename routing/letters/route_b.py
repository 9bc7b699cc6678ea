"""The refusal of the permission that was asked in route B: what the insured is told, and nothing medical (B5)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import Letter, bullets, details, heading, paragraph, paragraphs
from dossiers.documents.words import closing, rights, salutation
from dossiers.models import Dossier
from routing.models.route_b import RouteBState
from tnw.accounts.models import Role
from trajects.letters.told import decided_by, told_by


def _refused(dossier: Dossier, today: date) -> list[About]:
    refused = any(one.state == RouteBState.REFUSED for one in dossier.routes_b.all())
    return [About("")] if refused else []


def refusal(matter: Matter) -> Letter:
    """In the words that the doctor wrote for the insured, and what comes next."""
    blocks = [
        salutation(),
        paragraph(
            _(
                "You asked for a return-to-work traject. Your coordinator asked the advisory doctor for permission, as the "
                "law requires. The advisory doctor does not give it at this moment, because the traject that was asked "
                "does not go together with your general state of health."
            )
        ),
        details(decided_by(matter, "permission_refused")),
        heading(_("What the advisory doctor tells you")),
        *paragraphs(
            told_by(matter, "permission_refused", "", gettext_lazy("what the insured person is told of the refusal"))
        ),
        *paragraphs(matter.said.get("text", "")),
        heading(_("What happens now")),
        bullets(
            [
                _("Your coordinator contacts you within a month of your last contact, to talk this over."),
                _("Together you can change what you aim at, and ask permission again, as often as that takes."),
                _("Your incapacity for work stays recognized, and your benefit does not change by this."),
            ]
        ),
        *rights(),
        paragraph(_("Do you have questions, or do you disagree? Contact your coordinator or the advisory doctor.")),
    ]  # fmt: skip
    return Letter(_("No permission for a return-to-work traject now"), blocks, closing(matter))


KINDS = (
    Kind(
        "permission_refused",
        gettext_lazy("Refusal of permission, route B"),
        refusal,
        nothing=gettext_lazy("No permission was refused in route B."),
        about=_refused,
        roles=(Role.ADVISORY_DOCTOR, Role.COORDINATOR),
        asks={"text": gettext_lazy("What you want to add")},
    ),
)
