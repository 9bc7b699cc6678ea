"""The queue, and the base of every task: what a task does is found by the next sweep too, so a task may vanish.

`app` stands here, at the bottom, so that whoever sends a task has the broker's settings with it.
"""

import os
import time
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction

from tnw.core import trace

# After a broker failed this process asks it nothing for so many seconds: one change may send several nudges.
SILENT_FOR = 10
_silent_until = 0.0


class Nudge(DjangoTask):
    """Carries ids, is sent on commit and runs under a trace id of its own.

    A dead or silent broker costs a log line and at most two seconds, never the request or the row.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with trace.new():
            return super().__call__(*args, **kwargs)

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send it once the transaction is through. Where that fails it is logged, and the request goes on."""
        # A lambda: Django's robust hooks need a __qualname__, which a functools.partial lacks.
        transaction.on_commit(lambda: self._nudge(args, kwargs), robust=True)

    def later_on_commit(self, seconds: int, *args: Any) -> None:
        """The same, to be done so many seconds after it was sent."""
        transaction.on_commit(lambda: self._nudge(args, {}, countdown=seconds), robust=True)

    def _nudge(self, args: tuple[Any, ...], kwargs: dict[str, Any], **options: Any) -> None:
        global _silent_until
        if time.monotonic() < _silent_until:
            return
        try:
            self.apply_async(args, kwargs, **options) if options else self.delay(*args, **kwargs)
        except Exception:
            _silent_until = time.monotonic() + SILENT_FOR
            raise


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tnw.settings")  # read when the app is made
app = Celery("tnw", task_cls=Nudge)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Bulk steps stand above the services that other tasks are sent by.
app.autodiscover_tasks(related_name="batches")
