"""A query that is compiled once gives what the query set itself would give, for whatever values."""

import pytest

from tnw.accounts.models import Fund, Role
from tnw.core.db.prepared import Prepared


def test_it_asks_what_the_query_set_would_ask(fund: Fund, other_fund: Fund) -> None:
    rows = Fund.objects.filter(number="-x-", pk__gt=0).order_by("pk").values_list("number", "name_nl")
    prepared = Prepared(rows, number="-x-")
    for number in (fund.number, other_fund.number, "999", "'; drop table accounts_fund"):
        there = Fund.objects.filter(number=number).values_list("number", "name_nl")
        assert prepared.rows(number=number) == list(there)
    assert prepared.rows(number=fund.number) == [(fund.number, fund.name_nl)]


@pytest.mark.django_db
def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="number"):
        Prepared(Fund.objects.filter(number="1").values_list("pk"), number="2")
    with pytest.raises(KeyError):
        Prepared(Fund.objects.filter(number="1").values_list("pk"), number="1").rows(role=Role.COORDINATOR)
