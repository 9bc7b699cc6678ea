"""What the tests of the worklist share: deadlines as rows, and what somebody sees of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import QueryDict

from dossiers.keyset import Place
from dossiers.models import Deadline, Dossier
from tnw.accounts import actors
from tnw.accounts.models import User
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import Worklist
from tnw.web.worklist.scope import scope_of

D = date.fromisoformat
MONDAY, TUESDAY, SATURDAY = D("2026-03-16"), D("2026-03-17"), D("2026-03-21")
MakeUser = Callable[..., User]
MakeDossier = Callable[..., Dossier]


def deadline(dossier: Dossier, rule: str = "T7", act_by: date = MONDAY, **more: Any) -> Deadline:
    """A row as the law could have made it."""
    return Deadline.objects.create(
        **{
            "fund_id": dossier.fund_id, "dossier": dossier, "rule": rule, "opened_by": f"{rule}{act_by}",
            "occurrence": 1, "version": D("2022-01-01"), "opens_on": D("2026-01-05"), "falls_on": act_by,
            "act_by": act_by, "anchor": "referral", "anchor_on": D("2026-01-05"), **more,
        }
    )  # fmt: skip


def bare(dossier: Dossier, coordinator: User | None) -> Dossier:
    """Without the deadlines of the law, given to somebody."""
    Deadline.objects.filter(dossier=dossier).delete()
    team = coordinator.team_id if coordinator else dossier.team_id
    Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator, team=team)
    return dossier


def shown(user: User, query: str = "", today: date = MONDAY) -> list[tuple[str, str]]:
    """Rule and bucket of every line, page by page of two."""
    actor = actors.of_user(User.objects.select_related("fund").get(pk=user.pk))
    scope = scope_of(actor, today)
    if scope is None:
        return []
    worklist = Worklist(actor, Filters(QueryDict(query), scope=scope, fund_id=user.fund_id), today)
    found, after = [], None
    while True:
        page = worklist.page(after, 2)
        found += [(line.deadline.rule, line.bucket) for line in page.lines]
        if page.last is None:
            return found
        after = Place.read(page.after)
