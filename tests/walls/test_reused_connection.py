"""No scope outlives the work it was opened for, on a connection that the next one uses too."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from tests.walls.catalogue import ask
from tests.walls.conftest import Case
from tnw.accounts import actors, audit
from tnw.accounts.models import User
from tnw.core import scope


@pytest.fixture(autouse=True)
def collected(settings: Any, tmp_path: Path) -> None:
    """WhiteNoise warns of a folder of static files that is not there."""
    settings.STATIC_ROOT = tmp_path


def session() -> tuple[int, str]:
    """The backend at work, and what its session holds of the scope once nothing is in scope."""
    return ask("select pg_backend_pid(), coalesce(current_setting('tnw.funds', true), '')")[0]


def page_of(case: Case, user: User | None) -> Any:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client.get(reverse("dossier", args=[case.dossier.public_id]))


@pytest.mark.django_db
def test_requests_of_different_funds_on_one_connection_see_their_own(ours: Case, theirs: Case) -> None:
    backend = session()[0]
    for user, case, status in [
        (ours.coordinator, ours, 200),
        (theirs.coordinator, ours, 404),
        (None, ours, 302),
        (theirs.coordinator, theirs, 200),
        (ours.coordinator, theirs, 404),
        (ours.coordinator, ours, 200),
    ]:
        assert page_of(case, user).status_code == status
        assert session() == (backend, "")
        assert Dossier.objects.count() == 0


@pytest.mark.django_db
def test_a_request_that_fails_leaves_nothing(ours: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> None:
        assert scope.fund_ids() == [ours.fund.pk]
        raise RuntimeError

    monkeypatch.setattr("tnw.accounts.access.log", fail)
    assert page_of(ours, ours.coordinator).status_code == 500
    assert session()[1] == ""
    assert Dossier.objects.count() == 0


@pytest.mark.django_db
def test_a_savepoint_that_is_rolled_back_gives_no_scope_back(ours: Case, theirs: Case) -> None:
    """The server restores the setting of before the savepoint: the other fund's."""
    with transaction.atomic():
        with scope.funds(ours.fund.pk):
            assert Dossier.objects.get().fund_id == ours.fund.pk
        with transaction.atomic(), scope.funds(theirs.fund.pk):
            assert Dossier.objects.get().fund_id == theirs.fund.pk
            transaction.set_rollback(True)
        assert Dossier.objects.count() == 0
        with scope.funds(theirs.fund.pk):
            assert Dossier.objects.get().fund_id == theirs.fund.pk


@pytest.mark.django_db
def test_work_inside_work_sees_its_own_and_then_the_outer_again(ours: Case, theirs: Case) -> None:
    job = actors.system()
    with audit.acting_as(job, ours.fund):
        with audit.acting_as(job, theirs.fund):
            assert Dossier.objects.get() == theirs.dossier
        assert Dossier.objects.get() == ours.dossier
    assert Dossier.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_threads_see_what_each_of_them_opened(ours: Case, theirs: Case) -> None:
    together = threading.Barrier(2)

    def work(case: Case) -> list[tuple[int, ...]]:
        seen = []
        for _ in range(20):
            together.wait(timeout=120)
            with scope.funds(case.fund.pk):
                seen.append(tuple(Dossier.objects.values_list("fund_id", flat=True)))
            seen.append(tuple(Dossier.objects.values_list("fund_id", flat=True)))
        connection.close()
        return seen

    with scope.funds(ours.fund.pk, theirs.fund.pk), ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, [ours, theirs]))
    for case, seen in zip([ours, theirs], results, strict=True):
        assert seen == [(case.fund.pk,), ()] * 20


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_is_used_again_begins_with_nothing(ours: Case, theirs: Case) -> None:
    def look(case: Case | None) -> tuple[int, list[int]]:
        if case is None:
            return session()[0], list(Dossier.objects.values_list("fund_id", flat=True))
        with scope.funds(case.fund.pk):
            return session()[0], list(Dossier.objects.values_list("fund_id", flat=True))

    with ThreadPoolExecutor(1) as pool:
        seen = [pool.submit(look, case).result() for case in (ours, None, theirs, None)]
        pool.submit(lambda: connection.close()).result()
    assert len({backend for backend, _funds in seen}) == 1
    assert [funds for _backend, funds in seen] == [[ours.fund.pk], [], [theirs.fund.pk], []]


@pytest.mark.django_db
def test_a_signed_in_page_works_for_whoever_comes_next(
    ours: Case, theirs: Case, signed_in: Callable[[User], Client]
) -> None:
    """One client that signs in as another: nothing of the first is in the second's scope."""
    for user, own, other in [(ours.coordinator, ours, theirs), (theirs.coordinator, theirs, ours)]:
        client = signed_in(user)
        assert client.get(reverse("dossier", args=[own.dossier.public_id])).status_code == 200
        assert client.get(reverse("dossier", args=[other.dossier.public_id])).status_code == 404
