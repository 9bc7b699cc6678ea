"""What an operation promises, said once beside the method that keeps it: the contract is generated from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tnw.integration.rest.shape import FromCursor, Paged, Query, Shape

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation: its name, who may call it, what it takes and gives.

    `step`: the caller has to have seen the newest version (If-Match). `creates`: 201 with a Location, once for each
    Idempotency-Key. `upserts`: 201 where it was not there, else 200. `accepts`: 202, the work goes on.
    `unavailable`: says itself, with 503, that nothing works. `partner`: who
    calls is a regional service, alone or too. `headers` may be sent beside those of every operation, each with what it
    is for. `body`: the media types of a file that is taken as it comes (`Call.upload`). `beside`: what stands beside the
    items of a list, as `summary`.
    """

    id: str
    summary: str
    description: str = ""
    scope: str = ""
    gives: type[Shape] | None = None
    many: bool = False
    beside: type[Shape] | None = None
    takes: type[Shape] | None = None
    body: Mapping[str, Any] | None = None
    media_type: str = "application/json"
    gives_media_type: str = "application/json"
    query: type[Query] | None = None
    creates: bool = False
    upserts: bool = False
    step: bool = False
    accepts: bool = False
    see_other: bool = False
    fund: bool = True
    partner: bool = False
    public: bool = False
    unavailable: bool = False
    problems: Sequence[str] = ()
    example: Any = None
    answer_example: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def operation(
    id: str, summary: str, *, many: bool = False, keyset: bool = False, **promised: Any
) -> Callable[[Method], Method]:
    """Declare what a method of a resource is. A list has a page unless it is read by `keyset`."""
    if many and "query" not in promised:
        promised["query"] = FromCursor if keyset else Paged
    declared = Operation(id=id, summary=summary, many=many, **promised)

    def mark(method: Method) -> Method:
        method.operation = declared  # type: ignore[attr-defined]
        return method

    return mark
