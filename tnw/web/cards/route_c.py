"""Route C: each registration with a regional service, what the service has to be told, and the steps that it reports."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models import Dossier
from dossiers.phases import Phase, phase_on
from routing.models import RouteC, RouteCState
from routing.reading import finding_awaited
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, said, told
from tnw.web.words import Word
from trajects.fact_words import CODES
from trajects.policies.contacts import running_traject

OUTSIDE_WINDOW = gettext_lazy(
    "The registration of %(day)s cannot begin a traject: on that day %(service)s could not register anybody for it."
)
# What the service is told, by the reason; of another reason the text beside it says all.
TO_SERVICE: dict[str, Word] = {
    "outside_window": OUTSIDE_WINDOW,
    "unknown_person": gettext_lazy("The person of this registration is not known here."),
    "not_in_invalidity": gettext_lazy("The insured person is not in invalidity."),
    "awaiting_recognition": gettext_lazy(
        "RIZIV has not recognized the invalidity yet: once it has, the registration can be reported again."
    ),
    "incapacity_ended": gettext_lazy("The incapacity for work has ended."),
    "excluded": gettext_lazy("The insured person is excluded from the return-to-work traject."),
}
_ANSWERED = (RouteCState.REFUSED, RouteCState.DENIED)
_TONES: dict[str, str] = {
    RouteCState.REFUSED: BAD,
    RouteCState.DENIED: BAD,
    RouteCState.CLOSED: OVER,
    RouteCState.STARTED: GOOD,
}


def cards(case: Case) -> Iterator[Card]:
    running = running_traject(case.dossier)
    for row in sorted(case.dossier.routes_c.all(), key=lambda row: (row.reported_on, row.subject)):
        guided = row.state == RouteCState.STARTED and running is not None and running.route == "C"
        service = row.get_service_display()
        yield Card(
            of=RouteC.NAME,
            subject=row.subject,
            title=_("Route C: registration with %(service)s") % {"service": service}
            if service
            else _("Route C: registration with a regional service"),
            state=row.get_state_display(),
            tone=OPEN if guided else _TONES.get(row.state, OPEN),
            lines=told(
                (_("Guided by"), service if guided else ""),
                (_("Registered on"), row.registered_on),
                (_("Reported on"), row.reported_on),
                (_("Closed on"), _closed(case, row)),
                (_("Reason"), CODES["reason"].get(row.reason, "") or CODES["purpose"].get(row.reason, "")),
                (_("Tell the service"), to_service(row)),
            ),
            course=list(_steps(case, row)),
            texts=case.texts(row.subject, *_TEXTS),
        )


_ENDS = ("registration_refused", "invalidity_denied", "route_closed")
_TEXTS = ("registration_reported", "registration_refused", "invalidity_denied", "route_closed")


def _closed(case: Case, row: RouteC) -> date | None:
    """The day of the fact that closed it, which may be another registration's or route's."""
    if row.state not in (*_ANSWERED, RouteCState.CLOSED):
        return None
    ends = [*_ENDS, "traject_started"] if row.reason == "superseded" else _ENDS
    days = [
        fact.on
        for fact in case.facts
        if fact.kind in ends and fact.subject in ("", row.subject) and fact.on >= row.reported_on
    ]
    return min(days, default=None)


def to_service(row: RouteC) -> str:
    """What is said to a service whose registration led to nothing; empty where there is nothing to say."""
    if row.state not in _ANSWERED or not (sentence := TO_SERVICE.get(row.reason)):
        return ""
    registered_on = day(row.registered_on) if row.registered_on else ""
    return str(sentence) % {"day": registered_on, "service": row.get_service_display()}


def _steps(case: Case, row: RouteC) -> Iterator[tuple[Word, Word]]:
    """What the service reported, the newest first, with what was written beside it."""
    for fact in reversed(case.facts):
        if fact.kind == "service_step" and fact.subject == row.subject:
            note = case.notes.get(fact.id)
            texts = note.texts if note else ()
            yield day(fact.on), said(CODES["step"][fact.values["step"]], texts)


def missing(dossier: Dossier, today: date) -> Iterator[str]:
    """What registrations should have and have not."""
    for row in dossier.routes_c.all():
        words = {"service": row.get_service_display()}
        if row.state == RouteCState.REPORTED and phase_on(dossier.incapacity, today) == Phase.INVALIDITY:
            yield _("No answer to %(service)s: the invalidity is to be confirmed.") % words
        if row.state == RouteCState.CONFIRMED and not finding_awaited(dossier):
            yield _("No decision on consent after the registration with %(service)s.") % words


def waits(dossier: Dossier, today: date) -> Iterator[str]:
    """What a registration waits for without anybody acting today."""
    reported = any(row.state == RouteCState.REPORTED for row in dossier.routes_c.all())
    if reported and phase_on(dossier.incapacity, today) == Phase.AWAITING:
        yield _("RIZIV's recognition of the invalidity, before it can be confirmed to the regional service")
    if finding_awaited(dossier):
        yield _(
            "A new finding of the advisory doctor: by the latest one health does not allow the traject for which the "
            "registration is confirmed"
        )
