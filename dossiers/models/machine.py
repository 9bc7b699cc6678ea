from collections.abc import Sequence
from typing import ClassVar, Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from dossiers.law.facts import Fact
from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Fund


class Machine(models.Model):
    """A state machine of a dossier, as a fold of its facts: `TABLE` names the transition that each kind of fact makes.

    A kind may be split by a code that its facts name, that of the route where `SPLIT_BY` names no other value:
    `traject_started:A`, `declaration_signed:insured`; `first_contact_held:` is for none.

    Its rows are written by the ledger alone (`dossiers.machines`), so that whatever way a fact comes in, page, import or
    correction, they stand as if it had always been there.
    """

    NAME: ClassVar[str]
    state: str
    TABLE: ClassVar[dict[str, str]]
    # The kinds of facts with which one begins, and what tells several of one dossier apart.
    BEGINS_WITH: ClassVar[frozenset[str]]
    KEY: ClassVar[tuple[str, ...]] = ()
    SPLIT_BY: ClassVar[dict[str, str]] = {}
    # Of the table, what happens elsewhere in the dossier: it moves every row that is fit for it, and contradicts none.
    ELSEWHERE: ClassVar[frozenset[str]] = frozenset()
    # Of the table, what cannot be where there is no row to move.
    OWN: ClassVar[frozenset[str]] = frozenset()

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, db_index=False)
    # Under which the API knows it: given by the database, so that it outlives every folding anew.
    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        """A new one, before its first transition; None where this fact, one of `facts`, begins none."""
        return None

    @classmethod
    def key_of(cls, fact: Fact) -> str:
        """The line of the table that this fact is on; empty where it is not of this machine."""
        split = f"{fact.kind}:{fact.get(cls.SPLIT_BY.get(fact.kind, 'route'), '')}"
        return next((key for key in (fact.kind, split) if key in cls.TABLE), "")

    @classmethod
    def transition_of(cls, fact: Fact) -> str | None:
        """The transition that this fact makes; None where it is not of this machine."""
        return cls.TABLE.get(cls.key_of(fact))

    @classmethod
    def concerned(cls, fact: Fact, made: Sequence[Self]) -> Self | None:
        """Which of those of the dossier a fact is about; None where it leaves them as they are."""
        return made[-1] if made else None


class SubjectMachine(Machine):
    """One of several in a dossier, told apart by the subject of its facts; a fact that names none is about the latest."""

    KEY = ("subject",)

    subject = models.CharField(max_length=200, db_collation="C")

    class Meta(Machine.Meta):
        abstract = True

    @classmethod
    def begin(cls, fact: Fact, made: Sequence[Self], facts: Sequence[Fact]) -> Self | None:
        return None if any(one.subject == fact.subject for one in made) else cls(subject=fact.subject)

    @classmethod
    def concerned(cls, fact: Fact, made: Sequence[Self]) -> Self | None:
        if not fact.subject:
            return super().concerned(fact, made)
        return next((one for one in made if one.subject == fact.subject), None)


def under_way(facts: Sequence[Fact], before: Fact, begins: str, *ends: str) -> bool:
    """Whether what a kind of fact begins, and others end, runs when one of these facts comes."""
    said = (one.kind for one in reversed(facts[: facts.index(before)]) if one.kind in (begins, *ends))
    return next(said, "") == begins
