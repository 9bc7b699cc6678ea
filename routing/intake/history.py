"""The lines of a file of facts go into the ledgers of the dossiers they name, all of one dossier's together."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from dossiers import ledger, projection
from dossiers.law.facts import Fact, FactRefused, from_plain
from dossiers.ledger import Entry
from routing.intake import facts, staged
from routing.intake.staged import rows
from tnw.accounts.models import Actor, Fund
from tnw.core import staging

UNKNOWN_REFERENCE = """
update feed_facts f set fault_column = 'reference', fault_code = 'unknown_reference'
where fault_code = '' and not exists (
  select from dossiers_incapacity i where i.fund_id = %(fund)s and i.reference = f.reference)
"""

CHUNK = """
select d.id, f.line, f.kind, f."on", f.fact_id, f.subject, f.details::text from feed_facts f
join dossiers_incapacity i on i.fund_id = %s and i.reference = f.reference
join dossiers_dossier d on d.incapacity_id = i.id
where f.fault_code = '' and f.position > %s and f.position <= %s order by d.id, f.position for no key update of d
"""


class History:
    """Takes staged facts of one fund in."""

    def __init__(self, fund: Fund, actor: Actor, today: date, run_id: int) -> None:
        self.fund = fund
        self.actor = actor
        self.today = today
        self.run_id = run_id

    def take(self, after: int, through: int) -> tuple[int, int]:
        """Take in the lines after one position, up to and including another; gives how many were new, and known."""
        found = rows(CHUNK, [self.fund.pk, after, through])
        known = projection.facts_of(sorted({row[0] for row in found}))
        entries: list[Entry] = []
        refused: list[str] = []
        unchanged = 0
        for dossier_id, group in groupby(found, key=lambda row: row[0]):
            there = {fact.id: fact for fact in known.get(dossier_id, ())}
            for line, fact in _facts(group):
                if there.get(fact.id) == fact:
                    unchanged += 1
                elif fault := self._fault(fact, there):
                    refused.append(staging.line(line, *fault))
                else:
                    there[fact.id] = fact
                    entries.append(Entry(dossier_id, fact))
        staged.refuse(refused, self.fund.pk, self.run_id)
        ledger.record_many(entries, fund=self.fund, actor=self.actor, today=self.today)
        return len(entries), unchanged

    def _fault(self, fact: Fact, there: dict[str, Fact]) -> tuple[str, str] | None:
        """The column and code of what is wrong with a fact beside the others of its dossier."""
        if facts.is_reserved(fact.id):
            return "id", "reserved_id"
        try:
            ledger.check_beside(fact, there, self.today)
            if ledger.may_move_the_period(fact):
                ledger.check_period((*there.values(), fact), self.today)
        except FactRefused as refusal:
            column = refusal.field if refusal.field in ("id", "kind") else f"details.{refusal.field}"
            return column, refusal.code
        return None


def _facts(group: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, Fact]]:
    for _dossier, line, kind, on, fact_id, subject, details in group:
        yield line, from_plain(kind, on, fact_id, subject, json.loads(details))
