"""What people do, done: until an act has its service, the fact that it leaves is recorded as theirs.

A service takes an act over by its kind in `perform`; the script of behaviour stays as it is.
"""

from collections.abc import Sequence

from django.db.models import Count

from dossiers import ledger, services
from dossiers.ledger import Entry
from dossiers.models import Dossier, LedgerEntry
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, User
from tnw.web.demo.course import COORDINATOR, SYSTEM, Act


class Staff:
    """Those who work at a fund, and who of them does what for a dossier."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self.system = actors.system()
        self.users = list(User.objects.filter(fund=fund).select_related("fund").order_by("pk"))
        self._actors: dict[int, Actor] = {}

    def actor(self, dossier: Dossier, by: str) -> Actor:
        """Who does this: the dossier's coordinator, or somebody of its team, or else of the fund."""
        if by == SYSTEM:
            return self.system
        if by == COORDINATOR:
            return self._of(dossier.coordinator_id or self._assign(dossier))
        able = [user for user in self.users if user.has_role(by)]
        near = [user for user in able if user.team_id == dossier.team_id]
        return self._of((near or able)[0].pk)

    def _of(self, pk: int) -> Actor:
        if pk not in self._actors:
            self._actors[pk] = actors.of_user(next(user for user in self.users if user.pk == pk))
        return self._actors[pk]

    def _assign(self, dossier: Dossier) -> int:
        """A team lead gives what fitted nowhere to the one with that language and least to do."""
        language = dossier.incapacity.person.language
        with audit.acting_as(self.system, self.fund):
            given = Dossier.objects.visible_to(self.system).filter(coordinator__isnull=False)
            loads = dict(given.values_list("coordinator").annotate(load=Count("pk")))
        able = [user for user in self.users if user.has_role(Role.COORDINATOR)]
        speaking = [user for user in able if language in user.languages] or able
        chosen = min(speaking, key=lambda user: (loads.get(user.pk, 0), user.pk))
        lead = self._of(next(user.pk for user in self.users if user.has_role(Role.TEAM_LEAD)))
        with audit.acting_as(lead, self.fund):
            services.assign(dossier_ids=[dossier.public_id], coordinator=chosen, actor=lead)
            dossier.refresh_from_db(fields=["coordinator", "team"])
        return chosen.pk


def perform(staff: Staff, acts: Sequence[tuple[str, Act]]) -> int:
    """Do what is not done yet of the acts of a day, by the references of their dossiers; gives how many were."""
    dossiers, done = _found(staff, {reference for reference, _act in acts})
    entries: dict[Actor, list[Entry]] = {}
    for reference, act in acts:
        dossier = dossiers[reference]
        if (dossier.pk, act.fact.id) not in done:
            note = {"text": act.note} if act.note else None
            entries.setdefault(staff.actor(dossier, act.by), []).append(Entry(dossier.pk, act.fact, note))
    for actor, new in entries.items():
        with audit.acting_as(actor, staff.fund):
            ledger.record_many(new, fund=staff.fund, actor=actor)
    return sum(map(len, entries.values()))


def _found(staff: Staff, references: set[str]) -> tuple[dict[str, Dossier], set[tuple[int, str]]]:
    """The dossiers, and the facts in them: after a stop in the middle of a day, that day is done again."""
    with audit.acting_as(staff.system, staff.fund):
        found = Dossier.objects.visible_to(staff.system).filter(incapacity__reference__in=references)
        dossiers = {
            dossier.incapacity.reference: dossier for dossier in found.select_related("incapacity__person")
        }
        facts = LedgerEntry.objects.visible_to(staff.system).filter(dossier__in=dossiers.values())
        return dossiers, set(facts.values_list("dossier_id", "fact_id"))
