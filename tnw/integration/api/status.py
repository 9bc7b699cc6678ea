"""How far a work is that goes on after its call was answered."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from rest_framework import serializers

from tnw.core import clock
from tnw.integration.rest import Code, Problem, Shape

STATES = ("processing", "done", "failed")


class FailedBecause(Shape):
    """The problem for which nothing came of it."""

    type = serializers.CharField()
    href = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="Of this failure, whenever it is asked for.")


class Progress(Shape):
    """How far it is: ask again from `pollAfter` on; `completed` says when it was over."""

    state = Code(STATES)
    poll_after = serializers.DateTimeField(required=False)
    completed = serializers.DateTimeField(required=False)
    problem = FailedBecause(required=False)


def processing(wait: timedelta) -> dict[str, Any]:
    """It goes on; asking before that is in vain."""
    return {"state": "processing", "poll_after": clock.now().replace(microsecond=0) + wait}


def done(at: datetime | None) -> dict[str, Any]:
    """It is over."""
    return {"state": "done", "completed": at}


def failed(at: datetime | None, problem: Problem, work: UUID) -> dict[str, Any]:
    """Nothing came of this work; the problem is the same one whenever it is asked for."""
    told = {**problem.plain(), "instance": f"urn:uuid:{uuid5(work, 'problem')}"}
    return {"state": "failed", "completed": at, "problem": told}
