"""Answers from paper or phone: saved while typing, received once or twice, complete or not, and read by few (T2, T3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import translation

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, LedgerEntry, LedgerPayload, Outbox
from routing.models import AnswerSheet, QuestionnaireVersion, RouteA
from routing.questionnaires import entry, reading, reference, sending
from routing.questionnaires.answers import in_words, missing, typed
from tests.questionnaire.conftest import READY, ROLES, WHOLE, D, told
from tnw.accounts.models import AccessLog, Actor, AuditEntry, Fund, Role
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed

Due = Callable[..., Dossier]
Acting = Callable[[str], Actor]
C, DOC, MT, LEAD = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with clock.at(READY):
        yield


@pytest.fixture
def version(in_fund: Fund) -> QuestionnaireVersion:
    return QuestionnaireVersion.objects.get(fund=in_fund)


@pytest.fixture
def dossier(due: Due) -> Dossier:
    return due()


def keep(
    dossier: Dossier, actor: Actor, version: QuestionnaireVersion, answers: dict[str, Any], revision: int
) -> AnswerSheet:
    return entry.save(
        dossier_id=dossier.public_id,
        actor=actor,
        on=READY,
        version=version,
        answers=answers,
        revision=revision,
    )


def take(dossier: Dossier, actor: Actor, sheet: AnswerSheet, **more: Any) -> AnswerSheet:
    given = {"on": READY, "channel": "post", "complete": True, "revision": sheet.revision, **more}
    return entry.receive(dossier_id=dossier.public_id, actor=actor, **given)


@pytest.mark.parametrize("role", ROLES)
def test_who_types_in(dossier: Dossier, version: QuestionnaireVersion, acting: Acting, role: str) -> None:
    if role in (C, MT):
        sheet = keep(dossier, acting(role), version, WHOLE, 0)
        take(dossier, acting(role), sheet)
        return
    refused = "not_allowed" if role in (DOC, LEAD) else "dossier_unknown"
    with pytest.raises(DomainError) as refusal:
        keep(dossier, acting(role), version, WHOLE, 0)
    assert refusal.value.code == refused
    sheet = keep(dossier, acting(C), version, WHOLE, 0)
    with pytest.raises(DomainError) as refusal:
        take(dossier, acting(role), sheet)
    assert refusal.value.code == refused
    with pytest.raises(NotAllowed):
        entry.discard(dossier_id=dossier.public_id, actor=acting(role), revision=1)


@pytest.mark.parametrize("role", ROLES)
def test_who_reads(dossier: Dossier, version: QuestionnaireVersion, acting: Acting, role: str) -> None:
    """The wall stands in the read: a team lead sees by the facts that they came, and nothing of what they say."""
    take(dossier, acting(C), keep(dossier, acting(C), version, WHOLE, 0))
    found = AnswerSheet.objects.visible_to(acting(role)).filter(dossier=dossier)
    assert bool(found) == (role in (C, DOC, MT))
    if role == LEAD:
        standing = reading.standing(acting(role), dossier)
        assert standing.received
        assert standing.counts is None
        assert [one.sheet for one in standing.happened] == [None]


def test_t2_received_complete_meets_it(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    sending.send(dossier_id=dossier.public_id, actor=acting(C), on=READY, channel="in_person")
    sheet = keep(dossier, acting(MT), version, WHOLE, 0)
    assert told(dossier, "questionnaire_received") == []
    with clock.at(READY + timedelta(5)):
        done = take(dossier, acting(MT), sheet, on=READY + timedelta(4), channel="phone")
    assert told(dossier, "questionnaire_received") == [
        ("questionnaire_received", f"{READY + timedelta(4)}", {"complete": True, "channel": "phone"})
    ]
    recorded = LedgerEntry.objects.get(dossier=dossier, fact_id=done.received_fact)
    assert recorded.actor == acting(MT)
    assert Deadline.objects.get(dossier=dossier, rule="T2").outcome == "met"
    assert RouteA.objects.get(dossier=dossier).state == "questionnaire_received"


def test_t2_late_counts_as_late(dossier: Dossier, version: QuestionnaireVersion, acting: Acting) -> None:
    sending.send(dossier_id=dossier.public_id, actor=acting(C), on=READY, channel="in_person")
    day = READY + timedelta(40)
    with clock.at(day):
        sheet = entry.save(
            dossier_id=dossier.public_id, actor=acting(C), on=day, version=version, answers=WHOLE, revision=0
        )
        take(dossier, acting(C), sheet, on=day)
    assert Deadline.objects.get(dossier=dossier, rule="T2").outcome == "met_late"
    assert Deadline.objects.get(dossier=dossier, rule="T3").outcome == "met_late"


def test_t2_not_complete_meets_nothing(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    sending.send(dossier_id=dossier.public_id, actor=acting(C), on=READY, channel="in_person")
    sheet = keep(dossier, acting(C), version, {"health_now": 3}, 0)
    take(dossier, acting(C), sheet, complete=False)
    assert Deadline.objects.get(dossier=dossier, rule="T2").closed_on is None
    assert RouteA.objects.get(dossier=dossier).state == "questionnaire_sent"
    # The rest comes by phone: it goes on where the first one ended.
    draft = entry.beginning(acting(C), dossier, READY)
    assert (draft.answers, draft.revision) == ({"health_now": 3}, 0)


@pytest.mark.parametrize(
    ("answers", "lacking"),
    [
        ({}, 13),
        ({**WHOLE, "years_worked": "een stuk of tien"}, 1),
        ({code: value for code, value in WHOLE.items() if code != "health_now"}, 1),
    ],
)
def test_what_is_not_complete_is_not_taken_as_complete(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting, answers: dict[str, Any], lacking: int
) -> None:
    sheet = keep(dossier, acting(C), version, answers, 0)
    with pytest.raises(entry.Incomplete) as refusal:
        take(dossier, acting(C), sheet)
    assert len(refusal.value.missing) == lacking
    assert told(dossier) == []
    assert AnswerSheet.objects.get().answers == answers
    take(dossier, acting(C), sheet, complete=False)


def test_a_second_receipt_is_a_new_version_and_the_older_stays(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    first = take(dossier, acting(C), keep(dossier, acting(C), version, WHOLE, 0))
    assert entry.beginning(acting(C), dossier, READY).answers == {}
    later = {**WHOLE, "health_now": 2}
    second = take(dossier, acting(C), keep(dossier, acting(C), version, later, 0))
    standing = reading.standing(acting(DOC), dossier)
    assert standing.counts == second
    assert [one.sheet for one in standing.happened] == [second, first]
    assert standing.happened[1].sheet
    assert standing.happened[1].sheet.answers == WHOLE


def test_f1_a_voided_receipt_does_not_count(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting, in_fund: Fund
) -> None:
    first = take(dossier, acting(C), keep(dossier, acting(C), version, WHOLE, 0))
    second = take(dossier, acting(C), keep(dossier, acting(C), version, {**WHOLE, "health_now": 2}, 0))

    def void(sheet: AnswerSheet) -> None:
        fault = fact(
            "fact_voided", READY, f"v-{sheet.pk}", fact=sheet.received_fact, version=1, reason="other_person"
        )
        record_many([Entry(dossier.pk, fault)], fund=in_fund, actor=acting(C))

    void(second)
    standing = reading.standing(acting(DOC), dossier)
    assert standing.counts == first
    assert [one.voided for one in standing.happened] == [True, False]
    void(first)
    standing = reading.standing(acting(DOC), dossier)
    assert standing.counts is None
    assert not standing.received


def test_what_was_recorded_elsewhere_has_no_answers(dossier: Dossier, acting: Acting, in_fund: Fund) -> None:
    came = fact("questionnaire_received", D("2026-03-02"), "r", channel="portal", complete=True)
    record_many([Entry(dossier.pk, came)], fund=in_fund, actor=acting(C))
    standing = reading.standing(acting(DOC), dossier)
    assert standing.received
    assert standing.counts is None


def test_two_who_type_at_once_lose_nothing(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    mine = keep(dossier, acting(C), version, {"health_now": 3}, 0)
    with pytest.raises(entry.TypedMeanwhile) as told_so:
        keep(dossier, acting(MT), version, {"health_now": 8}, 0)
    assert told_so.value.saved.actor == acting(C)
    assert AnswerSheet.objects.get().answers == {"health_now": 3}
    # Who looked, and decides, overwrites knowingly; the first is then told in turn.
    kept = keep(dossier, acting(MT), version, {"health_now": 8}, mine.revision)
    assert kept.revision == 2
    with pytest.raises(entry.TypedMeanwhile):
        keep(dossier, acting(C), version, {"health_now": 3, "confidence": 1}, 1)
    with pytest.raises(entry.TypedMeanwhile):
        take(dossier, acting(C), mine, revision=1)
    # The same answers are no conflict, whoever typed them.
    assert keep(dossier, acting(C), version, {"health_now": 8}, 1).revision == 2


def test_an_opened_form_is_not_in_its_own_way(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    """What it sends on leaving, before it heard of its last saving, is saved; another form of the same person is told."""
    about: dict[str, Any] = {
        "dossier_id": dossier.public_id, "actor": acting(C), "on": READY, "version": version, "revision": 0
    }  # fmt: skip
    entry.save(**about, answers={"health_now": 3}, form="one")
    assert entry.save(**about, answers={"health_now": 4}, form="one").revision == 2
    with pytest.raises(entry.TypedMeanwhile):
        entry.save(**about, answers={"health_now": 5}, form="two")
    with pytest.raises(entry.TypedMeanwhile):
        entry.save(**about, answers={"health_now": 5})


@pytest.mark.parametrize("last", [{"health_now": 5}, {"health_now": 3}])
def test_what_a_form_sent_before_and_lands_after_changes_nothing(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting, last: dict[str, Any]
) -> None:
    """Also where what it sent last was what stood there already."""
    about: dict[str, Any] = {
        "dossier_id": dossier.public_id, "actor": acting(C), "on": READY, "version": version, "revision": 0
    }  # fmt: skip
    entry.save(**about, answers={"health_now": 3}, form="one", turn=1)
    entry.save(**about, answers=last, form="one", turn=3)
    with pytest.raises(entry.TypedMeanwhile):
        entry.save(**about, answers={"health_now": 4}, form="one", turn=2)
    assert AnswerSheet.objects.get().answers == last
    # Where a page cannot count, what comes last is the last.
    entry.save(**about, answers={"health_now": 6}, form="one", turn=3)
    assert AnswerSheet.objects.get().answers == {"health_now": 6}


def test_what_a_form_sent_first_and_lands_after_its_receipt_begins_nothing(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    about: dict[str, Any] = {
        "dossier_id": dossier.public_id, "actor": acting(C), "on": READY, "version": version, "revision": 0
    }  # fmt: skip
    sheet = entry.save(**about, answers=WHOLE, form="one", turn=2)
    take(dossier, acting(C), sheet)
    with pytest.raises(entry.NotYetTyped):
        entry.save(**about, answers={"health_now": 4}, form="one", turn=1)
    assert AnswerSheet.objects.get() == sheet
    assert not entry.save(**about, answers={"health_now": 4}, form="two", turn=1).received_fact


def test_what_was_received_is_not_typed_over(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    take(dossier, acting(C), keep(dossier, acting(C), version, WHOLE, 0))
    with pytest.raises(entry.NotYetTyped):
        keep(dossier, acting(MT), version, {"health_now": 1}, 1)
    assert AnswerSheet.objects.get().answers == WHOLE


def test_a_draft_can_be_thrown_away(dossier: Dossier, version: QuestionnaireVersion, acting: Acting) -> None:
    keep(dossier, acting(C), version, {"health_now": 3}, 0)
    with pytest.raises(entry.TypedMeanwhile):
        entry.discard(dossier_id=dossier.public_id, actor=acting(MT), revision=0)
    entry.discard(dossier_id=dossier.public_id, actor=acting(MT), revision=1)
    assert not AnswerSheet.objects.exists()
    with pytest.raises(entry.NotYetTyped):
        entry.discard(dossier_id=dossier.public_id, actor=acting(MT), revision=1)


def test_there_is_one_draft_of_a_dossier(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    keep(dossier, acting(C), version, {"health_now": 3}, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerSheet.objects.create(
            fund=dossier.fund, dossier=dossier, version=version, actor=acting(C), saved_at=clock.now()
        )


def test_a_wrong_day_is_refused_and_the_draft_stays(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    sheet = keep(dossier, acting(C), version, WHOLE, 0)
    for on in (READY + timedelta(1), D("2026-01-04")):
        with pytest.raises(DomainError):
            take(dossier, acting(C), sheet, on=on)
    assert not AnswerSheet.objects.get().received_fact


def test_the_questions_are_those_that_were_sent(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting
) -> None:
    sending.send(dossier_id=dossier.public_id, actor=acting(C), on=READY, channel="in_person")
    admin = acting(Role.ADMINISTRATOR)
    newer = reference.copy(version=version, actor=admin)
    reference.publish(version=newer, valid_from=READY, actor=admin, today=READY)
    assert entry.beginning(acting(C), dossier, READY).version == version
    sending.send(dossier_id=dossier.public_id, actor=acting(C), on=READY, channel="in_person")
    assert entry.beginning(acting(C), dossier, READY).version == newer


def test_answers_stand_nowhere_else(
    dossier: Dossier, version: QuestionnaireVersion, acting: Acting, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        sheet = keep(dossier, acting(C), version, WHOLE, 0)
        sheet = keep(dossier, acting(C), version, {**WHOLE, "last_work": "smid, kobaltblauw"}, sheet.revision)
        take(dossier, acting(C), sheet)
    places = [
        *(str(one.changes) for one in AuditEntry.objects.all()),
        *(str(one.values) for one in LedgerEntry.objects.all()),
        *(str(one.body) for one in LedgerPayload.objects.all()),
        *(str(vars(one)) for one in Outbox.objects.all()),
        *(one.through for one in AccessLog.objects.all()),
        *(record.getMessage() for record in caplog.records if not record.name.startswith("django.db")),
    ]
    assert "kobaltblauw" not in " ".join(places)
    masked = AuditEntry.objects.filter(content_type__model="answersheet", changes__has_key="answers")
    assert masked.count() == 2
    assert all("***" in str(one.changes["answers"]) for one in masked)


@pytest.mark.parametrize(
    ("posted", "answers"),
    [
        ("", {}),
        ("q_health_now=0&q_confidence=10", {"health_now": 0, "confidence": 10}),
        ("q_health_now=11&q_confidence=x", {}),
        (f"q_health_now={'9' * 5000}", {}),
        (f"q_years_worked={'9' * 5000}", {"years_worked": "9" * 40}),
        ("q_health_course=better&q_resumption=nonsense", {"health_course": "better"}),
        ("q_limits=pressure&q_limits=sitting&q_limits=other", {"limits": ["sitting", "pressure"]}),
        ("q_treatment=no&q_has_work=yes&q_wants_help=maybe", {"treatment": False, "has_work": True}),
        ("q_years_worked=12", {"years_worked": 12}),
        ("q_years_worked=een+stuk+of+tien", {"years_worked": "een stuk of tien"}),
        ("q_years_worked=99999999", {"years_worked": "99999999"}),
        ("q_last_work=++bakker%0D%0Aen+meer+", {"last_work": "bakker\r\nen meer"}),
        ("q_unknown=1", {}),
    ],
)
def test_what_is_typed_is_read_by_its_question(
    version: QuestionnaireVersion, posted: str, answers: dict[str, Any]
) -> None:
    assert typed(reference.questions_of(version), QueryDict(posted)) == answers


def test_answers_in_words(version: QuestionnaireVersion) -> None:
    questions = {question.code: question for question in reference.questions_of(version)}
    assert not missing(questions.values(), WHOLE)
    with translation.override("en"):
        said = {code: in_words(question, WHOLE.get(code)) for code, question in questions.items()}
    assert said["health_now"] == "6 out of 10"
    assert said["limits"] == "tillen of dragen, werken onder druk"
    assert (said["treatment"], said["has_work"], said["years_worked"]) == ("no", "yes", "12")
    assert (said["resumption"], said["own_words"]) == ("binnen drie tot zes maanden", "")
