"""Dossiers that only the feed wrote in have the same facts by the thousand: what follows from them is worked out once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from dossiers.law.facts import Fact

KEPT = 20_000
# What people record has an id of its own: more facts than a feed brings are nobody else's, and would only fill memory.
OF_THE_FEED = 4

P = ParamSpec("P")
R = TypeVar("R")
OfFacts = Callable[Concatenate[tuple[Fact, ...], P], R]


def shared(work: OfFacts[P, R]) -> OfFacts[P, R]:
    """Keep the answers for sets of few facts; the others are worked out each time."""
    kept: Any = lru_cache(maxsize=KEPT)(work)

    @wraps(work)
    def answer(facts: tuple[Fact, ...], *rest: P.args, **named: P.kwargs) -> R:
        return (kept if len(facts) <= OF_THE_FEED else work)(facts, *rest, **named)

    return answer
