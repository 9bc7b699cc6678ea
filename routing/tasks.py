"""What is handed to a worker so that nobody waits for it."""

from dossiers.reminders import sweep
from routing.intake.queue import take_waiting
from routing.questionnaires.mailing import deliver
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


@app.task(name="routing.deliver_questionnaires")
def deliver_questionnaires(fund_id: int) -> None:
    """Mail the questionnaires of a fund that wait for it; the next run of T1's job would do so too."""
    fund = Fund.objects.get(pk=fund_id)
    with audit.acting_as(actors.system(), fund):
        deliver(fund, clock.today())
