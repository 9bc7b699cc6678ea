"""One fund with a dossier and a run, another with the same, and somebody of every role in the first."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pypdfium2
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dossiers.law.facts import Fact, fact
from dossiers.models import (
    Batch,
    BatchRow,
    CareerItem,
    Dispatch,
    Document,
    Dossier,
    HealthNote,
    HealthNoteText,
    ImportRun,
    Scan,
)
from dossiers.models.imports import ImportKind
from tests import population
from tests.web import cases
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock

ROLES = tuple(Role.values)


@dataclass
class Place:
    """What one fund holds."""

    fund: Fund
    dossier: Dossier
    run: ImportRun
    career: CareerItem
    note: HealthNote
    scan: Scan
    way: Dispatch
    batch: Batch


def furnish(fund: Fund) -> Place:
    start = clock.today() - timedelta(days=120)
    facts = [
        fact("questionnaire_sent", start + timedelta(70), "q-1", channel="post", language="nl"),
        fact("assessment_made", start + timedelta(100), "a-1", category=4),
    ]
    dossier = population.dossier(fund=fund, start=start, facts=facts, last_name="Van Hée", first_name="Zoë")
    feed = actors.system(actors.FEED)
    with audit.acting_as(feed, fund):
        run = ImportRun.objects.filter(fund=fund, kind=ImportKind.RECOGNITIONS).get()
        by = {"created_by": feed, "created_at": clock.now(), "changed_by": feed, "changed_at": clock.now()}
        career = CareerItem.objects.create(fund=fund, dossier=dossier, kind="job", title="Baker", **by)
        note = HealthNote.objects.create(fund=fund, dossier=dossier, sight="shared")
        HealthNoteText.objects.create(
            fund=fund, health_note=note, version=1, text="Rest.", author=feed, written_at=clock.now()
        )
        scan = Scan.objects.create(
            fund=fund, dossier=dossier, fact="a-1", name="proof.pdf", media_type="application/pdf",
            sha256="0" * 64, content=b"%PDF-", added_at=clock.now(), added_by=feed,
        )  # fmt: skip
        way, batch = _letter(fund, dossier, feed)
        return Place(fund, dossier, run, career, note, scan, way, batch)


def _letter(fund: Fund, dossier: Dossier, actor: Actor) -> tuple[Dispatch, Batch]:
    """A letter that was written for many and waits for the post."""
    within = {"fund": fund, "actor": actor}
    document = Document.objects.create(
        **within, dossier=dossier, kind="appointment_cancelled", language="nl", title="Gaat niet door",
        content=blank_page(), sha256="0" * 64, pages=1, made_on=clock.today(), made_at=clock.now(),
    )  # fmt: skip
    way = Dispatch.objects.create(
        **within,
        dossier=dossier,
        document=document,
        channel="post",
        state="waiting",
        prepared_on=clock.today(),
    )
    batch = Batch.objects.create(**within, kind="invitation", asked_at=clock.now(), done_at=clock.now())
    BatchRow.objects.create(fund=fund, batch=batch, dossier=dossier, document=document, done_at=clock.now())
    return way, batch


def blank_page() -> bytes:
    """The smallest PDF that can be shown."""
    made, target = pypdfium2.PdfDocument.new(), io.BytesIO()
    made.new_page(595, 842)
    made.save(target)
    made.close()
    return target.getvalue()


@pytest.fixture
def own(fund: Fund, team: Team) -> Place:
    return furnish(fund)


@pytest.fixture
def foreign(other_fund: Fund) -> Place:
    return furnish(other_fund)


@pytest.fixture
def browse(client: Client, make_user: Callable[..., User], fund: Fund, team: Team) -> Callable[..., Client]:
    """`browse(role, **details)`: a client signed in as somebody with that role and no other."""

    def sign_in(role: str, **details: object) -> Client:
        client.force_login(make_user(role, fund=fund, team=team, **details))
        return client

    return sign_in


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.fixture(autouse=True)
def static_files_from_their_sources(settings: Settings) -> None:
    """Nothing was collected here, which the middleware would otherwise warn of."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def stand(fund: Fund, team: Team) -> Iterator[Callable[..., Dossier]]:
    """`stand(state or facts)`: a dossier that has come that far; the clock stands on that day (`tests.web.cases`)."""

    def make(state: str | Sequence[Fact], **columns: object) -> Dossier:
        facts = cases.STATES[state] if isinstance(state, str) else state
        return population.dossier(fund=fund, start=cases.START, facts=facts, today=cases.TODAY, **columns)

    with clock.at(cases.TODAY):
        yield make


@pytest.fixture
def at_home(fund: Fund) -> Iterator[None]:
    """Inside the wall, on a Monday."""
    with audit.acting_as(actors.system(), fund), clock.at(date(2026, 3, 16)):
        yield


@pytest.fixture
def of_doctor(doctor: User) -> Actor:
    return actors.of_user(doctor)


@pytest.fixture
def colleague(make_user: Callable[..., User], fund: Fund, team: Team) -> User:
    return make_user(Role.ADVISORY_DOCTOR, fund=fund, team=team)
