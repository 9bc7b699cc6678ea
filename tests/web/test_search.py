"""Search: accents and case ignored, by prefix, by number; nothing in an address, nothing over the wall."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dossiers.search import After, as_ssin, normalize, persons
from tests import population
from tests.web.conftest import Place
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, User
from tnw.core import clock


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Van Hée Zoë", "van hee zoe"),
        ("  D'Hondt-ÆRØ  ", "dhondt aero"),
        ("Łukasz ĲSSEL", "lukasz ijssel"),
        ("Straße", "strasse"),
        ("Çelik, Ümit (jr.)", "celik umit jr"),
        ("İnan", "inan"),
        ("!?", ""),
    ],
)
def test_normalize(text: str, kept: str) -> None:
    assert normalize(text) == kept
    assert normalize(kept) == kept


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("80.01.01-001.26", "80010100126"),
        ("80 01 01 001 26", "80010100126"),
        ("8001010012", ""),
        ("Jan 80010100126", ""),
    ],
)
def test_as_ssin(text: str, digits: str) -> None:
    assert as_ssin(text) == digits


@pytest.fixture
def actor(make_user: Callable[..., User], fund: Fund) -> Actor:
    return actors.of_user(make_user(Role.COORDINATOR, fund=fund))


def take_in(fund: Fund, *names: tuple[str, str]) -> None:
    lines = [population.line(last_name=last, first_name=first, fund=fund.number) for last, first in names]
    assert not population.take_in(fund, lines, clock.today())["rejected"]


def found(actor: Actor, fund: Fund, text: str, after: After | None = None) -> list[str]:
    with audit.acting_as(actor, fund):
        return [str(person) for person in persons(actor, text, after)]


def test_by_name(actor: Actor, fund: Fund, other_fund: Fund) -> None:
    take_in(fund, ("De Smet", "Élise"), ("De Smedt", "Jan"), ("Peeters", "Jan"))
    take_in(other_fund, ("De Smet", "Foreign"))
    assert found(actor, fund, "de sme") == ["Jan De Smedt", "Élise De Smet"]
    assert found(actor, fund, "DE SMET") == ["Élise De Smet"]
    assert found(actor, fund, "elise de smet") == ["Élise De Smet"]
    assert found(actor, fund, "jan peet") == ["Jan Peeters"]
    assert found(actor, fund, "jan smedt") == []
    assert found(actor, fund, "smet") == []
    assert found(actor, fund, "%") == []


def test_by_number(actor: Actor, fund: Fund) -> None:
    line = population.line(fund=fund.number)
    population.take_in(fund, [line], clock.today())
    ssin = line["ssin"]
    assert len(found(actor, fund, f"{ssin[:6]}-{ssin[6:9]}.{ssin[9:]}")) == 1
    wrong = ssin[:9] + f"{(int(ssin[9:]) + 1) % 97:02}"
    assert found(actor, fund, wrong) == []


def test_the_index_serves_behind_the_wall(actor: Actor, fund: Fund) -> None:
    with audit.acting_as(actor, fund), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = persons(actor, "smet").explain()
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "person_by_name" in plan
    assert "search_name)::text >=" in condition


def test_page_by_page(browse: Callable[..., Client], own: Place) -> None:
    take_in(own.fund, *[("Willems", f"Kind {number:02}") for number in range(45)])
    client = browse(Role.COORDINATOR)
    response = client.post(reverse("search"), {"text": "willems"})
    names = [str(person) for person in response.context["people"]]
    while last := response.context["last"]:
        response = client.post(
            reverse("search"), {"text": "willems", "after_name": last.search_name, "after_id": last.pk}
        )
        names += [str(person) for person in response.context["people"]]
    assert names == [f"Kind {number:02} Willems" for number in range(45)]


def test_the_page_masks_the_number(browse: Callable[..., Client], own: Place) -> None:
    ssin = own.dossier.incapacity.person.ssin
    page = browse(Role.COORDINATOR).post(reverse("search"), {"text": ssin}).content.decode()
    result = page.split("<tbody", 1)[1]
    assert own.dossier.incapacity.reference in result
    assert ssin not in result
    assert "***" in result
    assert f'<a href="{reverse("dossier", args=[own.dossier.public_id])}">Van Hée Zoë</a>' in result


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "beginning of a name"), ("80010100199", "check digits"), ("?!", "beginning of a name")],
)
def test_what_cannot_be_looked_for(text: str, told: str, browse: Callable[..., Client]) -> None:
    page = browse(Role.COORDINATOR).post(reverse("search"), {"text": text}).content.decode()
    assert told in page
    assert 'href="#id_text"' in page


def test_by_the_number_of_a_dossier(actor: Actor, fund: Fund, other_fund: Fund) -> None:
    line, foreign = population.line(fund=fund.number), population.line(fund=other_fund.number)
    population.take_in(fund, [line], clock.today())
    population.take_in(other_fund, [foreign], clock.today())
    assert len(found(actor, fund, f" {line['reference']} ")) == 1
    assert found(actor, fund, foreign["reference"]) == []
    assert found(actor, fund, line["reference"][:-1]) == []
