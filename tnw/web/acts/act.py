"""What an act is to the pages: its words, its form, who may do it, and the service that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from dossiers.models import Dossier, LedgerEntry
from dossiers.policies import recognized_on
from tnw.accounts.models import Actor
from tnw.core.policies import Verdict
from tnw.web.acts.fields import ActForm
from trajects.models import Appointment

Word = str | Promise
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Occasion:
    """Who wants to act in which dossier; `on` is the day of which the policy speaks.

    `subject` is what the address names: an appointment, the fact to correct, or for a new appointment its purpose.
    """

    dossier: Dossier
    actor: Actor
    today: date
    subject: str = ""
    appointment: Appointment | None = None
    entry: LedgerEntry | None = None

    @property
    def on(self) -> date:
        """Today, or the last recognized day: what happened before it can still be recorded."""
        end = self.dossier.incapacity.end
        return min(self.today, end) if end else self.today

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
    # What its address has to name: an appointment, a fact, or nothing; `may_name` where it can do without.
    names: str = ""
    may_name: bool = False
    # Of which purposes an appointment has to be; any, where none is named.
    purposes: tuple[str, ...] = ()
    # It carries on what runs: once the incapacity has ended there is nothing left of it to record.
    looks_ahead: bool = False
    # What is told afterwards where that depends on the form; empty where it does not.
    told_of: Callable[[Data], Word] = lambda _data: ""

    def allowed(self, occasion: Occasion) -> Verdict:
        """Whether it may be done here; said before anything is filled in."""
        may = self.may(occasion)
        return may and recognized_on(occasion.dossier.incapacity, occasion.today) if self.looks_ahead else may
