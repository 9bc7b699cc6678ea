"""The wall around medical text (domain.md section 8): words that are for doctors and medical team reach nobody else.

Marker words stand in every place that medical text has. They may not come out anywhere else: not on a page, in a
search, in a file, in the audit, in the access log, in a log line, in an error page, nor in another table.
"""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers import health
from dossiers.law.facts import Fact, Values, fact
from dossiers.law.kinds import KINDS
from dossiers.ledger import Entry, erase, record_many
from dossiers.models import HealthNote, LedgerEntry
from dossiers.models.health import Sight
from dossiers.notes import notes_of
from dossiers.policies import MEDICAL_WHERE, SIGHTS, may_read, sight_of
from tests.web.conftest import Place, furnish
from tests.web.test_permissions import ADMINISTRATION, PAGES, address
from tnw.accounts import actors, audit
from tnw.accounts.admin import site
from tnw.accounts.models import Fund, Role, Team, User
from tnw.core import clock, scope
from tnw.web.acts.act import Act
from tnw.web.acts.registry import ACTS

pytestmark = pytest.mark.django_db

BASE = Path(__file__).resolve().parents[2]
# Words of stone, found nowhere else: in a medical note (two texts of it), and beside facts.
NOTE, NEXT = "kwartsiet", "serpentijn"
BESIDE = {
    "assessment": "obsidiaan",
    "correction": "malachiet",
    "refusal": "lapislazuli",
    "waiver": "jadeiet",
    "examination": "rhodoniet",
    "excuse": "sugiliet",
}
MEDICAL = {NOTE, NEXT, *BESIDE.values()}
# For the coordinator too, and not for the team lead.
SHARED, ANSWER = "toermalijn", "chrysopraas"
FOR_COORDINATOR = {SHARED, ANSWER}
# Beside a contact: for everybody in the case.
CONTACT = "barnsteen"
ALL = {*MEDICAL, *FOR_COORDINATOR, CONTACT}
READS: dict[str, set[str]] = {
    Role.COORDINATOR: {*FOR_COORDINATOR, CONTACT},
    Role.ADVISORY_DOCTOR: ALL,
    Role.MEDICAL_TEAM: ALL,
    Role.TEAM_LEAD: {CONTACT},
    Role.PRIVACY_OFFICER: set(),
    Role.ADMINISTRATOR: set(),
}


