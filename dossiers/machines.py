"""The state machines of all apps, as folds of the ledger: what a dossier's facts make of them, and where these contradict.

An app names its machines in `AppConfig.machines`. The facts are replayed in the law's order, corrections applied (F1),
through the transitions of django-fsm; a fact that its machine does not allow then is passed over, and told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models
from django_fsm import TransitionNotAllowed

from dossiers.law.facts import Fact, corrected, in_order
from dossiers.models import Dossier
from dossiers.models.machine import Machine
from dossiers.rows import Rows
from dossiers.sharing import shared
from tnw.core import staging

_NOT_FOLDED = ("id", "fund_id", "dossier_id")


class Folded(NamedTuple):
    """The machines of one model that a dossier's facts make, and the ids of the facts that did not fit."""

    made: tuple[Machine, ...]
    illegal: tuple[str, ...]


@cache
def machines() -> tuple[type[Machine], ...]:
    """All models of machines, lower floors first."""
    return tuple(
        apps.get_model(config.label, name)
        for config in apps.get_app_configs()
        for name in getattr(config, "machines", ())
    )


def fold(model: type[Machine], facts: Sequence[Fact]) -> Folded:
    """Replay facts that are corrected and in order through one model's transitions."""
    made: list[Machine] = []
    illegal: list[str] = []
    for fact in facts:
        name = model.transition_of(fact)
        if name is None:
            continue
        begun = model.begin(fact, made, facts) if fact.kind == model.BEGINS_WITH else None
        one = begun or model.concerned(fact, made)
        if one is None:
            continue
        try:
            getattr(one, name)(fact)
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


def write(facts: Mapping[int, tuple[Fact, ...]], *, fund: int, fresh: bool = False) -> int:
    """Write down the machines of these dossiers, and which contradict; gives how many rows were not so already."""
    changed = 0
    for number, model in enumerate(machines()):
        lines = (
            f"{dossier_id}\t{line}" for dossier_id, them in facts.items() for line in _folded(them)[0][number]
        )
        changed += _rows(model).write(lines, fund=fund, dossiers=list(facts), fresh=fresh)
    flags = out_of_order(facts)
    wrong = Dossier.objects.filter(pk__in=facts)
    if not fresh or flags:
        changed += wrong.exclude(pk__in=flags).exclude(out_of_order="").update(out_of_order="")
    for dossier_id, first in flags.items():
        changed += wrong.filter(pk=dossier_id).exclude(out_of_order=first).update(out_of_order=first)
    return changed


def states_of(dossier: Dossier) -> dict[str, str]:
    """The state of each machine of a dossier, by its name. Begin with a dossier that may be seen."""
    return {
        " ".join([model.NAME, *(str(getattr(one, name)) for name in model.KEY)]): one.state
        for model in machines()
        for one in model.objects.filter(fund=dossier.fund_id, dossier=dossier).order_by("pk")
    }


@cache
def _rows(model: type[Machine]) -> Rows:
    types = {str(field.column): str(field.db_type(connection)) for field in _fields(model)}
    return Rows(model._meta.db_table, ("dossier_id", *model.KEY), {"dossier_id": "bigint", **types})


@cache
def _fields(model: type[Machine]) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if field.column not in _NOT_FOLDED)


def _values(one: Machine) -> Iterator[date | datetime | str | int | None]:
    return (getattr(one, field.attname) for field in _fields(type(one)))
