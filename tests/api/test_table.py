"""Every operation by everybody: who may do what at which address, and what the others hear."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.api.table import callers, operations, prepared, rows
from tests.api.world import World, says_nothing


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once for all of them: each operation happens in a savepoint, and each call of it in one of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(rows()) == set(operations())


@pytest.mark.parametrize("id", sorted(rows()))
def test_who_may(world: World, id: str) -> None:
    expected = rows()[id].expected(operations()[id][2])
    told = {}
    # What has to be there before the call is made once; what a call does is undone before the next.
    with world.undone(), world.inside():
        call = prepared(world, id)
        for who in expected:
            with world.undone():
                answer = call.by(callers(world, id)[who]())
            told[who] = answer.status_code
            if who in ("other fund", "other partner", "partner elsewhere"):
                assert says_nothing(world, answer.content), who
            if answer.status_code == 403:
                kind = "missingScope" if who == "wrong scope" else "missingPermission"
                assert answer.json()["type"].endswith(f":{kind}"), (who, answer.json())
    assert told == expected
