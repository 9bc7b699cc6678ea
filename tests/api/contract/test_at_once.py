"""Two processes at the same moment: under one key one act happens, and of one version only one change."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from dossiers.models import CareerItem, Dossier, LedgerEntry
from tests.api.client import MERGE_PATCH
from tests.api.contract.caller_process import CallerProcess
from tests.api.world import World
from tnw.integration.rest.shape import ROOT

ROUNDS = 4


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@pytest.fixture
def two(world: World) -> Iterator[tuple[CallerProcess, CallerProcess]]:
    """Two callers of one client, each in a process of its own."""
    with CallerProcess() as one, CallerProcess() as other:
        yield one, other


@contextmanager
def held(world: World, waiting: int) -> Iterator[None]:
    """Nobody gets at the dossier until so many wait for it."""
    with world.inside(), transaction.atomic():
        Dossier.objects.select_for_update().get(pk=world.dossier.pk)
        yield
        wait_for(waiting)


def wait_for(number: int) -> None:
    for _attempt in range(1200):
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_stat_clear_snapshot(), count(*) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[1] == number:
                return
        time.sleep(0.05)
    pytest.fail(f"{number} should wait")


def headers(world: World, **more: str) -> dict[str, str]:
    token = world.caller("fund", without="none").token
    return {
        "Authorization": f"Bearer {token}",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def planned(world: World) -> int:
    with world.inside():
        return LedgerEntry.objects.filter(dossier=world.dossier, kind="adapted_work_planned").count()


def seen(world: World) -> str:
    with world.inside():
        return f'"{world.version()}-{"0" * 16}"'


def address_of(world: World) -> str:
    return f"{ROOT}/dossiers/{world.dossier.public_id}/adaptedWorks"


BODY: dict[str, Any] = {"startsOn": "2026-12-01", "declared": False}


def test_under_one_key_there_is_one_act(world: World, two: tuple[CallerProcess, CallerProcess]) -> None:
    before, sent = planned(world), headers(world, Idempotency_Key="once", If_Match=seen(world))
    with held(world, waiting=1):
        # The one waits for the dossier and holds the key; the other is told so while it waits.
        for caller in two:
            caller.send("POST", address_of(world), BODY, sent)
        assert select.select(
            [caller.process.stdout.fileno() for caller in two if caller.process.stdout], [], [], 120
        )[0]
    answers = sorted((caller.answer() for caller in two), key=lambda told: told["status"])
    assert [told["status"] for told in answers] == [201, 409]
    assert answers[1]["headers"]["Retry-After"] == "1"
    assert "callUnderWay" in answers[1]["body"]
    assert planned(world) == before + 1
    two[0].send("POST", address_of(world), BODY, sent)
    again = two[0].answer()
    assert (again["status"], again["body"]) == (201, answers[0]["body"])
    assert planned(world) == before + 1

    # And as fast as they can, without anybody who holds them back.
    before = planned(world)
    for number in range(ROUNDS):
        sent = headers(world, Idempotency_Key=f"round-{number}", If_Match=seen(world))
        for caller in two:
            caller.send("POST", address_of(world), BODY, sent)
        answers = [caller.answer() for caller in two]
        acted = [told for told in answers if told["status"] == 201]
        assert acted
        assert {told["status"] for told in answers} <= {201, 409}
        assert len({told["body"] for told in acted}) == 1
        assert planned(world) == before + number + 1


def test_of_one_version_there_is_one_step_and_one_change(
    world: World, two: tuple[CallerProcess, CallerProcess]
) -> None:
    before, sent = planned(world), headers(world, If_Match=seen(world))
    with held(world, waiting=2):
        for caller in two:
            caller.send("POST", address_of(world), BODY, sent)
    answers = [caller.answer() for caller in two]
    assert sorted(told["status"] for told in answers) == [201, 412]
    assert any("versionConflict" in told["body"] for told in answers)
    assert planned(world) == before + 1

    # PATCH: what the other wrote is not written over.
    with world.inside():
        item = world.one(CareerItem)
    at = f"{ROOT}/careerItems/{item.public_id}"
    sent = headers(world, If_Match=f'"{item.version}-{"0" * 16}"')
    with held(world, waiting=2):
        for number, caller in enumerate(two):
            caller.send("PATCH", at, {"organization": f"Baker {number}"}, sent, MERGE_PATCH)
    answers = [caller.answer() for caller in two]
    assert sorted(told["status"] for told in answers) == [200, 412], answers
    with world.inside():
        kept = world.one(CareerItem)
    (changed,) = [number for number, told in enumerate(answers) if told["status"] == 200]
    assert (kept.organization, kept.version) == (f"Baker {changed}", item.version + 1)
