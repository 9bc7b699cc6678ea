"""What answers tell of the career: which lines are proposed, and who takes over what."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from dossiers import career as by_hand
from dossiers.career import Details
from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import CareerItem, Dossier, LedgerEntry
from routing.models import AnswerSheet, QuestionnaireVersion
from routing.questionnaires import career, entry
from routing.questionnaires.reference import in_force, questions_of
from tests.questionnaire.conftest import WHOLE, at
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, AuditEntry, Fund, Role, User
from tnw.core.errors import DomainError, NotAllowed

C, MT = Role.COORDINATOR, Role.MEDICAL_TEAM
Acting = Callable[[str], Actor]
Browse = Callable[[str], Client]
SAID = {
    **WHOLE,
    "last_work": "magazijnier, kobaltblauw",
    "jobs": " - bakker (2010)\r\n\r\n• smid\r\nmagazijnier, kobaltblauw\r\nbakker   (2010)\r\n–\r\n",
    "trainings": "x" * 230,
    "aims": "halftijds\nweer op kantoor",
    "own_words": "niets van mijn loopbaan",
}
LINES = [
    ("last_work-0", "job", "magazijnier, kobaltblauw"),
    ("trainings-0", "training", "x" * 200),
    ("languages-0", "language", "Nederlands"),
    ("languages-1", "language", "Frans, een beetje"),
    ("jobs-0", "job", "bakker (2010)"),
    ("jobs-2", "job", "smid"),
    ("aims-0", "aim", "halftijds"),
    ("aims-1", "aim", "weer op kantoor"),
]


@pytest.fixture
def sheet(dossier: Dossier, in_fund: Fund, coordinator: User, today: date) -> AnswerSheet:
    actor = actors.of_user(coordinator)
    about: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actor, "on": today}
    version = QuestionnaireVersion.objects.get(fund=in_fund)
    draft = entry.save(**about, version=version, answers=SAID, revision=0)
    return entry.receive(**about, channel="post", complete=True, revision=draft.revision)


def offered(actor: Actor, dossier: Dossier, sheet: AnswerSheet) -> list[tuple[str, str, str]]:
    found = career.proposals(actor, dossier, questions_of(sheet.version), sheet)
    return [(line.key, line.kind, line.title) for line in found]


def take(dossier: Dossier, sheet: AnswerSheet, actor: Actor, on: date, *keys: str) -> list[CareerItem]:
    return career.take_over(
        dossier_id=dossier.public_id, sheet_id=sheet.public_id, keys=keys, actor=actor, on=on
    )


def kept(dossier: Dossier) -> list[tuple[str, str, str]]:
    items = CareerItem.objects.filter(dossier=dossier, removed_at=None).order_by("pk")
    return list(items.values_list("kind", "title", "source"))


def noted(dossier: Dossier) -> int:
    return LedgerEntry.objects.filter(dossier=dossier, kind="career_noted").count()


def test_the_example_asks_for_every_kind(in_fund: Fund, today: date) -> None:
    asked = {one.career for one in questions_of(in_force(in_fund, today))}
    assert asked == {"", "job", "training", "language", "aim"}


def test_each_line_once_without_what_stands_before_it(
    dossier: Dossier, sheet: AnswerSheet, acting: Acting
) -> None:
    assert offered(acting(C), dossier, sheet) == LINES


def test_a_story_is_no_list(dossier: Dossier, sheet: AnswerSheet, acting: Acting) -> None:
    sheet.answers = {"jobs": "\n".join(f"werk {n}" for n in range(80))}
    assert len(offered(acting(C), dossier, sheet)) == career.MOST_LINES
    sheet.answers = {"jobs": ["bakker"], "languages": 3}
    assert offered(acting(C), dossier, sheet) == []


def test_what_is_in_the_career_is_proposed_no_more_and_again_once_it_was_removed(
    dossier: Dossier, sheet: AnswerSheet, acting: Acting, today: date
) -> None:
    me = acting(C)
    about: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": me, "on": today}
    smith = by_hand.add(**about, kind="job", details=Details(title="smid"))
    by_hand.add(**about, kind="aim", details=Details(title="bakker (2010)"))  # another kind
    assert [line for line in LINES if line not in offered(me, dossier, sheet)] == [("jobs-2", "job", "smid")]
    by_hand.remove(**about, item_id=smith.public_id, version=1)
    assert offered(me, dossier, sheet) == LINES


@pytest.mark.parametrize("role", Role.values)
def test_who_takes_over(role: str, dossier: Dossier, sheet: AnswerSheet, acting: Acting, today: date) -> None:
    actor = acting(role)
    with audit.acting_as(actor, dossier.fund):
        if role not in (C, MT):
            with pytest.raises(NotAllowed):
                take(dossier, sheet, actor, today, "jobs-2")
            assert kept(dossier) == []
            return
        take(dossier, sheet, actor, today, "jobs-2", "languages-1")
        assert kept(dossier) == [
            ("language", "Frans, een beetje", "questionnaire"),
            ("job", "smid", "questionnaire"),
        ]
        assert AuditEntry.objects.filter(content_type__model="careeritem", acting=actor).count() == 2
        assert noted(dossier) == 1
        # Once more, with another one: what is there stays as it is, and the day is told once.
        assert len(take(dossier, sheet, actor, today, "jobs-2", "aims-0")) == 1
        assert take(dossier, sheet, actor, today, "jobs-2") == []
        assert len(kept(dossier)) == 3
        assert noted(dossier) == 1


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ((), "required"),
        (("jobs-9",), "line_unknown"),
        (("jobs-2", "own_words-0"), "line_unknown"),
        (("jobs-1",), "line_unknown"),  # an empty line
        (("smid",), "line_unknown"),
    ],
)
def test_refused_as_a_whole(
    keys: tuple[str, ...], code: str, dossier: Dossier, sheet: AnswerSheet, acting: Acting, today: date
) -> None:
    with pytest.raises(DomainError) as refusal:
        take(dossier, sheet, acting(C), today, *keys)
    assert refusal.value.code == code
    assert kept(dossier) == []


def test_answers_that_are_none_of_this_dossier(
    dossier: Dossier, sheet: AnswerSheet, acting: Acting, today: date, in_fund: Fund,
    dossier_of: Callable[..., Dossier],
) -> None:  # fmt: skip
    me = acting(C)
    about: dict[str, Any] = {"keys": ["jobs-2"], "actor": me, "on": today}
    other = dossier_of(start=dossier.incapacity.start)
    for sheet_id in (None, UUID(int=0), sheet.public_id):
        with pytest.raises(DomainError) as refusal:
            career.take_over(dossier_id=other.public_id, sheet_id=sheet_id, **about)
        assert refusal.value.code == "answers_unknown"
    # A draft is not received yet, and what was voided does not count.
    version = sheet.version
    draft = entry.save(
        dossier_id=dossier.public_id, actor=me, on=today, version=version, answers=SAID, revision=0
    )
    fault = fact("fact_voided", today, "v", fact=sheet.received_fact, version=1, reason="other_person")
    record_many([Entry(dossier.pk, fault)], fund=in_fund, actor=actors.system(actors.FEED))
    for one in (draft, sheet):
        with pytest.raises(DomainError) as refusal:
            take(dossier, one, me, today, "jobs-2")
        assert refusal.value.code == "answers_unknown"
    assert kept(dossier) == []


# --- The page


@pytest.mark.parametrize("role", [C, MT, Role.ADVISORY_DOCTOR, Role.TEAM_LEAD])
def test_the_proposals_are_for_who_writes_the_career(
    role: str, dossier: Dossier, sheet: AnswerSheet, browse: Browse
) -> None:
    page = browse(role).get(at("dossier_questionnaire", dossier)).content.decode()
    assert ("For the career" in page) == (role in (C, MT))
    assert page.count('name="line"') == (len(LINES) if role in (C, MT) else 0)


def test_from_the_answers_to_the_career(dossier: Dossier, sheet: AnswerSheet, browse: Browse) -> None:
    client = browse(C)
    posted = {"answers": str(sheet.public_id), "line": ["jobs-0", "aims-1"]}
    answer = client.post(at("dossier_questionnaire_career", dossier), posted, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(at("dossier_career", dossier), 302)]
    assert "2 items were taken over" in page
    assert page.count("from the questionnaire") == 2
    left = client.get(at("dossier_questionnaire", dossier)).content.decode()
    assert left.count('name="line"') == len(LINES) - 2
    again = client.post(at("dossier_questionnaire_career", dossier), posted, follow=True)
    assert "in the career already" in again.content.decode()
    assert len(kept(dossier)) == 2


@pytest.mark.parametrize(
    ("posted", "said", "ticked"),
    [
        ({}, "These answers are not in this dossier.", 0),
        ({"answers": "x", "line": "jobs-2"}, "These answers are not in this dossier.", 1),
        ({"answers": "its own"}, "Choose what to take over", 0),
        ({"answers": "its own", "line": ["jobs-2", "<i>"]}, "This does not stand in these answers.", 1),
    ],
)
def test_a_wrong_form_takes_nothing_and_says_why(
    posted: dict[str, Any], said: str, ticked: int, dossier: Dossier, sheet: AnswerSheet, browse: Browse
) -> None:
    if posted.get("answers") == "its own":
        posted = {**posted, "answers": str(sheet.public_id)}
    answer = browse(C).post(at("dossier_questionnaire_career", dossier), posted)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert page.count(" checked>") == ticked
    assert "<i>" not in page
    assert kept(dossier) == []
