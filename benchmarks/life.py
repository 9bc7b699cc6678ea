"""One whole life, from the feed to the evaluated traject, act by act through the services: time, queries and bytes."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from django.db import connection

from benchmarks import feed
from dossiers.models import Dossier
from dossiers.models.imports import ImportKind
from dossiers.scans import Upload
from routing.intake.imports import import_file
from routing.services import route_a
from routing.services.first_contact import plan_first_contact
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, User
from tnw.core import clock, scope
from trajects import signatures
from trajects.plans import Action, Contents, Interview, Objective
from trajects.services import declaration, plan, reintegration, signing, traject

LIVES = 20
# What a life leaves, in the order in which the rows stand on each other.
TABLES = (
    "dossiers_insuredperson",
    "dossiers_incapacity",
    "dossiers_dossier",
    "dossiers_ledgerentry",
    "dossiers_ledgerpayload",
    "dossiers_outbox",
    "dossiers_deadline",
    "routing_routea",
    "trajects_appointment",
    "trajects_traject",
    "trajects_reintegrationtraject",
    "trajects_engagementdeclaration",
    "trajects_reintegrationplan",
    "dossiers_document",
    "dossiers_scan",
    "trajects_signature",
)
OF_DOSSIER = {
    "dossiers_insuredperson": "id in (select i.person_id from dossiers_incapacity i join dossiers_dossier d "
    "on d.incapacity_id = i.id where d.id in ({0}))",
    "dossiers_incapacity": "id in (select incapacity_id from dossiers_dossier where id in ({0}))",
    "dossiers_dossier": "id in ({0})",
}


class Life(NamedTuple):
    """What one life took on average: seconds and queries of its acts, and the rows that it left; and whose they were."""

    seconds: float
    acts: int
    queries: float
    dossiers: list[int]
    rows_left: float = 0.0
    bytes: float = 0.0

    def rows(self, table: str) -> str:
        """Which rows of a table are of these lives."""
        keys = ", ".join(map(str, self.dossiers))
        return OF_DOSSIER.get(table, "dossier_id in ({0})").format(keys)


class Doing:
    """Somebody's acts on one dossier, counted."""

    def __init__(self, fund: Fund, dossier: Dossier, people: dict[Role, Actor]) -> None:
        self.fund, self.dossier, self.people = fund, dossier, people
        self.acts = self.queries = 0

    def do(self, after: int, service: Callable[..., Any], by: Role = Role.COORDINATOR, **told: Any) -> Any:
        """An act, so many days after the start."""
        day, actor = self.day(after), self.people[by]
        self.acts += 1
        with (
            audit.acting_as(actor, self.fund),
            clock.at(day, hour=17),
            connection.execute_wrapper(self._count),
        ):
            return service(dossier_id=self.dossier.public_id, actor=actor, on=day, **told)

    def signs(
        self,
        after: int,
        service: Callable[..., Any],
        by: Role = Role.COORDINATOR,
        *,
        subject: str,
        **told: Any,
    ) -> None:
        """A signature under the PDF as it was read; who signs in the application has just confirmed who that is."""
        with scope.funds(self.fund.pk):
            document = signatures.kept(self.dossier, subject)
        assert document
        if service is signing.sign:
            told["confirmed_at"] = datetime.combine(self.day(after), time(17), clock.BRUSSELS)
        self.do(after, service, by, subject=subject, sha256=document.sha256, **told)

    def day(self, after: int) -> date:
        return feed.TODAY + timedelta(days=after)

    def at(self, after: int) -> datetime:
        return datetime.combine(self.day(after), time(10), clock.BRUSSELS)

    def _count(self, execute: Any, *call: Any) -> Any:
        self.queries += 1
        return execute(*call)


def measure(fund: Fund, folder: Path) -> Life:
    """Twenty people, from the file of a night on."""
    actor = actors.system(actors.FEED)
    file = feed.write(folder / "lives.csv", LIVES, fund.number, start=feed.TODAY)
    started = perf_counter()
    with audit.acting_as(actor, fund), clock.at(feed.TODAY):
        import_file(file, fund=fund, actor=actor, kind=ImportKind.RECOGNITIONS, today=feed.TODAY)
    people = {
        role: actors.of_user(User.objects.filter(fund=fund, roles__contains=[role]).order_by("pk")[0])
        for role in (Role.COORDINATOR, Role.ADVISORY_DOCTOR)
    }
    with scope.funds(fund.pk):
        dossiers = list(Dossier.objects.filter(fund=fund).order_by("pk"))
    lived = [_live(Doing(fund, dossier, people)) for dossier in dossiers]
    seconds = perf_counter() - started
    keys = [dossier.pk for dossier in dossiers]
    life = Life(seconds / LIVES, lived[0].acts, sum(one.queries for one in lived) / LIVES, keys)
    rows, weight = _weight(fund, life)
    return life._replace(rows_left=rows / LIVES, bytes=weight / LIVES)


def _live(one: Doing) -> Doing:
    coordinator, doctor = Role.COORDINATOR, Role.ADVISORY_DOCTOR
    talk = {"form": "in_person", "report": "a talk of half an hour"}
    one.do(100, route_a.assess, doctor, category=4, refer=True)
    subject = one.do(105, plan_first_contact, at=one.at(115), form="in_person", place="Gent")
    one.do(
        115, route_a.hold_first_contact, coordinator, **talk, role_explained=True, consent="given", first_step="guidance",
        subject=subject,
    )  # fmt: skip
    one.do(125, reintegration.start, condition=1, agreed=True)
    signed = one.do(126, declaration.draw_up, text="what the three engage themselves to")
    paper = Upload("signed.pdf", b"%PDF-1.7 what was signed")
    one.signs(
        128,
        signing.record_signature,
        subject=signed,
        method="paper",
        statement="identity card",
        evidence=paper,
    )
    one.signs(128, signing.sign, subject=signed, role="coordinator")
    one.signs(130, signing.sign, doctor, subject=signed, role="advisory_doctor")
    one.do(150, plan.hold_meeting, coordinator, **talk)
    one.do(152, plan.agree, contents=_contents(one, 152))
    for after in (235, 320):
        following = _contents(one, after).next
        one.do(after, plan.review, done="both", found="well", with_interview=False, following=following)
    one.do(330, reintegration.evaluate_plan, evaluation="it led to work")
    one.do(332, traject.evaluate, evaluation="it led to work")
    one.do(333, traject.end, result="resumed_other_employer")
    return one


def _contents(one: Doing, after: int) -> Contents:
    due = one.day(after + 30)
    return Contents(
        objectives=(Objective("to know which work fits", due),),
        result="half-time work in an office",
        actions=(Action("a1", "write the letter", "the insured", due),),
        next=Interview(one.day(after + 80), time(10), "in_person"),
    )


def _weight(fund: Fund, life: Life) -> tuple[int, int]:
    """The rows of these lives and their bytes, without their indexes."""
    with scope.funds(fund.pk), connection.cursor() as cursor:
        counted = []
        for table in TABLES:
            cursor.execute(
                f"select count(*), coalesce(sum(pg_column_size(t.*)), 0) from {table} t where {life.rows(table)}"
            )
            counted.append(cursor.fetchone())
    return sum(rows for rows, _weight in counted), sum(weight for _rows, weight in counted)
