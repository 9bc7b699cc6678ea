"""P3 on the pages: who is in a dossier that contradicts itself can stop, and nothing else is offered there."""

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.web.cases import HELD, START, STATES, TODAY, address, kinds, typed
from tnw.core import clock, scope

VOIDED = fact("fact_voided", date(2026, 6, 10), "v-1", fact=HELD.id, version=1, reason="mistake")


def test_p3_the_traject_is_stopped_where_the_dossier_contradicts_itself(
    client: Client, coordinator: object, dossier_of: Callable[..., Dossier]
) -> None:
    client.force_login(coordinator)  # type: ignore[arg-type]  # a user
    with clock.at(TODAY):
        dossier = dossier_of(start=START, facts=[*STATES["started"], VOIDED])
        tab = client.get(reverse("dossier_traject", args=[dossier.public_id])).content.decode()
        assert "contradicts itself" in tab
        assert reverse("act", args=[dossier.public_id, "stop-traject"]) in tab
        assert reverse("act", args=[dossier.public_id, "end-traject"]) not in tab
        stop = address(dossier, "stop-traject")
        tried = client.post(stop, typed(dossier, preview=1, on="15/06/2026"))
        assert tried.status_code == 200
        assert client.post(stop, typed(dossier, on="15/06/2026")).status_code == 302
        assert kinds(dossier)[-1] == "traject_ended"
        assert client.get(stop).status_code == 403
        with scope.funds(dossier.fund_id):
            assert Dossier.objects.get(pk=dossier.pk).out_of_order
