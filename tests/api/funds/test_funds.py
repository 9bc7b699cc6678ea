"""Funds over the API: one's own, or those that a regional service works with."""

from collections.abc import Callable

from tests.api.conftest import Api
from tnw.accounts.models import Fund


def test_a_fund_sees_itself_alone(api: Api, fund: Fund, new_fund: Callable[[str], Fund]) -> None:
    other = new_fund("509")
    core = api.as_fund("fund:read")
    (told,) = core.get("/funds").json()["items"]
    assert (told["number"], told["institution"], told["liveFrom"]) == ("311", "300", "2022-01-01")
    assert set(told["name"]) == {"nl", "fr", "de"}
    assert core.get(f"/funds/{fund.public_id}").json() == told
    assert core.get(f"/funds/{other.public_id}").status_code == 404


def test_a_regional_service_sees_its_list(api: Api, fund: Fund, new_fund: Callable[[str], Fund]) -> None:
    other, third = new_fund("509"), new_fund("120")
    vdab = api.as_partner("vdab", "fund:read", funds=(fund, other))
    assert [one["number"] for one in vdab.get("/funds").json()["items"]] == ["311", "509"]
    assert vdab.get(f"/funds/{other.public_id}").status_code == 200
    assert vdab.get(f"/funds/{third.public_id}").status_code == 404
