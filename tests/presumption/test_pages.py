"""The presumption of incapacity on the pages: above the dossier, in what now, and in the list of those that end."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tests import population
from tests.presumption.test_bands import D, signed, trained
from tests.web.cases import START
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role, User
from tnw.core import clock
from tnw.web.worklist import presumptions

Browse = Callable[..., Client]


def dossier_of(fund: Fund, facts: Sequence[Fact], whose: User | None, **columns: Any) -> Dossier:
    dossier = population.dossier(fund=fund, start=START, facts=facts, today=D("2026-08-03"), **columns)
    with audit.acting_as(actors.system(), fund):
        Dossier.objects.filter(pk=dossier.pk).update(coordinator=whose)
    return dossier


def on(text: str) -> date:
    return D(text)


def test_h2_t13_said_on_the_overview_and_warned_of(browse: Browse, fund: Fund) -> None:
    dossier = dossier_of(fund, [*signed("2026-02-10"), *trained("2026-04-07", "2026-09-30")], None)
    client, url = browse(Role.COORDINATOR), reverse("dossier", args=[dossier.public_id])
    sentence = "Presumed incapable for work up to and including 30/09/2026, because a training was approved."
    warning = "The presumption of incapacity ends on 30/09/2026: see what comes after it."
    with clock.at(on("2026-08-29")):
        answer = client.get(url)
        assert sentence in answer.content.decode()
        assert warning not in answer.context["now"].missing
    with clock.at(on("2026-08-31")):
        assert warning in client.get(url).context["now"].missing
    with clock.at(on("2026-10-01")):
        assert "Presumed incapable" not in client.get(url).content.decode()
    alone = dossier_of(fund, signed("2026-02-10"), None)
    with clock.at(on("2026-07-10")):
        answer = client.get(reverse("dossier", args=[alone.public_id]))
        assert "up to and including 10/08/2026, because the engagement declaration" in answer.content.decode()
        assert any("10/08/2026" in one for one in answer.context["now"].missing)


def test_h2_t13_the_list_of_those_that_end_within_a_month(
    fund: Fund,
    coordinator: User,
    team_lead: User,
    doctor: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Callable[[int], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = make_user(Role.COORDINATOR, fund=fund, team=coordinator.team)
    made = {
        "signed": dossier_of(fund, signed("2026-02-10"), coordinator),
        "trained": dossier_of(fund, trained("2026-04-07", "2026-08-06"), coordinator),
        "goes on": dossier_of(
            fund, [*signed("2026-02-10"), *trained("2026-04-07", "2026-12-18")], coordinator
        ),
        "follows": dossier_of(
            fund, [*signed("2026-02-10"), *trained("2026-08-11", "2026-12-18")], coordinator
        ),
        "later": dossier_of(fund, trained("2026-04-07", "2026-09-30"), coordinator),
        "past": dossier_of(fund, trained("2026-04-07", "2026-07-31"), coordinator),
        "ends with the incapacity": dossier_of(
            fund, trained("2026-04-07", "2026-12-18"), coordinator, end="2026-08-20", end_reason="resumed"
        ),
        "colleague": dossier_of(fund, trained("2026-04-07", "2026-08-05"), other),
    }
    names = {dossier.pk: name for name, dossier in made.items()}

    def listed(user: User) -> list[str]:
        answer = signed_in(user).get(reverse("presumptions"))
        return [names[one.dossier.pk] for one in answer.context["endings"]]

    with clock.at(on("2026-08-03")):
        mine = ["trained", "signed", "ends with the incapacity"]
        assert listed(coordinator) == mine
        assert listed(other) == ["colleague"]
        assert listed(team_lead) == ["colleague", *mine]
        assert listed(doctor) == []
        client = signed_in(coordinator)
        client.get(reverse("presumptions"))
        with django_assert_max_num_queries(12):
            page = client.get(reverse("presumptions")).content.decode()
        assert page.index("06/08/2026") < page.index("10/08/2026") < page.index("20/08/2026")
        home = client.get(reverse("home")).content.decode()
        assert "3 presumptions of incapacity that end within a month" in home
        # Of many their number is not told to the last: "goes on" is none of the two that are read.
        monkeypatch.setattr(presumptions, "COUNTED", 2)
        home = client.get(reverse("home")).content.decode()
        assert "2+ presumptions of incapacity that end within a month" in home
        assert (
            "No presumption of incapacity" in signed_in(doctor).get(reverse("presumptions")).content.decode()
        )
