"""What most nouns of a dossier do alike: they are listed, read, and step from state to state through their services."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.models import Dossier
from dossiers.models.machine import Machine, SubjectMachine
from tnw.core.errors import DomainError
from tnw.integration.rest import Call, Problem, Resource, Shape, operation

M = TypeVar("M", bound=Machine)


class Dated(Shape):
    """An act of a day."""

    on = serializers.DateField(required=False, help_text="The day it is about; today where it is left out.")


class Step(Dated):
    """An act of a day, with what there is to say of it."""

    note = serializers.CharField(
        required=False, max_length=2000, help_text="Free text, for the people of the fund."
    )


def listing(
    model: type[Machine],
    id: str,
    summary: str,
    *,
    tag: str,
    scope: str,
    gives: type[Shape],
    create: Callable[..., Response] | None = None,
    **promised: Any,
) -> type[Resource]:
    """The resource of all of a noun in a dossier, the first the oldest; `create` is its POST, marked as an operation."""

    class Listing(Resource):
        @operation(id, summary, scope=scope, gives=gives, many=True, **promised)
        def get(self, call: Call, dossier_id: UUID) -> Response:
            dossier = call.dossier(dossier_id)
            rows = model._default_manager.visible_to(call.actor)
            return call.listed(
                gives, list(rows.filter(dossier=dossier).select_related("dossier").order_by("pk"))
            )

    Listing.tag = tag
    if create is not None:
        Listing.post = create  # type: ignore[attr-defined]
    return Listing


def single(
    model: type[Machine], id: str, summary: str, *, tag: str, scope: str, gives: type[Shape], **promised: Any
) -> type[Resource]:
    """The resource of one of a noun."""

    class Single(Resource):
        @operation(id, summary, scope=scope, gives=gives, **promised)
        def get(self, call: Call, **place: UUID) -> Response:
            (public_id,) = place.values()
            return call.shown(gives, call.one(model._default_manager.visible_to(call.actor), public_id))

    Single.tag = tag
    return Single


def step(
    model: type[Machine],
    id: str,
    summary: str,
    *,
    tag: str,
    scope: str,
    gives: type[Shape],
    service: Callable[..., Any],
    takes: type[Shape] = Step,
    **promised: Any,
) -> type[Resource]:
    """The resource of a step of one of a noun: `service` does it, with what the body says.

    What has no subject is the latest of its dossier; an earlier one takes no step any more.
    """
    promised = {"problems": ["transitionNotAllowed"], "step": True, **promised}

    class Steps(Resource):
        @operation(id, summary, scope=scope, takes=takes, gives=gives, creates=True, **promised)
        def post(self, call: Call, **place: UUID) -> Response:
            (public_id,) = place.values()
            one = call.one(model._default_manager.visible_to(call.actor), public_id)
            said: dict[str, Any] = {}
            if isinstance(one, SubjectMachine):
                said["subject"] = one.subject
            else:
                require_latest(one)
            service(
                dossier_id=one.dossier.public_id,
                actor=call.actor,
                on=call.take_day(),
                seen=call.seen,
                **said,
                **call.body,
            )
            return call.created(gives, call.again(one))

    Steps.tag = tag
    return Steps


# Where examples are.
AT = "https://tnw.example.org/api/tnw/v1"


def example_of(path: str, id: str, **told: Any) -> dict[str, Any]:
    """An example of one of a noun, at its address below the root."""
    return {"id": id, "href": f"{AT}{path}/{id}", **told}


def example_list(path: str, *items: Mapping[str, Any]) -> dict[str, Any]:
    """An example of a list of them."""
    page = f"{AT}{path}?page=1"
    return {"items": list(items), "total": len(items), "self": page, "first": page, "last": page}


def require_latest(one: Machine) -> None:
    """What has no subject takes steps as long as it is the latest of its dossier. Raises Problem."""
    rows = type(one)._default_manager.filter(fund=one.fund_id, dossier=one.dossier_id)
    if rows.filter(pk__gt=one.pk).exists():
        raise Problem("transitionNotAllowed", _("A later one has taken its place."))


def newest(model: type[M], call: Call, dossier: Dossier) -> M:
    """The one that an act just made, with the version of the dossier after it."""
    rows: Any = model._default_manager.visible_to(call.actor).filter(dossier=dossier)
    made: M = rows.latest("pk")
    return call.again(made)


def beside(model: type[Machine], call: Call, dossier: Dossier) -> None:
    """Before an act: where the newest of a kind stands in its way, a refusal names the state of that one."""
    rows = model._default_manager.visible_to(call.actor).filter(dossier=dossier)
    call.about = rows.order_by("pk").last() or call.about


def renamed(service: Callable[..., Any], **names: str) -> Callable[..., Any]:
    """A service whose refusals name what was sent as the caller knows it: `first_day="start_date"`."""

    @wraps(service)
    def renames(**said: Any) -> Any:
        try:
            return service(**said)
        except DomainError as error:
            error.field = names.get(error.field or "", error.field)
            raise

    return renames
