"""What a letter takes from the text beside facts: the part that is for the insured, and nothing else."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dossiers import acts
from dossiers.documents.kinds import Matter
from dossiers.documents.letter import needed
from dossiers.models import LedgerEntry
from dossiers.notes import told_to_insured


def told(matter: Matter, *kinds: str, subject: str = "", part: str = "insured") -> str:
    """The part as it was told last by facts of these kinds that stand; nothing where none did."""
    its = [
        fact.id for fact in acts.happened(matter.dossier) if fact.kind in kinds and fact.subject == subject
    ]
    entries = LedgerEntry.objects.visible_to(matter.actor).filter(dossier=matter.dossier, fact_id__in=its)
    found = told_to_insured(matter.actor, entries, part)
    return next((found[one].strip() for one in reversed(its) if one in found), "")


def decided_by(matter: Matter, kind: str, subject: str = "") -> tuple[str, str]:
    """Which doctor decided, as a row of details: whoever writes the letter, the decision is that of a name."""
    its = [one.id for one in acts.happened(matter.dossier) if one.kind == kind and one.subject == subject]
    entries = LedgerEntry.objects.visible_to(matter.actor).filter(
        dossier=matter.dossier, fact_id__in=its[-1:]
    )
    user = next((one.actor.user for one in entries.select_related("actor__user")), None)
    return _("Decided by"), _("%(name)s, advisory doctor") % {"name": user.name} if user else ""


def told_by(matter: Matter, kind: str, subject: str, name: str | Promise) -> str:
    """What the doctor wrote for the insured beside a decision. Raises Missing, with its name."""
    return needed(told(matter, kind, subject=subject), name)
