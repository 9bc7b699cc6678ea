"""A free moment chosen for somebody, and what was proposed: until the contact came about."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import ledger
from dossiers.law.facts import fact
from tests.agenda.conftest import Met
from tests.agenda.test_agenda import HOLIDAY, TUESDAY, seen, slots, titles
from tests.web.cases import TODAY, address, moment, typed
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, User
from tnw.core import clock, scope
from trajects.models import Appointment, Proposal


def test_a_free_moment_leads_to_the_form_with_day_and_hour(
    met: Met, coordinator: User, client: Client
) -> None:
    met(moment(TUESDAY, 10))
    new = met()
    client.force_login(coordinator)
    query = f"&for={new.public_id}&what=first_contact"
    answer = seen(client, query)
    free = slots(answer, TUESDAY)
    assert {"09:30", "10:00", "10:30"}.isdisjoint(free)
    assert {"08:00", "09:00", "11:00", "17:00"} <= set(free)
    assert "17:30" not in free, "it lasts an hour"
    assert slots(answer, TODAY)["09:30"], "from now on"
    assert "08:30" not in slots(answer, TODAY)
    assert slots(answer, date(2026, 6, 20)) == {}, "nobody works on a Saturday"
    assert slots(seen(client, query, on=HOLIDAY), HOLIDAY) == {}
    page = client.get(free["09:00"]).content.decode()
    assert 'value="16/06/2026"' in page
    assert 'value="09:00"' in page
    posted = {"purpose": "first_contact", "day": "16/06/2026", "time": "09:00", "how": "in_person"}
    back = parse_qs(urlsplit(free["09:00"]).query)["next"][0]
    done = client.post(free["09:00"], typed(new, **posted, next=back))
    assert done.status_code == 302
    assert done["Location"] == back
    assert len(titles(client.get(back))) == 2


def test_who_chooses_a_moment_reads_by_when_it_has_to_be(met: Met, coordinator: User, client: Client) -> None:
    """The form did not say that it was weeks late already."""
    dossier = met()
    client.force_login(coordinator)
    for today, told in (
        (TODAY, "by 01/07/2026, in 16 days"),
        (date(2026, 7, 6), "5 days late, the legal date was"),
    ):
        with clock.at(today):
            form = client.get(address(dossier, "plan", "first_contact")).content.decode()
            assert told in form
            assert "referral" in form.split(told)[1][:400]
            assert told not in client.get(address(dossier, "plan", "other")).content.decode()


def test_where_the_agenda_opens_for_who_chooses_a_moment(met: Met, coordinator: User, client: Client) -> None:
    """On a day that has free moments; for one that moves on the day that it has."""
    planned = met(moment(TUESDAY, 10))
    client.force_login(coordinator)
    saturday, monday = date(2026, 6, 20), date(2026, 6, 22)
    for today, opens in (
        (TUESDAY, TUESDAY),
        (saturday, monday),
        (saturday + timedelta(1), monday),
        (HOLIDAY, HOLIDAY + timedelta(1)),
    ):
        with clock.at(today):
            assert client.get(reverse("agenda")).context["when"].on == today
            choosing = client.get(f"{reverse('agenda')}?for={planned.public_id}")
            assert choosing.context["when"].on == opens
            assert slots(choosing, opens)
    moves = f"{reverse('agenda')}?for={planned.public_id}&move=subject-1"
    assert client.get(moves).context["when"].on == TUESDAY


def test_on_a_weekend_without_appointments_the_agenda_shows_the_week_that_comes(
    met: Met, coordinator: User, client: Client
) -> None:
    saturday, sunday, monday = date(2026, 6, 20), date(2026, 6, 21), date(2026, 6, 22)
    met(moment(saturday, 10))
    met(moment(monday, 10))
    client.force_login(coordinator)
    week = timedelta(weeks=1)
    for today, first in ((saturday, TODAY), (sunday, monday), (monday, monday)):
        with clock.at(today):
            answer = client.get(reverse("agenda"))
            assert [answer.context["days"][n].on for n in (0, -1)] == [first, first + timedelta(6)]
            assert f"on={first + week if first > today else today + week}" in answer.context["after"]
            assert f"on={TODAY if first > today else today - week}" in answer.context["before"]
            # "Today" and the view stay with it.
            week_again = next(url for name, _label, url in answer.context["views"] if name == "week")
            for address in (answer.context["now"], week_again):
                assert client.get(address).context["when"].first == first, address
            assert answer.context["when"].shown == (monday if first > today else today)
            assert client.get(f"{reverse('agenda')}?view=day").context["days"][0].on == today


# By how far the dossier has come: what the moment is for that is looked for from its contacts.
FREE = {"referred": "first_contact", "started": "follow_up", "closed": "other"}


@pytest.mark.parametrize("state", FREE)
def test_from_the_contacts_of_a_dossier_it_is_known_what_for(
    state: str, met: Met, coordinator: User, client: Client
) -> None:
    dossier = met(state=state)
    client.force_login(coordinator)
    page = client.get(reverse("dossier_contacts", args=[dossier.public_id]))
    assert f'href="{page.context["free"]}"'.replace("&", "&amp;") in page.content.decode()
    choosing = client.get(page.context["free"])
    assert choosing.context["choosing"].purpose == FREE[state]
    form = client.get(slots(choosing, TUESDAY)["09:00"])
    assert form.context["form"]["purpose"].value() == FREE[state]
    assert form.context["form"]["day"].value() == TUESDAY


def test_what_a_job_proposed_stands_there_until_it_is_planned(
    met: Met, coordinator: User, client: Client
) -> None:
    dossier = met()
    with scope.funds(dossier.fund_id):
        Proposal.objects.create(
            fund=dossier.fund, dossier=dossier, purpose="first_contact", at=moment(TUESDAY, 14), made_on=TODAY,
            rule="T7", opened_by="r-1", occurrence=1,
        )  # fmt: skip
    client.force_login(coordinator)
    (one,) = [block for day in seen(client).context["days"] for block in day.blocks]
    assert one.entry.state == "proposed"
    month = seen(client, view="month").content.decode()
    assert "1 proposal" in month
    assert "1 appointment" not in month
    posted = {"purpose": "first_contact", "day": "16/06/2026", "time": "14:00", "how": "in_person"}
    assert client.post(one.address, typed(dossier, **posted)).status_code == 302
    (one,) = [block for day in seen(client).context["days"] for block in day.blocks]
    assert one.entry.state == "planned"


def test_a_proposal_is_not_covered_by_free_moments_and_moves_by_key(
    met: Met, coordinator: User, client: Client
) -> None:
    dossier = met()
    with scope.funds(dossier.fund_id):
        Proposal.objects.create(
            fund=dossier.fund, dossier=dossier, purpose="first_contact", at=moment(TUESDAY, 14), made_on=TODAY,
            rule="T7", opened_by="r-1", occurrence=1,
        )  # fmt: skip
    client.force_login(coordinator)
    (one,) = [block for day in seen(client).context["days"] for block in day.blocks]
    assert f'data-move="{one.move}"'.replace("&", "&amp;") in seen(client).content.decode()
    choosing = client.get(one.move)
    assert choosing.context["choosing"].purpose == "first_contact"
    free = slots(choosing, TUESDAY)
    assert {"14:00", "14:30"}.isdisjoint(free)
    assert {"13:30", "15:00"} <= set(free), "it keeps nothing taken for who it is for"


# What became of it meanwhile: the fact, and what its link says.
MEANWHILE = {
    "planned": (
        fact(
            "appointment_made", TODAY, "ap-9", "subject-9",
            purpose="first_contact", at=moment(date(2026, 6, 18)), form="phone",
        ),
        "This proposal has fallen away: the contact is planned for 18/06/2026 10:00.",
    ),
    "held": (
        fact("first_contact_held", TODAY, "f-9", route="A", form="phone"),
        "This proposal has fallen away: the contact was held on 15/06/2026.",
    ),
    "withdrawn": (
        fact("referral_withdrawn", TODAY, "w-9"),
        "This proposal has fallen away: the contact is not waited for any more.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("became", MEANWHILE)
def test_a_proposal_falls_away_however_the_contact_came_about(
    became: str, met: Met, coordinator: User, client: Client
) -> None:
    """Before any job ran: it takes no moment, and its link says calmly what became of it."""
    dossier, new = met(), met()
    made, sentence = MEANWHILE[became]
    with scope.funds(dossier.fund_id):
        Proposal.objects.create(
            fund=dossier.fund, dossier=dossier, purpose="first_contact", at=moment(TUESDAY, 14), made_on=TODAY,
            rule="T7", opened_by="r-1", occurrence=1,
        )  # fmt: skip
    client.force_login(coordinator)
    (one,) = [block for day in seen(client).context["days"] for block in day.blocks]
    choosing = f"&for={new.public_id}&what=first_contact"
    assert "14:00" not in slots(seen(client, choosing), TUESDAY)
    with audit.acting_as(actors.system(), dossier.fund):
        ledger.record(dossier, made, fund=dossier.fund, actor=actors.system())
    assert "proposed" not in {one.entry.state for day in seen(client).context["days"] for one in day.blocks}
    assert "14:00" in slots(seen(client, choosing), TUESDAY)
    answer = client.get(one.address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert sentence in page
    assert "This cannot be done now." not in page
    assert answer.context["form"] is None


def test_after_planning_it_is_said_whether_the_insured_knows(
    met: Met, coordinator: User, client: Client
) -> None:
    dossier = met(email="noor@example.org")
    client.force_login(coordinator)
    plan = address(dossier, "plan", "other")
    form = client.get(plan).content.decode()
    assert "The insured person is invited for this moment." not in form
    posted = {"purpose": "other", "day": "16/06/2026", "how": "phone"}
    done = client.post(plan, typed(dossier, **posted, time="10:00"), follow=True)
    (told,) = [str(one) for one in done.context["messages"]]
    assert "knows nothing of it yet" in told
    letter = told.split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(letter).status_code == 200
    with scope.funds(dossier.fund_id):
        assert Appointment.objects.get(dossier=dossier).subject in letter
    done = client.post(plan, typed(dossier, **posted, time="12:00", mail="on"), follow=True)
    (told,) = [str(one) for one in done.context["messages"]]
    assert told == "The appointment is planned. The insured person is invited by e-mail."


def test_for_whom_a_moment_is_looked_for_is_in_the_access_log(
    met: Met, coordinator: User, client: Client
) -> None:
    """Once for each page that names them; not for the agenda alone."""
    new, moves = met(), met(moment(TUESDAY, 10))
    client.force_login(coordinator)
    seen(client)
    asked = (f"&for={new.public_id}", f"&for={moves.public_id}&move=subject-2")
    for query in asked:
        seen(client, query)
    with scope.funds(new.fund_id):
        lines = list(AccessLog.objects.order_by("pk").values_list("dossier_id", "through", "actor__user"))
    assert lines == [(new.pk, "agenda", coordinator.pk), (moves.pk, "agenda", coordinator.pk)]
