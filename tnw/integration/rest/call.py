"""One call of an operation: who calls, what came in, and the ways to answer it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from dossiers.acts import head_of, with_head
from dossiers.models import Dossier
from dossiers.models.machine import Machine
from dossiers.models.walled import WalledQuerySet
from tnw.accounts import access as access_log
from tnw.accounts.models import Actor, Fund
from tnw.core import clock
from tnw.integration.models import Client
from tnw.integration.rest import version
from tnw.integration.rest.operation import Operation
from tnw.integration.rest.paging import Page, keyset, numbered
from tnw.integration.rest.problem import Problem, invalid
from tnw.integration.rest.shape import Shape, address, prototype
from tnw.integration.rest.upload import Upload

M = TypeVar("M", bound=Machine)


@dataclass
class Call:
    """What a resource's method gets; `fund` is None for a regional service, which works with several."""

    request: Request
    operation: Operation
    client: Client
    scopes: frozenset[str]
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    # What came in where that is a file (`Operation.body`).
    upload: Upload | None = None
    # The version that the caller saw, where it has to name one (If-Match).
    seen: int | None = None
    # The version of what the answer is about, once it was found.
    version: int | None = None
    # The dossiers that the caller was told of: told again where the same call is repeated.
    dossiers: set[int] = field(default_factory=set)
    # The state machine that it is about: a refusal names its state, and what is possible from there.
    about: Machine | None = None

    @property
    def actor(self) -> Actor:
        return self.client.actor

    @property
    def fund(self) -> Fund | None:
        return self.actor.fund

    @property
    def today(self) -> date:
        return clock.today()

    def take_day(self) -> date:
        """Take out of the body the day that it is about; today, where it says none."""
        return self.body.pop("on", None) or self.today

    # --- finding

    def dossier(self, dossier_id: UUID, *related: str) -> Dossier:
        """A dossier that the client may see, with a line in the access log. Raises Http404."""
        rows = with_head(Dossier.objects.visible_to(self.actor)).select_related("fund", *related)
        found = _one(rows.filter(public_id=dossier_id))
        self.told(found.fund_id, found.pk, found.head)
        return found

    def one(self, rows: "QuerySet[M]", public_id: UUID) -> M:
        """A machine's row of a dossier that the client may see: begin `rows` with `visible_to`. Raises Http404."""
        found: M = _one(rows.select_related("dossier__fund").filter(public_id=public_id))
        self.about = found
        self.saw(found.dossier)
        return found

    def saw(self, dossier: Dossier) -> Dossier:
        """Say in the access log that this client was told of a dossier; its version is that of the answer."""
        self.told(dossier.fund_id, dossier.pk, head_of(dossier))
        return dossier

    def told(self, fund_id: int, dossier_id: int, head: int) -> None:
        """The same of a dossier whose keys and latest entry are known."""
        access_log.log(actor=self.actor, fund_id=fund_id, dossier_id=dossier_id, through="api")
        self.dossiers.add(dossier_id)
        self.version = head

    def again(self, one: M) -> M:
        """A row as it stands after an act on its dossier, with the version of that."""
        found: Any = type(one)._default_manager.select_related("dossier__fund").get(pk=one.pk)
        self.version = head_of(found.dossier)
        return found

    def expect(self, current: int) -> None:
        """For what has versions of its own: that the caller saw the current one. Raises Problem."""
        if self.seen is not None and self.seen != current:
            raise Problem("versionConflict")

    # --- answering

    def shown(self, shape: type[Shape], what: Any, *, version: int | None = None) -> Response:
        """A single resource, with its entity tag; 304 where the caller has it already."""
        return self._tagged(Response(prototype(shape).to_representation(what)), version)

    def created(
        self, shape: type[Shape], what: Any, location: str = "", *, version: int | None = None
    ) -> Response:
        """What was made, and its address: `location`, below the API's root, or the `href` that it names itself."""
        told = prototype(shape).to_representation(what)
        response = self._tagged(Response(told, status=201), version)
        response["Location"] = address(location) if location else told["href"]
        return response

    def accepted(self, location: str) -> Response:
        """The work goes on: how far it is, is at this address."""
        return Response(status=202, headers={"Location": address(location)})

    def elsewhere(self, location: str) -> Response:
        """It is done: what came of it is at this address."""
        return Response(status=303, headers={"Location": address(location)})

    def nothing(self) -> Response:
        return Response(status=204)

    def listed(self, shape: type[Shape], rows: Sequence[Any]) -> Response:
        """A page of a list that is short: of one dossier, of reference data."""
        return self._listed(shape, numbered(rows, self.query["page"], self.query["page_size"]))

    def stretch(
        self,
        shape: type[Shape],
        rows: "QuerySet[Any] | Sequence[QuerySet[Any]]",
        order: Sequence[str],
        *,
        then: Callable[[list[Any]], Iterable[Any]] = list,
        columns: Sequence[str] = (),
    ) -> Response:
        """A stretch of a list that may be long, in an order whose last column is unique; `then` dresses its rows."""
        cursor, size = self.query.get("cursor", ""), self.query["page_size"]
        return self._listed(shape, keyset(rows, order, cursor, size, then, columns))

    def _listed(self, shape: type[Shape], page: Page) -> Response:
        render = prototype(shape).to_representation
        told: dict[str, Any] = {"items": [render(one) for one in page.items]}
        if page.total is not None:
            told["total"] = page.total
        for name, parameters in page.links.items():
            told[name] = self._at(parameters)
        return Response(told)

    def _at(self, parameters: Mapping[str, Any]) -> str:
        query = self.request.query_params.copy()
        for name in ("page", "cursor"):
            query.pop(name, None)
        for name, value in parameters.items():
            query[name] = str(value)
        path = address(self.request.path.split("/v1", 1)[1])
        return f"{path}?{query.urlencode()}" if query else path

    def _tagged(self, response: Response, own: int | None) -> Response:
        current = own if own is not None else self.version
        if current is None:
            return response
        response["ETag"] = tag = version.tag(current, json.loads(json.dumps(response.data, default=str)))
        asked = self.request.headers.get("If-None-Match", "")
        if self.request.method == "GET" and asked and version.matches(asked, tag):
            return Response(status=304, headers={"ETag": tag})
        return response


def _one(rows: "QuerySet[Any]") -> Any:
    for found in rows[:1]:
        return found
    raise Http404


def referenced(rows: "WalledQuerySet", name: str, public_id: UUID) -> Model:
    """What a body refers to by its id. Raises Problem where the client sees no such thing."""
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise invalid(
            name,
            _("There is nothing with this id."),
            type="urn:problem-type:belgif:input-validation:referencedResourceNotFound",
        )
    return found
