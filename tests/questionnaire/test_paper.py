"""On paper: what is printed and posted, and the blank questionnaire behind a link in a mail (T1, A2)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from dossiers.law.calendar import add_months
from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dispatch, Document, Dossier, InsuredPerson
from routing.models import Questionnaire
from routing.questionnaires import sending
from routing.questionnaires.job import act
from routing.questionnaires.mailing import deliver
from tests import population
from tests.letters import golden
from tests.questionnaire.conftest import BORN, at, form, states, told
from tnw.accounts import actors
from tnw.accounts.models import AccessLog, Fund, Role, Team, User
from tnw.core import clock, scope

C, DOC, MT, LEAD = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
CASE = (C, DOC, MT, LEAD)
Browse = Callable[[str], Client]


@pytest.fixture
def to_post(dossier: Dossier, in_fund: Fund, today: Any) -> Questionnaire:
    act(in_fund, today)
    return Questionnaire.objects.get()


def test_print_post_and_say_so(to_post: Questionnaire, in_fund: Fund, browse: Browse, today: Any) -> None:
    client = browse(MT)
    page = client.get(reverse("questionnaires_to_post")).content.decode()
    assert "Van Hée Zoë" in page
    assert to_post.reference in page
    chosen = {"questionnaire": [str(to_post.public_id)]}
    printed = client.post(reverse("questionnaires_print"), chosen)
    assert printed["Content-Type"] == "application/pdf"
    letter = golden.text_of(printed.content)
    person = to_post.dossier.incapacity.person
    for word in (
        "Zoë Van Hée",
        person.street,
        person.postal_code,
        to_post.reference,
        "Hoe goed voelt u zich vandaag?",
    ):
        assert word in letter
    assert person.ssin not in letter
    kept = Document.objects.get()
    assert (kept.kind, kept.reference, kept.language) == ("questionnaire", to_post.reference, "nl")
    assert not Dispatch.objects.exists()
    client.post(reverse("questionnaires_print"), chosen)
    assert Document.objects.get() == kept
    logged = AccessLog.objects.count()
    with (
        mock.patch("tnw.web.views.questionnaires.merged", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        client.post(reverse("questionnaires_print"), chosen)
    assert AccessLog.objects.count() == logged, "read, logged and printed, or nothing of it"
    assert told(to_post.dossier) == []
    assert {one.through for one in AccessLog.objects.all()} == {"questionnaire"}
    done = client.post(
        reverse("questionnaires_to_post"), chosen | {"do": "posted", "on": f"{today:%d/%m/%Y}"}, follow=True
    ).content.decode()
    assert "1 questionnaire is recorded as posted" in done
    assert states(in_fund) == {"sent": 1}
    assert told(to_post.dossier) == [
        ("questionnaire_sent", f"{today}", {"channel": "post", "language": "nl"})
    ]
    to_post.refresh_from_db()
    way = kept.dispatches.get()
    assert (way.channel, way.state, way.sent_on) == ("post", "sent", today)
    assert way.fact == to_post.sent_fact


def test_without_an_address_nothing_is_printed_nor_posted(
    to_post: Questionnaire, in_fund: Fund, browse: Browse, today: Any
) -> None:
    InsuredPerson.objects.update(street="")
    client, chosen = browse(MT), {"questionnaire": [str(to_post.public_id)]}
    answer = client.post(reverse("questionnaires_print"), chosen, follow=True).content.decode()
    assert "Zoë Van Hée was not printed" in answer
    assert "the street of the insured person" in answer
    told_so = client.post(
        reverse("questionnaires_to_post"), chosen | {"do": "posted", "on": f"{today:%d/%m/%Y}"}
    )
    assert "the street of the insured person" in told_so.content.decode()
    assert states(in_fund) == {"to_post": 1}
    assert not Document.objects.exists()


def test_what_was_not_printed_is_kept_as_it_is_posted_or_handed_over_in_its_own_language(
    to_post: Questionnaire, in_fund: Fund, coordinator: User, today: Any
) -> None:
    by: dict[str, Any] = {"actor": actors.of_user(coordinator), "on": today}
    sending.posted(questionnaire_ids=[to_post.public_id], **by)
    sending.send(dossier_id=to_post.dossier.public_id, channel="in_person", language="fr", **by)
    ways = Dispatch.objects.order_by("pk").select_related("document")
    assert [(one.channel, one.state, one.document.language) for one in ways] == [
        ("post", "sent", "nl"),
        ("handed_over", "sent", "fr"),
    ]
    assert "Comment vous sentez-vous" in golden.text_of(bytes(ways[1].document.content))


def test_t1_the_most_urgent_first_of_the_own_team_and_of_all(
    in_fund: Fund, today: Any, browse: Browse, team: Team
) -> None:
    start = today - timedelta(72)
    late, soon, other = (population.dossier(fund=in_fund, start=start, birth_date=BORN) for _one in range(3))
    act(in_fund, today)
    elsewhere = Team.objects.create(fund=in_fund, name="Elders", languages=["nl"])
    for dossier, falls, where in ((soon, 10, team), (late, -3, team), (other, -9, elsewhere)):
        Dossier.objects.filter(pk=dossier.pk).update(team=where)
        by = {"act_by": today + timedelta(falls), "falls_on": today + timedelta(falls)}
        Deadline.objects.filter(dossier=dossier, rule="T1").update(**by)
    url = reverse("questionnaires_to_post")
    answer = browse(DOC).get(url)
    assert [one.dossier for one in answer.context["waiting"]] == [late, soon]
    assert answer.content.decode().count("is-overdue") == 1
    everybody = browse(DOC).get(url, {"team": "all"})
    assert [one.dossier for one in everybody.context["waiting"]] == [other, late, soon]
    assert f'action="{url}?team=all"' in everybody.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"do": "posted", "on": "gisteren"}, "A date is expected"),
        ({"do": "posted", "on": "01/01/2099"}, "lies ahead"),
        ({"do": "posted", "on": "01/01/2020"}, "not ready yet"),
    ],
)
def test_what_cannot_have_been_posted_then_is_said_row_by_row(
    to_post: Questionnaire, in_fund: Fund, browse: Browse, given: dict[str, str], said: str
) -> None:
    answer = (
        browse(C)
        .post(reverse("questionnaires_to_post"), given | {"questionnaire": [str(to_post.public_id)]})
        .content.decode()
    )
    assert said in answer
    assert states(in_fund) == {"to_post": 1}


def test_not_sent_after_all(to_post: Questionnaire, in_fund: Fund, browse: Browse) -> None:
    client = browse(C)
    nothing = client.post(reverse("questionnaires_to_post"), {"do": "withdraw", "questionnaire": ["x"]})
    assert "Choose at least one" in nothing.content.decode()
    client.post(
        reverse("questionnaires_to_post"), {"do": "withdraw", "questionnaire": [str(to_post.public_id)]}
    )
    assert states(in_fund) == {"withdrawn": 1}


def test_another_funds_questionnaires_are_not_there(
    to_post: Questionnaire,
    in_fund: Fund,
    other_fund: Fund,
    make_user: Callable[..., User],
    client: Client,
    today: Any,
) -> None:
    client.force_login(make_user(C, fund=other_fund))
    chosen = {"questionnaire": [str(to_post.public_id)]}
    assert "Van Hée" not in client.get(reverse("questionnaires_to_post")).content.decode()
    printed = client.post(reverse("questionnaires_print"), chosen, follow=True)
    assert "Van Hée" not in printed.content.decode()
    posted = client.post(
        reverse("questionnaires_to_post"), chosen | {"do": "posted", "on": f"{today:%d/%m/%Y}"}
    )
    assert "does not exist" in posted.content.decode()
    assert client.get(at("dossier_questionnaire", to_post.dossier)).status_code == 404
    assert client.post(at("dossier_questionnaire_save", to_post.dossier), form(0)).status_code == 404
    assert states(in_fund) == {"to_post": 1}


def test_a_mail_that_failed_is_shown(dossier: Dossier, in_fund: Fund, browse: Browse, today: Any) -> None:
    act(in_fund, today)
    Questionnaire.objects.update(state="to_mail", channel="email", failures=2, failed_at=clock.now())
    page = browse(C).get(reverse("questionnaires_to_post")).content.decode()
    assert "tried 2 times" in page
    assert "failed 2 times" in browse(C).get(at("dossier_questionnaire", dossier)).content.decode()


@pytest.mark.parametrize(
    ("language", "asks"),
    [
        ("nl", "Hoe goed voelt u zich vandaag?"),
        ("fr", "Comment vous sentez-vous aujourd'hui"),
        ("de", "Wie gut fühlen Sie sich heute?"),
    ],
)
def test_the_link_shows_blank_questions_and_nobodys_name(
    in_fund: Fund, client: Client, today: Any, language: str, asks: str
) -> None:
    dossier = population.dossier(
        fund=in_fund, start=today - timedelta(72), birth_date=BORN, last_name="Vanhee", first_name="Zoe",
        email="zoe@insured.example", language=language, street="Geheimstraat 7",
    )  # fmt: skip
    act(in_fund, today)
    deliver(in_fund, today)
    body = str(mail.outbox[0].body)
    link = re.search(r"https?://[^/\s]+(/questionnaire/\S+)", body)
    assert link
    with scope.funds():
        answer = client.get(link[1])
    page = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 200
    assert asks in page
    assert f'<html lang="{language}"' in page
    assert Questionnaire.objects.get().reference in page
    person = dossier.incapacity.person
    for secret in ("Vanhee", "Zoe", "zoe@", "Geheimstraat", person.ssin, dossier.incapacity.reference,
                   str(dossier.public_id), str(person.public_id)):  # fmt: skip
        assert secret not in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert not AccessLog.objects.exists()


def test_a_link_leads_somewhere_until_the_answers_came_or_half_a_year_passed(
    in_fund: Fund, client: Client, coordinator: User, today: Any
) -> None:
    dossier = population.dossier(
        fund=in_fund, start=today - timedelta(72), birth_date=BORN, email="zoe@insured.example"
    )
    act(in_fund, today)
    deliver(in_fund, today)
    one = Questionnaire.objects.get()

    def status(days: int = 0) -> int:
        with clock.at(today + timedelta(days)):
            return client.get(reverse("questionnaire_public", args=["311", one.token])).status_code

    def note(kind: str, on: date, name: str, **values: Any) -> None:
        told = Entry(dossier.pk, fact(kind, on, name, **values))
        record_many([told], fund=in_fund, actor=actors.of_user(coordinator))

    last = (add_months(today, 6) - today).days
    assert [status(days) for days in (0, last, last + 1)] == [200, 200, 404]
    came = {"channel": "phone", "complete": True}
    note("questionnaire_received", today - timedelta(3), "before", **came)
    note("questionnaire_received", today, "partly", channel="phone", complete=False)
    assert status() == 200
    note("questionnaire_received", today, "whole", **came)
    assert status() == 404
    note("fact_voided", today, "v", fact="whole", version=1, reason="other_person")
    assert status() == 200
    # Asked again the same day, for what came was not to be read: the new link leads somewhere, and the older too.
    sending.send(
        dossier_id=dossier.public_id, actor=actors.of_user(coordinator), on=today, channel="in_person"
    )
    assert status() == 200
    one = Questionnaire.objects.latest("pk")
    assert status() == 200
    note("questionnaire_received", today, "again", **came)
    assert status() == 404


def test_an_unknown_link_leads_nowhere(to_post: Questionnaire, other_fund: Fund, client: Client) -> None:
    token = to_post.token
    assert client.get(reverse("questionnaire_public", args=["311", token])).status_code == 200
    for number, wrong in (
        ("311", "x" * 43),
        ("311", token[:-1]),
        ("509", token),
        ("999", token),
        ("311", token.upper()),
    ):
        assert client.get(reverse("questionnaire_public", args=[number, wrong])).status_code == 404
    assert client.post(reverse("questionnaire_public", args=["311", token])).status_code == 405
    Questionnaire.objects.update(state="withdrawn")
    assert client.get(reverse("questionnaire_public", args=["311", token])).status_code == 404
