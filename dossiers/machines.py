"""The state machines of all apps, as folds of the ledger: what a dossier's facts make of them, and where these contradict.

An app names its machines in `AppConfig.machines`. The facts are replayed in the law's order, corrections applied (F1),
through the transitions of django-fsm; a fact that its machine does not allow then is passed over, and told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.apps import apps
from django.db import connection, models
from django_fsm import TransitionNotAllowed, can_proceed

from dossiers.law.facts import Fact, corrected, in_order
from dossiers.models import Dossier, LedgerEntry
from dossiers.models.machine import Machine
from dossiers.rows import Rows
from dossiers.sharing import shared
from tnw.core import staging

_NOT_FOLDED = ("id", "fund_id", "dossier_id", "public_id")


Its = TypeVar("Its", bound=Machine)


class Folded(NamedTuple, Generic[Its]):
    """The machines of one model that a dossier's facts make, and the ids of the facts that did not fit."""

    made: tuple[Its, ...]
    illegal: tuple[str, ...]


@cache
def machines() -> tuple[type[Machine], ...]:
    """All models of machines, lower floors first."""
    return tuple(
        apps.get_model(config.label, name)
        for config in apps.get_app_configs()
        for name in getattr(config, "machines", ())
    )


def fold(model: type[Its], facts: Sequence[Fact]) -> Folded[Its]:
    """Replay facts that are corrected and in order through one model's transitions."""
    made: list[Its] = []
    illegal: list[str] = []
    for fact in facts:
        if not (key := model.key_of(fact)):
            continue
        name = model.TABLE[key]
        if key in model.ELSEWHERE:
            for one in made:
                if can_proceed(getattr(one, name)):
                    getattr(one, name)(fact)
            continue
        begun = model.begin(fact, made, facts) if fact.kind in model.BEGINS_WITH else None
        its = begun or model.concerned(fact, made)
        if its is None:
            if key in model.OWN:
                illegal.append(fact.id)
            continue
        try:
            getattr(its, name)(fact)
        except TransitionNotAllowed:
            illegal.append(fact.id)
        else:
            if begun:
                made.append(begun)
    return Folded(tuple(made), tuple(illegal))


@shared
def _folded(facts: tuple[Fact, ...]) -> tuple[tuple[tuple[str, ...], ...], str]:
    """The rows of every model as staged columns, and the first fact that did not fit; alike dossiers share them."""
    ordered = in_order(corrected(facts))
    all_folded = [fold(model, ordered) for model in machines()]
    rows = tuple(tuple(staging.line(*_values(one)) for one in folded.made) for folded in all_folded)
    illegal = {fact_id for folded in all_folded for fact_id in folded.illegal}
    return rows, next((fact.id for fact in ordered if fact.id in illegal), "")


def out_of_order(facts: Mapping[int, tuple[Fact, ...]]) -> dict[int, str]:
    """The dossiers whose facts contradict each other, with the first fact that cannot be where it is."""
    return {dossier_id: first for dossier_id, them in facts.items() if (first := _folded(them)[1])}


def misfits(facts: Sequence[Fact]) -> list[Fact]:
    """The facts of one dossier that do not fit where they stand, corrections applied, the first first."""
    ordered = in_order(corrected(facts))
    illegal = {fact_id for model in machines() for fact_id in fold(model, ordered).illegal}
    return [fact for fact in ordered if fact.id in illegal]


def write(facts: Mapping[int, tuple[Fact, ...]], *, fund: int, fresh: bool = False) -> int:
    """Write down the machines of these dossiers, and which contradict; gives how many rows were not so already."""
    changed = 0
    for number, model in enumerate(machines()):
        # Where nothing ever began one, there is none to write nor to take away.
        begun = {pk: them for pk, them in facts.items() if any(one.kind in model.BEGINS_WITH for one in them)}
        lines = (f"{pk}\t{line}" for pk, them in begun.items() for line in _folded(them)[0][number])
        if begun:
            changed += _rows(model).write(lines, fund=fund, dossiers=list(begun), fresh=fresh)
    flags = out_of_order(facts)
    wrong = Dossier.objects.filter(pk__in=facts)
    if not fresh or flags:
        changed += wrong.exclude(pk__in=flags).exclude(out_of_order="").update(out_of_order="")
    for dossier_id, first in flags.items():
        changed += wrong.filter(pk=dossier_id).exclude(out_of_order=first).update(out_of_order=first)
    return changed


def load(dossier: Dossier) -> None:
    """Read the machines of a dossier at once, and of those that never began nothing. Begin with one that may be seen."""
    kinds = _kinds_of(dossier)
    several = {name: model for model in machines() if (name := _related_name(model))}
    models.prefetch_related_objects(
        [dossier], *(name for name in several if kinds & several[name].BEGINS_WITH)
    )
    # Where nothing began, nothing was read either.
    dossier.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, model in several.items():
        if not kinds & model.BEGINS_WITH:
            dossier._prefetched_objects_cache[name] = model.objects.none()  # type: ignore[attr-defined]


def _kinds_of(dossier: Dossier) -> set[str]:
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier)
    return set(entries.order_by().values_list("kind", flat=True).distinct())


def _related_name(model: type[Machine]) -> str:
    """By which a dossier knows its machines of a model; empty where it has one of them only."""
    field = model._meta.get_field("dossier")
    return "" if field.one_to_one else str(field.remote_field.related_name)


def of(dossier: Dossier) -> Iterator[tuple[str, Machine]]:
    """The machines of a dossier that are several of a kind, after `load`, with what tells each apart."""
    for model in machines():
        if name := _related_name(model):
            for one in sorted(getattr(dossier, name).all(), key=lambda one: one.pk):
                yield _key(one), one


def states_of(dossier: Dossier) -> dict[str, str]:
    """The state of each machine of a dossier, by its name. Begin with a dossier that may be seen."""
    begun = _kinds_of(dossier)
    return {
        _key(one): one.state
        for model in machines()
        if begun & model.BEGINS_WITH
        for one in model.objects.filter(fund=dossier.fund_id, dossier=dossier).order_by("pk")
    }


def _key(one: Machine) -> str:
    return " ".join([one.NAME, *(str(getattr(one, name)) for name in one.KEY)])


@cache
def _rows(model: type[Machine]) -> Rows:
    types = {str(field.column): str(field.db_type(connection)) for field in _fields(model)}
    return Rows(model._meta.db_table, ("dossier_id", *model.KEY), {"dossier_id": "bigint", **types})


@cache
def _fields(model: type[Machine]) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if field.column not in _NOT_FOLDED)


def _values(one: Machine) -> Iterator[date | datetime | str | int | None]:
    return (getattr(one, field.attname) for field in _fields(type(one)))
