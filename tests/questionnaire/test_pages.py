"""The pages of the questionnaire: what they show to whom, what they keep, and what they cost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from routing.models import AnswerSheet, Questionnaire, QuestionnaireVersion
from routing.questionnaires import entry
from routing.questionnaires.job import act
from tests import population
from tests.questionnaire.conftest import BORN, WHOLE, at, form, told, whole
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, User

C, DOC, MT, LEAD = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
CASE = (C, DOC, MT, LEAD)
Browse = Callable[[str], Client]


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
    assert "***" in page
    ssin = answered.incapacity.person.ssin
    assert f"{ssin[6:9]}.{ssin[9:]}" not in page
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
    assert not AccessLog.objects.exists()
    conflict = browse(MT).post(save, form(0, last_work="smid")).content.decode()
    (logged,) = AccessLog.objects.all()
    assert (logged.dossier_id, logged.through) == (dossier.pk, "questionnaire"), (
        "the other's answers were shown"
    )
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
    assert re.search(
        r'id="clash"[^>]+data-focus', page.content.decode()
    )  # it stands above, not only at the bottom
    quiet = browse(MT).get(at("dossier_questionnaire_answers", dossier)).content.decode()
    assert re.search(r'id="clash"[^>]+hidden', quiet)
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


def test_a_page_shown_again_comes_after_what_it_sent_before(dossier: Dossier, browse: Browse) -> None:
    client = browse(C)
    page = client.get(at("dossier_questionnaire_answers", dossier)).content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)
    assert opened
    assert 'name="turn" value="1"' in page
    assert 'name="form"' not in page
    this = {"opened": opened[1]}
    client.post(at("dossier_questionnaire_save", dossier), form(0, last_work="smid") | this | {"turn": "7"})
    # Posted a second time by the browser: both are shown, and what is chosen is kept.
    old = form(0, last_work="bakker") | this | {"turn": "2", "do": "save"}
    again = client.post(at("dossier_questionnaire_answers", dossier), old).content.decode()
    assert 'name="turn" value="8"' in again
    assert opened[1] in again
    assert AnswerSheet.objects.get().answers == {"last_work": "smid"}
    client.post(at("dossier_questionnaire_answers", dossier), old | {"turn": "8", "overwrite": "1"})
    assert AnswerSheet.objects.get().answers == {"last_work": "bakker"}


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


# --- What they cost

CEILINGS = [
    ("dossier_questionnaire", DOC, 17),
    ("dossier_questionnaire", C, 18),
    ("dossier_questionnaire_answers", C, 17),
    ("questionnaires_to_post", C, 8),
]


@pytest.mark.parametrize(("name", "role", "ceiling"), CEILINGS)
def test_query_ceiling(
    name: str, role: str, ceiling: int, answered: Dossier, in_fund: Fund, browse: Browse, today: Any,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for _more in range(4):
        population.dossier(fund=in_fund, start=today - timedelta(72), birth_date=BORN)
    act(in_fund, today)
    client = browse(role)
    address = reverse(name) if name.startswith("questionnaires") else at(name, answered)
    client.get(address)
    with django_assert_max_num_queries(ceiling):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("channel", "said"), [("post", "stands ready to be posted"), ("in_person", "is on its way")]
)
def test_what_goes_by_post_is_not_said_to_be_on_its_way(
    channel: str, said: str, dossier: Dossier, browse: Browse
) -> None:
    client = browse(DOC)
    address = reverse("act", args=[dossier.public_id, "send-questionnaire"])
    seen = re.search(r'name="seen"\s+value="(\d+)"', client.get(address).content.decode())
    assert seen
    given = {"channel": channel, "language": "nl", "seen": seen[1]}
    assert f"The questionnaire {said}." in client.post(address, given, follow=True).content.decode()


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
