"""The lines of a feed become persons, incapacities, dossiers and facts, a chunk at a time."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import uuid_utils
from django.db import connection

from dossiers import ledger, projection
from dossiers.assignment import Assigner
from dossiers.feed.faults import Rejection
from dossiers.law.facts import Fact, FactRefused
from dossiers.ledger import Entry
from dossiers.search import searchable
from routing.intake import facts, staged
from routing.intake.facts import Said
from routing.intake.staged import rows, run
from tnw.accounts.models import Actor, Fund
from tnw.core import staging

CHUNK = """
select line, reference, version, person, replaced_ssin, last_name, first_name, birth_date, language, street, postal_code,
  city, email, phone, regime, cause, employer_number, employment_contract, start, ends, end_reason, invalidity_from,
  excluded, ssin from feed_recognitions
where fault_code = '' and line > %s and line <= %s order by line
"""

KNOWN = """
select i.reference, i.id, d.id, i.version, i.start, i."end", i.end_reason, i.regime, i.cause, i.employment_contract,
  i.excluded, i.invalidity_from
from dossiers_incapacity i join dossiers_dossier d on d.incapacity_id = i.id
where i.fund_id = %s and i.reference = any(%s) order by d.id for no key update of d
"""

PERSONS = "select ssin, id from dossiers_insuredperson where fund_id = %s and ssin = any(%s)"


class Line(NamedTuple):
    """A staged line."""

    line: int
    reference: str
    version: int
    person: str
    replaced_ssin: str
    last_name: str
    first_name: str
    birth_date: date | None
    language: str
    street: str
    postal_code: str
    city: str
    email: str
    phone: str
    regime: str
    cause: str
    employer_number: str
    employment_contract: bool
    start: date
    end: date | None
    end_reason: str
    invalidity_from: date | None
    excluded: str
    ssin: str

    def said(self) -> Said:
        return Said(
            self.version, self.start, self.end, self.end_reason, self.regime, self.cause, self.employment_contract,
            self.excluded, self.invalidity_from,
        )  # fmt: skip


class Case:
    """An incapacity while its lines pass: what was said last, and the facts to record."""

    __slots__ = ("dossier", "entries", "incapacity", "known", "latest", "new", "person", "said")

    def __init__(self, incapacity: int, dossier: int, *, new: bool, said: Said | None = None) -> None:
        self.incapacity = incapacity
        self.dossier = dossier
        self.new = new
        self.said = said
        self.entries: list[Fact] = []
        self.known: tuple[Fact, ...] = ()
        self.latest: Line | None = None
        self.person = 0


class Person(NamedTuple):
    id: int
    new: bool


PERSON_COLUMNS = """id bigint,
public_id uuid,
is_new boolean,
ssin text,
former_ssins text[],
last_name text,
first_name text,
search_name text,
birth_date date,
language text,
street text,
postal_code text,
city text,
email text,
phone text"""
CASE_COLUMNS = """id bigint,
is_new boolean,
person_id bigint,
reference text,
version int,
start date,
ends date,
end_reason text,
regime text,
cause text,
excluded text,
employer_number text,
employment_contract boolean,
invalidity_from date"""
DOSSIER_COLUMNS = """id bigint,
public_id uuid,
incapacity_id bigint,
team_id bigint,
coordinator_id bigint"""

_DETAILS = "last_name, first_name, search_name, birth_date, language, street, postal_code, city, email, phone"
_N_DETAILS = ", ".join(f"n.{name}" for name in _DETAILS.split(", "))
WRITE_PERSONS = [
    f"""insert into dossiers_insuredperson (id, fund_id, public_id, ssin, former_ssins, {_DETAILS})
      select id, %(fund)s, public_id, ssin, former_ssins, {_DETAILS} from person_new where is_new""",  # noqa: S608
    f"""update dossiers_insuredperson p set (ssin, former_ssins, {_DETAILS}) = (n.ssin,
        array(select distinct unnest(p.former_ssins || n.former_ssins::varchar[])), {_N_DETAILS})
      from person_new n where n.id = p.id and not n.is_new""",  # noqa: S608
]
WRITE_CASES = [
    """insert into dossiers_incapacity (id, fund_id, person_id, reference, version, start, "end", end_reason, regime, cause,
      excluded, employer_number, employment_contract, invalidity_from)
      select id, %(fund)s, person_id, reference, version, start, ends, end_reason, regime, cause, excluded, employer_number,
      employment_contract, invalidity_from from case_new where is_new""",
    """update dossiers_incapacity i set person_id = n.person_id, version = n.version, employer_number = n.employer_number
      from case_new n where n.id = i.id and not n.is_new""",
]
WRITE_DOSSIERS = """insert into dossiers_dossier (id, fund_id, public_id, incapacity_id, team_id, coordinator_id, unswept)
  select id, %(fund)s, public_id, incapacity_id, team_id, coordinator_id, true from dossier_new"""


class Intake:
    """Takes staged lines of one fund in, in the order of the file.

    What shows its fault only beside its dossier is written down with the run; without one it stays in `refused`.
    """

    def __init__(self, fund: Fund, actor: Actor, today: date, run_id: int | None) -> None:
        self.fund = fund
        self.actor = actor
        self.today = today
        self.run_id = run_id
        self.refused: list[Rejection] = []
        self._assigner = Assigner(fund, today)

    def take(self, after: int, through: int) -> tuple[int, int]:
        """Take in the lines after one position, up to and including another; gives how many changed something, and not."""
        lines = [Line(*row) for row in rows(CHUNK, [after, through])]
        cases = self._known_cases(lines)
        taken = [line for line in lines if self._is_newer(cases, line)]
        refused = self._refuse()
        self._number_new(cases)
        self._write_persons(taken, cases)
        self._write_cases(cases)
        self._record([case for case in cases.values() if case.new], fresh=True)
        self._record([case for case in cases.values() if not case.new], fresh=False)
        return len(taken), len(lines) - len(taken) - refused

    def _refuse(self) -> int:
        if self.run_id is None:
            return len(self.refused)
        lines = [staging.line(one.line, one.column, one.code) for one in self.refused]
        self.refused.clear()
        return staged.refuse(lines, self.fund.pk, self.run_id)

    def _known_cases(self, lines: list[Line]) -> dict[str, Case]:
        """The incapacities that these lines name, with their facts where a line is newer."""
        cases = {
            reference: Case(incapacity, dossier, new=False, said=Said(*said))
            for reference, incapacity, dossier, *said in rows(
                KNOWN, [self.fund.pk, list({line.reference for line in lines})]
            )
        }
        changing = [
            case
            for line in lines
            if (case := cases.get(line.reference)) and case.said and line.version > case.said.version
        ]
        known = projection.facts_of([case.dossier for case in changing])
        for case in changing:
            case.known = known.get(case.dossier, ())
        return cases

    def _is_newer(self, cases: dict[str, Case], line: Line) -> bool:
        case = cases.get(line.reference)
        said = line.said()
        if case is None:
            case = cases[line.reference] = Case(0, 0, new=True)
            case.entries.extend(facts.first(said, self.today))
        elif case.said is None or line.version <= case.said.version:
            return False
        else:
            known = (*case.known, *case.entries)
            changes = facts.changes(case.said, said, known, self.today)
            try:
                ledger.check_period((*known, *changes), self.today)
            except FactRefused as refusal:  # of what people corrected meanwhile, this line knows nothing
                self.refused.append(Rejection(line.line, refusal.field, refusal.code))
                return False
            case.entries.extend(changes)
        case.said = said
        case.latest = line
        return True

    def _number_new(self, cases: dict[str, Case]) -> None:
        new = [case for case in cases.values() if case.new]
        for case, incapacity, dossier in zip(
            new, _next("dossiers_incapacity", len(new)), _next("dossiers_dossier", len(new)), strict=True
        ):
            case.incapacity, case.dossier = incapacity, dossier

    def _write_persons(self, taken: list[Line], cases: dict[str, Case]) -> None:
        latest = {line.person: line for line in taken}
        former: dict[str, list[str]] = {}
        for line in taken:
            for ssin in (line.ssin, line.replaced_ssin):
                if ssin and ssin != line.person:
                    former.setdefault(line.person, []).append(ssin)
        known = self._known_persons(latest, former)
        missing = [ssin for ssin in latest if ssin not in known]
        known |= {
            ssin: Person(number, True)
            for ssin, number in zip(missing, _next("dossiers_insuredperson", len(missing)), strict=True)
        }
        for case in cases.values():
            if case.latest:
                case.person = known[case.latest.person].id
        staging.stage(
            "person_new",
            PERSON_COLUMNS,
            (self._person(known[ssin], line, former.get(ssin, [])) for ssin, line in latest.items()),
        )
        for statement in WRITE_PERSONS:
            run(statement, {"fund": self.fund.pk})

    def _known_persons(self, latest: Iterable[str], former: dict[str, list[str]]) -> dict[str, Person]:
        asked = {ssin: [ssin, *former.get(ssin, [])] for ssin in latest}
        found = dict(
            rows(PERSONS, [self.fund.pk, [number for numbers in asked.values() for number in numbers]])
        )
        known = {}
        for ssin, numbers in asked.items():
            people = list(dict.fromkeys(found[number] for number in numbers if number in found))
            for other in people[1:]:
                self._merge(other, people[0])
            if people:
                known[ssin] = Person(people[0], False)
        return known

    def _merge(self, person: int, into: int) -> None:
        """Both SSINs were known as two people: what is of the one becomes the other's."""
        run("update dossiers_incapacity set person_id = %s where person_id = %s", [into, person])
        run(
            "update dossiers_insuredperson p set former_ssins = array(select distinct unnest(p.former_ssins || "
            "o.former_ssins)) from dossiers_insuredperson o where p.id = %s and o.id = %s",
            [into, person],
        )
        run("delete from dossiers_insuredperson where id = %s", [person])

    def _person(self, person: Person, line: Line, former: list[str]) -> str:
        public_id = uuid_utils.uuid7() if person.new else None
        former_ssins = "{" + ",".join(dict.fromkeys(former)) + "}"
        return staging.line(
            person.id, public_id, person.new, line.person, former_ssins, line.last_name, line.first_name,
            searchable(line.last_name, line.first_name), line.birth_date, line.language, line.street,
            line.postal_code, line.city, line.email, line.phone,
        )  # fmt: skip

    def _write_cases(self, cases: dict[str, Case]) -> None:
        changed = [(case, case.latest) for case in cases.values() if case.latest]
        staging.stage("case_new", CASE_COLUMNS, (_case(case, line) for case, line in changed))
        for statement in WRITE_CASES:
            run(statement, {"fund": self.fund.pk})
        staging.stage(
            "dossier_new", DOSSIER_COLUMNS, (self._dossier(case, line) for case, line in changed if case.new)
        )
        run(WRITE_DOSSIERS, {"fund": self.fund.pk})

    def _dossier(self, case: Case, line: Line) -> str:
        needs_nobody = line.excluded or (line.end and line.end < self.today)
        team, coordinator = (
            (None, None) if needs_nobody else self._assigner.choose(line.postal_code, line.language)
        )
        return staging.line(case.dossier, uuid_utils.uuid7(), case.incapacity, team, coordinator)

    def _record(self, cases: list[Case], *, fresh: bool) -> None:
        entries = [Entry(case.dossier, fact) for case in cases for fact in case.entries]
        ledger.record_many(entries, fund=self.fund, actor=self.actor, today=self.today, fresh=fresh)


def _case(case: Case, line: Line) -> str:
    return staging.line(
        case.incapacity, case.new, case.person, line.reference, line.version, line.start, line.end, line.end_reason,
        line.regime, line.cause, line.excluded, line.employer_number, line.employment_contract, line.invalidity_from,
    )  # fmt: skip


def _next(table: str, count: int) -> list[Any]:
    """Fresh keys from a table's sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, count]
        )
        return [number for (number,) in cursor.fetchall()]
