"""What is handed to a worker so that nobody waits for it; the jobs would do it too."""

import math
from datetime import timedelta

from django.db import transaction

from tnw.core import clock
from tnw.core.tasks import app

# A nudge that no worker took until the next job is none; the retry after five seconds is worth one of its own.
EXPIRES = 55
SOON = timedelta(seconds=55)
SECONDS = 20


@app.task(name="integration.send_webhooks", expires=EXPIRES)
def send_webhooks() -> None:
    """Tell the outside world what is new, and send what is due; the next job would do so too."""
    from tnw.accounts.models import Fund
    from tnw.core import scope
    from tnw.integration.webhooks import queue, sending

    sending.sweep(seconds=SECONDS)
    with scope.funds(*Fund.objects.values_list("pk", flat=True)):
        next_one = queue.next_due(clock.utc(), SOON)
    if next_one:
        wait = max(1, math.ceil((next_one - clock.utc()).total_seconds()))
        transaction.on_commit(
            lambda: send_webhooks.apply_async(countdown=wait, expires=wait + EXPIRES), robust=True
        )


def send_soon() -> None:
    """Nudge a worker once this transaction is through."""
    send_webhooks.delay_on_commit()


@app.task(name="integration.match_registrations")
def match_registrations() -> None:
    """Find whose the registrations are that regional services reported; the next job would do so too."""
    from tnw.integration.registrations import process_waiting

    if process_waiting():
        send_soon()


@app.task(name="integration.take_in_feeds")
def take_in_feeds(fund_id: int) -> None:
    """Take in what clients sent for a fund, and tell of it; the next jobs would do both too."""
    from routing.tasks import take_waiting_imports
    from tnw.accounts import actors, audit
    from tnw.accounts.models import Fund
    from tnw.integration.feeds import tell_of_finished

    take_waiting_imports(fund_id)
    fund = Fund.objects.get(pk=fund_id)
    with audit.acting_as(actors.system(), fund):
        if tell_of_finished(fund):
            send_soon()
