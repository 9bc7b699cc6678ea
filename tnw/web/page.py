"""What all pages share: who may open them, and that nobody keeps a copy."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from tnw.accounts.models import Actor, User, new_uuid
from tnw.core.policies import YES, Verdict

View = Callable[..., HttpResponseBase]


class ActingRequest(HttpRequest):
    """A request of somebody who signed in, as the middleware hands it on."""

    actor: Actor
    user: User


def number(given: QueryDict, name: str, *, digits: int = 9) -> int:
    """A number that came with a request, such as a version, of so many digits at most; 0 for anything else."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else 0


def ids(given: Sequence[str]) -> list[UUID]:
    """The public ids among what came with a request, each once."""
    found: dict[UUID, None] = {}
    for one in given:
        try:
            found[UUID(one)] = None
        except ValueError:
            continue
    return list(found)


def once(request: HttpRequest) -> UUID:
    """What tells one opening of a page from another: its form sends it along, so that sent twice it asks once."""
    return next(iter(ids([request.POST.get("once", "")])), None) or new_uuid()


def anybody(actor: Actor) -> Verdict:
    """Every role may."""
    return YES


def page(policy: Callable[[Actor], Verdict]) -> Callable[[View], View]:
    """A page for those whom the policy lets in; others are told why not. It is kept in no cache."""

    def around(view: View) -> View:
        @wraps(view)
        def inner(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            verdict = policy(request.actor)
            if not verdict:
                raise PermissionDenied(verdict.reason)
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        return inner

    return around
