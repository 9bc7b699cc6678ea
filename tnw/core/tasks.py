"""The queue, and the base of every task: what a task does is found by the next sweep too, so a task may vanish.

`app` stands here, at the bottom, so that whoever sends a task has the broker's settings with it.
"""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction

from tnw.core import trace


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
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tnw.settings")  # read when the app is made
app = Celery("tnw", task_cls=Nudge)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
