"""A small replay on a real database: every fact accepted, whatever interrupts it, and nothing done twice."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dossiers import projection
from dossiers.law.facts import Fact
from dossiers.models import Dossier, LedgerEntry, LedgerPayload, Reminder, SweptThrough
from dossiers.models.imports import ImportRun, ImportState
from routing.models import AnswerSheet, Questionnaire, RouteA
from tests.demo.ledgers import ledger_of
from tnw.accounts import actors, audit
from tnw.accounts.models import ActorKind, Fund, Role, User
from tnw.core import scope
from tnw.core.tasks import Nudge
from tnw.web.demo import memory, opening, replay
from tnw.web.demo.acts import Refused, Staff, perform
from tnw.web.demo.course import JOB
from tnw.web.demo.memory import Memory
from tnw.web.demo.population import LARGE, SMALL, Plan
from trajects.models import Appointment

UNTIL = date(2025, 6, 30)
# The days that are told.
ENDS_OF_MONTHS = [date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(10, 19)]
# What a service records besides what the script says.
ADDED_BY_SERVICES = {
    "appointment_cancelled", "appointment_made", "consent_given", "contact_held", "declaration_drawn_up",
    "first_step_chosen", "plan_evaluated", "traject_evaluated",
}  # fmt: skip
# What services find out for themselves.
WORKED_OUT = {
    "appointment_made": {"route"}, "reduction_confirmed": {"from", "to", "percent"}, "declaration_signed": {"document"},
}  # fmt: skip


@pytest.fixture
def story(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    monkeypatch.setattr(memory, "folder", lambda: tmp_path)
    # Nothing is ever committed in a test, so what waits for that is done at once.
    monkeypatch.setattr(Nudge, "delay_on_commit", lambda self, *args, **kwargs: self.delay(*args, **kwargs))
    made = Memory(Plan.until(UNTIL, people=30, months=8))
    made.save()
    opening.open_houses(made.plan.first_day)
    return made


@pytest.fixture
def all_funds(story: Memory) -> Iterator[None]:
    with scope.funds(*Fund.objects.values_list("pk", flat=True)):
        yield


Told = tuple[str, date, str]


def recorded(fund: Fund) -> dict[str, list[Told]]:
    """The facts in the ledger, by reference."""
    actor = actors.system()
    with audit.acting_as(actor, fund):
        known = dict(Dossier.objects.visible_to(actor).values_list("pk", "incapacity__reference"))
        facts = projection.facts_of(list(known))
    return {known[pk]: content(facts[pk]) for pk in known}


def content(facts: Iterable[Fact]) -> list[Told]:
    """What facts say, without the ids and the names that a service gives."""
    kinds = {fact.id: f"{fact.kind} {fact.on}" for fact in facts}
    told = []
    for fact in facts:
        values = fact.values.plain()
        if "fact" in values:
            values["fact"] = kinds[values["fact"]]
        values = {name: value for name, value in values.items() if name not in WORKED_OUT.get(fact.kind, ())}
        told.append((fact.kind, fact.on, json.dumps(values, sort_keys=True)))
    return sorted(told)


def told(plan: Plan, fund: Fund, until: date) -> dict[str, list[Told]]:
    """The facts as the script has them, without a database."""
    ledgers = {life.person.reference: ledger_of(life, until) for life in plan.lives(fund.number, until)}
    return {reference: content(facts) for reference, facts in ledgers.items() if facts}


def assert_whole(plan: Plan, until: date, refused: Sequence[Refused] = ()) -> None:
    could_not = {one.reference for one in refused}
    for number in (LARGE, SMALL):
        fund = Fund.objects.get(number=number)
        found, expected = recorded(fund), told(plan, fund, until)
        assert found.keys() == expected.keys()
        for reference, facts in expected.items():
            if reference not in could_not:
                also = Counter(found[reference]) - Counter(facts)
                assert not Counter(facts) - Counter(found[reference]), reference
                assert {kind for kind, *_rest in also} <= ADDED_BY_SERVICES, reference
    call_command("verify_ledger")
    call_command("rebuild_deadlines", check=True)
    said = StringIO()
    call_command("verify_states", stdout=said)
    assert (
        "0 states that do not follow from their ledger, 0 dossiers that contradict themselves"
        in said.getvalue()
    )


def test_every_fact_of_the_script_is_recorded(story: Memory, all_funds: None) -> None:
    said: list[str] = []
    refused = replay.replay(story, UNTIL, said.append)
    done = LedgerEntry.objects.count()
    assert len(refused) < done / 50, Counter((one.act.fact.kind, one.code) for one in refused)
    assert_whole(story.plan, UNTIL, refused)
    assert [line[:10] for line in said] == [f"{last_day:%d/%m/%Y}" for last_day in ENDS_OF_MONTHS]

    # Through the real doors: imports with refused lines, reminders by the jobs, text apart, people as actors.
    runs = ImportRun.objects.all()
    assert {run.state for run in runs} == {ImportState.DONE}
    assert sum(run.lines - run.accepted for run in runs) >= 5, "lines refused on purpose"
    assert Reminder.objects.exists()
    assert set(SweptThrough.objects.values_list("day", flat=True)) == {UNTIL}
    assert LedgerPayload.objects.exists()
    kinds = set(LedgerEntry.objects.values_list("actor__kind", flat=True))
    assert kinds == {ActorKind.JOB, ActorKind.USER}
    first = LedgerEntry.objects.earliest("at")
    assert first.at.date() < date(2024, 12, 1), "recorded on its day"
    # What fits nowhere was given to somebody before somebody worked on it.
    acted = LedgerEntry.objects.filter(actor__user__roles__contains=[Role.COORDINATOR])
    assert acted.exists()
    assert not acted.filter(dossier__coordinator__isnull=True).exists()

    # People went all the way, and what they answered is there to be read.
    assert set(RouteA.objects.values_list("state", flat=True)) >= {"assessed", "referred", "traject_started"}
    assert set(Appointment.objects.values_list("state", flat=True)) >= {"held"}
    assert AnswerSheet.objects.filter(complete=True).exists()
    assert not Questionnaire.objects.filter(state="to_mail").exists()
    tampered_states_are_found_and_mended()

    # Once more changes nothing.
    before = LedgerEntry.objects.count(), Reminder.objects.count(), ImportRun.objects.count()
    replay.replay(story, UNTIL, said.append)
    assert len(said) == len(ENDS_OF_MONTHS)
    assert before == (LedgerEntry.objects.count(), Reminder.objects.count(), ImportRun.objects.count())


def tampered_states_are_found_and_mended() -> None:
    """A row that its ledger does not explain ends verify_states with 1; rebuild_deadlines puts it right."""
    one = RouteA.objects.filter(state="assessed").order_by("pk")[0]
    RouteA.objects.filter(pk=one.pk).update(state="closed", reason="other")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_states", stdout=said)
    assert " 1 states that do not follow from their ledger" in said.getvalue()
    assert RouteA.objects.get(pk=one.pk).state == "closed", "looking changes nothing"
    call_command("rebuild_deadlines")
    assert RouteA.objects.get(pk=one.pk).state == "assessed"
    call_command("verify_states")


def test_it_goes_on_after_a_kill_and_over_its_first_end(
    story: Memory, all_funds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception): ...

    def killed(day: date) -> None:
        if day == date(2025, 6, 12):
            raise Killed

    story.plan = Plan.until(UNTIL, people=12, months=1)
    with monkeypatch.context() as patched:
        patched.setattr(replay, "OF_DEADLINES", {**replay.OF_DEADLINES, "killed": killed})
        with pytest.raises(Killed):
            replay.replay(story, UNTIL, lambda line: None)
    left = memory.recall()
    assert left is not None
    assert left.plan == story.plan
    assert left.through == date(2025, 6, 11), "the day that was left half is done again"
    refused = replay.replay(left, UNTIL + timedelta(days=10), lambda line: None)
    assert_whole(story.plan, UNTIL + timedelta(days=10), refused)


def test_whom_the_import_refused_stops_nobody_else(fund: Fund) -> None:
    life = next(life for life in Plan.until(UNTIL, people=30, months=8).lives(LARGE, UNTIL) if life.acts)
    act = next(act for act in life.acts if act.by != JOB)
    assert perform(Staff(fund), [("311-999999", act)]) == [Refused("311-999999", act, "dossier_unknown")]


def test_everybody_of_the_funds_is_there(story: Memory) -> None:
    for house in opening.HOUSES:
        users = User.objects.filter(fund__number=house.number)
        assert {role for user in users for role in user.roles} == set(Role.values)
        assert {user.check_password(opening.PASSWORD) for user in users[:2]} == {True}
        assert {email for email, _worker in house.sign_ins()} <= set(users.values_list("email", flat=True))
    assert Fund.objects.get(number=LARGE).live_from == story.plan.first_day
