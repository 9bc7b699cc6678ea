"""The questions: an example for every fund, drafts that an administrator edits, versions that stay as asked (A2)."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from routing.models import Question, QuestionnaireVersion, QuestionOption
from routing.models.question import Section
from routing.questionnaires import reference
from routing.questionnaires.scoring import score
from tnw.accounts import actors
from tnw.accounts.models import Actor, AuditEntry, Fund, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError, NotAllowed

D = date.fromisoformat
TODAY = D("2026-06-17")


@pytest.fixture(autouse=True)
def _static_files(settings: Any, tmp_path: Path) -> None:
    """Warnings are errors, and nobody collected the files."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def example(in_fund: Fund) -> QuestionnaireVersion:
    return reference.in_force(in_fund, TODAY)


@pytest.fixture
def admin_actor(administrator: User) -> Actor:
    return actors.of_user(administrator)


def test_a_new_fund_has_the_example_in_three_languages(example: QuestionnaireVersion) -> None:
    titles = {example.title_nl, example.title_fr, example.title_de}
    assert titles == {
        "Voorbeeld van een vragenlijst, geen officiële tekst",
        "Exemple de questionnaire, pas de texte officiel",
        "Beispiel eines Fragebogens, kein amtlicher Wortlaut",
    }
    questions = reference.questions_of(example)
    assert 14 <= len(questions) <= 18
    assert {question.section for question in questions} == set(Section)
    for language in ("nl", "fr", "de"):
        with translation.override(language):
            texts = [question.text for question in questions]
            texts += [option.text for question in questions for option in question.choices]
        assert all(texts)
    with translation.override("en"):
        assert questions[0].text == questions[0].text_nl


def test_the_sections_come_in_their_order(example: QuestionnaireVersion) -> None:
    found = [question.section for question in reference.questions_of(example)]
    assert found == sorted(found, key=[str(one) for one in Section].index)


@pytest.mark.parametrize(
    ("days", "number"), [(-1, 1), (0, 2), (400, 2)], ids=["the day before", "the day", "after"]
)
def test_a_version_is_asked_from_its_day_on(
    example: QuestionnaireVersion, admin_actor: Actor, days: int, number: int
) -> None:
    draft = reference.copy(version=example, actor=admin_actor)
    from_day = TODAY + timedelta(10)
    reference.publish(version=draft, valid_from=from_day, actor=admin_actor, today=TODAY)
    assert reference.in_force(example.fund, from_day + timedelta(days)).number == number


def test_of_two_versions_of_one_day_the_later_one_is_asked(
    example: QuestionnaireVersion, admin_actor: Actor
) -> None:
    for _time in range(2):
        draft = reference.copy(version=example, actor=admin_actor)
        reference.publish(version=draft, valid_from=TODAY, actor=admin_actor, today=TODAY)
    assert reference.in_force(example.fund, TODAY).number == 3


def test_a_draft_is_asked_nobody(example: QuestionnaireVersion, admin_actor: Actor) -> None:
    reference.copy(version=example, actor=admin_actor)
    assert reference.in_force(example.fund, TODAY) == example
    with pytest.raises(DomainError, match="No questionnaire is published"):
        reference.in_force(example.fund, D("2021-12-31"))


def test_a_copy_has_all_of_it(example: QuestionnaireVersion, admin_actor: Actor) -> None:
    draft = reference.copy(version=example, actor=admin_actor)

    def content(version: QuestionnaireVersion) -> list[object]:
        return [
            (one.position, one.code, one.section, one.kind, one.required, one.weight, one.career, one.text_de,
             one.help_fr,
             [(option.code, option.weight, option.text_de) for option in one.choices])
            for one in reference.questions_of(version)
        ]  # fmt: skip

    assert content(draft) == content(example)
    assert (draft.number, draft.valid_from, draft.fund) == (2, None, example.fund)


