"""The rows of each figure, in SQL over sets: a row is one that counts, and what a number opens is these very rows.

Every source gives `dossier_id, day, part, fact_id, days`: the day by whose quarter it counts, the part it belongs to, the
fact behind it where there is one, and for durations how long it took. All are of one fund and of the days from `first`
up to, not including, `until`; `known` leaves out what was recorded from that moment on, `among` the facts of other
dossiers, and `today` says what is late.
"""

# ruff: noqa: S608  # put together from the table of figures; what is asked for are parameters

from collections.abc import Callable, Sequence

from routing.figures.table import FIGURES, Figure

# Corrections are applied by the law (`routing.figures.corrections`): what they touch is left out here, and put back as
# `again` says it reads.
_TOUCHED = """
touched as materialized (
  select distinct dossier_id, "values"->>'fact' as fact_id from dossiers_ledgerentry
  where fund_id = %(fund)s and kind in ('fact_corrected', 'fact_voided')
    and (%(known)s::timestamptz is null or at < %(known)s)
), again as materialized (
  select * from jsonb_to_recordset(%(again)s::jsonb)
    as one(dossier_id bigint, fact_id text, kind text, day date, subject text, "values" jsonb)
)
"""


def _within(day: str) -> str:
    return f"{day} >= %(first)s and {day} < %(until)s"


def _facts(*kinds: str, within: bool = True) -> str:
    """Facts of these kinds as they read, of the days that are asked for or of all."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    inside, inside_again = (f"and {_within(day)}" if within else "" for day in ('e."on"', "day"))
    return f"""(
  select e.dossier_id, e.fact_id, e.kind, e."on" as day, e.subject, e."values" from dossiers_ledgerentry e
  where e.fund_id = %(fund)s and e.kind in ({named}) {inside} and (%(known)s::timestamptz is null or e.at < %(known)s)
    and (%(among)s::bigint[] is null or e.dossier_id = any(%(among)s::bigint[]))
    and not exists (select from touched t where t.dossier_id = e.dossier_id and t.fact_id = e.fact_id)
  union all
  select dossier_id, fact_id, kind, day, subject, "values" from again where kind in ({named}) {inside_again}
)"""


def _said(*kinds: str, part: str = "''", where: str = "true") -> str:
    """One row for each fact."""
    return f"select dossier_id, day, {part} as part, fact_id, null::int as days from {_facts(*kinds)} f where {where}"


def _complete(*_kinds: str) -> str:
    return _said("questionnaire_received", where="""("values"->>'complete')::boolean""")


def _declared(*_kinds: str) -> str:
    voided = _facts("declaration_voided", within=False)
    return _said(
        "declaration_completed",
        where=f"not exists (select from {voided} v where v.dossier_id = f.dossier_id and v.subject = f.subject "
        "and v.day >= f.day)",
    )


def _inflow() -> str:
    return f"""
select d.id as dossier_id, i.start as day, '' as part, '' as fact_id, null::int as days
from dossiers_incapacity i join dossiers_dossier d on d.incapacity_id = i.id
where i.fund_id = %(fund)s and i.excluded = '' and {_within("i.start")}"""


_CLOSED = "l.closed_on is not null and l.closed_on <= %(today)s"
_PAUSED = """l.paused_from is not null and l.paused_from <= %(today)s
  and (l.paused_until is null or l.paused_until > %(today)s)"""
# What has become of a deadline by today; empty where nothing is to be told of it yet.
_OUTCOME = f"""case
  when {_CLOSED} then
    case l.outcome when 'met' then 'in_time' when 'met_late' then 'late' when 'missed' then 'never' else '' end
  when l.falls_on < %(today)s and not ({_PAUSED}) then 'never' else '' end"""


def _due(*rules: str) -> str:
    """Deadlines by the quarter in which they fall, once they were met or are past."""
    named = ", ".join(f"'{rule}'" for rule in rules)
    return f"""select * from (
  select l.dossier_id, l.falls_on as day, {_OUTCOME} as part, l.opened_by as fact_id, null::int as days
  from dossiers_deadline l where l.fund_id = %(fund)s and l.rule in ({named}) and {_within("l.falls_on")}
) due where part <> ''"""


def _returned(*_rules: str) -> str:
    """Sendings, each with what became of it; its date falls within a year, so that the index by date serves."""
    return f"""
