"""What the beat does of itself for the API: forget what no longer serves."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from dossiers.jobs import Outcome, in_each_fund
from tnw.accounts.models import Fund
from tnw.integration.feeds import tell_of_finished
from tnw.integration.models import IdempotencyKey, UsedAssertion
from tnw.integration.oauth.assertions import SKEW
from tnw.integration.registrations import process_waiting

# So that for a while a caller with an old token hears that it expired, not that it never was.
TOKENS_KEPT = timedelta(hours=1)
ANSWERS_KEPT = timedelta(hours=48)


class Forgotten(NamedTuple):
    """How many answers to repeated calls went."""

    answers: int


def expired_access(today: date, fund: Fund | None = None) -> Outcome:
    """Delete expired tokens, the ids of expired assertions, and what was answered under an Idempotency-Key long ago.

    By the moment, not by `today`: what is valid now stays valid whatever day is being caught up with.
    """
    now = timezone.now()
    get_access_token_model().objects.filter(expires__lt=now - TOKENS_KEPT).delete()
    UsedAssertion.objects.filter(expires__lt=now - timedelta(seconds=SKEW)).delete()

    def forget(one: Fund) -> Forgotten:
        return Forgotten(IdempotencyKey.objects.filter(at__lt=now - ANSWERS_KEPT).delete()[0])

    return in_each_fund(forget, fund)


def partner_registrations(today: date, fund: Fund | None = None) -> Outcome:
    """Find whose the registrations are that regional services reported: of no fund until then."""
    return {"all": {"registrations": process_waiting()}}


class Told(NamedTuple):
    """Of how many finished files was told."""

    feeds: int


def finished_feeds(today: date, fund: Fund | None = None) -> Outcome:
    """Tell clients of the files that are done; the webhooks go out with the next job."""
    return in_each_fund(lambda one: Told(tell_of_finished(one)), fund)
