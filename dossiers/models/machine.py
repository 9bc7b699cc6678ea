from collections.abc import Sequence
from typing import ClassVar, Self

from django.db import models

from dossiers.law.facts import Fact
from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund


class Machine(models.Model):
    """A state machine of a dossier, as a fold of its facts: `TABLE` names the transition that each kind of fact makes.

    A kind may be split by the route that its facts name: `traject_started:A`; `first_contact_held:` is for none.

    Its rows are written by the ledger alone (`dossiers.machines`), so that whatever way a fact comes in, page, import or
    correction, they stand as if it had always been there.
    """

    NAME: ClassVar[str]
    state: str
    TABLE: ClassVar[dict[str, str]]
    # The kind of fact with which one begins, and what tells several of one dossier apart.
    BEGINS_WITH: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ()

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, db_index=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        """A new one, before its first transition; None where this fact, one of `facts`, begins none."""
        return None

    @classmethod
    def transition_of(cls, fact: Fact) -> str | None:
        """The transition that this fact makes; None where it is not of this machine."""
        return cls.TABLE.get(fact.kind) or cls.TABLE.get(f"{fact.kind}:{fact.get('route', '')}")

    @classmethod
    def concerned(cls, fact: Fact, made: Sequence[Self]) -> Self | None:
        """Which of those of the dossier a fact is about; None where it leaves them as they are."""
        return made[-1] if made else None
