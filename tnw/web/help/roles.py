"""Who sees and does what, as a table to read."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tnw.accounts.models import Role

Word = str | Promise

YES, NO = pgettext_lazy("right", "yes"), pgettext_lazy("right", "no")
WRITES, READS, RESULT = (
    pgettext_lazy("right", "writes"),
    pgettext_lazy("right", "reads"),
    pgettext_lazy("right", "sees the result"),
)
PROPOSES, CONFIRMS, OWN = (
    pgettext_lazy("right", "proposes"),
    pgettext_lazy("right", "confirms"),
    pgettext_lazy("right", "the own ones"),
)

ROLES = (
    Role.COORDINATOR,
    Role.ADVISORY_DOCTOR,
    Role.MEDICAL_TEAM,
    Role.TEAM_LEAD,
    Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
)


class Right(NamedTuple):
    """A row of the table: what it is about, and what each of ROLES may."""

    what: Word
    may: tuple[Word, Word, Word, Word, Word, Word]


RIGHTS: tuple[Right, ...] = (
    Right(_("Dossiers of the own fund"), (YES, YES, YES, YES, NO, NO)),
    Right(_("Health notes shared with the coordinator"), (READS, WRITES, WRITES, NO, NO, NO)),
    Right(_("Medical notes, reasons of an assessment or a refusal"), (NO, WRITES, WRITES, NO, NO, NO)),
    Right(_("Answers to the questionnaire"), (WRITES, READS, WRITES, NO, NO, NO)),
    Right(_("Assessing the remaining capacities"), (NO, YES, YES, NO, NO, NO)),
    Right(_("Referring, permitting, advising"), (RESULT, YES, NO, RESULT, NO, NO)),
    Right(_("Contacts, plan, partners, training, career, consents"), (WRITES, READS, READS, READS, NO, NO)),
    Right(_("Signing a declaration"), (YES, YES, NO, NO, NO, NO)),
    Right(_("Reducing the benefit after an absence"), (PROPOSES, PROPOSES, NO, CONFIRMS, NO, NO)),
    Right(_("Reassigning, deputies, figures"), (OWN, OWN, OWN, YES, NO, NO)),
    Right(_("Audit trail and access log"), (NO, NO, NO, NO, YES, NO)),
    Right(_("Users, reference data, imports"), (NO, NO, NO, NO, NO, YES)),
)
