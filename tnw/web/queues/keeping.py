"""Keeping a decision: checked at once by doing it and undoing it, recorded when it can no longer be taken back."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import QueryDict
from django.http.response import HttpResponseBase

from dossiers.models import Dossier
from routing import pending
from routing.models import PendingDecision
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.policies import require
from tnw.web import tasks
from tnw.web.page import ActingRequest
from tnw.web.queues.carrying import carry_out_own


def decide(
    *,
    dossier: Dossier,
    actor: Actor,
    act: str,
    subject: str = "",
    values: Mapping[str, Any],
    seen: int,
    do: Callable[[], object],
) -> PendingDecision:
    """Keep a decision that can be recorded as things stand. Raises what `do` raises, and DomainError where one is kept."""
    require(pending.may_decide_now(dossier))
    with transaction.atomic():
        do()
        transaction.set_rollback(True)
    row = pending.keep(dossier=dossier, actor=actor, act=act, subject=subject, values=values, seen=seen)
    tasks.carry_out_decision.later_on_commit(tasks.AFTER, dossier.fund_id, row.pk)
    return row


def typed(posted: QueryDict, names: Mapping[str, Any], way: Mapping[str, str], **more: str) -> dict[str, str]:
    """What was typed into the fields of a form, where in the queue that was, and what else is known. Raises BadRequest."""
    told = {name: value for name in names if (value := posted.get(name))}
    if any("\0" in value for value in told.values()):
        raise BadRequest("no form sends this")  # and no row can hold it
    return told | {name: value for name, value in {**way, **more}.items() if value}


def settling(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page of a queue: what its reader decided before and is due, is carried out first, in transactions of its own."""

    @wraps(view)
    def inner(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        carry_out_own(request.actor, clock.now())
        return view(request, *args, **kwargs)

    return inner