select l.dossier_id, l.opens_on as day, case {_OUTCOME} when '' then
    case when {_CLOSED} then 'fallen' else 'waiting' end else {_OUTCOME} end as part,
  l.opened_by as fact_id, null::int as days
from dossiers_deadline l where l.fund_id = %(fund)s and l.rule = 'T2' and {_within("l.opens_on")}
  and l.falls_on >= %(first)s and l.falls_on < %(until)s::date + 366"""


def _rows(table: str, day: str, part: str, where: str = "true") -> str:
    """Rows of a state machine, by one of their days."""
    return f"""
select m.dossier_id, m.{day} as day, {part} as part, '' as fact_id, null::int as days from {table} m
where m.fund_id = %(fund)s and {_within(f"m.{day}")} and {where}"""


def _routes(*_kinds: str) -> str:
    return " union all ".join(
        (
            _said("referral_made", part="'A'"),
            _rows("routing_routeb", "requested_on", "'B'"),
            _rows("routing_routec", "reported_on", "'C'"),
        )
    )


_FATE = """case when m.state in ('complete', 'refused') then m.state when m.state in ('void', 'lapsed') then 'fallen'
  else 'waiting' end"""


def _took(steps: str) -> str:
    """The first time that a step was taken in each dossier, from the first day of its incapacity on."""
    return f"""
select s.dossier_id, s.day, '' as part, '' as fact_id, s.day - i.start as days from (
  select dossier_id, min(day) as day from {steps} every group by dossier_id having {_within("min(day)")}
) s join dossiers_dossier d on d.id = s.dossier_id join dossiers_incapacity i on i.id = d.incapacity_id
where i.excluded = '' and s.day >= i.start"""


_COMPLETE_EVER = (
    f"(select * from {_facts('questionnaire_received', within=False)} r "
    "where (\"values\"->>'complete')::boolean)"
)
_TRAJECTS_EVER = "(select dossier_id, started_on as day from trajects_traject where fund_id = %(fund)s)"

_SOURCES: dict[str, Callable[[], str]] = {
    "complete_questionnaires": _complete,
    "positive_declarations": _declared,
    "inflow": _inflow,
    "questionnaires": _returned,
    "assessments": lambda: _said("assessment_made", part="\"values\"->>'category'"),
    "routes": _routes,
    "trajects": lambda: _rows("trajects_traject", "started_on", "m.route"),
    "permissions": lambda: _said("permission_granted", "permission_refused", part="substr(kind, 12)"),
    "declarations": lambda: _rows("trajects_engagementdeclaration", "drawn_up_on", _FATE),
    "plans": lambda: _rows(
        "trajects_reintegrationplan", "agreed_on", "case when m.version <= 1 then 'first' else 'changed' end"
    ),
    "results": lambda: _rows("trajects_traject", "ended_on", "m.result", "m.state = 'ended'"),
    "time_to_answer": lambda: _took(_COMPLETE_EVER),
    "time_to_traject": lambda: _took(_TRAJECTS_EVER),
}


def source_of(figure: Figure) -> str:
    """The SQL of a figure's rows, to stand after `with` its own preamble (`PREAMBLE`)."""
    if found := _SOURCES.get(figure.code):
        return found()
    if figure.rules:
        return _due(*figure.rules)
    return _took(_facts(*figure.kinds, within=False)) if figure.in_days else _said(*figure.kinds)


PREAMBLE = f"with {_TOUCHED}"

# Kinds that no figure counts but that take of one away.
_BESIDE = {"positive_declarations": ("declaration_voided",)}


def kinds_of(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Every kind of fact that these figures read."""
    beside = [kind for one in figures for kind in _BESIDE.get(one.code, ())]
    return tuple(dict.fromkeys([kind for one in figures for kind in one.kinds] + beside))


def read_of_all_days(figure: Figure) -> bool:
    """Whether its rows follow from facts of other days too: the first of a step, and what takes one away later."""
    return figure.in_days or figure.code in _BESIDE


assert set(_SOURCES) <= set(FIGURES)
