"""The Belgian federal REST guide (shared/api.md), made once: resources declare, this package keeps the promises."""

from tnw.integration.rest.call import Call, referenced
from tnw.integration.rest.operation import operation
from tnw.integration.rest.problem import Issue, Problem, invalid
from tnw.integration.rest.resource import Resource
from tnw.integration.rest.shape import (
    Code,
    FromCursor,
    Link,
    Many,
    Paged,
    Query,
    Shape,
    Texts,
    address,
    codes_of,
    texts,
)

__all__ = [
    "Call", "Code", "FromCursor", "Issue", "Link", "Many", "Paged", "Problem", "Query", "Resource", "Shape", "Texts",
    "address", "codes_of", "invalid", "operation", "referenced", "texts",
]  # fmt: skip
