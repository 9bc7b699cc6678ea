"""What no longer serves goes by itself: tokens, ids of assertions, answers to repeated calls; and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tests.api.conftest import token_of
from tnw.accounts.models import Fund
from tnw.core import clock, scope
from tnw.integration.models import Client, IdempotencyKey, UsedAssertion
from tnw.web.jobs import JOBS

Made = tuple[Client, str]


def test_what_expired_goes_and_what_serves_stays(made: Made, fund: Fund, other_fund: Fund) -> None:
    client, now = made[0], timezone.now()
    for life in (timedelta(minutes=5), -timedelta(minutes=30), -timedelta(hours=2)):
        token_of(client, life=life)
    for number, life in enumerate((timedelta(minutes=1), -timedelta(minutes=1))):
        UsedAssertion.objects.create(client=client, jti=f"{number}", expires=now + life)
    with scope.funds(fund.pk, other_fund.pk):
        for of in (fund, other_fund, None):
            for age in (1, 47, 49):
                IdempotencyKey.objects.create(
                    client=client,
                    fund=of,
                    key=f"{of} {age}",
                    fingerprint="",
                    status=201,
                    at=now - timedelta(hours=age),
                )
    outcome = JOBS["expired-access"](clock.today())
    assert {number: done["answers"] for number, done in outcome.items()} == {"311": 2, "509": 1}
    assert get_access_token_model().objects.count() == 2
    assert UsedAssertion.objects.get().jti == "0"
    with scope.funds(fund.pk, other_fund.pk):
        assert IdempotencyKey.objects.count() == 6
    again = JOBS["expired-access"](clock.today())
    assert {done["answers"] for done in again.values()} == {0}


@pytest.mark.parametrize("days", [-400, 400])
def test_a_day_that_is_caught_up_with_takes_nothing_that_is_valid(made: Made, days: int) -> None:
    token_of(made[0])
    JOBS["expired-access"](clock.today() + timedelta(days=days))
    assert get_access_token_model().objects.count() == 1
