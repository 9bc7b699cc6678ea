"""How long the API takes over HTTP, beside the same rows fetched by psycopg2 and dumped as JSON, call by call in turns."""

import http.client
import json
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any, NamedTuple

from auditlog.context import disable_auditlog
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from psycopg2.extras import RealDictCursor

from benchmarks import floor
from benchmarks.pages import PORT
from dossiers.policies import UNTOLD_RULES
from tnw.accounts.models import Actor, ActorKind, Fund
from tnw.core import clock
from tnw.integration.models import Client
from tnw.integration.rest.shape import ROOT

REQUESTS = 200
WARMING = 20
SCOPES = ["scope:tnw:deadline:read", "scope:tnw:dossier:read"]
DEADLINES = """
select n.id, d.public_id, n.rule, n.version, n.opened_by, n.occurrence, n.opens_on, n.falls_on, n.act_by, n.surfaces_on,
  n.anchor, n.anchor_on, n.closed_on, n.outcome, n.closed_by, n.closed_by_fact, n.pauses
from dossiers_deadline n join dossiers_dossier d on d.id = n.dossier_id
where n.fund_id = %(fund)s and n.opens_on <= %(today)s and n.rule <> all(%(untold)s) {more}
order by n.act_by, n.falls_on, n.id limit 100
"""
FIRST = DEADLINES.format(more="")
DEEP = DEADLINES.format(more="and n.act_by >= %(middle)s")
LATE = DEADLINES.format(more="and n.closed_on is null and n.act_by < %(today)s and n.falls_on < %(today)s")
DOSSIER = (
    """
select d.*, i.*, p.public_id as person, p.language, u.public_id as coordinator, u.name, t.name as team
from dossiers_dossier d join dossiers_incapacity i on i.id = d.incapacity_id
join dossiers_insuredperson p on p.id = i.person_id
left join accounts_user u on u.id = d.coordinator_id left join accounts_team t on t.id = d.team_id
where d.fund_id = %(fund)s and d.public_id = %(dossier)s
""",
    *(
        f"select r.* from {table} r join dossiers_dossier d on d.id = r.dossier_id where d.public_id = %(dossier)s"
        for table in ("routing_routea", "routing_routeb", "routing_routec", "trajects_traject")
    ),
)
# What every call has to ask besides: whose the token is, and what that client may.
ACCESS = """
select k.scope, k.expires, c.*, a.*, f.number, f.public_id, f.name_nl, f.name_fr, f.name_de
from oauth2_provider_accesstoken k join integration_client c on c.id = k.application_id
join accounts_actor a on a.id = c.actor_id left join accounts_fund f on f.id = a.fund_id
where k.token_checksum = %(checksum)s
"""
# And what it has to leave behind, where it is about one dossier.
LOG = """
insert into accounts_accesslog (fund_id, actor_id, dossier_id, through, at, trace_id)
select d.fund_id, %(actor)s, d.id, 'api', now(), gen_random_uuid() from dossiers_dossier d
where d.fund_id = %(fund)s and d.public_id = %(dossier)s
"""


class Served(NamedTuple):
    """Milliseconds, medians and the 95th percentile: over HTTP; of the rows that are answered, by psycopg2 and as JSON; and
    of those with the access that is checked and the line of the log that is written."""

    median: float
    worst: float
    rows: float
    work: float


