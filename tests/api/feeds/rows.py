"""Who may send files of incapacities, and read what came of them."""

import io
from typing import Any

from routing.intake.imports import resume
from tests.api.feeds.test_feeds import written
from tests.api.table import Row
from tests.api.world import World
from tests.population import line
from tnw.integration import feeds


def _sent(world: World, *, taken_in: bool = False) -> dict[str, Any]:
    run = feeds.submit(
        client=world.clients["fund"],
        fund=world.fund,
        upload=io.BytesIO(written([line(ssin="1")])),
    )
    if taken_in:
        resume(run)
    return {"incapacityFeedId": run.public_id, "resultId": 2}


ROWS = {
    "createIncapacityFeed": Row(b"reference\r\n", right=202, media="text/csv", other_fund=202),
    "getIncapacityFeed": Row(before=_sent),
    "listIncapacityFeedResults": Row(before=_sent),
    "getIncapacityFeedResult": Row(before=lambda world: _sent(world, taken_in=True)),
}
