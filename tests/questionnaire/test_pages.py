"""The pages of the questionnaire: what they show to whom, what they keep, and what they cost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from routing.models import AnswerSheet, Questionnaire, QuestionnaireVersion
from routing.questionnaires import entry
from routing.questionnaires.job import act
from routing.questionnaires.mailing import deliver
from tests import population
from tests.questionnaire.conftest import BORN, states, told
from tests.questionnaire.test_entry import WHOLE
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, Team, User
from tnw.core import clock, scope

C, DOC, MT, LEAD = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
CASE = (C, DOC, MT, LEAD)
Browse = Callable[[str], Client]


@pytest.fixture
def today() -> Any:
    return clock.today()


@pytest.fixture
def browse(client: Client, make_user: Callable[..., User], fund: Fund, team: Team) -> Browse:
    """Somebody with that role; the same person each time."""
    people: dict[str, User] = {}

    def sign_in(role: str) -> Client:
        people.setdefault(role, make_user(role, fund=fund, team=team))
        client.force_login(people[role])
        return client

    return sign_in


@pytest.fixture
def dossier(in_fund: Fund, today: Any) -> Dossier:
    return population.dossier(
        fund=in_fund, start=today - timedelta(72), birth_date=BORN, last_name="Van Hée", first_name="Zoë"
    )


def at(name: str, dossier: Dossier) -> str:
    return reverse(name, args=[dossier.public_id])


def form(revision: int = 0, **answers: Any) -> dict[str, Any]:
    return {
        "version": "1",
        "revision": str(revision),
        **{f"q_{code}": value for code, value in answers.items()},
    }


def whole() -> dict[str, Any]:
    words = {True: "yes", False: "no"}
    return {code: words[value] if isinstance(value, bool) else value for code, value in WHOLE.items()}


@pytest.fixture
def answered(dossier: Dossier, in_fund: Fund, coordinator: User, today: Any) -> Dossier:
    actor = actors.of_user(coordinator)
    version = QuestionnaireVersion.objects.get(fund=in_fund)
    about: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actor, "on": today}
    sheet = entry.save(**about, version=version, answers=WHOLE, revision=0)
    entry.receive(**about, channel="post", complete=True, revision=sheet.revision)
    return dossier


@pytest.mark.parametrize("role", CASE)
def test_the_answers_for_those_who_read_them_and_the_score_for_those_who_assess(
    answered: Dossier, browse: Browse, role: str
) -> None:
    page = browse(role).get(at("dossier_questionnaire", answered)).content.decode()
    assert "Questionnaire received" in page
    assert ("kobaltblauw" in page) == (role in (C, DOC, MT))
    assert ("Score: " in page) == (role in (DOC, MT))
    assert ("decides nothing" in page) == (role in (DOC, MT))
    assert ("Type in answers" in page) == (role in (C, MT))
    other = browse(role).get(at("dossier", answered)).content.decode()
    assert "kobaltblauw" not in other
    assert "kobaltblauw" not in browse(role).get(at("dossier_history", answered)).content.decode()


def test_reading_is_logged(answered: Dossier, browse: Browse) -> None:
    browse(DOC).get(at("dossier_questionnaire", answered))
    browse(C).get(at("dossier_questionnaire_answers", answered))
    assert list(AccessLog.objects.values_list("through", flat=True)) == ["questionnaire"] * 2


def test_the_older_answers_stay_readable(
    answered: Dossier, browse: Browse, in_fund: Fund, coordinator: User, today: Any
) -> None:
    client = browse(C)
    posted = form(0, **{**whole(), "last_work": "beeldhouwer"}, ) | {
        "do": "complete", "received_on": f"{today:%d/%m/%Y}", "channel": "phone"
    }  # fmt: skip
    assert client.post(at("dossier_questionnaire_answers", answered), posted).status_code == 302
    page = client.get(at("dossier_questionnaire", answered)).content.decode()
    assert "beeldhouwer" in page
    assert "kobaltblauw" not in page
    first = AnswerSheet.objects.order_by("pk")[0]
    older = client.get(
        at("dossier_questionnaire", answered), {"answers": str(first.public_id)}
    ).content.decode()
    assert "kobaltblauw" in older
    assert "an earlier version" in older
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert (
            "beeldhouwer"
            in client.get(at("dossier_questionnaire", answered), {"answers": wrong}).content.decode()
        )


def test_what_is_typed_is_saved_without_a_receipt(dossier: Dossier, browse: Browse) -> None:
    client = browse(C)
    save = at("dossier_questionnaire_save", dossier)
    first = client.post(save, form(0, health_now="3")).content.decode()
    assert 'name="revision" value="1"' in first
    second = client.post(save, form(1, health_now="3", last_work="bakker")).content.decode()
    assert 'name="revision" value="2"' in second
    page = client.get(at("dossier_questionnaire_answers", dossier)).content.decode()
    assert "bakker" in page
    assert re.search(r'name="q_health_now"\s+value="3"\s+checked', page)
    assert told(dossier) == []
    assert "Answers are being typed" in client.get(at("dossier_questionnaire", dossier)).content.decode()


def test_the_second_who_types_is_told_and_sees_both(dossier: Dossier, browse: Browse) -> None:
    save = at("dossier_questionnaire_save", dossier)
    browse(C).post(save, form(0, last_work="bakker"))
    conflict = browse(MT).post(save, form(0, last_work="smid")).content.decode()
    for word in ("bakker", "smid", "saved other answers"):
        assert word in conflict
    assert re.search(r'name="overwrite"\s+value="1"', conflict)
    assert AnswerSheet.objects.get().answers == {"last_work": "bakker"}
    page = browse(MT).post(
        at("dossier_questionnaire_answers", dossier), form(0, last_work="smid") | {"do": "save"}
    )
    assert page.status_code == 200
    assert "bakker" in page.content.decode()
    assert "smid" in page.content.decode()
    browse(MT).post(
        at("dossier_questionnaire_answers", dossier), form(0, last_work="smid") | {"overwrite": "1"}
    )
    assert AnswerSheet.objects.get().answers == {"last_work": "smid"}


def test_what_is_not_complete_is_named_and_kept(dossier: Dossier, browse: Browse, today: Any) -> None:
    client = browse(C)
    given = form(0, health_now="3") | {"received_on": f"{today:%d/%m/%Y}", "channel": "post"}
    answer = client.post(at("dossier_questionnaire_answers", dossier), given | {"do": "complete"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#q_last_work"' in page
    assert 'href="#q_health_now"' not in page
    assert "not complete" in page
    assert AnswerSheet.objects.get().answers == {"health_now": 3}
    again = form(1, health_now="3") | {
        "received_on": f"{today:%d/%m/%Y}",
        "channel": "post",
        "do": "incomplete",
    }
    assert client.post(at("dossier_questionnaire_answers", dossier), again).status_code == 302
    assert told(dossier)[0][2] == {"complete": False, "channel": "post"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"received_on": "morgen"}, "A date is expected"),
        ({"received_on": ""}, "A date is expected"),
        ({"received_on": "01/01/2020"}, "before the incapacity began"),
        ({"received_on": "01/01/2099"}, "ahead"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_a_receipt_with_a_fault_keeps_all_that_was_typed(
    dossier: Dossier, browse: Browse, today: Any, given: dict[str, str], said: str
) -> None:
    posted = form(0, **whole()) | {
        "received_on": f"{today:%d/%m/%Y}",
        "channel": "post",
        "do": "complete",
        **given,
    }
    answer = browse(C).post(at("dossier_questionnaire_answers", dossier), posted)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "kobaltblauw" in answer.content.decode()
    assert AnswerSheet.objects.get().answers == WHOLE
    assert told(dossier) == []


def test_throwing_away(dossier: Dossier, browse: Browse) -> None:
    client = browse(C)
    client.post(at("dossier_questionnaire_save", dossier), form(0, last_work="bakker"))
    answer = client.post(at("dossier_questionnaire_answers", dossier), form(1) | {"do": "discard"})
    assert answer.status_code == 302
    assert not AnswerSheet.objects.exists()


@pytest.mark.parametrize("version", ["", "0", "2", "x", "99999999999"])
def test_a_form_of_no_version_saves_nothing(dossier: Dossier, browse: Browse, version: str) -> None:
    client = browse(C)
    for name in ("dossier_questionnaire_save", "dossier_questionnaire_answers"):
        answer = client.post(at(name, dossier), form(0, last_work="bakker") | {"version": version})
        assert answer.status_code == 200
        assert "open it anew" in answer.content.decode()
    assert not AnswerSheet.objects.exists()


def test_a_dossier_that_is_over_takes_no_answers_of_today(in_fund: Fund, browse: Browse, today: Any) -> None:
    over = population.dossier(
        fund=in_fund,
        start=today - timedelta(100),
        end=today - timedelta(10),
        end_reason="resumed",
        birth_date=BORN,
    )
    page = browse(C).get(at("dossier_questionnaire_answers", over)).content.decode()
    assert "had ended" in page
    assert "had ended" in browse(C).post(at("dossier_questionnaire_save", over), form(0)).content.decode()


def test_history_without_answers_says_so(dossier: Dossier, in_fund: Fund, browse: Browse, today: Any) -> None:
    came = fact("questionnaire_received", today, "r", channel="portal", complete=True)
    record_many([Entry(dossier.pk, came)], fund=in_fund, actor=actors.system(actors.FEED))
    page = browse(DOC).get(at("dossier_questionnaire", dossier)).content.decode()
    assert "answers are not here" in page
    assert "without its answers" in page


def test_a_voided_receipt_is_struck_through_and_its_answers_are_gone(
    answered: Dossier, in_fund: Fund, browse: Browse, today: Any
) -> None:
    sheet = AnswerSheet.objects.get()
    fault = fact("fact_voided", today, "v", fact=sheet.received_fact, version=1, reason="other_person")
    record_many([Entry(answered.pk, fault)], fund=in_fund, actor=actors.system(actors.FEED))
    page = (
        browse(C)
        .get(at("dossier_questionnaire", answered), {"answers": str(sheet.public_id)})
        .content.decode()
    )
    assert "kobaltblauw" not in page
    assert "voided" in page


# --- On paper


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
    letter = client.post(reverse("questionnaires_print"), chosen).content.decode()
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
    assert 'lang="nl"' in letter
    assert told(to_post.dossier) == []
    assert AccessLog.objects.get().through == "questionnaire"
    done = client.post(
        reverse("questionnaires_to_post"), chosen | {"do": "posted", "on": f"{today:%d/%m/%Y}"}, follow=True
    ).content.decode()
    assert "1 questionnaire is recorded as posted" in done
    assert states(in_fund) == {"sent": 1}
    assert told(to_post.dossier) == [
        ("questionnaire_sent", f"{today}", {"channel": "post", "language": "nl"})
    ]


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
    assert "Van Hée" not in client.post(reverse("questionnaires_print"), chosen).content.decode()
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


# --- Behind the link in a mail


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


# --- What they cost

CEILINGS = {
    "dossier_questionnaire": (DOC, 17),
    "dossier_questionnaire_answers": (C, 17),
    "questionnaires_to_post": (C, 7),
}


@pytest.mark.parametrize("name", CEILINGS)
def test_query_ceiling(
    name: str, answered: Dossier, in_fund: Fund, browse: Browse, today: Any,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    role, ceiling = CEILINGS[name]
    for _more in range(4):
        population.dossier(fund=in_fund, start=today - timedelta(72), birth_date=BORN)
    act(in_fund, today)
    client = browse(role)
    address = reverse(name) if name.startswith("questionnaires") else at(name, answered)
    client.get(address)
    with django_assert_max_num_queries(ceiling):
        assert client.get(address).status_code == 200


def test_acts_as_pages(dossier: Dossier, browse: Browse, today: Any, in_fund: Fund) -> None:
    client = browse(DOC)
    on = f"{today:%d/%m/%Y}"
    for slug, given in [
        ("send-questionnaire", {"channel": "in_person", "language": "nl"}),
        ("waive-questionnaire", {"reason": "medical", "note": "Opgenomen.", "on": on}),
    ]:
        address = reverse("act", args=[dossier.public_id, slug])
        page = client.get(address)
        assert page.status_code == 200
        seen = re.search(r'name="seen"\s+value="(\d+)"', page.content.decode())
        assert seen
        preview = client.post(address, given | {"seen": seen[1], "preview": "1"})
        assert preview.status_code == 200
        assert client.post(address, given | {"seen": seen[1]}).status_code == 302
    assert [kind for kind, _on, _values in told(dossier)] == ["questionnaire_sent", "questionnaire_waived"]
    help_ = reverse("act", args=[dossier.public_id, "offer-support"])
    assert client.get(help_).status_code == 403
    assert browse(C).get(help_).status_code == 200
    with audit.acting_as(actors.system(), in_fund):
        assert Questionnaire.objects.get().state == "sent"