@pytest.fixture(autouse=True)
def static_files_from_their_sources(settings: Settings) -> None:
    """Nothing was collected here, which the middleware would otherwise warn of."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def place(fund: Fund, doctor: User) -> Place:
    """A dossier with a marker in every place that medical text has."""
    place = furnish(fund)
    actor, day = actors.of_user(doctor), clock.today()
    recorded: list[tuple[Fact, str]] = [
        (fact("assessment_made", day, "judged", category=2), BESIDE["assessment"]),
        (
            Fact(
                "fact_corrected",
                day,
                "righted",
                values=Values.of({"fact": "judged", "version": 1, "to": {"category": 3}}),
            ),
            BESIDE["correction"],
        ),
        (fact("permission_refused", day, "refused"), BESIDE["refusal"]),
        (fact("questionnaire_waived", day, "waived", reason="medical"), BESIDE["waiver"]),
        (
            fact("appointment_made", day, "called", "visit", purpose="medical_examination", at=clock.now()),
            BESIDE["examination"],
        ),
        (fact("absence_excused", day, "excused", "visit"), BESIDE["excuse"]),
        (fact("questionnaire_received", day, "answered", complete=True, channel="phone"), ANSWER),
        (fact("contact_held", day, "talked", form="phone"), CONTACT),
    ]
    with audit.acting_as(actor, fund):
        entries = [Entry(place.dossier.pk, said, {"text": f"Says {word}."}) for said, word in recorded]
        record_many(entries, fund=fund, actor=actor)
        about: dict[str, Any] = {"dossier_id": place.dossier.public_id, "actor": actor}
        medical = health.write(**about, sight=Sight.MEDICAL, text=f"First {NOTE}.")
        health.rewrite(**about, note_id=medical.public_id, text=f"Then {NEXT}.", version=1)
        health.write(**about, sight=Sight.SHARED, text=f"Also {SHARED}.")
    return place


@pytest.fixture
def browse(client: Client, make_user: Callable[..., User], team: Team) -> Callable[..., Client]:
    def sign_in(role: str, fund: Fund) -> Client:
        client.force_login(make_user(role, fund=fund, team=team if team.fund_id == fund.pk else None))
        return client

    return sign_in


def subjects_of(act: Act) -> Iterator[str]:
    """What its address can name here; what an act does not look for, no page shows."""
    if act.may_name or not act.names:
        yield ""
    if act.names == "fact":
        yield from ("judged", "talked", "called")
    elif act.names:
        yield "visit"


def told(client: Client, place: Place) -> Iterator[tuple[str, str]]:
    """Everything that the pages answer to somebody, with its headers: each address read and posted to, and searches."""
    note = HealthNote.objects.filter(sight=Sight.MEDICAL)
    with scope.funds(place.fund.pk):
        medical = note.get(dossier=place.dossier)
    addresses = [address(name, place) for name in PAGES]
    addresses += [
        reverse("dossier_health_note", args=[place.dossier.public_id, medical.public_id]),
        *(
            f"{reverse('act', args=[place.dossier.public_id, slug])}?subject={subject}"
            for slug, act in ACTS.items()
            for subject in subjects_of(act)
        ),
        ADMINISTRATION,
        *(
            reverse(f"admin:{one._meta.app_label}_{one._meta.model_name}_changelist")
            for one in site._registry
        ),
    ]
    for one in addresses:
        for method in ("get", "post"):
            response = getattr(client, method)(one)
            body = response.getvalue() if response.streaming else response.content
            yield f"{method} {one}", f"{body.decode(errors='replace')} {response.headers}"
    for word in ALL:
        response = client.post(reverse("search"), {"text": word})
        if response.status_code == 200:
            yield f"search {word}", str([str(person) for person in response.context.get("people", ())])
    response = client.post(reverse("search"), {"text": "van hee"})
    yield "search", response.content.decode()


def words_in(text: str) -> set[str]:
    return {word for word in ALL if word in text}


@pytest.mark.parametrize("role", Role.values)
def test_each_role_is_told_what_is_for_its_eyes(
    role: str, place: Place, browse: Callable[..., Client]
) -> None:
    found: set[str] = set()
    for where, text in told(browse(role, place.fund), place):
        assert words_in(text) <= READS[role], where
        found |= words_in(text)
    assert found == READS[role]


@pytest.mark.parametrize("role", Role.values)
def test_nobody_of_another_fund_is_told_anything(
    role: str, place: Place, other_fund: Fund, browse: Callable[..., Client]
) -> None:
    for where, text in told(browse(role, other_fund), place):
        assert not words_in(text), where


def test_nobody_who_did_not_sign_in(place: Place, client: Client) -> None:
    for name in PAGES:
        response = client.get(address(name, place))
        assert response.status_code == 302
        assert not words_in(f"{response.content.decode()} {response.headers}")


def test_the_words_stand_in_two_tables_and_in_no_other(place: Place) -> None:
    """Audit, access log, outbox, deadlines, sessions, search: no table but these two holds a word of it."""
    with scope.funds(place.fund.pk), connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        tables = [table for (table,) in cursor.fetchall()]
        assert {"accounts_auditentry", "accounts_accesslog", "dossiers_ledgerentry"} <= set(tables)
        holding = {}
        for table in tables:
            cursor.execute(f"select t::text from {table} t")
            if words := words_in(" ".join(row for (row,) in cursor.fetchall())):
                holding[table] = words
    assert holding == {
        "dossiers_healthnotetext": {NOTE, NEXT, SHARED},
        "dossiers_ledgerpayload": {*BESIDE.values(), ANSWER, CONTACT},
    }


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the logs would hold, formatted as in production, from information on."""
    root = logging.getLogger()
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(
        next(one.formatter for one in root.handlers if "structlog" in str(type(one.formatter)))
    )
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_neither_logs_nor_error_page_tell_it(
    place: Place, browse: Callable[..., Client], log: io.StringIO
) -> None:
    """A database may quote the row that it refuses, and a traceback what it was given; here both are the note."""
    client = browse(Role.ADVISORY_DOCTOR, place.fund)
    client.raise_request_exception = False
    form = {"sight": Sight.MEDICAL, "text": f"Now {NOTE}."}
    page = reverse("dossier_health_add", args=[place.dossier.public_id])
    assert client.post(page, form).status_code == 302
    with mock.patch("dossiers.health.clock.now", return_value=None):
        response = client.post(page, form)
    assert response.status_code == 500
    assert NOTE not in response.content.decode()
    assert "NotNullViolation" in log.getvalue()
    assert NOTE not in log.getvalue()
    with scope.funds(place.fund.pk):
        assert HealthNote.objects.filter(dossier=place.dossier).count() == 4


