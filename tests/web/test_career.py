"""The career: who may note what, what is refused, who changed it meanwhile, and what the page costs."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import career
from dossiers.career import Details
from dossiers.models import CareerItem, Dossier, LedgerEntry
from tests import population
from tests.web.conftest import Place
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, AuditEntry, Fund, Role, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError, NotAllowed

START, TODAY, LATER = date(2026, 3, 2), date(2026, 6, 3), date(2026, 6, 4)
BAKER = Details(title="Baker", organization="Bakery Smets", enterprise_number="0403170701")
Browse = Callable[..., Client]


@pytest.fixture
def dossier(fund: Fund) -> Dossier:
    return population.dossier(fund=fund, start=START, today=TODAY)


@pytest.fixture
def me(coordinator: User, fund: Fund) -> Iterator[Actor]:
    """The coordinator at work on TODAY."""
    actor = actors.of_user(coordinator)
    with audit.acting_as(actor, fund), clock.at(TODAY):
        yield actor


def add(dossier: Dossier, actor: Actor, details: Details = BAKER, **more: Any) -> CareerItem:
    given: dict[str, Any] = {"kind": "job", "on": TODAY, **more}
    return career.add(dossier_id=dossier.public_id, details=details, actor=actor, **given)


def noted(dossier: Dossier) -> list[date]:
    entries = LedgerEntry.objects.filter(dossier=dossier, kind="career_noted")
    return sorted(entries.values_list("on", flat=True))


@pytest.mark.parametrize(
    ("role", "source", "may"),
    [
        (Role.COORDINATOR, "hand", True),
        (Role.COORDINATOR, "questionnaire", True),
        (Role.MEDICAL_TEAM, "hand", False),
        (Role.MEDICAL_TEAM, "questionnaire", True),
        (Role.ADVISORY_DOCTOR, "hand", False),
        (Role.ADVISORY_DOCTOR, "questionnaire", False),
        (Role.TEAM_LEAD, "hand", False),
        (Role.PRIVACY_OFFICER, "hand", False),
        (Role.ADMINISTRATOR, "hand", False),
    ],
)
def test_who_notes(
    role: str, source: str, may: bool, dossier: Dossier, make_user: Callable[..., User], fund: Fund
) -> None:
    actor = actors.of_user(make_user(role, fund=fund))
    with audit.acting_as(actor, fund), clock.at(TODAY):
        if may:
            assert add(dossier, actor, source=source).source == source
        else:
            with pytest.raises(NotAllowed):
                add(dossier, actor, source=source)


def test_another_fund_has_no_such_dossier(
    dossier: Dossier, make_user: Callable[..., User], other_fund: Fund
) -> None:
    actor = actors.of_user(make_user(Role.COORDINATOR, fund=other_fund))
    with audit.acting_as(actor, other_fund), clock.at(TODAY), pytest.raises(DomainError) as refusal:
        add(dossier, actor)
    assert refusal.value.code == "dossier_unknown"


@pytest.mark.parametrize(
    ("kind", "details", "code", "field"),
    [
        ("job", Details(title=" "), "required", "title"),
        ("job", Details(title="x", enterprise_number="0403170702"), "wrong_number", "enterprise_number"),
        ("job", Details(title="x", first_day=LATER, last_day=TODAY), "end_before_start", "last_day"),
        ("job", Details(title="x", level="B2"), "not_of_kind", "level"),
        ("aim", Details(title="x", physician_name="Dr. Claes"), "not_of_kind", "physician_name"),
        ("hobby", Details(title="x"), "unknown_code", "kind"),
    ],
)
def test_refused_with_the_reason(
    kind: str, details: Details, code: str, field: str, dossier: Dossier, me: Actor
) -> None:
    with pytest.raises(DomainError) as refusal:
        add(dossier, me, details, kind=kind)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not noted(dossier)


@pytest.mark.parametrize("written", ["0403.170.701", "BE 0403.170.701", "be0403170701", "0403170701"])
def test_an_enterprise_number_is_taken_as_people_write_it(written: str, dossier: Dossier, me: Actor) -> None:
    assert add(dossier, me, Details(title="x", enterprise_number=written)).enterprise_number == "0403170701"


def test_the_fact_is_recorded_once_a_day(dossier: Dossier, me: Actor) -> None:
    item = add(dossier, me)
    career.change(
        dossier_id=dossier.public_id, item_id=item.public_id, details=Details(title="Cook"), version=1,
        actor=me, on=TODAY,
    )  # fmt: skip
    assert noted(dossier) == [TODAY]
    with clock.at(LATER):
        career.remove(
            dossier_id=dossier.public_id, item_id=item.public_id, version=2, actor=me, on=LATER
        )  # fmt: skip
    assert noted(dossier) == [TODAY, LATER]
    item.refresh_from_db()
    assert item.removed_at is not None
    assert item.version == 3


def test_an_unchanged_item_stays_as_it_is(dossier: Dossier, me: Actor) -> None:
    item = add(dossier, me)
    same = career.change(
        dossier_id=dossier.public_id, item_id=item.public_id, details=BAKER, version=1, actor=me, on=TODAY
    )
    assert same.version == 1


def test_whoever_was_overtaken_is_told(dossier: Dossier, me: Actor) -> None:
    item = add(dossier, me)
    about: dict[str, Any] = {
        "dossier_id": dossier.public_id,
        "item_id": item.public_id,
        "actor": me,
        "on": TODAY,
    }
    career.change(**about, details=Details(title="Cook"), version=1)
    with pytest.raises(DomainError) as refusal:
        career.change(**about, details=Details(title="Waiter"), version=1)
    assert refusal.value.code == career.OUTDATED
    career.change(**about, details=Details(title="Waiter"), version=2)
    career.remove(**about, version=3)
    with pytest.raises(DomainError) as refusal:
        career.change(**about, details=Details(title="Waiter"), version=4)
    assert refusal.value.code == "career_removed"


def test_the_audit_knows_of_it_without_its_words(dossier: Dossier, me: Actor) -> None:
    item = add(dossier, me, Details(title="Baker", note="Wants mornings", first_day=START))
    (entry,) = AuditEntry.objects.filter(object_pk=str(item.pk), content_type__model="careeritem")
    assert entry.acting == me
    assert entry.changes["title"] == ["***", "***"]
    assert entry.changes["first_day"][1] == "2026-03-02"
    assert "Baker" not in str(entry.changes) + entry.object_repr
    assert "mornings" not in str(entry.changes)


def link(name: str, place: Place, *more: object) -> str:
    return reverse(name, args=[place.dossier.public_id, *more])


def test_the_page_shows_and_leads_on(browse: Browse, own: Place) -> None:
    page = browse(Role.COORDINATOR).get(link("dossier_career", own)).content.decode()
    assert "Baker" in page
    assert link("dossier_career_item", own, own.career.public_id) in page
    assert f"{link('dossier_career_add', own)}?kind=aim" in page


@pytest.mark.parametrize("role", [Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD])
def test_others_read_it_only(role: str, browse: Browse, own: Place) -> None:
    page = browse(role).get(link("dossier_career", own)).content.decode()
    assert "Baker" in page
    assert link("dossier_career_add", own) not in page
    assert link("dossier_career_item", own, own.career.public_id) not in page


def test_a_job_is_added_with_its_occupational_physician(browse: Browse, own: Place) -> None:
    form = {
        "title": "Welder",
        "organization": "Staal nv",
        "enterprise_number": "0403.170.701",
        "physician_name": "Dr. Claes",
        "physician_contact": "09 123 45 67",
        "first_day": "01/02/2020",
        "last_day": "31/01/2026",
    }
    client = browse(Role.COORDINATOR)
    page = client.post(f"{link('dossier_career_add', own)}?kind=job", form, follow=True).content.decode()
    for told in ("Welder", "Staal nv", "0403170701", "Dr. Claes, 09 123 45 67", "01/02/2020", "31/01/2026"):
        assert told in page
    assert "Career noted" in client.get(link("dossier_history", own)).content.decode()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x", "first_day": "soon"}, "A date is expected, written as 31/01/2026."),
        ({"title": "x", "first_day": "02/01/2026", "last_day": "01/01/2026"}, "The last day lies before"),
        ({"title": "x", "enterprise_number": "1"}, "This enterprise number is wrong"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    form: dict[str, str], told: str, browse: Browse, own: Place
) -> None:
    page = browse(Role.COORDINATOR).post(link("dossier_career_add", own), {**form, "note": "By tram"})
    assert page.status_code == 200
    assert told in page.content.decode()
    assert "By tram" in page.content.decode()
    with scope.funds(own.fund.pk):
        assert CareerItem.objects.filter(dossier=own.dossier).count() == 1


def test_an_unknown_kind_is_not_there(browse: Browse, own: Place) -> None:
    assert browse(Role.COORDINATOR).get(f"{link('dossier_career_add', own)}?kind=hobby").status_code == 404


def test_the_second_sees_both_versions_and_may_save_knowingly(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    address = link("dossier_career_item", own, own.career.public_id)
    assert client.post(address, {"title": "Pastry cook", "version": 1}).status_code == 302
    answer = client.post(address, {"title": "Night baker", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Changed meanwhile" in page.split("</title>")[0]
    assert "Pastry cook" in page
    assert 'value="Night baker"' in page
    assert page.count('name="version" value="2"') == 2
    assert client.post(address, {"title": "Night baker", "version": 2}).status_code == 302
    with scope.funds(own.fund.pk):
        own.career.refresh_from_db()
    assert (own.career.title, own.career.version) == ("Night baker", 3)


def test_a_fault_in_a_field_does_not_hide_that_it_was_changed(browse: Browse, own: Place) -> None:
    """The version that was seen travels on through a refused form."""
    client = browse(Role.COORDINATOR)
    address = link("dossier_career_item", own, own.career.public_id)
    client.post(address, {"title": "Pastry cook", "version": 1})
    assert 'name="version" value="1"' in client.post(address, {"title": "", "version": 1}).content.decode()


def test_removed_it_stays_readable(browse: Browse, own: Place) -> None:
    client = browse(Role.COORDINATOR)
    address = link("dossier_career_item", own, own.career.public_id)
    assert client.post(address, {"remove": "1", "version": 7}).status_code == 409
    page = client.post(address, {"remove": "1", "version": 1}, follow=True).content.decode()
    assert "1 removed item" in page
    assert "Baker" in page
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["dossier_career", "dossier_career_add", "dossier_career_item"])
def test_query_ceiling(
    name: str,
    browse: Browse,
    own: Place,
    coordinator: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = browse(Role.COORDINATOR)
    address = link(name, own, *([own.career.public_id] if name.endswith("item") else []))
    client.get(address)
    with audit.acting_as(actors.of_user(coordinator), own.fund):
        for _more in range(4):
            add(own.dossier, actors.of_user(coordinator), on=clock.today())
    with django_assert_max_num_queries(14):
        assert client.get(address).status_code == 200