class Caller:
    """An API client of a fund, with a token that was given out beforehand."""

    def __init__(self, fund: Fund) -> None:
        with disable_auditlog():
            actor = Actor.objects.create(kind=ActorKind.CLIENT, name=f"Bench {fund.number}", fund=fund)
            client = Client.objects.create(
                name=actor.name, actor=actor, scopes=SCOPES, client_type="confidential",
                authorization_grant_type="client-credentials", calls_a_minute=1_000_000,
            )  # fmt: skip
        token = get_access_token_model()(
            application=client, scope=" ".join(SCOPES), expires=timezone.now() + timedelta(hours=2)
        )
        token._raw_token = raw = secrets.token_urlsafe(20)
        token.save()
        self._headers = {"Authorization": f"Bearer {raw}"}
        self.values = {"checksum": token.token_checksum, "actor": actor.pk}

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            connection.request("GET", ROOT + path, headers=self._headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
        return body


def measure(fund: Fund, dossiers: list[str], source: str) -> dict[str, Served]:
    """The calls that an integrator makes all day, of a fund that is served; `source` is where psycopg2 connects to."""
    caller = Caller(fund)
    some = cycle(dossiers)
    with (
        floor.connected(source, str(fund.pk)) as connection,
        connection.cursor(cursor_factory=RealDictCursor) as cursor,
    ):
        values: dict[str, Any] = {
            "fund": fund.pk, "today": clock.today(), "untold": sorted(UNTOLD_RULES), **caller.values,
        }  # fmt: skip

        def rows(*queries: str, **more: Any) -> str:
            told = []
            for query in queries:
                cursor.execute(query, {**values, **more})
                told.append(cursor.fetchall())
            return json.dumps(told, default=str)

        def work(*queries: str, **more: Any) -> str:
            cursor.execute(ACCESS, values)
            cursor.fetchall()
            told = rows(*queries, **more)
            if "dossier" in more:
                cursor.execute(LOG, {**values, **more})
            connection.commit()
            return told

        calls = _calls(caller, some, cursor, values)
        return {f"API: {name}": _in_turns(over_http, rows, work, asked) for name, over_http, asked in calls}


def _calls(
    caller: Caller, some: Iterator[str], cursor: Any, values: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object], Callable[[], tuple[tuple[str, ...], dict[str, Any]]]]]:
    """The name of a call, the call, and the queries for the same rows with their values."""
    yield "100 deadlines", partial(caller.get, "/deadlines?pageSize=100"), lambda: ((FIRST,), {})
    cursor.execute(
        "select act_by from dossiers_deadline where fund_id = %(fund)s and opens_on <= %(today)s order by act_by "
        "offset (select count(*) / 2 from dossiers_deadline where fund_id = %(fund)s and opens_on <= %(today)s) limit 1",
        values,
    )
    middle = cursor.fetchone()["act_by"]
    # A mark is that of a row, whatever the filters under which it was given out.
    page = json.loads(caller.get(f"/deadlines?pageSize=100&actByFrom={middle}"))
    mark = page["next"].partition("cursor=")[2].partition("&")[0]
    yield (
        "100 deadlines, in the middle of all",
        partial(caller.get, f"/deadlines?pageSize=100&cursor={mark}"),
        lambda: ((DEEP,), {"middle": middle}),
    )
    yield (
        "100 overdue deadlines",
        partial(caller.get, "/deadlines?pageSize=100&state=overdue"),
        lambda: ((LATE,), {}),
    )
    yield (
        "one dossier",
        lambda: caller.get(f"/dossiers/{next(some)}"),
        lambda: (DOSSIER, {"dossier": next(some)}),
    )


def _in_turns(
    over_http: Callable[[], object],
    rows: Callable[..., object],
    work: Callable[..., object],
    asked: Callable[[], tuple[tuple[str, ...], dict[str, Any]]],
) -> Served:
    """All measured alternately, so that whatever else the machine does weighs on each."""

    def below(how: Callable[..., object]) -> Callable[[], object]:
        def run() -> object:
            queries, values = asked()
            return how(*queries, **values)

        return run

    ways = (over_http, below(rows), below(work))
    taken: list[list[float]] = [[] for _way in ways]
    for number in range(WARMING + REQUESTS):
        for way, times in zip(ways, taken, strict=True):
            started = time.perf_counter()
            way()
            if number >= WARMING:
                times.append(1000 * (time.perf_counter() - started))
    called, *floors = taken
    worst = statistics.quantiles(called, n=20)[-1]
    return Served(statistics.median(called), worst, *(statistics.median(times) for times in floors))


def in_words(served: Served) -> str:
    """The columns of the table."""
    return (
        f"{served.median:.1f} ms | {served.worst:.1f} ms | {served.rows:.1f} ms | {served.median / served.rows:.1f} × "
        f"| {served.work:.1f} ms | {served.median / served.work:.1f} ×"
    )
