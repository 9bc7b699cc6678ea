"""What stands in whose agenda, per view; holidays, clashes and moves."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dossiers.models import Dossier
from tests import population
from tests.agenda.conftest import Met
from tests.web.cases import START, TODAY, address, moment, typed
from tnw.accounts import actors, audit
from tnw.accounts.models import Deputy, Fund, Role, Team, User
from tnw.core import clock, scope
from tnw.web.agenda.layout import Hours, blocks
from tnw.web.agenda.reading import Entry
from trajects.models import Appointment

C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
TUESDAY = TODAY + timedelta(1)
HOLIDAY = date(2026, 7, 21)
VIEWS = ("day", "week", "month")


def seen(client: Client, query: str = "", on: date = TUESDAY, view: str = "week") -> Any:
    answer = client.get(f"{reverse('agenda')}?view={view}&on={on}{query}")
    assert answer.status_code == 200, answer.content
    return answer


def titles(answer: Any) -> list[str]:
    return [one.title for day in answer.context["days"] for one in day.entries]


def slots(answer: Any, on: date) -> dict[str, str]:
    (day,) = [day for day in answer.context["days"] if day.on == on]
    return {f"{slot.at:%H:%M}": slot.address for slot in day.slots}


def lead_of(team: Team, user: User) -> None:
    with scope.funds(team.fund_id):
        Team.objects.filter(pk=team.pk).update(lead=user)


# Who finds what: the contacts of a coordinator, and the examinations of a medical team.
WHOSE = {C: ["First contact"], D: ["Medical examination"], M: ["Medical examination"], L: ["First contact"]}


@pytest.mark.parametrize("role", WHOSE)
def test_each_role_in_each_view(
    role: str,
    met: Met,
    make_user: Callable[..., User],
    coordinator: User,
    fund: Fund,
    team: Team,
    client: Client,
) -> None:
    met(moment(TUESDAY, 10))
    met(moment(TUESDAY, 10), "medical_examination")
    other = make_user(C, fund=fund, team=team)
    met(moment(TUESDAY, 11), whose=other)
    user = coordinator if role == C else make_user(role, fund=fund, team=team)
    if role == L:
        lead_of(team, user)
    client.force_login(user)
    for view in VIEWS:
        answer = seen(client, view=view)
        assert titles(answer) == WHOSE[Role(role)], view
        assert ("do/move" in answer.content.decode()) == (role != L and view != "month"), view
    # The agenda of a colleague is not there for the asking, that of somebody one leads is.
    theirs = seen(client, f"&who={other.public_id}").context["diary"]
    assert (theirs.user == other) == (role == L)
    with audit.acting_as(actors.system(), fund):
        Deputy.objects.create(fund=fund, user=other, deputy=user, first_day=TODAY, last_day=TODAY)
    assert (seen(client, f"&who={other.public_id}").context["diary"].user == other) == (role in (C, L))


def test_another_fund_is_not_there(
    met: Met, make_user: Callable[..., User], other_fund: Fund, client: Client
) -> None:
    dossier = met(moment(TUESDAY))
    client.force_login(make_user(C, fund=other_fund))
    assert titles(seen(client)) == []
    assert client.get(f"{reverse('agenda')}?for={dossier.public_id}").status_code == 404


def test_what_is_not_there_to_be_planned_or_moved(met: Met, coordinator: User, client: Client) -> None:
    own = met()
    client.force_login(coordinator)
    unknown = "0190a000-0000-7000-8000-000000000001"
    for query in (
        "for=x",
        f"for={unknown}",
        f"for={own.public_id}&move=x",
        f"for={own.public_id}&move=subject-1",
    ):
        assert client.get(f"{reverse('agenda')}?{query}").status_code == 404, query


def test_an_address_that_says_nonsense_shows_this_week(met: Met, coordinator: User, client: Client) -> None:
    client.force_login(coordinator)
    for query in ("view=year&on=31/12", "on=9999-12-31&view=month", "on=0001-01-01&view=day", "who=x"):
        assert client.get(f"{reverse('agenda')}?{query}").status_code == 200
    assert client.get(f"{reverse('agenda')}?view=year&on=x").context["when"].first == TODAY


def test_a_week_says_its_year_and_over_the_turn_both(coordinator: User, client: Client) -> None:
    client.force_login(coordinator)
    assert "Week 52, 21/12 to 27/12/2026" in seen(client, on=date(2026, 12, 22)).content.decode()
    assert "Week 53, 28/12/2026 to 03/01/2027" in seen(client, on=date(2026, 12, 29)).content.decode()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("language", "name"), [("nl", "Nationale feestdag"), ("fr", "Fête nationale"), ("de", "Nationalfeiertag")]
)
def test_holidays_in_the_language_of_the_reader(
    view: str, language: str, name: str, browse: Callable[..., Client], on_monday: None
) -> None:
    page = seen(browse(C, language=language), on=HOLIDAY, view=view).content.decode()
    assert page.count(name) == 1


def test_clashes_are_those_that_share_a_moment(met: Met, coordinator: User, client: Client) -> None:
    """A first contact lasts an hour, by phone half of it."""
    met(moment(TUESDAY, 9), form="phone")
    met(moment(TUESDAY, 9) + timedelta(minutes=30))
    met(moment(TUESDAY, 10))
    met(moment(TUESDAY, 11))
    client.force_login(coordinator)
    answer = seen(client)
    entries = [one for day in answer.context["days"] for one in day.entries]
    assert [one.clash for one in entries] == [False, True, True, False]
    assert "2 at the same time" in answer.content.decode().split("</title>")[0]
    lanes = [block.lane for day in answer.context["days"] for block in day.blocks]
    assert lanes == ["", "1", "2", ""]


def test_beside_each_other_as_far_as_there_is_room() -> None:
    def entry(hour: float, lasts: int) -> Entry:
        at = moment(TUESDAY, 0) + timedelta(hours=hour)
        return Entry(at, at + timedelta(minutes=lasts), "", "", "", "planned", Dossier().public_id)

    grid = Hours(8, 18)
    placed, lanes, over = blocks([entry(9, 60), entry(9.5, 30), entry(10, 30), entry(13, 20)], grid)
    assert [(one.row, one.span, one.lane) for one in placed] == [
        (5, 4, "1"),
        (7, 2, "2"),
        (9, 2, ""),
        (21, 2, ""),
    ]
    assert (lanes, over) == (2, 0)
    placed, lanes, over = blocks([entry(9, 60)] * 5, grid)
    assert ([one.lane for one in placed], lanes, over) == (["1", "2", "3"], 3, 2)
    (late,), _lanes, _over = blocks([entry(17.75, 90)], grid)
    assert (late.row, late.span) == (40, 1)


# What is minded: the moment, and the sentence.
MINDED = {
    "Sunday": (moment(date(2026, 6, 21), 10), "This day is a Sunday."),
    "holiday": (moment(HOLIDAY, 10), "This day is a legal holiday: National Day."),
    "clash": (
        moment(TUESDAY, 10) + timedelta(minutes=30),
        "At the same time another appointment is planned: 10:00, Noor Persoon1 (First contact).",
    ),
    "own clash": (moment(TUESDAY, 15), "At the same time this person has another appointment: 15:00, Medical examination."),
    "neither": (moment(TUESDAY, 11), ""),
}  # fmt: skip


def test_a_clash_and_a_day_off_are_told_before_and_after(met: Met, coordinator: User, client: Client) -> None:
    met(moment(TUESDAY, 10))
    new = met(moment(TUESDAY, 15), "medical_examination")
    client.force_login(coordinator)
    plan = address(new, "plan", "other")
    for name, (at, sentence) in MINDED.items():
        posted = {"purpose": "other", "day": f"{at:%d/%m/%Y}", "time": f"{at:%H:%M}", "how": "in_person"}
        tried = client.post(plan, typed(new, **posted, preview="1")).context["warnings"]
        assert tried == ([sentence] if sentence else []), name
    posted = {"purpose": "other", "day": "16/06/2026", "time": "10:30", "how": "in_person"}
    done = client.post(plan, typed(new, **posted), follow=True)
    told = [str(one) for one in done.context["messages"]]
    assert told[1:] == [MINDED["clash"][1]], "it hinders nothing"


def test_moved_and_moved_back(met: Met, coordinator: User, client: Client) -> None:
    dossier = met(moment(TUESDAY, 10))
    client.force_login(coordinator)
    (block,) = [block for day in seen(client).context["days"] for block in day.blocks]
    choose = client.get(block.move)
    free = slots(choose, TUESDAY)
    assert "10:30" in free, "its own moment is no hindrance"
    (first,) = [slot for day in choose.context["days"] for slot in day.slots if slot.first]
    assert first.at == moment(TUESDAY, 10), "the keyboard begins where it is now"
    posted = {"day": "16/06/2026", "time": "11:00", "how": "in_person", "reason": "The room is taken."}
    done = client.post(free["11:00"], typed(dossier, **posted), follow=True)
    (told,) = [str(one) for one in done.context["messages"]]
    back = told.split('href="')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(back).content.decode()
    assert 'value="10:00"' in form
    preview = client.post(back, typed(dossier, **{**posted, "time": "10:00"}, preview="1")).content.decode()
    assert "The earlier move of today falls away." in preview
    assert "voided" not in preview
    assert client.post(back, typed(dossier, **{**posted, "time": "10:00", "reason": ""})).status_code == 302
    with scope.funds(dossier.fund_id):
        assert Appointment.objects.get().at == moment(TUESDAY, 10)
    page = client.get(reverse("dossier_contacts", args=[dossier.public_id])).content.decode()
    assert "The room is taken." not in page, "of one day only what was said last counts"


def test_what_is_planned_already_is_a_click_away(met: Met, coordinator: User, client: Client) -> None:
    dossier = met(moment(TUESDAY, 10))
    client.force_login(coordinator)
    posted = {"purpose": "first_contact", "day": "17/06/2026", "time": "11:00", "how": "in_person"}
    page = client.post(address(dossier, "plan"), typed(dossier, **posted)).content.decode()
    assert "Such an appointment is planned already" in page
    assert f'<a href="{address(dossier, "move", "subject-1")}">Move that appointment</a>' in page


def test_the_reason_of_a_move_is_no_place(met: Met, coordinator: User, client: Client) -> None:
    dossier = met(moment(TUESDAY, 10))
    client.force_login(coordinator)
    posted = {"day": "16/06/2026", "time": "11:00", "how": "in_person", "reason": "Mislaid key.", "place": ""}
    with clock.at(TODAY):
        client.post(address(dossier, "move", "subject-1"), typed(dossier, **posted))
    page = client.get(reverse("dossier_contacts", args=[dossier.public_id])).content.decode()
    assert page.count("Mislaid key.") == 1
    form = client.get(address(dossier, "move", "subject-1"))
    assert form.context["form"]["place"].initial == ""


# Session, user and actor cost three. However much stands there, it asks no more.
CEILINGS = {(C, ""): 8, (D, ""): 10, (L, ""): 11, (C, "&for={}&what=first_contact"): 9}


def test_query_ceiling(
    met: Met,
    make_user: Callable[..., User],
    coordinator: User,
    fund: Fund,
    team: Team,
    client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    for hour in (9, 10, 11):
        met(moment(TUESDAY, hour))
        met(moment(TUESDAY, hour), "medical_examination")
    new = met()
    for (role, query), ceiling in CEILINGS.items():
        user = coordinator if role == C else make_user(role, fund=fund, team=team)
        if role == L:
            lead_of(team, user)
        client.force_login(user)
        seen(client)
        for view in VIEWS:
            # Who looks for a moment for somebody leaves a line in the access log.
            with django_assert_max_num_queries(ceiling + bool(query)):
                assert len(titles(seen(client, query.format(new.public_id), view=view))) == 3


def test_more_than_a_page_holds_is_said(
    met: Met, coordinator: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tnw.web.agenda.reading.MOST", 1)
    for hour in (9, 10):
        met(moment(TUESDAY, hour))
    client.force_login(coordinator)
    answer = seen(client, view="month")
    assert len(titles(answer)) == 1
    assert answer.context["more"]


def test_who_has_nobody_to_meet_is_told_so(browse: Callable[..., Client], fund: Fund) -> None:
    answer = browse(L).get(reverse("agenda"))
    assert answer.status_code == 200
    assert "There is no agenda to look into." in answer.content.decode()
    with translation.override("en"):
        assert population.line(start=START)["fund"] == fund.number
