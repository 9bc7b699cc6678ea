"""Files of incapacities that clients send: taken in by the fund's own imports, and their end told."""

from typing import BinaryIO

from django.db import transaction

from dossiers.models import ImportRun
from dossiers.models.imports import UNFINISHED, ImportKind
from routing.intake import imports
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.integration.models import Client, IncapacityFeed
from tnw.integration.webhooks.outbox import tell

COMPLETED = "incapacityFeed.completed"


def submit(*, client: Client, fund: Fund, upload: BinaryIO) -> ImportRun:
    """Keep a file that a client of the fund sent, and put its import in the queue. Raises NotAllowed."""
    run = imports.submit(
        fund=fund,
        actor=client.actor,
        upload=upload,
        file_name="incapacities.csv",
        kind=ImportKind.RECOGNITIONS,
        today=clock.today(),
    )
    IncapacityFeed.objects.create(fund=fund, client=client, run=run)
    return run


def tell_of_finished(fund: Fund) -> int:
    """Tell the fund's clients of every file that is done or was refused, once; gives how many there were."""
    with transaction.atomic():
        waiting = IncapacityFeed.objects.filter(fund=fund, told=False).exclude(run__state__in=UNFINISHED)
        feeds = list(
            waiting.select_related("run").select_for_update(of=("self",), skip_locked=True).order_by("pk")
        )
        for feed in feeds:
            tell(COMPLETED, f"/incapacityFeeds/{feed.run.public_id}", fund=fund)
            feed.told = True
            feed.save(update_fields=["told"])
    return len(feeds)
