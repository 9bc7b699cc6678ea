"""What comes from the screens of a queue that no screen sends: refused, and never kept."""

import pytest

from dossiers.models import Dossier
from tests.queues.conftest import TODAY, Post, rows
from tnw.accounts import actors
from tnw.accounts.models import Fund
from tnw.core import clock, scope
from tnw.web.assessing import doing


def test_what_no_form_sends_is_not_kept(decide: Post, one: Dossier, fund: Fund) -> None:
    assert decide(one, category="4", refer="on\0").status_code == 400
    assert decide(one, category="4", csrfmiddlewaretoken="x", after="1\0", all="\0").status_code == 302
    (row,) = rows(fund)
    assert set(row.values) == {"act", "category", "reason"}


@pytest.mark.parametrize("act", ["", "DECIDE", "approve"])
def test_an_act_that_is_none_does_nothing(act: str, decide: Post, one: Dossier, fund: Fund) -> None:
    for category in ("", "4"):
        assert decide(one, act=act, category=category).status_code == 404
    assert rows(fund) == []
    with scope.funds(fund.pk), clock.at(TODAY), pytest.raises(ValueError, match="nothing is done"):
        doing.do(one, actors.system(), act, {"category": "4", "reason": "", "contact": ""}, None)
