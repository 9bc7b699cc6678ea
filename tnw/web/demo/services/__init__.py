"""What people do, done through the service of each act."""

from collections.abc import Callable

from tnw.web.demo.course import Act
from tnw.web.demo.services import entrances, inside
from tnw.web.demo.services.deed import Deed

DONE_BY: dict[str, Callable[[Deed], None]] = {**entrances.DONE_BY, **inside.DONE_BY}


def service_of(act: Act) -> Callable[[Deed], None] | None:
    """The service that does an act; None where it is a correction, which is recorded as it is."""
    return DONE_BY.get(act.fact.kind)
