"""What allauth expects to exist and we do not offer."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse


@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    """No self-registration, no account without a password."""
    raise Http404
