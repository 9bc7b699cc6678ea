"""What an act is to the pages: its words, its form, who may do it, and the service that does it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.utils.functional import Promise

from dossiers.documents.policies import none_waits
from dossiers.models import Dossier, LedgerEntry
from dossiers.models.machine import SubjectMachine
from dossiers.policies import recognized_on
from tnw.accounts.models import Actor
from tnw.core.policies import Verdict
from tnw.web.acts.fields import ActForm
from trajects.models import Appointment

M = TypeVar("M", bound=SubjectMachine)
Word = str | Promise
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Occasion:
    """Who wants to act in which dossier; `on` is the day of which the policy speaks.

    `subject` is what the address names: an appointment, another machine (`row`), the fact to correct, or for a new
    appointment its purpose.
    """

    dossier: Dossier
    actor: Actor
    today: date
    subject: str = ""
    appointment: Appointment | None = None
    entry: LedgerEntry | None = None
    row: SubjectMachine | None = None
    # What else stands in the address, such as the moment that was chosen in the agenda.
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """Today, or the last recognized day: what happened before it can still be recorded."""
        end = self.dossier.incapacity.end
        return min(self.today, end) if end else self.today

    def of(self, model: type[M]) -> M:
        """The machine that the address names, in an act that names one of these."""
        assert isinstance(self.row, model)
        return self.row

    @property
    def who(self) -> dict[str, Any]:
        """What every service asks first."""
        public_id: UUID = self.dossier.public_id
        return {"dossier_id": public_id, "actor": self.actor}


@dataclass(frozen=True)
class Act:
    """One act: a form page of its own. `do` hands what the form says to the service, with the entry last seen."""

    slug: str
    title: Callable[[Occasion], Word]
    hint: Word
    button: Word
    told: Word
    form: type[ActForm]
    may: Callable[[Occasion], Verdict]
    do: Callable[[Occasion, Data, int], object]
    # What its address has to name: an appointment, a fact, a machine, or nothing; `may_name` where it can do without.
    names: str | type[SubjectMachine] = ""
    may_name: bool = False
    # Of which purposes an appointment has to be; any, where none is named.
    purposes: tuple[str, ...] = ()
    # It carries on what runs: once the incapacity has ended there is nothing left of it to record.
    looks_ahead: bool = False
    # Which cards stand above the form besides that of what it names: what has to be read before it is decided.
    beside: tuple[str, ...] = ()
    # What is told afterwards where that depends on the form or on what came of it; empty where it does not.
    told_of: Callable[[Occasion, Data, object], Word] = lambda _occasion, _data, _result: ""
    # What hinders nothing and has to be known: a clash, a holiday. Said before it is done, and after.
    warns: Callable[[Occasion, Data], Iterable[Word]] = lambda _occasion, _data: ()
    # Why what brought somebody here is not needed any more; empty where it is.
    too_late: Callable[[Occasion], Word] = lambda _occasion: ""
    # Another way to fill in the form: its words and its address.
    instead: Callable[[Occasion], tuple[Word, str] | None] = lambda _occasion: None

    def allowed(self, occasion: Occasion) -> Verdict:
        """Whether it may be done here; said before anything is filled in."""
        may = self.may(occasion)
        return may and recognized_on(occasion.dossier.incapacity, occasion.today) if self.looks_ahead else may


def may_with(
    policy: Callable[[Actor, Dossier, M, date], Verdict], model: type[M]
) -> Callable[[Occasion], Verdict]:
    """What a policy says of the machine that the address names."""
    return lambda occasion: policy(occasion.actor, occasion.dossier, occasion.of(model), occasion.on)


def unless_waiting(may: Callable[[Occasion], Verdict], *kinds: str) -> Callable[[Occasion], Verdict]:
    """The same for what a letter of these kinds records when it goes: there, where one waits to go."""
    return lambda occasion: may(occasion) and none_waits(occasion.dossier, occasion.subject, kinds)
