"""Random steps, legal and illegal, through two simulated years: whatever is tried, the dossier stays what its facts say."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dossiers import acts, machines, projection
from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact
from dossiers.models import Deadline, Dossier, LedgerEntry
from dossiers.projection import facts_of
from dossiers.reading import as_row
from dossiers.verification import verify
from routing.models import RouteAState, RouteBState, RouteCState
from routing.models.route_b import BEFORE_CONTACT
from tests import population
from tests.walk.steps import COORDINATOR, LEAD, TRIES, Of, read, subjects
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.demo.people import enterprise_number
from tnw.web.worklist import silent
from tnw.web.worklist.scope import Part
from trajects.models.appointment import AppointmentState
from trajects.models.traject import TrajectState

# More than the suite has time for: TNW_WALKS=200 pytest tests/walk
FEW = 3
WALKS = int(os.environ.get("TNW_WALKS", FEW))
START, END = date(2024, 1, 8), date(2026, 1, 12)
SEEDS = st.integers(0, 2**32)
UNDER_WAY: dict[str, set[str]] = {
    "route_a": {RouteAState.CONTACTED},
    "route_b": {str(one) for one in RouteBState if one not in (*BEFORE_CONTACT, "traject_started", "closed")},
    "route_c": {RouteCState.CONFIRMED},
}  # fmt: skip


class Walk(RuleBasedStateMachine):
    """One dossier on its way; `tried` counts what was allowed and what was not."""

    fund: Fund
    people: dict[str, Actor]
    tried: dict[str, list[int]]

    @initialize(employed=st.booleans(), assessed=st.sampled_from([0, 2, 4]))
    def begin(self, employed: bool, assessed: int) -> None:
        said: dict[str, Any] = {
            "employment_contract": str(employed).lower(),
            "employer_number": enterprise_number(77) if employed else "",
            "regime": "employee" if employed else "unemployed",
            "invalidity_from": str(date(2025, 1, 8)),
        }
        line = population.line(fund=self.fund.number, start=START, **said)
        with clock.at(START):
            assert not population.take_in(self.fund, [line], START)["rejected"]
        self.dossier = Dossier.objects.get(fund=self.fund, incapacity__reference=line["reference"])
        coordinator = self.people[COORDINATOR].user
        Dossier.objects.filter(pk=self.dossier.pk).update(coordinator=coordinator)
        self.day = START
        if assessed:
            self.wait(100)
            self._try("assess", lambda options: assessed if assessed in options else options[0])

    @rule(days=st.sampled_from([0, 1, 1, 3, 7, 14, 31, 70]))
    def wait(self, days: int) -> None:
        self.day = min(END, self.day + timedelta(days=days))

    # A seed for each step: what can be chosen depends on the dossier.
    @rule(name=st.sampled_from(sorted(TRIES)), seed=SEEDS)
    def anything(self, name: str, seed: int) -> None:
        self._try(name, Random(seed).choice)

    @rule(seed=SEEDS)
    def something_that_fits(self, seed: int) -> None:
        """Of what can be tried, the first two that are allowed: so that the walk gets anywhere."""
        chance, done = Random(seed), 0
        for name in chance.sample(sorted(TRIES), len(TRIES)):
            done += self._try(name, chance.choice)
            if done == 2:
                return

    @rule(seed=SEEDS)
    def take_back(self, seed: int) -> None:
        """The team lead takes any fact back; what no longer fits is flagged, and then resolved."""
        with self._wall(LEAD) as actor:
            entries = LedgerEntry.objects.filter(fund=self.fund, dossier=self.dossier).order_by("-seq")
            fact_id = Random(seed).choice([entry.fact_id for entry in entries[:6]])
            self._void(actor, fact_id)
            while (wrong := self._flag()) and self._void(actor, wrong):
                self._try("talk", lambda options: options[0])  # refused as long as it contradicts

    @invariant()
    def it_is_what_its_facts_say(self) -> None:
        if not hasattr(self, "dossier"):
            return
        with self._wall("system"), transaction.atomic():
            facts = self._facts()
            rows = {row.key: row for row in map(as_row, Deadline.objects.filter(dossier=self.dossier))}
            assert rows == {row.key: row for row in deadlines(facts, self.fund.live_from)}
            assert machines.write({self.dossier.pk: facts}, fund=self.fund.pk) == 0
            self._nothing_is_silent(facts)

    def teardown(self) -> None:
        if hasattr(self, "dossier"):
            with self._wall("system"):
                assert not self._flag()
                assert projection.rebuild(self.fund, check=True)[1] == 0
                assert verify()[1] == []

    # --- how

    def _try(self, name: str, of: Of) -> bool:
        """Try it: allowed it leaves nothing that contradicts, refused it leaves nothing at all."""
        one = TRIES[name]
        with self._wall(one.by) as actor:
            told = one.told(self.day, of)
            if one.about:
                told["subject"] = of(subjects(self.dossier, one.about))
            if one.signs:
                told["sha256"] = read(self.dossier, told["subject"])
            flagged, before = self._flag(), acts.head_of(self.dossier)
            try:
                with transaction.atomic():
                    one.service(dossier_id=self.dossier.public_id, actor=actor, on=self.day, **told)
            except DomainError:
                assert acts.head_of(self.dossier) == before
                self.tried.setdefault(name, [0, 0])[1] += 1
                return False
            assert not flagged, f"{name} although {flagged} contradicts"
            assert not self._flag(), f"{name} leaves a contradiction"
            self.tried.setdefault(name, [0, 0])[0] += 1
            return True

    def _void(self, actor: Actor, fact_id: str) -> bool:
        try:
            with transaction.atomic():
                acts.void(
                    dossier_id=self.dossier.public_id,
                    actor=actor,
                    on=self.day,
                    fact_id=fact_id,
                    reason="mistake",
                )
        except DomainError:
            return False
        return True

    def _nothing_is_silent(self, facts: tuple[Fact, ...]) -> None:
        """N1: under way, it has something due, somebody to meet, or stands on the silent list the next day."""
        tomorrow = self.day + timedelta(days=1)
        dossier = Dossier.objects.get(pk=self.dossier.pk)
        states = machines.states_of(dossier)
        open_route = any(state in UNDER_WAY.get(name.split()[0], ()) for name, state in states.items())
        running = dossier.trajects.filter(state=TrajectState.RUNNING).exists()
        if not (open_route or running):
            return
        beside = silent.BESIDE_A_TRAJECT if running else silent.BESIDE
        due = any(
            row.rule not in beside and row.state(tomorrow) in ("open", "overdue")
            for row in deadlines(facts, self.fund.live_from)
        )
        planned = dossier.appointments.filter(
            state=AppointmentState.PLANNED, at__gte=clock.midnight(tomorrow)
        ).exists()
        if not due and not planned:
            part = Part(silent.Q(), silent.Q(pk=dossier.pk))
            found, _last = silent.first(self.people["system"], [part], tomorrow)
            assert [one.dossier for one in found] == [dossier]

    def _facts(self) -> tuple[Fact, ...]:
        return facts_of([self.dossier.pk]).get(self.dossier.pk, ())

    def _flag(self) -> str:
        return Dossier.objects.get(pk=self.dossier.pk).out_of_order

    @contextmanager
    def _wall(self, role: str) -> Iterator[Actor]:
        with audit.acting_as(self.people[role], self.fund), clock.at(self.day, hour=17):
            yield self.people[role]


@pytest.mark.django_db
def test_n1_t20_whatever_is_tried_the_dossier_is_what_its_facts_say(
    in_fund: Fund, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of equal facts of a day the ids decide: a walk that is told again has to have them in the same order.
    ids = map(UUID, map("{:032x}".format, count(1 << 96)))
    monkeypatch.setattr("uuid_utils.compat.uuid7", lambda: next(ids))
    tried: dict[str, list[int]] = {}
    walk = type("Walk", (Walk,), {"fund": in_fund, "people": people, "tried": tried})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=30,
            deadline=None,
            derandomize=WALKS == FEW,
            suppress_health_check=list(HealthCheck),
        ),
    )
    done, refused = (sum(counts[number] for counts in tried.values()) for number in (0, 1))
    assert min(done, refused) > WALKS * 15, tried
