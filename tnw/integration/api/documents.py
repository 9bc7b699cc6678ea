"""Documents: letters, declarations and plans as they were written, byte for byte, and how they went.

Which kinds a machine may read is judged in `dossiers.policies`; the others do not exist here.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.documents.kinds import kinds
from dossiers.models import Channel, DispatchState
from dossiers.models import Document as Row
from dossiers.policies import DOCUMENTS_TOLD
from tnw.accounts.models import LANGUAGES
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from tnw.integration.rest.problem import LANGUAGE_TAGS
from tnw.integration.rest.version import matches

TAG = "Documents"
READ = "document:read"
PDF = "application/pdf"


class Sending(Shape):
    """One way that a document went or goes."""

    channel = Code(Channel)
    state = Code(DispatchState)
    prepared_on = serializers.DateField()
    sent_on = serializers.DateField(required=False)
    returned_on = serializers.DateField(required=False)


class Document(Shape):
    """What was written; it never changes. Kinds that tell a reason, a result of health or an SSIN are not given."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/documents/{public_id}")
    dossier = Link("/dossiers/{dossier}")
    kind = Code([slug for slug in kinds() if slug in DOCUMENTS_TOLD])
    name = serializers.CharField(help_text="Its kind, in the language of the call.")
    made_on = serializers.DateField()
    language = Code(dict(LANGUAGES))
    pages = serializers.IntegerField(min_value=1)
    sha256 = serializers.CharField(min_length=64, max_length=64, help_text="Of its bytes, in hexadecimal.")
    sealed = serializers.BooleanField(help_text="Whether an electronic seal stands on it.")
    content = Link("/documents/{public_id}/content")
    sendings = serializers.ListField(child=Sending())


_ID = "0190a5e0-8888-7000-8000-000000000008"
_AT = f"http://localhost:8000/api/tnw/v1/documents/{_ID}"
_DOSSIER = "http://localhost:8000/api/tnw/v1/dossiers/0190a5e0-1111-7000-8000-000000000001"
EXAMPLE = {
    "id": _ID, "href": _AT, "dossier": _DOSSIER, "kind": "invitation", "name": "Uitnodiging", "madeOn": "2026-11-20",
    "language": "nl", "pages": 1, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sealed": False, "content": f"{_AT}/content",
    "sendings": [{"channel": "post", "state": "sent", "preparedOn": "2026-11-20", "sentOn": "2026-11-21"}],
}  # fmt: skip


class DocumentsOfDossier(Resource):
    tag = TAG

    @operation(
        "listDocuments", "List the documents of a dossier, the oldest first", scope=READ, gives=Document, many=True,
        answer_example={"items": [EXAMPLE], "total": 1, "self": f"{_DOSSIER}/documents?page=1"},
    )  # fmt: skip
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        rows = _rows(call).filter(dossier=dossier).order_by("pk")
        return call.listed(Document, [_told(one) for one in _without_content(rows)])


class OneDocument(Resource):
    tag = TAG

    @operation(
        "getDocument", "Read what is known of a document", scope=READ, gives=Document, answer_example=EXAMPLE
    )
    def get(self, call: Call, document_id: UUID) -> Response:
        return call.shown(Document, _told(_one(call, _without_content(_rows(call)), document_id)))


class Content(Resource):
    tag = TAG

    @operation("getDocumentContent", "Read the bytes of a document", scope=READ, gives_media_type=PDF)
    def get(self, call: Call, document_id: UUID) -> HttpResponseBase:
        row = _one(call, _rows(call).select_related("dossier"), document_id)
        tag = f'"{row.sha256}"'
        headers = {"ETag": tag, "Content-Language": LANGUAGE_TAGS[row.language]}
        if matches(call.request.headers.get("If-None-Match", ""), tag):
            return Response(status=304, headers=headers)
        return HttpResponse(bytes(row.content), content_type=PDF, headers=headers)


def _rows(call: Call) -> Any:
    """What the client may see, of the kinds that a machine may read."""
    return Row.objects.visible_to(call.actor).filter(kind__in=DOCUMENTS_TOLD)


def _without_content(rows: Any) -> Any:
    return rows.defer("content").select_related("dossier").prefetch_related("dispatches")


def _one(call: Call, rows: Any, public_id: UUID) -> Row:
    found: Row | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    call.saw(found.dossier)
    return found


def _told(row: Row) -> dict[str, Any]:
    names = ("public_id", "kind", "made_on", "language", "pages", "sha256")
    told = {name: getattr(row, name) for name in names}
    told["dossier"] = row.dossier.public_id
    told["name"] = str(kinds()[row.kind].name)
    told["sealed"] = bool(row.certificate)
    told["sendings"] = sorted(row.dispatches.all(), key=lambda one: one.pk)
    return told
