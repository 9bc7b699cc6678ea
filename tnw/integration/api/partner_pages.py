"""A page of a list that tells a regional service of several people: each of them stands in the access log."""

from collections.abc import Iterable

from dossiers.models import Dossier
from tnw.accounts import access as access_log
from tnw.integration.rest import Call


def log_page(call: Call, told: Iterable[Dossier]) -> None:
    """Say in the access log that this client was told of these dossiers, which are of one fund or more."""
    by_fund: dict[int, set[int]] = {}
    for one in told:
        by_fund.setdefault(one.fund_id, set()).add(one.pk)
    for fund_id, dossier_ids in by_fund.items():
        access_log.log_many(actor=call.actor, fund_id=fund_id, dossier_ids=sorted(dossier_ids), through="api")
