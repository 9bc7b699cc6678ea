"""What is handed to a worker so that nobody waits for it."""

from routing import pending
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.core.tasks import app
from tnw.web.queues.carrying import carry_out

# A moment more than the decision can be taken back.
AFTER = int(pending.LASTS.total_seconds()) + 1


@app.task(name="web.carry_out_decision")
def carry_out_decision(fund_id: int, key: int) -> None:
    """Record what was decided in a queue; the job of every minute would do so too."""
    with audit.acting_as(actors.system(), Fund.objects.get(pk=fund_id)):
        carry_out(key, clock.now())