def test_what_was_published_is_frozen_by_the_database(example: QuestionnaireVersion) -> None:
    question = reference.questions_of(example)[1]
    option = question.choices[0]
    attempts: list[Callable[[], object]] = [
        lambda: QuestionnaireVersion.objects.filter(pk=example.pk).update(title_nl="x"),
        lambda: QuestionnaireVersion.objects.filter(pk=example.pk).update(valid_from=None),
        lambda: Question.objects.filter(pk=question.pk).update(text_nl="x"),
        lambda: Question.objects.filter(pk=question.pk).delete(),
        lambda: Question.objects.create(
            version=example, position=99, code="more", section="work", kind="text"
        ),
        lambda: QuestionOption.objects.filter(pk=option.pk).update(weight=99),
        lambda: QuestionOption.objects.filter(pk=option.pk).delete(),
        lambda: QuestionOption.objects.create(question=question, position=9, code="more"),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            attempt()
    QuestionnaireVersion.objects.filter(pk=example.pk).update(note="what colleagues say of it stays free")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda draft: Question.objects.filter(version=draft).delete(), "without a question"),
        (
            lambda draft: QuestionOption.objects.filter(question__version=draft).delete(),
            "at least two answers",
        ),
    ],
)
def test_a_draft_that_cannot_be_asked_is_not_published(
    example: QuestionnaireVersion, admin_actor: Actor, spoil: Callable[[object], object], told: str
) -> None:
    draft = reference.copy(version=example, actor=admin_actor)
    spoil(draft)
    with pytest.raises(DomainError, match=told):
        reference.publish(version=draft, valid_from=TODAY, actor=admin_actor, today=TODAY)


def test_nothing_is_published_for_a_day_that_is_past_nor_twice(
    example: QuestionnaireVersion, admin_actor: Actor
) -> None:
    draft = reference.copy(version=example, actor=admin_actor)
    with pytest.raises(DomainError, match="past"):
        reference.publish(version=draft, valid_from=TODAY - timedelta(1), actor=admin_actor, today=TODAY)
    reference.publish(version=draft, valid_from=TODAY, actor=admin_actor, today=TODAY)
    with pytest.raises(DomainError, match="already"):
        reference.publish(version=draft, valid_from=TODAY, actor=admin_actor, today=TODAY)


def test_only_an_administrator_edits(example: QuestionnaireVersion, coordinator: User) -> None:
    actor = actors.of_user(coordinator)
    with pytest.raises(NotAllowed):
        reference.copy(version=example, actor=actor)
    with pytest.raises(NotAllowed):
        reference.publish(version=example, valid_from=TODAY, actor=actor, today=TODAY)


@pytest.mark.parametrize(
    ("answers", "value", "band"),
    [
        ({}, None, ""),
        ({"last_work": "bakker"}, None, ""),
        ({"health_now": 0}, 0, "few"),
        ({"health_now": 10}, 100, "many"),
        ({"health_now": 5}, 50, "mixed"),
        ({"treatment": True}, 0, "few"),
        ({"treatment": False}, 100, "many"),
        # 20 × 0.8 + 5 + 0 + 10 of −10 … 40, counted from −10.
        ({"health_now": 8, "health_course": "same", "treatment": False, "has_work": True}, 82, "many"),
        ({"resumption": "half_year", "confidence": 2}, 48, "mixed"),
        ({"resumption": "something else"}, 0, "few"),
    ],
)
def test_the_score_is_the_weights_between_the_least_and_the_most(
    example: QuestionnaireVersion, answers: dict[str, object], value: int | None, band: str
) -> None:
    found = score(reference.questions_of(example), answers)
    if value is None:
        assert found is None
    else:
        assert found
        assert found.value == value
        assert str(found.band).startswith(band)
        assert found.answered == len([code for code in answers if code != "last_work"])


# --- The administrator's pages


@pytest.fixture
def admin(signed_in: Callable[[User], Client], administrator: User) -> Client:
    return signed_in(administrator)


def versions(fund: Fund) -> list[tuple[int, date | None]]:
    found = QuestionnaireVersion.objects.filter(fund=fund).order_by("number")
    return list(found.values_list("number", "valid_from"))


