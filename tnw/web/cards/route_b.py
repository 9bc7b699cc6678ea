"""Route B: each request of the insured, what permission was asked for and what the doctor said to it."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from routing.models import RouteB
from routing.models.route_b import BEFORE_CONTACT, RouteBState
from routing.policies.route_b import open_route
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, PAUSED, Card, Case, closed, day, said, told
from tnw.web.words import Word
from trajects.fact_words import CODES, KINDS

_TONES: dict[str, str] = {
    RouteBState.WITH_PHYSICIAN: PAUSED,
    RouteBState.STARTED: GOOD,
    RouteBState.CLOSED: OVER,
}
_REFUSED = "permission_refused"
_TOLD = (
    "contact_requested", "first_contact_held", "permission_requested", "permission_granted", _REFUSED,
)  # fmt: skip


def cards(case: Case) -> Iterator[Card]:
    rows = sorted(case.dossier.routes_b.all(), key=lambda row: row.number)
    for row, after in pairwise([*rows, None]):
        if row is None:
            return
        is_closed = row.state == RouteBState.CLOSED
        until = after.requested_on if after else None
        closed_by_refusal = is_closed and row.reason == _REFUSED
        yield Card(
            of=RouteB.NAME,
            title=_("Route B: request of the insured person"),
            state=row.get_state_display(),
            tone=BAD if closed_by_refusal else _TONES.get(row.state, OPEN),
            lines=told(
                (_("Requested on"), row.requested_on),
                (_("Aim"), CODES["aim"].get(row.aim, "")),
                (_("Closed on"), closed(case.facts, "B", row.requested_on, until) if is_closed else None),
                (_("Reason"), CODES["reason"].get(row.reason, "") or CODES["purpose"].get(row.reason, "")),
            ),
            course=list(_course(case, row.requested_on, until)),
        )


def _course(case: Case, since: date, until: date | None) -> Iterator[tuple[Word, Word]]:
    """What was asked and answered from a day on, each with what was written beside it for this reader."""
    for fact in case.facts:
        if fact.kind not in _TOLD or fact.on < since or (until and fact.on >= until):
            continue
        note = case.notes.get(fact.id)
        aim = f" ({CODES['aim'][fact.values['aim']]})" if fact.kind == "permission_requested" else ""
        yield day(fact.on), said(f"{KINDS[fact.kind]}{aim}", note.texts if note else ())


def missing(dossier: Dossier) -> Iterator[str]:
    """What a request should have and has not."""
    route = open_route(dossier)
    if route is not None and route.state == RouteBState.REQUESTED:
        yield _("No questionnaire for the request: the month for the first contact runs from its receipt.")


def waits(dossier: Dossier) -> Iterator[str]:
    """What a request waits for without anybody acting today; the advisory doctor reads here that there is one (B5)."""
    route = open_route(dossier)
    if route is None:
        return
    if route.state in BEFORE_CONTACT:
        yield _("First contact after the request of the insured person of %(day)s") % {
            "day": day(route.requested_on)
        }
    if route.state == RouteBState.SENT:
        yield _("The questionnaire for the request of the insured person")
    if route.state == RouteBState.WITH_PHYSICIAN:
        yield _("The occupational physician, before permission is asked for")
