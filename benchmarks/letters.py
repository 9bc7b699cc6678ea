"""One letter for 500: written in the background, kept with its hash and put on its way, then merged for the printer."""

from datetime import datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from django.db import connection

from benchmarks import feed
from dossiers import batches, machines
from dossiers.documents import making
from dossiers.documents.kinds import Matter, kind_of
from dossiers.documents.printing import merged
from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Document, Dossier
from dossiers.models.imports import ImportKind
from routing.intake.imports import import_file
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, User, new_uuid
from tnw.core import clock, scope

LETTERS = 500
KIND = "invitation"
HELD = feed.TODAY + timedelta(days=10)


class Letters(NamedTuple):
    """Seconds of writing them all, of setting the same texts alone, of one file of them; queries and bytes of a letter."""

    written: float
    typeset: float
    merged: float
    queries: float
    bytes: float


def measure(fund: Fund, folder: Path) -> Letters:
    """People from the file of a night, each with an appointment, and a coordinator who invites them all."""
    coordinator = actors.of_user(
        User.objects.filter(fund=fund, roles__contains=[Role.COORDINATOR]).order_by("pk")[0]
    )
    dossiers = _people(fund, folder)
    with audit.acting_as(coordinator, fund), clock.at(feed.TODAY, hour=9):
        with scope.funds(fund.pk):
            batches.ask_letters(
                dossier_ids=[one.public_id for one in dossiers], actor=coordinator, kind=KIND, channel="post"
            )
        asked = _Count()
        started = perf_counter()
        with connection.execute_wrapper(asked):
            done = batches.work_off(fund, clock.today())
        written = perf_counter() - started
    with scope.funds(fund.pk), clock.at(feed.TODAY, hour=9):
        documents = list(Document.objects.filter(fund=fund).order_by("postal_order", "pk"))
        assert done == len(documents) == LETTERS
        started = perf_counter()
        one_file = merged(documents)
        together = perf_counter() - started
        alone = _typeset(fund, coordinator)
    weight = sum(len(bytes(one.content)) for one in documents) / LETTERS
    print(f"{LETTERS} letters: {asked.queries / LETTERS:.0f} queries and {weight:,.0f} bytes each; "
          f"one file of {len(one_file):,} bytes in {together:.2f} s")  # fmt: skip
    return Letters(written, alone, together, asked.queries / LETTERS, weight)


def _people(fund: Fund, folder: Path) -> list[Dossier]:
    feeder = actors.system(actors.FEED)
    file = feed.write(folder / "letters.csv", LETTERS, fund.number, start=feed.TODAY - timedelta(days=100))
    at = datetime.combine(HELD, time(10), clock.BRUSSELS)
    with audit.acting_as(feeder, fund), clock.at(feed.TODAY):
        import_file(file, fund=fund, actor=feeder, kind=ImportKind.RECOGNITIONS, today=feed.TODAY)
        dossiers = list(Dossier.objects.filter(fund=fund).order_by("pk"))
        made = [
            fact(
                "appointment_made", feed.TODAY, str(new_uuid()), str(new_uuid()), purpose="medical_examination",
                at=at, form="phone",
            )
            for _one in dossiers
        ]  # fmt: skip
        record_many(
            [Entry(one.pk, said) for one, said in zip(dossiers, made, strict=True)], fund=fund, actor=feeder
        )
    return dossiers


def _typeset(fund: Fund, actor: Actor) -> float:
    """The floor: the words of one letter set so many times, with nothing read and nothing kept."""
    dossier = Dossier.objects.select_related("fund", "incapacity__person", "coordinator", "team").filter(
        fund=fund
    )[0]
    machines.load(dossier)
    kind = kind_of(KIND)
    matter = Matter(dossier, actor, feed.TODAY, kind.about(dossier, feed.TODAY)[-1].subject)
    started = perf_counter()
    for _one in range(LETTERS):
        making.preview(kind, matter)
    return perf_counter() - started


class _Count:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Any, *call: Any) -> Any:
        self.queries += 1
        return execute(*call)
