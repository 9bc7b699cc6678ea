"""Every kind of letter, as the apps name them in `AppConfig.letters`: what it is about, who writes it, what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import NamedTuple

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.documents.letter import Letter
from dossiers.models import Channel, Document, Dossier
from tnw.accounts.models import Actor, Fund, Role, User
from tnw.core.errors import DomainError
from tnw.core.policies import YES, Verdict

Word = str | Promise

OF_THE_POST = (Channel.POST, Channel.EMAIL, Channel.HANDED_OVER)
REGISTERED = (Channel.REGISTERED,)
# What is printed and put into an envelope with a window.
TO_PRINT = (Channel.POST, Channel.REGISTERED)


class About(NamedTuple):
    """One thing of a dossier that a letter can be about now, such as an appointment: its subject, and its name."""

    subject: str
    label: Word = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """From what a letter is written. The dossier has its machines loaded; `said` is what its writer fills in.

    `language` is that of the letter, where it is not that of the insured.
    """

    dossier: Dossier
    actor: Actor
    today: date
    subject: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    @property
    def fund(self) -> Fund:
        return self.dossier.fund

    @property
    def sender(self) -> User | None:
        """Whose name stands under it: that of whoever writes; what a program writes, the coordinator's."""
        return self.actor.user or self.dossier.coordinator


class Sent(NamedTuple):
    """That a letter left the house: on which day, by which channel, with which proof."""

    dossier: Dossier
    actor: Actor
    on: date
    subject: str
    channel: str
    number: str = ""


def whole(dossier: Dossier, _today: date) -> list[About]:
    """About the dossier itself."""
    return [About("")]


def anybody(_actor: Actor, _dossier: Dossier, _today: date) -> Verdict:
    return YES


@dataclass(frozen=True)
class Kind:
    """A kind of letter. `write` runs in the language of the letter; `nothing` says why there is none where `about` is empty.

    `party` is to whom it goes where that is not the insured: consent is asked (`may`), and its address is typed. `asks` are
    the names of what its writer fills in. `sent` records what the law knows of its sending, and gives that fact's id.
    `counts` says whether what is written still holds, and `stands` whether on a day what it tells is still so: what is
    not is sent no more. The first is also told on the page, of what was sent long ago too.
    """

    slug: str
    name: Word
    write: Callable[[Matter], Letter]
    nothing: Word
    about: Callable[[Dossier, date], Sequence[About]] = whole
    may: Callable[[Actor, Dossier, date], Verdict] = anybody
    roles: tuple[str, ...] = (Role.COORDINATOR,)
    party: str = ""
    asks: Mapping[str, Word] = field(default_factory=dict)
    channels: tuple[str, ...] = OF_THE_POST
    many: bool = False
    sent: Callable[[Sent], str] | None = None
    counts: Callable[[Dossier, Document], Verdict] | None = None
    stands: Callable[[Dossier, Document, date], Verdict] | None = None
    # That of whom it goes to, where it is not that of the insured; its writer may choose another (`said`).
    language: Callable[[Matter], str] | None = None
    # It is made by an act of its own and never by hand: a declaration, a sealed document.
    by_hand: bool = True


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by slug, lower floors first."""
    modules = (name for config in apps.get_app_configs() for name in getattr(config, "letters", ()))
    found = [kind for name in modules for kind in import_module(name).KINDS]
    return {kind.slug: kind for kind in found}


def kind_of(slug: str) -> Kind:
    """Raises DomainError where there is no such kind."""
    if slug not in kinds():
        raise DomainError(_("There is no such letter."), code="letter_unknown", field="kind")
    return kinds()[slug]
