"""Who had to wait for a dossier decides on what stands there now, not on what stood there before."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from dossiers import acts
from dossiers.models import Dossier
from routing import services
from tnw.accounts import actors, audit
from tnw.accounts.models import User
from tnw.core import clock


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
        assert waits.wait(10)
        time.sleep(0.5)  # long enough to stand in the queue for the lock
        today: date = clock.today()
        services.assess(dossier_id=dossier.public_id, actor=actor, on=today, category=4)
    other.join(20)
    assert seen == [("assessed", 4)]
