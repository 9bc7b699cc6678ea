"""Who had to wait for a dossier decides on what stands there now, not on what stood there before."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from dossiers import acts
from dossiers.models import Dossier
from routing.services import route_a as services
from tnw.accounts import actors, audit
from tnw.accounts.models import User
from tnw.core import clock


def stands_in_the_queue() -> None:
    """Wait until somebody waits for a lock in this database."""
    for _attempt in range(2400):
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_stat_clear_snapshot(), count(*) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[1]:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_an_act_that_waited_sees_what_was_done_meanwhile(
    dossier_of: Callable[..., Dossier], doctor: User
) -> None:
    dossier = dossier_of(start=clock.today() - timedelta(days=100))
    actor, fund = actors.of_user(doctor), dossier.fund
    seen: list[tuple[str, int | None]] = []
    waits = threading.Event()

    def second() -> None:
        try:
            with audit.acting_as(actor, fund), transaction.atomic():
                waits.set()
                route = acts.begin(dossier.public_id, actor).route_a
                seen.append((route.state, route.category))
        finally:
            connection.close()

    other = threading.Thread(target=second)
    with audit.acting_as(actor, fund), transaction.atomic():
        acts.begin(dossier.public_id, actor)
        other.start()
        assert waits.wait(120)
        stands_in_the_queue()
        today: date = clock.today()
        services.assess(dossier_id=dossier.public_id, actor=actor, on=today, category=4)
    other.join(120)
    assert seen == [("assessed", 4)]
