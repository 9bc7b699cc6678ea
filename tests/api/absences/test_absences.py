"""Absence procedures over the API: read only, with letters, period and percentage, and without a word of text."""

from datetime import date, timedelta

from tests.absence.conftest import Absent
from tests.absence.conftest import begin as begin
from tests.absence.conftest import case as case
from tests.absence.conftest import people as people
from tests.api.conftest import Api
from tests.api.trajects.test_trajects import ROOT
from tnw.accounts.models import Fund

FIRST, SECOND = date(2026, 4, 27), date(2026, 5, 11)


def here(case: Absent) -> str:
    return f"/dossiers/{case.dossier.public_id}/absenceProcedures"


def test_x1_x2_x3_the_ladder_letters_and_the_reduction(api: Api, case: Absent) -> None:
    caller = api.as_fund("absenceProcedure:read")
    assert caller.get(here(case)).json()["items"] == []
    second = case.until_proposed(FIRST)
    first, proposed = caller.get(here(case)).json()["items"]
    assert (first["step"], first["state"], first["absentOn"]) == ("first", "letterSent", "2026-04-27")
    assert first["letters"] == [{"step": "first", "sentOn": "2026-04-27"}]
    assert (proposed["step"], proposed["state"], proposed["purpose"]) == (
        "second",
        "reductionProposed",
        "firstContact",
    )
    assert "reduction" not in proposed
    case.on(SECOND + timedelta(4)).new_date(second)
    case.confirm(second)
    read = caller.get(proposed["href"].removeprefix(ROOT))
    told = read.json()
    assert (told["state"], told["newDateAskedOn"]) == ("reductionConfirmed", "2026-05-15")
    assert told["reduction"] == {"startDate": "2026-05-11", "endDate": "2026-05-15", "percentage": 10.0}
    assert b"RR" not in read.content, "the number of a letter is for the post"


def test_an_excused_one_has_no_step_and_the_other_fund_sees_none(api: Api, case: Absent, new_fund) -> None:
    subject = case.absent(FIRST)
    case.excuse(subject)
    caller = api.as_fund("absenceProcedure:read")
    (one,) = caller.get(here(case)).json()["items"]
    assert (one["state"], one["letters"], "step" in one) == ("excused", [], False)
    other: Fund = new_fund("509")
    stranger = api.as_fund("absenceProcedure:read", fund=other)
    assert stranger.get(one["href"].removeprefix(ROOT)).status_code == 404
    assert stranger.get(here(case)).status_code == 404
    assert caller.post(one["href"].removeprefix(ROOT)).status_code == 405
