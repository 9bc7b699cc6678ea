"""What every page of the demo says while the months before today are still being replayed."""

from datetime import date

from django.http import HttpRequest

from tnw.core import clock
from tnw.web.demo import memory


def replaying(_request: HttpRequest) -> dict[str, date]:
    """The day up to which it has come; nothing once that is today."""
    story = memory.recall()
    if story is None or (story.through and story.through >= clock.today()):
        return {}
    return {"replayed_through": story.through or story.plan.first_day}
