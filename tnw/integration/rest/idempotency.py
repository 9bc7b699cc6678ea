"""The same call twice is one: its answer is kept in the transaction of the change, under the client's own key."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from django.db import connection
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from tnw.accounts import access as access_log
from tnw.core import clock
from tnw.integration.models import IdempotencyKey
from tnw.integration.rest.call import Call
from tnw.integration.rest.problem import Problem, invalid
from tnw.integration.sealed import fingerprints, opened, seal

HEADER = "Idempotency-Key"
LONGEST = 200
_KEPT = ("Location", "ETag")


def once(call: Call, key: str, act: Callable[[], Response]) -> Response:
    """Do it, or answer as it was answered. Raises Problem: another call under this key, or the same still under way.

    Runs in the transaction of the change.
    """
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise invalid(HEADER, _("A key has 1 to 200 printable characters."), where="header")
    if not _alone(f"{call.client.pk}/{key}"):
        raise Problem("callUnderWay", headers={"Retry-After": "1"})
    asked = f"{call.request.method} {call.request.get_full_path()}\n".encode()
    # What was written away as it came in is known by its checksum: it is not read again.
    asked += call.upload.sha256.encode() if call.upload else call.request._request.body
    prints = fingerprints(asked)
    known = IdempotencyKey.objects.filter(client=call.client, key=key).first()
    if known is not None:
        if known.fingerprint not in prints:
            raise Problem("idempotencyKeyReused")
        if known.status == HTTPStatus.CREATED and not known.body:
            answer = _anew(call, known.headers["Location"])
        else:
            answer = Response(_plain(known.body), status=known.status, headers=known.headers)
            if call.fund:
                access_log.log_many(
                    actor=call.actor, fund_id=call.fund.pk, dossier_ids=known.dossiers, through="api"
                )
        answer["Idempotent-Replayed"] = "true"
        return answer
    answer = act()
    # What a service is told of somebody's dossier it may not be told any more when it asks again.
    kept = (call.fund or call.version is None) and answer.data is not None
    IdempotencyKey.objects.create(
        client=call.client, fund=call.fund, key=key, fingerprint=prints[0], status=answer.status_code,
        headers={name: answer[name] for name in _KEPT if name in answer}, at=clock.now(),
        body=seal(JSONRenderer().render(answer.data).decode()) if kept else "", dossiers=sorted(call.dossiers),
    )  # fmt: skip
    return answer


def _anew(call: Call, location: str) -> Response:
    """What stands at an address now, read again through the walls: a service may have lost sight of it. Raises Http404."""
    found = resolve(urlsplit(location).path)
    view = found.func.view_class()  # type: ignore[attr-defined]
    told = view.get(replace(call, operation=view.get.operation, query={}, body={}), **found.kwargs)
    told.status_code, told["Location"] = HTTPStatus.CREATED, location
    return told


def _plain(body: str) -> object:
    return json.loads(opened(body)) if body else None


def _alone(what: str) -> bool:
    """Whether no other call with this key is under way: held until the transaction ends."""
    number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
