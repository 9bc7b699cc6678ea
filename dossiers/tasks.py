"""What is handed to a worker so that nobody waits for it; the jobs would do it too."""

from dossiers.documents.mailing import deliver
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.core.tasks import app


@app.task(name="dossiers.mail_documents")
def mail_documents(fund_id: int) -> None:
    """Mail the links of a fund's documents that wait for it."""
    fund = Fund.objects.get(pk=fund_id)
    with audit.acting_as(actors.system(), fund):
        deliver(fund, clock.today())
