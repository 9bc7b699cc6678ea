"""Calls that nobody thought of: made by schemathesis from the contract, the same in every run, with ids that exist."""

import json
from collections.abc import Mapping
from typing import Any

import schemathesis
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from tests.api.client import document
from tests.api.table import prepared
from tests.api.world import World
from tnw.core.errors import DomainError

SEED = 6


def cases(world: World, *, right: int, wrong: int) -> dict[str, list[Any]]:
    """By operationId: so many that fit the contract, at ids of the world, and so many that do not."""
    schema = schemathesis.openapi.from_dict(document())
    found: dict[str, list[Any]] = {}
    for made in schema.get_all_operations():
        operation: Any = made.ok()  # type: ignore[union-attr]  # a document that is valid has no other
        id = operation.definition.raw["operationId"]
        places = _places(world, id, operation)
        found[id] = [
            *_some(operation, GenerationMode.POSITIVE, right, places),
            *_some(operation, GenerationMode.NEGATIVE, wrong, places),
        ]
    return found


def _places(world: World, id: str, operation: Any) -> dict[str, str] | None:
    """The places of its path, as the world has them: of the rich dossier, or as the table prepares them."""
    names = [one.name for one in operation.path_parameters]
    if not names:
        return None
    with world.inside():
        try:
            return {name: world.place(name) for name in names}
        except AssertionError:
            try:
                with transaction.atomic():
                    call = prepared(world, id)
            except (IntegrityError, DomainError):
                # An operation before it prepared the same, once and for all: this one is asked at ids that nobody has.
                return None
    asked = call.path.split("?")[0].split("/")
    return {
        part.strip("{}"): value
        for part, value in zip(operation.path.split("/"), asked, strict=True)
        if part.startswith("{")
    }


def _some(operation: Any, mode: GenerationMode, number: int, places: Mapping[str, str] | None) -> list[Any]:
    found: list[Any] = []
    told: dict[str, Any] = {} if places is None else {"path_parameters": places}

    @seed(SEED)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode, **told))
    def collect(case: Any) -> None:
        found.append(case)

    if mode is GenerationMode.POSITIVE or operation.body or operation.query or operation.headers:
        collect()
    return found


def refused_by_contract(case: Any) -> bool:
    """Whether what it asks for, in its body or the query of its address, is not what the contract takes."""
    return any(
        place.value in ("body", "query") and part.mode is GenerationMode.NEGATIVE
        for place, part in case.meta.components.items()
    )


class Answer:
    """What came back, as the checks of the other tests read it."""

    def __init__(self, told: Any) -> None:
        self.status_code: int = told.status_code
        self.content: bytes = told.content
        self.headers = {name.lower(): ", ".join(values) for name, values in told.headers.items()}

    def __getitem__(self, name: str) -> str:
        return self.headers[name.lower()]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.headers

    def get(self, name: str, default: str = "") -> str:
        return self.headers.get(name.lower(), default)

    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def issues(self) -> set[tuple[str, str]]:
        """Where, and the type of what was refused."""
        problem = self.json() if self.status_code == 400 else {}
        return {(one["in"], one["type"].rpartition(":")[2]) for one in problem.get("issues", ())}
