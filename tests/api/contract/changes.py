"""Changes to a document of the API, for tests that have to find them."""

import copy
from collections.abc import Callable
from typing import Any

from tests.api.client import document

Change = Callable[[dict[str, Any]], None]

WORKS = "/dossiers/{dossierId}/adaptedWorks"
ONE = "/adaptedWorks/{adaptedWorkId}"
ENDINGS = "/adaptedWorks/{adaptedWorkId}/endings"
SCHEMA = ("components", "schemas", "AdaptedWork")
GET, POST, END = ("paths", WORKS, "get"), ("paths", WORKS, "post"), ("paths", ENDINGS, "post")
READ = ("paths", ONE, "get")
JSON = ("responses", "200", "content", "application/json")
DONE = {"description": "Done.", "headers": {}}


def changed(*changes: Change) -> dict[str, Any]:
    """The contract with these changes; the contract itself stays."""
    told = copy.deepcopy(document())
    for change in changes:
        change(told)
    return told


def path(old: str, new: str) -> Change:
    """Another address."""
    return lambda told: told["paths"].update({new: told["paths"].pop(old)})


def at(*where: str | int, **values: Any) -> Change:
    """Values at a place of the document; `...` takes them away; `ref` stands for `$ref`."""

    def change(told: Any) -> None:
        for name in where:
            told = told[name]
        for name, value in values.items():
            name = {"ref": "$ref"}.get(name, name)
            if value is ...:
                told.pop(name)
            else:
                told[name] = value

    return change


def parameter(name: str, where: str = "query", *, required: bool = False, **schema: Any) -> Change:
    """A parameter more, of a list."""
    more = {"in": where, "name": name, "required": required, "schema": schema or {"type": "string"}}
    return lambda told: told["paths"][WORKS]["get"]["parameters"].append(more)


def no_parameter(path: str, method: str, name: str) -> Change:
    """A parameter less."""

    def change(told: Any) -> None:
        found = told["paths"][path][method]["parameters"]
        found[:] = [
            one for one in found if name not in (one.get("$ref", "").rpartition("/")[2], one.get("name"))
        ]

    return change


def schema_of(path: str, method: str, name: str, **values: Any) -> Change:
    """Another schema of a parameter."""

    def change(told: Any) -> None:
        for one in told["paths"][path][method]["parameters"]:
            if one.get("name") == name:
                one["schema"].update(values)

    return change


def header(name: str) -> Change:
    """A header more, of one of a noun."""
    return lambda told: told["paths"][ONE]["get"]["responses"]["200"]["headers"].update(
        {name: {"schema": {}}}
    )
