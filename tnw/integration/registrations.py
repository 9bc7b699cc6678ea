"""What regional services report over the API (C3): kept apart until the system found whose it is, and then recorded.

Who reported learns nothing by reporting: the answer comes before anybody is looked for, and is always the same.
"""

from datetime import date, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from dossiers.models import Dossier
from dossiers.models.case import running_on
from routing.models import RouteC
from routing.services.route_c import require_registered_by, take_registration
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.integration.models import Client, PartnerRegistration
from tnw.integration.sealed import opened, seal
from tnw.integration.webhooks.outbox import tell

log = structlog.get_logger(__name__)

PROCESSED = "partnerRegistration.processed"
MOST = 500  # in one go; the next sweep takes on
PATIENCE = timedelta(days=14)  # within which a fund resolves what contradicts


def receive(*, client: Client, ssin: str, registered_on: date) -> PartnerRegistration:
    """Keep what a regional service reports of somebody, the SSIN sealed. Nobody is looked for yet.

    Raises DomainError where it was registered later than today.
    """
    require_registered_by(clock.today(), registered_on)
    return PartnerRegistration.objects.create(
        client=client,
        service=client.actor.service,
        sealed_ssin=seal(ssin),
        registered_on=registered_on,
        reported_on=clock.today(),
        received_at=clock.now(),
    )


def process_waiting() -> int:
    """Find whose the reported registrations are, and record them; gives how many are done.

    One that cannot be recorded now, in a dossier that contradicts itself, is tried again behind the others, and given up
    after `PATIENCE`: no SSIN waits here for ever.
    """
    waiting = PartnerRegistration.objects.filter(processed_at=None)
    waiting = waiting.order_by(F("tried_at").asc(nulls_first=True), "pk")
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)[:MOST]):
        try:
            done += _process(pk)
        except DomainError as error:
            log.info("registration_waits", registration=pk, code=error.code)
            done += _again_later(pk)
        except Exception as error:
            # One must not stand in the way of the others; what it holds is no text for a log.
            log.error("registration_failed", registration=pk, error=type(error).__name__)
            done += _again_later(pk)
    return done


@transaction.atomic
def _again_later(pk: int) -> bool:
    """Others first; whether it was tried for long enough, and is given up."""
    waiting = PartnerRegistration.objects.select_for_update(skip_locked=True)
    one = waiting.filter(pk=pk, processed_at=None).first()
    if one is None:
        return False
    one.tried_at = clock.now()
    if one.tried_at - one.received_at >= PATIENCE:
        one.sealed_ssin, one.processed_at, one.given_up = "", one.tried_at, True
        log.warning("registration_given_up", registration=pk)
        tell(PROCESSED, f"/partnerRegistrations/{one.public_id}", service=one.service)
    one.save()
    return one.given_up


@transaction.atomic
def _process(pk: int) -> bool:
    waiting = PartnerRegistration.objects.select_for_update(of=("self",), skip_locked=True)
    one = waiting.select_related("client__actor").filter(pk=pk, processed_at=None).first()
    if one is None:
        return False
    ssin = opened(one.sealed_ssin)
    one.sealed_ssin, one.processed_at = "", clock.now()
    # With several funds the first by its number in which the person's incapacity runs: there is at most one in practice.
    for fund in one.client.funds.order_by("number"):
        with audit.acting_as(one.client.actor, fund):
            if _record(one, fund, ssin):
                one.save()
                break
    else:
        one.save()
    tell(PROCESSED, f"/partnerRegistrations/{one.public_id}", service=one.service)
    return True


def _record(one: PartnerRegistration, fund: Fund, ssin: str) -> bool:
    """Inside the wall of a fund: record it where the person is, if anywhere."""
    dossier = _dossier_of(fund, ssin, one.reported_on)
    if dossier is None:
        return False
    routes = RouteC.objects.filter(fund=fund, dossier=dossier)
    before = set(routes.values_list("subject", flat=True))
    one.subject = take_registration(
        dossier_id=dossier.public_id,
        actor=one.client.actor,
        on=one.reported_on,
        registered_on=one.registered_on,
    )
    one.fund, one.dossier = fund, dossier
    if one.subject not in before:
        # Under the address that the service was given it stays; the fact alone makes the row.
        routes.filter(subject=one.subject).update(public_id=one.public_id)
    return True


def _dossier_of(fund: Fund, ssin: str, on: date) -> Dossier | None:
    """The dossier of the incapacity that runs on a day, of who has or had this SSIN; the latest, if they are several."""
    people = Q(incapacity__person__ssin=ssin) | Q(incapacity__person__former_ssins__contains=[ssin])
    mine = Dossier.objects.visible_to(actors.system()).filter(people, running_on(on), fund=fund)
    return mine.filter(incapacity__start__lte=on).order_by("-incapacity__start").first()
