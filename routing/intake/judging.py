"""What can only be judged when the whole file is read: another person's reference, and overlapping periods."""

from bisect import bisect_right, insort
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db import connection

from routing.intake.staged import run
from tnw.accounts.models import Fund

# Who is meant: a replaced SSIN, in this file or before, is the person who has the new one.
RENAMED = [
    """create temporary table if not exists feed_renamed (old text collate "C" primary key, new text collate "C")
       on commit preserve rows""",
    "delete from feed_renamed",
    """insert into feed_renamed select former, ssin from (select unnest(former_ssins) as former, ssin
       from dossiers_insuredperson where fund_id = %(fund)s and former_ssins <> '{}') p on conflict do nothing""",
    """insert into feed_renamed select distinct on (replaced_ssin) replaced_ssin, ssin from feed_recognitions
       where fault_code = '' and replaced_ssin <> '' order by replaced_ssin, line desc
       on conflict (old) do update set new = excluded.new""",
]
PERSON = "update feed_recognitions f set person = r.new from feed_renamed r where r.old = f.ssin and f.fault_code = ''"

# A number that replaced one and was replaced itself: as often as the longest such chain asks for.
ONE_FURTHER = (
    "update feed_renamed r set new = s.new from feed_renamed s where s.old = r.new and s.new <> r.old"
)
LONGEST_CHAIN = 20

# A reference belongs to the person who has it already, or else to the first who comes with it.
OTHER_PERSON = """
update feed_recognitions f set fault_column = 'reference', fault_code = 'duplicate_reference_person'
from (
  select s.line from (
    select line, reference, person, first_value(person) over (partition by reference order by line) as first_person
    from feed_recognitions where fault_code = '') s
  left join (select i.reference, coalesce(r.new, p.ssin) as person from dossiers_incapacity i
    join dossiers_insuredperson p on p.id = i.person_id left join feed_renamed r on r.old = p.ssin
    where i.fund_id = %(fund)s) k using (reference)
  where coalesce(k.person, s.first_person) <> s.person) other
where other.line = f.line
"""

# Every period, known or new, of the people of this file who have more than one reference.
CANDIDATES = """
with mine as (select distinct person from feed_recognitions where fault_code = ''),
numbers as (
  select person as ssin, person from mine where not exists (select from feed_renamed where old = person)
  union select r.old, r.new from feed_renamed r join mine on mine.person = r.new),
known as (
  select n.person, i.reference, i.version, i.start, i."end" as ends
  from numbers n join dossiers_insuredperson p on p.fund_id = %(fund)s and p.ssin = n.ssin
  join dossiers_incapacity i on i.person_id = p.id and i.fund_id = %(fund)s),
every as (
  select person, reference, version, start, ends, line from feed_recognitions where fault_code = ''
  union all select person, reference, version, start, ends, 0 from known),
several as (select person from every group by person having min(reference) <> max(reference))
select person, reference, version, start, ends, line from every join several using (person) order by person, line
"""

OVERLAP = """
update feed_recognitions f set fault_column = 'start', fault_code = 'overlap'
from unnest(%(lines)s::int[]) as refused (line) where refused.line = f.line
"""


class Period(NamedTuple):
    """One version of a person's incapacity; `line` is 0 for what is known already."""

    start: date
    reference: str
    version: int
    end: date
    line: int


def judge(fund: Fund) -> None:
    """Mark the staged lines that do not fit together or with what is known."""
    for statement in RENAMED:
        run(statement, {"fund": fund.pk})
    for _further in range(LONGEST_CHAIN):
        if not run(ONE_FURTHER):
            break
    run(PERSON)
    run("analyze feed_recognitions")
    run(OTHER_PERSON, {"fund": fund.pk})
    refused: list[int] = []
    for line in _overlapping(fund):
        refused.append(line)
        if len(refused) == 10_000:
            run(OVERLAP, {"lines": refused})
            refused.clear()
    run(OVERLAP, {"lines": refused})


def _overlapping(fund: Fund) -> Iterator[int]:
    with connection.chunked_cursor() as cursor:  # the server's own: there may be any number of them
        cursor.execute(CANDIDATES, {"fund": fund.pk})
        periods = iter(cursor.fetchone, None)
        for _person, group in groupby(periods, key=lambda row: row[0]):
            yield from overlapping(
                [
                    Period(start, reference, version, end or date.max, line)
                    for _, reference, version, start, end, line in group
                ]
            )


def overlapping(periods: list[Period]) -> list[int]:
    """The lines to refuse among one person's periods, whatever the order of the file.

    Of two that overlap, the later start goes, at equal starts the greater reference; what is known already stays.
    A refused version leaves the one before it in place.
    """
    refused: list[int] = []
    versions: dict[str, list[Period]] = {}
    for period in sorted(periods, key=lambda item: item.line):
        stack = versions.setdefault(period.reference, [])
        if not stack or period.version > stack[-1].version:
            stack.append(period)
    latest = [stack.pop() for stack in versions.values()]
    placed = sorted((period.start, period.end) for period in latest if not period.line)
    for period in sorted(period for period in latest if period.line):
        at = bisect_right(placed, (period.start, date.max))
        after_start = at < len(placed) and placed[at][0] <= period.end
        before_start = at > 0 and placed[at - 1][1] >= period.start
        if not after_start and not before_start:
            insort(placed, (period.start, period.end))
        elif versions[period.reference]:
            return [period.line, *overlapping([other for other in periods if other.line != period.line])]
        else:
            refused.append(period.line)
    return refused
