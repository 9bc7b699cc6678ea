"""Dossiers in which each kind of letter can be written, on fixed days; a module of `scenes` for each noun."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from dossiers.documents import dispatching, making
from dossiers.documents.kinds import Kind, Matter, kind_of
from dossiers.documents.making import Written
from dossiers.ledger import Entry
from dossiers.models import Channel, Dispatch, DispatchState, InsuredPerson
from dossiers.models.health import Sight
from dossiers.notes import TOLD_TO_INSURED
from dossiers.policies import sight_of
from tests.letters import scenes as of_nouns
from tests.reintegration.stage import Part
from tests.route_a.stage import COORDINATOR
from tests.route_b.stage import Request
from tnw.accounts import audit
from tnw.core import clock

LANGUAGES = ("nl", "fr", "de")
REFERENCE = "0A1B2-C3D4E"
# It stands in every medical text of every scene, and may stand in no letter.
MARK = "Zwijgplicht"
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="19" fill="#0b5a6f"/>'
    b'<path d="M20 9v22M9 20h22" stroke="#fff" stroke-width="5"/></svg>'
)


class Scene(NamedTuple):
    """About what of the dossier the letter is, what its writer fills in, and in which role somebody writes it."""

    subject: str = ""
    said: Mapping[str, str] = {}
    by: str = COORDINATOR


class Stage(Part, Request):
    """One insured person with all that can happen; `letter` is what would be written then."""

    def on(self, day: date) -> "Stage":
        super().on(day)
        return self

    def letter(self, kind: Kind, scene: Scene, *, language: str = "nl", by: str = "") -> Written:
        InsuredPerson.objects.filter(pk=self.dossier.incapacity.person_id).update(language=language)
        actor = self.people[by or scene.by]
        with audit.acting_as(actor, self.fund), clock.at(self.day):
            dossier = making.begun(self.dossier.public_id, actor)
            matter = Matter(dossier, actor, self.day, scene.subject, scene.said, language)
            return making.compose(kind, matter, REFERENCE)

    def send(
        self, slug: str, scene: Scene, *, by: str = "", channel: str = Channel.POST, number: str = ""
    ) -> Dispatch:
        """Written, kept and gone on its day: by post, or as `channel` says; registered with its `number`."""
        role = by or scene.by
        told = {"kind": slug, "subject": scene.subject, "said": scene.said}
        document = self.act(making.write, role, **told)
        actor = self.people[role]
        with audit.acting_as(actor, self.fund), clock.at(self.day, hour=17):
            by_it: dict[str, Any] = {"actor": actor, "on": self.day}
            one = dispatching.prepare(document_id=document.public_id, channel=channel, **by_it)
            if one.state == DispatchState.SENT:
                return one
            return dispatching.confirm(dispatch_id=one.public_id, **by_it, number=number)


Play = Callable[[Stage], Scene]


@cache
def plays() -> dict[str, Play]:
    """By kind of letter, what has to happen before it can be written: `SCENES` of each module of `scenes`."""
    names = sorted(one.name for one in iter_modules(of_nouns.__path__))
    modules = [import_module(f"{of_nouns.__name__}.{name}") for name in names]
    return {slug: play for module in modules for slug, play in module.SCENES.items()}


def kind_and_scene(slug: str, stage: Stage) -> tuple[Kind, Scene]:
    """The kind, once all has happened."""
    return kind_of(slug), plays()[slug](stage)


def marked(entry: Entry) -> Entry:
    """The same, with the mark in all of its free text that is medical."""
    fact = entry.fact
    if entry.note is None or sight_of(fact.kind, fact.values.plain()) != Sight.MEDICAL:
        return entry
    told = {"insured"} if fact.kind in TOLD_TO_INSURED else set()
    note = {name: text if name in told else _with_mark(text) for name, text in entry.note.items()}
    return entry._replace(note=note)


def _with_mark(text: Any) -> Any:
    return f"{text} {MARK}" if isinstance(text, str) else text
