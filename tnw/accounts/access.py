"""The access log: no dossier is shown without a line in it, written in the transaction that reads it."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import AccessLog, Actor
from tnw.core import clock, trace

# Through what a dossier was seen.
THROUGH: dict[str, str | Promise] = {
    "page": _("dossier page"),
    "health": _("health notes"),
    "preview": _("preview of an act"),
    "ssin": _("SSIN shown"),
    "agenda": _("agenda, choosing a moment"),
    "questionnaire": _("questionnaire"),
    "show_dossier": _("command line"),
    "api": _("API"),
    "assessment": _("assessment"),
    "decision": _("decision"),
    "ahead": _("loaded ahead in a queue, not shown yet"),
    "export": _("export of the worklist"),
    "scan": _("scan of a document"),
    "letter": _("letter"),
}


def log(*, actor: Actor, fund_id: int, dossier_id: int, through: str) -> None:
    """Say that `actor` saw this dossier, `through` a page, a command or the API."""
    AccessLog.objects.create(
        actor=actor,
        fund_id=fund_id,
        dossier_id=dossier_id,
        through=through,
        at=clock.now(),
        trace_id=trace.current(),
    )


def log_many(*, actor: Actor, fund_id: int, dossier_ids: Iterable[int], through: str) -> None:
    """The same of many dossiers at once, each with a line of its own."""
    at, trace_id = clock.now(), trace.current()
    AccessLog.objects.bulk_create(
        AccessLog(
            actor=actor, fund_id=fund_id, dossier_id=dossier_id, through=through, at=at, trace_id=trace_id
        )
        for dossier_id in dossier_ids
    )
