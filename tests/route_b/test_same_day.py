"""Within a day the law knows no order (F1): a request of the day on which the last one was closed would be lost."""

from datetime import date, timedelta

import pytest

from routing.services.route_b import request_contact
from tests.route_a.stage import COORDINATOR
from tests.route_b.stage import Request
from tests.route_b.test_scenarios import MET, REQUESTED, received
from tnw.core.errors import NotAllowed

DAY = timedelta(1)


@pytest.mark.parametrize("consent", ["refused", "given"])
def test_f1_b1_a_request_comes_after_the_day_on_which_the_last_was_closed(
    case: Request, consent: str
) -> None:
    received(case).on(MET).meet_b(consent)
    if consent == "given":
        case.close_b()
    assert case.b == "closed"
    for day in (MET, REQUESTED):
        with pytest.raises(NotAllowed, match="choose a day after it"):
            case.backdated(request_contact, COORDINATOR, day)
    case.on(MET + DAY).request()
    assert (case.b, case.due("T8")) == ("questionnaire_received", (date(2026, 3, 17), "open"))
