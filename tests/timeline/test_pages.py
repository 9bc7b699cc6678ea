"""The timeline on the dossier's page: the list says what the picture shows, to each role what it may read, at no cost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests.web.cases import STATES, TODAY, appointment
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, User
from tnw.core import clock, scope

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
SECRET = "Discus hernia, L5-S1."
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "timeline"}


def page_of(client: Client, dossier: Dossier, show: str = "", **headers: str) -> str:
    url = reverse("dossier", args=[dossier.public_id])
    answer = client.get(url, {"show": show} if show else {}, **headers)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def keys_drawn(page: str) -> list[str]:
    signs = re.findall(r'<a class="sign [^>]*>', page)
    several = [of.split() for sign in signs for of in re.findall(r'data-of="([^"]*)"', sign)]
    alone = [re.findall(r'href="#([^"]*)"', sign) for sign in signs if "data-of" not in sign]
    return sorted(key for keys in (*several, *alone) for key in keys)


def entries(page: str) -> dict[str, str]:
    """By key, what the list says of each, today's line left out."""
    found = re.findall(r'<li id="(t\d+)" class="(\w+)">(.*?)</li>', page, re.DOTALL)
    return {key: body for key, sort, body in found if sort != "today"}


@pytest.mark.parametrize("show", ["whole", "traject", "last"])
def test_the_list_says_the_same_as_the_picture(show: str, browse: Browse, stand: Stand) -> None:
    dossier = stand([*STATES["started"], appointment(TODAY, "follow_up")])
    page = page_of(browse(C), dossier, show)
    assert keys_drawn(page) == sorted(entries(page))
    told = " ".join(entries(page).values())
    assert "Return-to-work traject started" in told
    assert "Follow-up interview" in told
    assert ("Questionnaire sent" in told) == (show != "traject")
    for key in keys_drawn(page):
        assert f'id="{key}h"' in page
    assert '<svg class="picture"' in page
    assert " style=" not in page


@pytest.mark.parametrize("role", [C, D, M, L])
def test_each_role_reads_in_it_what_its_pages_say(
    role: Role, browse: Browse, stand: Stand, fund: Fund
) -> None:
    """No free text at all, and of facts and deadlines what stands in the history and below."""
    dossier = stand("contacted")
    feed = actors.system(actors.FEED)
    with audit.acting_as(feed, fund), clock.on(TODAY):
        contact = fact("medical_contact_held", TODAY, "m-9", form="in_person")
        refused = fact("questionnaire_waived", TODAY, "w-9", reason="medical")
        record_many(
            [Entry(dossier.pk, contact, {"text": SECRET}), Entry(dossier.pk, refused, {"text": SECRET})],
            fund=fund,
            actor=feed,
        )
    client = browse(role)
    page = page_of(client, dossier)
    history = client.get(reverse("dossier_history", args=[dossier.public_id])).content.decode()
    rest = page[: page.index('id="timeline"')] + page[page.index('id="deadlines"') :] + history
    rest = " ".join(re.sub("<[^>]*>", " ", rest).split())
    assert SECRET not in page
    for body in entries(page).values():
        if "id=" not in body:
            continue
        for said in re.findall(r"<p>(.*?)</p>", body, re.DOTALL):
            text = " ".join(re.sub("<[^>]*>", " ", said).split())
            if "A year after" not in text:
                assert text in rest


def test_how_near_one_looks_is_kept(browse: Browse, stand: Stand) -> None:
    client, dossier = browse(C), stand("started")
    assert 'id="zoom-whole"' in page_of(client, dossier)

    def current(page: str) -> str:
        return re.findall(r'id="zoom-(\w+)"[^>]*aria-current', page)[0]

    assert current(page_of(client, dossier)) == "whole"
    assert current(page_of(client, dossier, "last")) == "last"
    assert current(page_of(client, dossier)) == "last"
    assert current(page_of(client, dossier, "nonsense")) == "last"
    assert current(page_of(client, dossier, "whole")) == "whole"
    assert User.objects.get(pk=client.session["_auth_user_id"]).choices == {}


def test_what_is_printed_is_the_whole_time(browse: Browse, stand: Stand) -> None:
    """A second picture where the screen shows a part, without a second of any id."""
    client, dossier = browse(C), stand("started")
    for show, pictures in (("whole", 1), ("traject", 2), ("last", 2)):
        page = page_of(client, dossier, show)
        assert page.count('<svg class="picture"') == pictures, show
        ids = re.findall(r' id="([^"]*)"', page)
        assert [one for one in ids if ids.count(one) > 1] == []
        printed = page[page.index('class="printed"') :] if pictures == 2 else page
        assert "Questionnaire sent" in re.findall(r'<svg class="picture".*?</svg>', printed, re.DOTALL)[0]
    page_of(client, dossier, "whole")


def test_the_part_alone(
    browse: Browse,
    stand: Stand,
    other_fund: Fund,
    make_user: Callable[..., User],
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    """Through another window without the rest of the page; logged as any reading, and within the wall."""
    client, dossier = browse(C), stand("started")
    page_of(client, dossier, "last", **PART)
    with django_assert_max_num_queries(14):
        part = page_of(client, dossier, "last", **PART)
    assert part.strip().startswith("<section")
    assert "<h1" not in part
    assert 'aria-current="true"' in part
    with scope.funds(dossier.fund_id):
        assert AccessLog.objects.filter(dossier_id=dossier.pk).count() == 2
    url = reverse("dossier", args=[dossier.public_id])
    client.force_login(make_user(C, fund=other_fund))
    assert client.get(url, **PART).status_code == 404  # type: ignore[arg-type]
    assert browse(Role.ADMINISTRATOR).get(url, **PART).status_code == 403  # type: ignore[arg-type]


def test_a_page_stays_small(browse: Browse, stand: Stand) -> None:
    page = page_of(browse(C), stand("started"))
    part = page[page.index('id="timeline"') : page.index('id="deadlines"')]
    assert len(part.encode()) < 25_000


@pytest.mark.parametrize(
    ("state", "role", "sentence", "button"),
    [
        (
            "referred",
            C,
            "Hold the first contact after a referral: by 01/07/2026, in 16 days.",
            "Plan the first contact",
        ),
        ("referred", L, "Nothing has to be done by you now.", ""),
        ("contacted", C, "It is your turn; no date presses.", "Record the decision on consent"),
        (
            "sent",
            D,
            "Make the first assessment: 42 days late, the legal date was 04/05/2026.",
            "Assess the remaining",
        ),
    ],
)
def test_one_sentence_and_one_button(
    state: str, role: Role, sentence: str, button: str, browse: Browse, stand: Stand
) -> None:
    page = page_of(browse(role), stand(state))
    said = re.findall(r'<p class="sentence">(.*?)</p>', page, re.DOTALL)
    assert len(said) == 1
    assert sentence in " ".join(re.sub("<[^>]*>", " ", said[0]).split())
    buttons = re.findall(r'<a class="btn btn-primary"[^>]*>([^<]*)', page)
    assert [one[: len(button)] for one in buttons] == ([button] if button else [])
