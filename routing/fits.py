"""What the acts of the routes ask of what they record, for whoever corrects it later (T20): see `dossiers.acts.fits`."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from routing.policies import route_a, route_c
from routing.windows import is_within
from tnw.core.errors import DomainError


def _category(dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    if not (verdict := route_a.category_fits(dossier, one.values["category"], one.on)):
        raise DomainError(verdict.reason, code="category_too_late", field="category")


def _registration(dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    """C2: outside every window of its service a registration is refused, and never reported."""
    if not is_within(dossier.fund_id, one.values["service"], one.values["registered_on"]):
        raise DomainError(
            _(
                "On that day this service could not register anybody: take the registration back, and record it anew. "
                "It is refused then."
            ),
            code="outside_window",
            field="registered_on",
        )


def _denial(dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    if not (verdict := route_c.denial_fits(dossier, one.values["reason"], one.on)):
        raise DomainError(verdict.reason, code="denial_does_not_fit", field="reason")


FITS = {
    "assessment_made": _category,
    "registration_reported": _registration,
    "invalidity_denied": _denial,
}