def test_every_kind_of_fact_has_its_readers() -> None:
    """A new kind is judged before it is shown: one that is not named is medical."""
    assert not KINDS.keys() - SIGHTS.keys()
    assert sight_of("a_kind_to_come", {}) == Sight.MEDICAL
    for kind, (name, value) in MEDICAL_WHERE.items():
        (known,) = (one for one in KINDS[kind].values if one.name == name)
        assert value in known.codes, kind
        assert sight_of(kind, {name: value}) == Sight.MEDICAL


@pytest.mark.parametrize(
    ("kind", "values", "readers"),
    [
        ("assessment_made", {"category": 2}, "doctor medical"),
        ("permission_refused", {}, "doctor medical"),
        ("fact_corrected", {}, "doctor medical"),
        ("questionnaire_waived", {"reason": "medical"}, "doctor medical"),
        ("questionnaire_waived", {"reason": "near_pension"}, "coordinator doctor medical lead"),
        ("route_closed", {"reason": "health"}, "doctor medical"),
        ("route_closed", {"reason": "declined"}, "coordinator doctor medical lead"),
        ("questionnaire_received", {}, "coordinator doctor medical"),
        ("referral_made", {}, "coordinator doctor medical"),
        ("contact_held", {}, "coordinator doctor medical lead"),
    ],
)
def test_who_may_read_the_text_beside_a_fact(
    kind: str, values: dict[str, object], readers: str, make_user: Callable[..., User], fund: Fund
) -> None:
    short = {
        Role.COORDINATOR: "coordinator", Role.ADVISORY_DOCTOR: "doctor", Role.MEDICAL_TEAM: "medical",
        Role.TEAM_LEAD: "lead", Role.PRIVACY_OFFICER: "privacy", Role.ADMINISTRATOR: "administrator",
    }  # fmt: skip
    for role in Role:
        verdict = may_read(actors.of_user(make_user(role, fund=fund)), sight_of(kind, values))
        assert bool(verdict) == (short[role] in readers.split()), role
        assert verdict or verdict.reason
    assert not may_read(actors.system(), sight_of(kind, values))


def test_what_corrects_nothing_that_is_known_stays_shut(place: Place, team_lead: User, doctor: User) -> None:
    with scope.funds(place.fund.pk):
        alone = list(LedgerEntry.objects.filter(dossier=place.dossier, fact_id="righted"))
        assert notes_of(actors.of_user(team_lead), alone) == {}
        assert set(notes_of(actors.of_user(doctor), alone)) == {"righted"}


def test_a_correction_of_what_all_may_read_is_for_all(place: Place, team_lead: User, doctor: User) -> None:
    day = clock.today() - timedelta(days=1)
    righted = Values.of({"fact": "talked", "version": 1, "to": {"on": day}})
    with audit.acting_as(actors.of_user(doctor), place.fund):
        entry = Entry(
            place.dossier.pk, Fact("fact_corrected", clock.today(), "moved", values=righted), {"text": "Slip"}
        )
        record_many([entry], fund=place.fund, actor=actors.of_user(doctor))
        ledger = list(LedgerEntry.objects.filter(dossier=place.dossier))
        assert notes_of(actors.of_user(team_lead), ledger)["moved"].texts == ("Slip",)


