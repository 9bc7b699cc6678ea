"""What is handed to a worker so that nobody waits for it."""

from dossiers.reminders import sweep
from routing.intake.queue import take_waiting
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.core.tasks import app


@app.task(name="routing.take_waiting_imports")
def take_waiting_imports(fund_id: int) -> None:
    """Take in what was uploaded for a fund, and remind of what is due with it; the next jobs would do both too."""
    fund = Fund.objects.get(pk=fund_id)
    take_waiting(fund)
    with audit.acting_as(actors.system(), fund):
        sweep(fund, clock.today(), ())
