"""More at one time than lie beside each other: on the page of the day each of them stands."""

from django.test import Client
from django.urls import reverse

from tests.agenda.conftest import Met
from tests.agenda.test_agenda import TUESDAY, seen
from tests.web.cases import moment
from tnw.accounts.models import User


def test_each_appointment_of_a_day_is_on_its_page(met: Met, coordinator: User, client: Client) -> None:
    there = [met(moment(TUESDAY, 10)) for _each in range(6)]
    client.force_login(coordinator)
    week = seen(client)
    assert "3 more at the same time" in week.content.decode()
    day = seen(client, view="day")
    page = day.content.decode()
    for dossier in there:
        assert dossier.incapacity.person.last_name in page
        assert page.count(reverse("dossier_contacts", args=[dossier.public_id])) == 1
    assert "3 more at the same time" in page
    assert page.count('data-drag="') == 3, "what is listed has no place to be dragged from"
