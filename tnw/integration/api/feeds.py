"""Many incapacities at once: a file comes in as a stream, is taken in afterwards, and reports each line it refused."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.feed import messages
from dossiers.models import ImportRejection, ImportRun
from dossiers.models.imports import UNFINISHED, ImportState
from tnw.integration import feeds
from tnw.integration.api import status
from tnw.integration.api.status import Progress
from tnw.integration.models import IncapacityFeed as Feed
from tnw.integration.rest import Call, Code, FromCursor, Link, Problem, Resource, Shape, operation
from tnw.integration.tasks import take_in_feeds

TAG = "Incapacities"
READ, WRITE = "incapacity:read", "incapacity:write"
WAIT = timedelta(seconds=5)

_CSV = (
    "reference;version;fund;ssin;replaced_ssin;last_name;first_name;birth_date;language;street;postal_code;city;email;"
    "phone;regime;cause;statutory_civil_servant;employer_number;employment_contract;start;end;end_reason;"
    "invalidity_from\r\n"
    "2026-000123;1;311;80010100107;;Goossens;An;1980-01-01;nl;Kerkstraat 1;9000;Gent;;;employee;illness;false;;false;"
    "2026-09-01;;;\r\n"
)
_BODY: Mapping[str, Any] = {
    "text/csv": {"schema": {"type": "string", "format": "binary"}, "example": _CSV},
}


class IncapacityFeed(Shape):
    """How far a file is. Once it is taken in, this address leads on to its results."""

    self = Link("/incapacityFeeds/{public_id}")
    status = Progress()


class Fault(Shape):
    """What is wrong with a line: the first fault that was found in it."""

    code = Code(messages.LINE)
    column = serializers.CharField(required=False, max_length=40, help_text="As the file names it.")
    detail = serializers.CharField(max_length=1000)


class FeedResult(Shape):
    """What came of a line that was not taken in."""

    id = serializers.CharField(source="line", help_text="The number of the line; the header is line 1.")
    href = Link("/incapacityFeeds/{run.public_id}/results/{line}")
    outcome = Code(["rejected"])
    faults = Fault(many=True)


class FeedSummary(Shape):
    """How many lines had which outcome: changed something, said nothing new, or were refused."""

    lines = serializers.IntegerField(min_value=0)
    accepted = serializers.IntegerField(min_value=0)
    unchanged = serializers.IntegerField(min_value=0)
    rejected = serializers.IntegerField(min_value=0)


class IncapacityFeeds(Resource):
    """Files that were sent."""

    tag = TAG

    @operation(
        "createIncapacityFeed",
        "Send a file of incapacities",
        scope=WRITE,
        accepts=True,
        body=_BODY,
        problems=["payloadTooLarge", "unsupportedMediaType"],
        description="CSV in UTF-8 with semicolons and a header line, each line a new or changed incapacity. Of the same "
        "reference the same or a lower version changes nothing. It is taken in after the answer: Location says how far "
        "it is.",
    )
    def post(self, call: Call) -> Response:
        assert call.fund
        assert call.upload
        run = feeds.submit(client=call.client, fund=call.fund, upload=call.upload.file)
        take_in_feeds.delay_on_commit(call.fund.pk)
        return call.accepted(f"/incapacityFeeds/{run.public_id}")


class OneIncapacityFeed(Resource):
    """How far a file is."""

    tag = TAG

    @operation(
        "getIncapacityFeed",
        "Read how far a file of incapacities is",
        scope=READ,
        gives=IncapacityFeed,
        see_other=True,
        description="A file that is no such CSV at all is refused whole: the state is then `failed`.",
    )
    def get(self, call: Call, incapacity_feed_id: UUID) -> Response:
        run = _run(call, incapacity_feed_id)
        if run.state == ImportState.DONE:
            return call.elsewhere(f"/incapacityFeeds/{run.public_id}/results")
        told = {"public_id": run.public_id, "status": _progress(run)}
        return call.shown(IncapacityFeed, told, version=0)


class FeedResults(Resource):
    """What came of a file."""

    tag = TAG

    @operation(
        "listIncapacityFeedResults",
        "List the lines of a file that were refused",
        scope=READ,
        gives=FeedResult,
        many=True,
        query=FromCursor,
        beside=FeedSummary,
        description="In the order of the file. A line that is not listed was taken in, or said nothing new; `summary` says "
        "how many did. While the file is taken in there are none yet.",
    )
    def get(self, call: Call, incapacity_feed_id: UUID) -> Response:
        run = _run(call, incapacity_feed_id)
        refused = run.rejections.select_related("run")
        answer = call.stretch(FeedResult, refused, ["line"], then=lambda found: list(map(_result, found)))
        told = {name: getattr(run, name) for name in ("lines", "accepted", "unchanged")}
        answer.data["summary"] = FeedSummary().to_representation({**told, "rejected": refused.count()})
        return answer


class OneFeedResult(Resource):
    """What came of one line."""

    tag = TAG

    @operation(
        "getIncapacityFeedResult",
        "Read why a line of a file was refused",
        scope=READ,
        gives=FeedResult,
        description="A line that was taken in, or said nothing new, has none.",
    )
    def get(self, call: Call, incapacity_feed_id: UUID, result_id: int) -> Response:
        run = _run(call, incapacity_feed_id)
        found = run.rejections.select_related("run").filter(line=result_id).first()
        if found is None:
            raise Http404
        return call.shown(FeedResult, _result(found), version=0)


def _run(call: Call, public_id: UUID) -> ImportRun:
    found = Feed.objects.visible_to(call.actor).select_related("run").filter(run__public_id=public_id).first()
    if found is None:
        raise Http404
    return found.run


def _progress(run: ImportRun) -> dict[str, Any]:
    if run.state in UNFINISHED:
        return status.processing(WAIT)
    if run.state == ImportState.REFUSED:
        sentence = str(messages.FILE.get(run.refusal, "")) % json.loads(run.refusal_detail or "{}")
        return status.failed(run.finished_at, Problem("badRequest", sentence), run.public_id)
    return status.failed(run.finished_at, Problem("internalServerError"), run.public_id)


def _result(found: ImportRejection) -> dict[str, Any]:
    fault = {"code": found.code, "column": found.column, "detail": str(messages.sentence(found.code))}
    return {
        "line": found.line,
        "run.public_id": found.run.public_id,
        "outcome": "rejected",
        "faults": [fault],
    }
