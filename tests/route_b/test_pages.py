"""Route B on the screen: the acts, what now, the traject tab, the queue of decisions, and nothing that falls silent."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from routing.models import RouteB
from tests.web.cases import ASSESSED, REFERRED, SENT, address, kinds, typed
from tnw.accounts.models import Fund, Role
from tnw.core import clock, scope
from tnw.web.decisions import SOURCES
from tnw.web.worklist.scope import scope_of
from tnw.web.worklist.silent import first
from trajects.models import Appointment

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
TODAY = "15/06/2026"  # of `tests.web.cases`

ANSWERED = [SENT, fact("questionnaire_received", date(2026, 3, 24), "q-2", complete=True, channel="post")]
REQUEST = fact("contact_requested", date(2026, 6, 1), "b-1")
HELD = fact("first_contact_held", date(2026, 6, 8), "b-2", route="B", form="in_person")
ASKED = fact("permission_requested", date(2026, 6, 9), "b-3", aim="training")
REFUSED = fact("permission_refused", date(2026, 6, 12), "b-4")
MET = [*ANSWERED, REQUEST, HELD]
CONTACT = {
    "on": TODAY,
    "how": "phone",
    "report": "Wants to bake again.",
    "role_explained": "on",
    "consent": "given",
}


def overview(client: Client, dossier: Dossier) -> str:
    return client.get(reverse("dossier", args=[dossier.public_id])).content.decode()


def done(client: Client, dossier: Dossier, act: str, **told: Any) -> None:
    answer = client.post(address(dossier, act), typed(dossier, **told))
    assert answer.status_code == 302, answer.content.decode()[:3000]


def test_b1_to_b5_from_the_request_to_the_traject_by_its_pages(browse: Browse, stand: Stand) -> None:
    dossier = stand(ANSWERED)
    client = browse(C)
    tab = reverse("dossier_traject", args=[dossier.public_id])
    assert "Record a request for contact" in client.get(tab).content.decode()
    done(client, dossier, "request-contact", on=TODAY, note="Called twice.")
    page = overview(client, dossier)
    assert "Plan the first contact" in page
    assert "No appointment for the first contact." in page
    assert "First contact after the request of the insured person of 15/06/2026" in overview(
        browse(D), dossier
    )
    client = browse(C)
    planned = {"purpose": "first_contact", "day": "22/06/2026", "time": "10:00", "how": "phone", "place": ""}
    done(client, dossier, "plan", **planned)
    with scope.funds(dossier.fund_id):
        assert Appointment.objects.get().route == "B"
    done(client, dossier, "first-contact-b", **CONTACT)
    assert "Ask the permission of the advisory doctor" in overview(client, dossier)
    done(client, dossier, "ask-permission", on=TODAY, aim="training", first_step="", note="A baker's course.")
    assert "<b>Advisory doctor</b>: Decide on the permission (training)" in overview(client, dossier)
    client = browse(D)
    assert "Decide on the permission (training)" in overview(client, dossier)
    done(client, dossier, "decide-permission", on=TODAY, decision="granted", reason="", for_insured="")
    assert kinds(dossier)[-3:] == ["permission_requested", "permission_granted", "traject_started"]
    page = client.get(tab).content.decode()
    assert "Route B: request of the insured person" in page
    assert "A baker&#x27;s course." in page


def test_b2_where_none_came_back_the_questionnaire_goes_first(browse: Browse, stand: Stand) -> None:
    dossier = stand([fact("questionnaire_waived", date(2026, 3, 9), "w-1", reason="near_pension"), REQUEST])
    client = browse(C)
    page = overview(client, dossier)
    assert "Send the questionnaire" in page
    assert "No questionnaire for the request" in page
    done(client, dossier, "send-questionnaire", channel="in_person", language="nl")
    with scope.funds(dossier.fund_id):
        assert RouteB.objects.get().state == "questionnaire_sent"


def test_one_contact_for_both_is_recorded_as_that_of_the_referral(browse: Browse, stand: Stand) -> None:
    dossier = stand([*ANSWERED, ASSESSED[4], REFERRED, REQUEST])
    client = browse(C)
    page = overview(client, dossier)
    assert page.count("Plan the first contact") == 1
    assert client.get(address(dossier, "first-contact-b")).status_code == 403
    done(client, dossier, "first-contact", **CONTACT, first_step="guidance")
    with scope.funds(dossier.fund_id):
        assert RouteB.objects.get().reason == "superseded"


def test_b5_a_refusal_has_two_texts_and_the_coordinator_reads_one(browse: Browse, stand: Stand) -> None:
    dossier = stand([*MET, ASKED])
    client = browse(D)
    refusal = {"on": TODAY, "decision": "refused", "reason": "The heart.", "for_insured": ""}
    answer = client.post(address(dossier, "decide-permission"), typed(dossier, **refusal))
    assert "Write down what the insured person is told" in answer.content.decode()
    done(client, dossier, "decide-permission", **{**refusal, "for_insured": "Not before autumn."})
    history = reverse("dossier_traject", args=[dossier.public_id])
    assert "The heart." in browse(D).get(history).content.decode()
    client = browse(C)
    page = client.get(history).content.decode()
    assert "Not before autumn." in page
    assert "The heart." not in page
    page = overview(client, dossier)
    assert "Plan a follow-up interview" in page
    assert "Hold a new contact after a refusal" in page
    assert "it can be asked for again after a new contact" in page


# --- the queue


DECLARED: list[Fact] = [
    fact("adapted_work_planned", date(2026, 6, 2), "w-1", "w", starts_on=date(2026, 6, 17)),
    fact("adapted_work_declared", date(2026, 6, 3), "w-2", "w"),
]
TRAINING = fact("training_proposed", date(2026, 5, 4), "t-1", "t", proposed_by="insured")
REDUCED: list[Fact] = [
    fact("absence_recorded", date(2026, 5, 4), "x-1", "ap", purpose="medical_examination"),
    fact("registered_letter_sent", date(2026, 5, 5), "x-2", "ap", step="second", proof="RR 12"),
    fact("reduction_proposed", date(2026, 5, 6), "x-3", "ap"),
]


def test_the_doctors_queue_by_urgency_each_with_its_act_and_back(
    browse: Browse, stand: Stand, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    permission = stand([*MET, ASKED])
    training = stand([TRAINING])
    work = stand(DECLARED)
    stand([*ANSWERED, REQUEST])
    stand(REDUCED)
    client = browse(D)
    url = reverse("decisions")
    client.get(url)
    with django_assert_max_num_queries(26):
        answer = client.get(url)
    lines = answer.context["lines"]
    assert [line.dossier.pk for line in lines] == [work.pk, permission.pk, training.pk]
    assert [line.deadline.rule if line.deadline else "" for line in lines] == ["", "T9", ""]
    assert [line.since for line in lines] == [date(2026, 6, 3), date(2026, 6, 9), date(2026, 5, 4)]
    for line in lines:
        assert client.get(line.url).status_code == 200
    page = answer.content.decode()
    assert "3 decisions wait for you" in page
    assert "Insured persons who asked for contact" in page
    assert f'href="{url}"' in client.get(reverse("home")).content.decode(), "in the navigation"
    told = {"on": TODAY, "decision": "granted", "reason": "", "for_insured": "", "next": url}
    answer = client.post(lines[1].url, typed(permission, **told))
    assert answer["Location"] == lines[0].url, "the next one that waits"
    assert [line.dossier.pk for line in client.get(url).context["lines"]] == [work.pk, training.pk]


def test_the_team_lead_confirms_reductions(browse: Browse, stand: Stand) -> None:
    dossier = stand(REDUCED)
    stand([*MET, ASKED])
    client = browse(L)
    lines = client.get(reverse("decisions")).context["lines"]
    assert [(line.dossier.pk, line.since) for line in lines] == [(dossier.pk, date(2026, 5, 6))]
    assert "absence-confirm" in lines[0].url


def test_the_queue_is_empty_and_says_so_and_is_of_the_own_fund(
    browse: Browse, stand: Stand, other_fund: Fund
) -> None:
    stand([*MET, ASKED], end="2026-06-10", end_reason="resumed")
    client = browse(D)
    assert "No decision waits for you." in client.get(reverse("decisions")).content.decode()
    assert client.get(reverse("decisions"), {"all": "1"}).context["number"] == 0
    assert browse(C).get(reverse("decisions")).status_code == 403
    assert {source.act for source in SOURCES}


# --- nothing falls silent


@pytest.mark.parametrize(
    ("facts", "silent"),
    [
        ([*ANSWERED, REQUEST], False),
        (MET, True),
        ([*MET, ASKED], False),
        ([*MET, ASKED, REFUSED], False),
        ([*MET, fact("occupational_referral_made", date(2026, 6, 9), "o-1")], True),
        ([*MET, fact("route_closed", date(2026, 6, 9), "z-1", route="B", reason="declined")], False),
    ],
)
def test_n1_from_the_first_contact_on_route_b_is_looked_after(
    facts: list[Fact], silent: bool, browse: Browse, stand: Stand
) -> None:
    client = browse(C)
    dossier = stand([ASSESSED[2], *facts])
    actor = client.get(reverse("home")).wsgi_request.actor  # type: ignore[attr-defined]  # the middleware puts it there
    with scope.funds(dossier.fund_id):
        work = scope_of(actor, clock.today())
        assert work
        lines, _last = first(actor, work.parts, clock.today())
    assert bool(lines) is silent
