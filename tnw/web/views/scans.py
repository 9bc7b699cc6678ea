"""A scan, handed over as the file that it is: never shown inside a page, and never without a line in the access log."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dossiers.models import Scan
from tnw.accounts.policies import may_see_dossiers
from tnw.web.page import ActingRequest, page
from tnw.web.views import case


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def download(request: ActingRequest, public_id: UUID, scan_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="scan")
    scan = Scan.objects.visible_to(request.actor).filter(dossier=dossier, public_id=scan_id).first()
    if scan is None:
        raise Http404
    response = HttpResponse(bytes(scan.content), content_type=scan.media_type)
    response["Content-Disposition"] = content_disposition_header(True, scan.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
