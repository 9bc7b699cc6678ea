"""What people do, done by the right person: through the act's service, and where it has none yet as a fact of theirs."""

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count

from dossiers import ledger, services
from dossiers.law.facts import Fact, Values
from dossiers.ledger import Entry
from dossiers.models import Dossier
from dossiers.projection import facts_of
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, User
from tnw.core.errors import DomainError
from tnw.web.demo.course import COORDINATOR, JOB, SYSTEM, Act
from tnw.web.demo.services import Deed, service_of


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


# What tells an act apart in a dossier: its fact, without the id that a service gives it.
Mark = tuple[int, str, date, str]


class Refused(NamedTuple):
    """What the script wanted of a dossier and a policy did not allow, by the code of its message."""

    reference: str
    act: Act
    code: str


def perform(staff: Staff, acts: Sequence[tuple[str, Act]]) -> list[Refused]:
    """Do what is not done yet of the acts of a day, by the references of their dossiers; gives what was refused."""
    day = _Day(staff, {reference for reference, _act in acts})
    for reference, act in acts:
        if act.by != JOB:
            day.do(reference, act)
    day.record()
    return day.refused


class _Day:
    """A day's work: services act at once, what has none waits until something else needs it, and goes in together."""

    def __init__(self, staff: Staff, references: set[str]) -> None:
        self.staff = staff
        self.refused: list[Refused] = []
        self._waiting: dict[Actor, list[Entry]] = {}
        # After a stop in the middle of a day, that day is done again.
        with audit.acting_as(staff.system, staff.fund):
            found = Dossier.objects.visible_to(staff.system).filter(incapacity__reference__in=references)
            found = found.select_related("fund", "team", "incapacity__person")
            self._dossiers = {dossier.incapacity.reference: dossier for dossier in found}
            pks = {dossier.pk for dossier in self._dossiers.values()}
            self._facts = facts_of(sorted(pks))
        self._ids = {(pk, fact.id) for pk, facts in self._facts.items() for fact in facts}
        self._marks = {_mark(pk, fact) for pk, facts in self._facts.items() for fact in facts}

    def do(self, reference: str, act: Act) -> None:
        if (dossier := self._dossiers.get(reference)) is None:  # the import refused it
            self.refused.append(Refused(reference, act, "dossier_unknown"))
            return
        if (dossier.pk, act.fact.id) in self._ids:
            return
        service = service_of(act)
        if service is None:
            note = {"text": act.note} if act.note else None
            if said := self._said(dossier, act):
                actor = self.staff.actor(dossier, act.by)
                self._waiting.setdefault(actor, []).append(Entry(dossier.pk, said, note))
        elif _mark(dossier.pk, act.fact) not in self._marks:
            if any(entry.dossier_id == dossier.pk for entries in self._waiting.values() for entry in entries):
                self.record()
            actor = self.staff.actor(dossier, act.by)
            try:
                with audit.acting_as(actor, self.staff.fund), transaction.atomic():
                    service(Deed(dossier, actor, act))
            except DomainError as error:  # the page would not let them, so that it is not done
                self.refused.append(Refused(reference, act, error.code))

    def record(self) -> None:
        """The facts that wait."""
        for actor, entries in self._waiting.items():
            with audit.acting_as(actor, self.staff.fund):
                ledger.record_many(entries, fund=self.staff.fund, actor=actor)
        self._waiting = {}

    def _said(self, dossier: Dossier, act: Act) -> Fact | None:
        """The fact; a correction names the one that it corrects as its service called it, if that was done."""
        of = act.of
        if of is None:
            return act.fact
        there = self._facts.get(dossier.pk, ())
        same = (fact for fact in there if (fact.kind, fact.on, fact.values) == (of.kind, of.on, of.values))
        if (found := next(same, None)) is None:
            return None
        return act.fact._replace(values=Values.of({**dict(act.fact.values), "fact": found.id}))


def _mark(dossier: int, fact: Fact) -> Mark:
    # The hash of what was signed is no word of the script.
    values = {name: value for name, value in fact.values.plain().items() if name != "document"}
    return dossier, fact.kind, fact.on, json.dumps(values, sort_keys=True)
