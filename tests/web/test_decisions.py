"""The queue of decisions under its headings: late is what a deadline says is late, and what has no date stands last."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from tests.web.cases import SENT
from tnw.accounts.models import Role

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
HELD = [
    SENT,
    fact("questionnaire_received", date(2026, 3, 24), "q-2", complete=True, channel="post"),
    fact("contact_requested", date(2026, 4, 1), "b-1"),
    fact("first_contact_held", date(2026, 4, 8), "b-2", route="B", form="in_person"),
]


def asked(on: date) -> list[Fact]:
    return [*HELD, fact("permission_requested", on, "b-3", aim="training")]


def declared(starts_on: date) -> list[Fact]:
    return [
        fact("adapted_work_planned", date(2026, 6, 1), "w-1", "w", starts_on=starts_on),
        fact("adapted_work_declared", date(2026, 6, 2), "w-2", "w"),
    ]


def proposed(on: date) -> list[Fact]:
    return [fact("training_proposed", on, "t-1", "t", proposed_by="insured")]


# On Monday 15 June 2026, in the order in which they are shown. Permission is answered within ten working days (T9).
WAITING: dict[str, tuple[list[Fact], str]] = {
    "permission, past its date": (asked(date(2026, 5, 11)), "overdue"),
    "work that began already": (declared(date(2026, 6, 8)), "soon"),
    "permission, today": (asked(date(2026, 6, 1)), "soon"),
    "work from Wednesday": (declared(date(2026, 6, 17)), "soon"),
    "work from Monday": (declared(date(2026, 6, 22)), "later"),
    "permission, next week": (asked(date(2026, 6, 9)), "later"),
    "training, since April": (proposed(date(2026, 4, 7)), "open"),
    "training, since June": (proposed(date(2026, 6, 9)), "open"),
}


def test_the_queue_by_urgency_under_headings(browse: Browse, stand: Stand) -> None:
    dossiers = {stand(facts).pk: name for name, (facts, _group) in reversed(WAITING.items())}
    answer = browse(Role.ADVISORY_DOCTOR).get(reverse("decisions"))
    shown = [
        (dossiers[line.dossier.pk], group)
        for group, _heading, _means, lines in answer.context["groups"]
        for line in lines
    ]
    assert shown == [(name, group) for name, (_facts, group) in WAITING.items()]
    assert [dossiers[line.dossier.pk] for line in answer.context["lines"]] == list(WAITING)
    page = answer.content.decode()
    headings = ["Overdue", "Today and this week", "Later", "Without a date"]
    places = [page.index(f'colspan="5">{heading} ') for heading in headings]
    assert places == sorted(places)


def test_what_has_no_deadline_is_told_at_home_with_its_page(browse: Browse, stand: Stand) -> None:
    for name in ("training, since April", "work that began already"):
        stand(WAITING[name][0])
    doctor = browse(Role.ADVISORY_DOCTOR)
    listed = doctor.get(reverse("decisions")).content.decode()
    assert "begun already on 08/06/2026" in listed
    assert listed.count("no date by law") == 2
    shown = {pile.url: pile for pile in doctor.get(reverse("home")).context["awaiting"]}
    assert (shown[reverse("decisions")].number, shown[reverse("decisions")].words) == (2, "decisions to take")
    assert reverse("signatures") not in shown
    stand(WAITING["training, since June"][0])
    page = doctor.get(reverse("home")).content.decode()
    assert f'<a href="{reverse("decisions")}">3 decisions to take</a>' in page
    for role in (Role.COORDINATOR, Role.TEAM_LEAD):
        assert browse(role).get(reverse("home")).context["awaiting"] == []


@pytest.mark.parametrize("name", ["permission, today", "training, since June"])
def test_no_heading_stands_above_nothing(name: str, browse: Browse, stand: Stand) -> None:
    facts, group = WAITING[name]
    stand(facts)
    answer = browse(Role.ADVISORY_DOCTOR).get(reverse("decisions"))
    assert [shown for shown, *_rest in answer.context["groups"]] == [group]