def test_why_something_of_an_examination_is_corrected_is_medical_too(
    place: Place, team_lead: User, doctor: User
) -> None:
    cancelled = Fact("appointment_cancelled", clock.today(), "off", "visit", values=Values.of({}))
    righted = Values.of({"fact": "off", "version": 1, "to": {"on": clock.today() - timedelta(days=1)}})
    with audit.acting_as(actors.of_user(doctor), place.fund):
        entries = [
            Entry(place.dossier.pk, cancelled, {"text": "In hospital"}),
            Entry(
                place.dossier.pk,
                Fact("fact_corrected", clock.today(), "why", values=righted),
                {"text": "Relapse"},
            ),
        ]
        record_many(entries, fund=place.fund, actor=actors.of_user(doctor))
        ledger = list(LedgerEntry.objects.filter(dossier=place.dossier))
        assert not {"off", "why"} & set(notes_of(actors.of_user(team_lead), ledger))
        assert {"off", "why"} <= set(notes_of(actors.of_user(doctor), ledger))


@pytest.mark.parametrize(
    ("was", "became"), [("follow_up", "medical_examination"), ("medical_examination", "follow_up")]
)
def test_what_is_or_was_an_examination_is_medical_before_and_after_its_correction(
    place: Place, team_lead: User, doctor: User, was: str, became: str
) -> None:
    day, actor = clock.today(), actors.of_user(doctor)
    made = fact("appointment_made", day, "made", "other", purpose=was, at=clock.now())
    righted = Values.of({"fact": "made", "version": 1, "to": {"purpose": became}})
    entries = [
        Entry(place.dossier.pk, made, {"text": "Room 4"}),
        Entry(place.dossier.pk, Fact("fact_corrected", day, "why", values=righted), {"text": "Relapse"}),
        Entry(place.dossier.pk, fact("appointment_cancelled", day, "off", "other"), {"text": "In hospital"}),
    ]
    with audit.acting_as(actor, place.fund):
        record_many(entries, fund=place.fund, actor=actor)
        ledger = list(LedgerEntry.objects.filter(dossier=place.dossier))
        assert not {"made", "off", "why"} & set(notes_of(actors.of_user(team_lead), ledger))
        assert {"made", "off", "why"} <= set(notes_of(actor, ledger))


def test_an_erased_text_says_so_to_whom_could_read_it(
    place: Place, privacy_officer: User, browse: Callable[..., Client]
) -> None:
    actor = actors.of_user(privacy_officer)
    with audit.acting_as(actor, place.fund):
        entry = LedgerEntry.objects.get(dossier=place.dossier, fact_id="judged")
        erase(dossier_id=place.dossier.pk, seq=entry.seq, because="asked for", actor=actor)
    history = reverse("dossier_history", args=[place.dossier.public_id])
    page = browse(Role.ADVISORY_DOCTOR, place.fund).get(history).content.decode()
    assert BESIDE["assessment"] not in page
    assert page.count("The text was erased.") == 1
    assert "The text was erased." not in browse(Role.COORDINATOR, place.fund).get(history).content.decode()


def test_the_category_is_no_secret(place: Place, browse: Callable[..., Client]) -> None:
    """It follows from the deadlines anyway; the reason does not."""
    history = reverse("dossier_history", args=[place.dossier.public_id])
    page = browse(Role.COORDINATOR, place.fund).get(history).content.decode()
    assert "Category:</span> 2" in page


# Who may touch the text beside facts: its door, its reading, its proof, and the tables themselves.
TOUCHING = {
    "dossiers/ledger.py",
    "dossiers/notes.py",
    "dossiers/verification.py",
    "dossiers/models/__init__.py",
    "dossiers/models/ledger.py",
}


def test_there_is_one_way_to_the_text_beside_facts() -> None:
    found = {
        str(path.relative_to(BASE))
        for folder in ("dossiers", "routing", "trajects", "tnw")
        for path in (BASE / folder).rglob("*.py")
        if "migrations" not in path.parts and _touches(path.read_text(encoding="utf-8"))
    }
    assert found == TOUCHING


def _touches(source: str) -> bool:
    return "LedgerPayload" in source or "dossiers_ledgerpayload" in source
