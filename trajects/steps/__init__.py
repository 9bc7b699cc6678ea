"""What can be done next inside a traject: by whom, why not, and for which deadlines."""

from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor
from trajects.steps import (
    absence,
    actions,
    adapted_work,
    consultation,
    contacts,
    declaration,
    employer,
    partner,
    plan,
    reintegration,
    training,
    traject,
)

NOUNS = (
    contacts,
    employer,
    partner,
    consultation,
    plan,
    absence,
    training,
    adapted_work,
    declaration,
    reintegration,
    traject,
    actions,
)


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of every noun, in the order in which a traject goes."""
    return [step for noun in NOUNS for step in noun.steps(dossier, actor, today)]
