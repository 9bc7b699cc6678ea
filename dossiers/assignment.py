"""To whom a new dossier goes: the team of its postal code, and there the coordinator with that language and least to do."""

import heapq
from bisect import bisect_right
from datetime import date

from django.db.models import Count

from dossiers.models import Dossier
from tnw.accounts.models import Fund, Role, TeamArea, User


class Assigner:
    """The teams, coordinators and loads of one fund, kept current while many dossiers are given out."""

    def __init__(self, fund: Fund, today: date) -> None:
        areas = sorted(TeamArea.objects.filter(team__fund=fund).values_list("first", "last", "team_id"))
        self._firsts = [first for first, _last, _team in areas]
        self._areas = areas
        loads = dict(
            Dossier.objects.running(today)
            .filter(fund=fund, coordinator__isnull=False)
            .values("coordinator")
            .annotate(load=Count("pk"))
            .values_list("coordinator", "load")
        )
        self._queues: dict[tuple[int, str], list[list[int]]] = {}
        coordinators = User.objects.filter(
            fund=fund, is_active=True, team__isnull=False, roles__contains=[Role.COORDINATOR]
        )
        self._loads: dict[int, int] = {}
        for user in coordinators.order_by("pk"):
            self._loads[user.pk] = loads.get(user.pk, 0)
            for language in user.languages:
                self._queues.setdefault((user.team_id or 0, language), []).append(
                    [self._loads[user.pk], user.pk]
                )
        for queue in self._queues.values():
            heapq.heapify(queue)

    def choose(self, postal_code: str, language: str) -> tuple[int | None, int | None]:
        """The keys of team and coordinator; None for what fits nowhere, which a team lead then finds on a list."""
        team = self._team(postal_code)
        queue = self._queues.get((team, language)) if team else None
        if not queue:
            return team, None
        while queue[0][0] != self._loads[queue[0][1]]:  # took work in another language meanwhile
            heapq.heapreplace(queue, [self._loads[queue[0][1]], queue[0][1]])
        load, coordinator = queue[0]
        self._loads[coordinator] = load + 1
        heapq.heapreplace(queue, [load + 1, coordinator])
        return team, coordinator

    def _team(self, postal_code: str) -> int | None:
        at = bisect_right(self._firsts, postal_code) - 1
        if at >= 0 and postal_code <= self._areas[at][1] and len(postal_code) == 4:
            return self._areas[at][2]
        return None
