"""An act that is being done: in which dossier, by whom, and what it is about."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.models.machine import SubjectMachine
from tnw.accounts.models import Actor
from tnw.web.demo.course import Act
from tnw.web.demo.people import chance
from trajects.models import Appointment

# What stands where the script has no words of its own.
BRIEFLY = {
    "nl": ("Zoals besproken met de verzekerde.",),
    "fr": ("Comme discuté avec l'assuré.",),
    "de": ("Wie mit dem Versicherten besprochen.",),
}


class Deed(NamedTuple):
    """An act that is being done: in which dossier, and by whom."""

    dossier: Dossier
    actor: Actor
    act: Act

    @property
    def on_it(self) -> dict[str, Any]:
        """What every service wants to know."""
        return {"dossier_id": self.dossier.public_id, "actor": self.actor, "on": self.act.fact.on}

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.act.fact.values)

    @property
    def note(self) -> str:
        return self.act.note or self.words(BRIEFLY)

    @property
    def subject(self) -> str:
        """The appointment that it is about, as the service that made it called it."""
        if self.act.at is None:
            return ""
        found = Appointment.objects.filter(fund=self.dossier.fund_id, dossier=self.dossier, at=self.act.at)
        return found.order_by("-pk").values_list("subject", flat=True)[0]

    def row(self, model: type[SubjectMachine], transition: str) -> str:
        """Of several of a kind, the oldest that this can happen to."""
        rows = model.objects.filter(fund=self.dossier.fund_id, dossier=self.dossier).order_by("pk")
        fit = (one.subject for one in rows if can_proceed(getattr(one, transition)))
        return next(fit, "")

    def words(self, texts: Mapping[str, Sequence[str]]) -> str:
        """One of some texts, in the language of the insured."""
        person = self.dossier.incapacity.person
        return chance(self.dossier.incapacity.reference, self.act.fact.id).choice(texts[person.language])

    def also(self, kind: str, value: str) -> str:
        """A value of something that was done along with it."""
        return next((fact.get(value, "") for fact in self.act.also if fact.kind == kind), "")

    def did(self, kind: str) -> bool:
        return any(fact.kind == kind for fact in self.act.also)
