"""The formal part suspended, by itself or not, and what that does to its dates (Z7, T18)."""

from datetime import date

import pytest

from tests.reintegration.conftest import Begin
from tests.reintegration.stage import DAY, MARCH, Part, fails
from tnw.core.errors import NotAllowed
from trajects.services import reintegration


def test_t18_suspended_twice_moves_t11_then_t12(part: Part) -> None:
    part.on(MARCH).start()
    part.signed_by_all()
    assert part.due("T11") == (date(2026, 4, 9), "open")
    part.on(date(2026, 3, 16)).suspend()
    assert (part.part, part.due("T11")) == ("suspended", (date(2026, 4, 9), "paused"))
    fails("not_allowed", part.suspend)
    part.on(date(2026, 3, 26)).resume()
    assert (part.part, part.due("T11")) == ("planning", (date(2026, 4, 19), "open"))
    fails("not_allowed", part.resume)
    part.on(date(2026, 4, 2)).record("plan_meeting_held")
    part.agree()
    assert part.due("T12") == (date(2026, 7, 2), "open")
    part.on(date(2026, 5, 4)).suspend("other")
    part.on(date(2026, 6, 3)).resume()
    assert (part.part, part.due("T12"), part.due("T13")[0]) == (
        "in_review", (date(2026, 8, 1), "open"), date(2026, 9, 9),
    )  # fmt: skip


@pytest.mark.parametrize("stage", ["awaiting_signatures", "planning", "in_review", "evaluated"])
def test_z7_suspended_from_each_running_state_and_back(part: Part, stage: str) -> None:
    part.come_to(stage)
    for _again in range(2):
        part.on(part.day + DAY).suspend()
        assert (part.part, part.parts[-1].stage) == ("suspended", stage)
        part.on(part.day + DAY).resume()
        assert part.part == stage


def test_z7_the_employer_s_traject_suspends_and_resumes_by_itself(begin: Begin) -> None:
    part = begin(contract=True)
    part.on(MARCH).start(2)
    part.signed_by_all()
    fails("reason_does_not_fit", lambda: part.suspend("employer_traject"))
    part.on(MARCH + DAY).record("employer_traject_started", requested_by="employer")
    done = reintegration.suspension_facts(part.dossier, part.day, "employer_traject")
    assert [(one.kind, one.values) for one in done] == [("traject_suspended", {"reason": "employer_traject"})]
    part.suspend("employer_traject")
    assert reintegration.suspension_facts(part.dossier, part.day, "employer_traject") == []
    with pytest.raises(NotAllowed, match="A traject at the employer is running"):
        part.on(MARCH + 2 * DAY).resume()
    part.record("employer_traject_ended", decision="A")
    (resumed,) = reintegration.resumption_facts(part.dossier, part.day)
    assert resumed.kind == "traject_resumed"
    part.resume()
    assert (part.part, reintegration.resumption_facts(part.dossier, part.day)) == ("planning", [])


def test_z7_what_illness_suspended_the_employer_s_end_does_not_resume(part: Part) -> None:
    assert reintegration.suspension_facts(part.dossier, part.day, "employer_traject") == []
    part.on(MARCH).start()
    part.suspend()
    assert reintegration.resumption_facts(part.dossier, part.day) == []
