"""Health notes: who writes and reads which, that no text is ever lost, and that each reading is logged."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import health
from dossiers.models import Dossier, HealthNote, HealthNoteText
from tests import population
from tests.web.conftest import Place
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Actor, AuditEntry, Fund, Role, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError, NotAllowed

START, TODAY = date(2026, 3, 2), date(2026, 6, 3)
Browse = Callable[..., Client]
# Role: may write, and which notes it reads.
ROLES = {
    Role.COORDINATOR: (False, {"shared"}),
    Role.ADVISORY_DOCTOR: (True, {"shared", "medical"}),
    Role.MEDICAL_TEAM: (True, {"shared", "medical"}),
    Role.TEAM_LEAD: (False, set()),
    Role.PRIVACY_OFFICER: (False, set()),
    Role.ADMINISTRATOR: (False, set()),
}


@pytest.fixture
def dossier(fund: Fund) -> Dossier:
    return population.dossier(fund=fund, start=START, today=TODAY)


@pytest.fixture
def me(doctor: User, fund: Fund) -> Iterator[Actor]:
    """The doctor at work on TODAY."""
    actor = actors.of_user(doctor)
    with audit.acting_as(actor, fund), clock.at(TODAY):
        yield actor


def write(dossier: Dossier, actor: Actor, sight: str = "medical", text: str = "Knee.") -> HealthNote:
    return health.write(dossier_id=dossier.public_id, sight=sight, text=text, actor=actor)


@pytest.mark.parametrize("role", Role.values)
def test_who_writes_and_reads(
    role: Role,
    dossier: Dossier,
    doctor: User,
    make_user: Callable[..., User],
    fund: Fund,
    other_fund: Fund,
) -> None:
    writes, reads = ROLES[role]
    actor = actors.of_user(make_user(role, fund=fund))
    with audit.acting_as(actors.of_user(doctor), fund):
        for sight in ("shared", "medical"):
            write(dossier, actors.of_user(doctor), sight)
    with audit.acting_as(actor, fund):
        assert set(HealthNote.objects.visible_to(actor).values_list("sight", flat=True)) == reads
        texts = HealthNoteText.objects.visible_to(actor)
        assert set(texts.values_list("health_note__sight", flat=True)) == reads
        if writes:
            write(dossier, actor)
        else:
            with pytest.raises(NotAllowed):
                write(dossier, actor)
    stranger = actors.of_user(make_user(role, fund=other_fund))
    with scope.funds(fund.pk, other_fund.pk):  # the second wall is open: the first stands alone
        assert not HealthNote.objects.visible_to(stranger).exists()
        assert not HealthNoteText.objects.visible_to(stranger).exists()
        with pytest.raises(DomainError):
            write(dossier, stranger)


def test_roles_add_up(dossier: Dossier, me: Actor, make_user: Callable[..., User], fund: Fund) -> None:
    write(dossier, me)
    both = actors.of_user(make_user(Role.COORDINATOR, Role.MEDICAL_TEAM, fund=fund))
    assert HealthNote.objects.visible_to(both).count() == 1


def test_a_job_neither_reads_nor_writes(dossier: Dossier, me: Actor) -> None:
    write(dossier, me)
    job = actors.system()
    assert not HealthNote.objects.visible_to(job).exists()
    with pytest.raises(NotAllowed):
        write(dossier, job)


def test_every_text_stays(dossier: Dossier, me: Actor) -> None:
    note = write(dossier, me, text="First")
    about: dict[str, Any] = {"dossier_id": dossier.public_id, "note_id": note.public_id, "actor": me}
    health.rewrite(**about, text="Second", version=1)
    health.rewrite(**about, text="Second\r\n", version=2)  # the same, as a browser sends it
    assert list(note.texts.order_by("version").values_list("text", flat=True)) == ["First", "Second"]
    with pytest.raises(DomainError) as refusal:
        health.rewrite(**about, text="Third", version=1)
    assert refusal.value.code == health.OUTDATED
    assert "Third" not in str(refusal.value)


@pytest.mark.parametrize(
    ("sight", "text", "code"),
    [("case", "Knee.", "unknown_code"), ("", "Knee.", "unknown_code"), ("medical", " \r\n", "required")],
)
def test_refused(sight: str, text: str, code: str, dossier: Dossier, me: Actor) -> None:
    with pytest.raises(DomainError) as refusal:
        write(dossier, me, sight, text)
    assert refusal.value.code == code
    assert not HealthNote.objects.visible_to(me).exists()


def test_the_audit_knows_of_it_without_a_word(dossier: Dossier, me: Actor) -> None:
    note = write(dossier, me, text="Knee.")
    health.rewrite(dossier_id=dossier.public_id, note_id=note.public_id, actor=me, text="Hip.", version=1)
    entries = AuditEntry.objects.filter(content_type__model__startswith="healthnote")
    assert entries.count() == 4
    assert {entry.acting for entry in entries} == {me}
    told = " ".join(f"{entry.changes} {entry.object_repr} {entry.additional_data}" for entry in entries)
    assert "Knee" not in told
    assert "Hip" not in told


def link(name: str, place: Place, *more: object) -> str:
    return reverse(name, args=[place.dossier.public_id, *more])


def test_reading_is_logged_as_such(browse: Browse, own: Place) -> None:
    client = browse(Role.ADVISORY_DOCTOR)
    for address in (
        link("dossier_health", own),
        link("dossier_health_add", own),
        link("dossier_health_note", own, own.note.public_id),
    ):
        assert client.get(address).status_code == 200
    with scope.funds(own.fund.pk):
        assert list(AccessLog.objects.values_list("through", flat=True)) == ["health"] * 3
    assert "health notes" in browse(Role.PRIVACY_OFFICER).get(reverse("access_log")).content.decode()


def test_the_coordinator_reads_what_is_shared(browse: Browse, own: Place) -> None:
    page = browse(Role.COORDINATOR).get(link("dossier_health", own)).content.decode()
    assert "Rest." in page
    assert link("dossier_health_add", own) not in page
    assert link("dossier_health_note", own, own.note.public_id) not in page


def test_the_tab_is_not_there_for_a_team_lead(browse: Browse, own: Place) -> None:
    page = browse(Role.TEAM_LEAD).get(link("dossier", own)).content.decode()
    assert link("dossier_health", own) not in page
    assert link("dossier_career", own) in page


def test_whom_it_is_for_has_to_be_said(browse: Browse, own: Place) -> None:
    client = browse(Role.MEDICAL_TEAM)
    address = link("dossier_health_add", own)
    page = client.post(address, {"sight": "", "text": "Slept badly"}).content.decode()
    assert "Say who may read this note." in page
    assert "Slept badly" in page
    page = client.post(address, {"sight": "medical", "text": "Slept\nbadly"}, follow=True).content.decode()
    assert "Slept<br>badly" in page
    assert "Doctors and medical team only" in page


def test_what_is_written_is_text_and_no_markup(browse: Browse, own: Place) -> None:
    client = browse(Role.MEDICAL_TEAM)
    form = {"sight": "medical", "text": "<script>alert(1)</script>"}
    page = client.post(link("dossier_health_add", own), form, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_second_sees_both_texts_and_may_save_knowingly(browse: Browse, own: Place) -> None:
    client = browse(Role.ADVISORY_DOCTOR)
    address = link("dossier_health_note", own, own.note.public_id)
    assert client.post(address, {"text": "Two weeks.", "version": 1}).status_code == 302
    answer = client.post(address, {"text": "A month.", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Changed meanwhile" in page.split("</title>")[0]
    assert "Two weeks." in page
    assert "A month.</textarea>" in page
    assert 'name="version" value="2"' in page
    page = client.post(address, {"text": "A month.", "version": 2}, follow=True).content.decode()
    assert "2 earlier texts" in page
    for text in ("Rest.", "Two weeks.", "A month."):
        assert text in page


def test_a_note_of_another_dossier_is_not_here(browse: Browse, own: Place, foreign: Place) -> None:
    client = browse(Role.ADVISORY_DOCTOR)
    assert client.get(link("dossier_health_note", own, foreign.note.public_id)).status_code == 404


@pytest.mark.parametrize("name", ["dossier_health", "dossier_health_add", "dossier_health_note"])
def test_query_ceiling(
    name: str,
    browse: Browse,
    own: Place,
    doctor: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = browse(Role.ADVISORY_DOCTOR)
    address = link(name, own, *([own.note.public_id] if name.endswith("note") else []))
    client.get(address)
    with audit.acting_as(actors.of_user(doctor), own.fund):
        for _more in range(4):
            write(own.dossier, actors.of_user(doctor))
    with django_assert_max_num_queries(14):
        assert client.get(address).status_code == 200
