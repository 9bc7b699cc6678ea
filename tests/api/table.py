"""Every operation of the API × who calls → status. A row for each operation; those of a noun beside its tests.

`tests/api/<noun>/rows.py` has `ROWS: dict[str, Row]`, by operationId. Method, path, scope and whose operation it is come
from the operation itself; a row says what to send and what the right caller gets:

    ROWS = {
        "listAdaptedWorks": Row(),
        "createAdaptedWork": Row({"startsOn": "2026-12-01"}, right=201),
        "endAdaptedWork": Row({}, right=201, before=permitted),
    }

`before(world)` runs inside the fund's wall, on the world's day (2026-11-20), before each call, and gives the places of the
path that are not the first row of that noun in the rich dossier: `{"adaptedWorkId": one.public_id}`; with
`"dossier": case.dossier` for one of its own, so that If-Match is right. All is undone after each call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern

from tests.api.client import MERGE_PATCH, Caller, document
from tests.api.world import World
from tnw import api
from tnw.integration.rest.operation import Operation
from tnw.integration.rest.resource import Resource

NEVER_SEEN = "0190a000-0000-7000-8000-00000000dead"


@dataclass(frozen=True)
class Row:
    """What is sent, and what comes back: `right` for who may, the others for who may not."""

    body: Any = None  # a value, or a function of the world and the places
    right: int = 200
    before: Callable[[World], Mapping[str, Any] | None] | None = None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    # The version for If-Match, where it is not that of the dossier.
    version: Callable[[World, Mapping[str, Any]], int] | None = None
    media: str = "application/json"
    service: str = "vdab"
    # Another fund's client: 404, or the empty list (200) or the same 202.
    other_fund: int = 404
    # A regional service that is not that of the row, and the same one where it does not work with the fund.
    other_partner: int = 404
    elsewhere: int | None = None
    # Where both may: what the regional service gets; as `right` unless said.
    partner: int | None = None

    def expected(self, operation: Operation) -> dict[str, int]:
        """By who calls."""
        if operation.public:
            return {"no token": self.right}
        told = {"no token": 401, "wrong scope": 403, "right": self.right}
        if operation.fund:
            told["other fund"] = self.other_fund
        if operation.partner:
            told["other partner"] = self.other_partner
            told["partner elsewhere"] = self.other_partner if self.elsewhere is None else self.elsewhere
        if operation.fund and operation.partner:
            told["partner"] = self.right if self.partner is None else self.partner
        else:
            told["wrong kind"] = 403
        return told


ROWS: dict[str, Row] = {"checkHealth": Row()}


@cache
def rows() -> dict[str, Row]:
    """Of all nouns."""
    found = dict(ROWS)
    for file in sorted(Path(__file__).parent.glob("*/rows.py")):
        more: dict[str, Row] = import_module(f"tests.api.{file.parent.name}.rows").ROWS
        assert not found.keys() & more.keys(), f"{file} has rows of others: {found.keys() & more.keys()}"
        found |= more
    return found


@cache
def operations() -> dict[str, tuple[str, str, Operation]]:
    """By operationId: its method, its path in the contract, and what it promises."""
    promised: dict[str, Operation] = {}
    for route in api.urlpatterns:
        view = getattr(route.callback, "cls", None) if isinstance(route, URLPattern) else None
        if view is None or not issubclass(view, Resource):
            continue
        for method in view.http_method_names:
            if one := getattr(getattr(view, method, None), "operation", None):
                promised[one.id] = one
    return {
        one["operationId"]: (method.upper(), path, promised[one["operationId"]])
        for path, methods in document()["paths"].items()
        for method, one in methods.items()
    }


@dataclass(frozen=True)
class Ready:
    """A call that only has to be sent."""

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    media: str

    def by(self, caller: Caller) -> Any:
        return caller.call(self.method, self.path, self.body, media=self.media, **self.headers)


def prepared(world: World, id: str) -> Ready:
    """The call of an operation, with what has to be there before it: inside the wall, and in a savepoint."""
    row = rows()[id]
    method, path, operation = operations()[id]
    places = dict((row.before(world) if row.before else None) or {})
    for name in path.split("{")[1:]:
        name = name.split("}")[0]
        if name not in places:
            places[name] = (
                places["dossier"].public_id
                if name == "dossierId" and "dossier" in places
                else world.place(name)
            )
    body = row.body(world, places) if callable(row.body) else row.body
    headers = dict(row.headers)
    if operation.step or method == "PATCH":
        version = row.version(world, places) if row.version else world.version(places.get("dossier"))
        headers.setdefault("If_Match", f'"{version}-{"0" * 16}"')
    if method in ("POST", "PATCH", "PUT") and body is None and operation.takes:
        body = {}
    media = MERGE_PATCH if method == "PATCH" else row.media
    return Ready(method, path.format(**places) + row.query, body, headers, media)


def callers(world: World, id: str) -> dict[str, Callable[[], Caller]]:
    """By who calls, whom that is for this operation."""
    operation = operations()[id][2]
    mine = "fund" if operation.fund else rows()[id].service
    return {
        "no token": Caller,
        "wrong scope": lambda: world.caller(mine, without=operation.scope),
        "wrong kind": lambda: world.caller("vdab" if operation.fund else "fund"),
        "other fund": lambda: world.caller("other fund"),
        "other partner": lambda: world.caller("forem" if rows()[id].service == "vdab" else "vdab"),
        "partner elsewhere": lambda: world.caller("elsewhere"),
        "partner": lambda: world.caller(rows()[id].service),
        "right": lambda: world.caller(mine),
    }