def test_an_administrator_copies_edits_and_publishes_without_a_release(admin: Client, fund: Fund) -> None:
    example = QuestionnaireVersion.objects.get(fund=fund)
    listing = reverse("admin:routing_questionnaireversion_changelist")
    assert admin.get(listing).status_code == 200
    copied = admin.post(listing, {"action": "copy_to_draft", "_selected_action": [example.pk]}, follow=True)
    assert "draft now" in copied.content.decode()
    draft = QuestionnaireVersion.objects.get(fund=fund, number=2)

    question = draft.questions.get(code="health_course")
    page = reverse("admin:routing_question_change", args=[question.pk])
    given = admin.get(page).context["adminform"].form.initial
    options = list(question.options.all())
    data = {**{name: "" if value is None else value for name, value in given.items()}, "text_nl": "Hoe gaat het nu?",
            "options-TOTAL_FORMS": "3", "options-INITIAL_FORMS": "3"}  # fmt: skip
    for n, option in enumerate(options):
        data |= {f"options-{n}-{name}": getattr(option, name) for name in
                 ("id", "position", "code", "weight", "text_nl", "text_fr", "text_de")}  # fmt: skip
        data[f"options-{n}-question"] = question.pk
    data["options-0-weight"] = 12
    answer = admin.post(page, data)
    assert answer.status_code == 302, answer.context["errors"]
    question.refresh_from_db()
    assert (question.text_nl, question.choices[0].weight) == ("Hoe gaat het nu?", 12)

    change = reverse("admin:routing_questionnaireversion_change", args=[draft.pk])
    rows = list(draft.questions.all())
    form = {"title_nl": "Vragenlijst", "title_fr": "Questionnaire", "title_de": "Fragebogen", "note": "",
            "questions-TOTAL_FORMS": str(len(rows)), "questions-INITIAL_FORMS": str(len(rows))}  # fmt: skip
    for n, row in enumerate(rows):
        form |= {f"questions-{n}-{name}": str(getattr(row, name)) for name in
                 ("id", "position", "code", "section", "kind", "career", "weight")}  # fmt: skip
        form[f"questions-{n}-version"] = str(draft.pk)
        form |= {f"questions-{n}-required": "on"} if row.required else {}
    past = admin.post(change, {**form, "publish_from": "01/01/2020"})
    assert past.status_code == 200
    assert "publish_from" in past.context["adminform"].form.errors
    scale = next(n for n, row in enumerate(rows) if row.kind == "scale")
    no_text = admin.post(change, {**form, f"questions-{scale}-career": "job"})
    assert no_text.status_code == 200
    assert "Only a question answered with a text" in no_text.content.decode()
    tomorrow = clock.today() + timedelta(1)
    published = admin.post(change, {**form, "publish_from": f"{tomorrow:%d/%m/%Y}"})
    assert published.status_code == 302, published.context["errors"]
    assert versions(fund) == [(1, D("2022-01-01")), (2, tomorrow)]
    with scope.funds(fund.pk):
        said = AuditEntry.objects.filter(object_pk=str(draft.pk), changes__has_key="valid_from").first()
        assert said
        assert said.acting.user
    assert reference.in_force(fund, tomorrow).title_fr == "Questionnaire"
    told_of = Question.objects.filter(version=draft).exclude(career="").values_list("code", "career")
    assert ("jobs", "job") in told_of


def test_a_published_version_can_only_be_read(admin: Client, fund: Fund) -> None:
    example = QuestionnaireVersion.objects.get(fund=fund)
    question = example.questions.first()
    assert question
    for name, row in [("questionnaireversion", example.pk), ("question", question.pk)]:
        page = reverse(f"admin:routing_{name}_change", args=[row])
        shown = admin.get(page)
        assert shown.status_code == 200
        assert "_save" not in shown.content.decode()
        assert admin.post(page, {"title_nl": "x"}).status_code == 403
        assert (
            admin.post(reverse(f"admin:routing_{name}_delete", args=[row]), {"post": "yes"}).status_code
            == 403
        )
        listing = reverse(f"admin:routing_{name}_changelist")
        admin.post(listing, {"action": "delete_selected", "_selected_action": [row], "post": "yes"})
    assert versions(fund) == [(1, D("2022-01-01"))]
    assert example.questions.count() >= 14


def test_another_funds_questions_do_not_exist(admin: Client, fund: Fund, other_fund: Fund) -> None:
    theirs = QuestionnaireVersion.objects.get(fund=other_fund)
    question = theirs.questions.first()
    assert question
    for name, row in [("questionnaireversion", theirs.pk), ("question", question.pk)]:
        answer = admin.get(reverse(f"admin:routing_{name}_change", args=[row]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("admin:index")
        listing = admin.get(reverse(f"admin:routing_{name}_changelist")).content.decode()
        assert reverse(f"admin:routing_{name}_change", args=[row]) not in listing
    add = admin.get(reverse("admin:routing_question_add"))
    assert add.status_code == 200
    assert str(theirs) not in add.content.decode()
    admin.post(
        reverse("admin:routing_questionnaireversion_changelist"),
        {"action": "copy_to_draft", "_selected_action": [theirs.pk]},
    )
    assert versions(other_fund) == [(1, D("2022-01-01"))]
