"""Declarations over the API: their state, the document that is signed, and the three signatures, never who."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Api
from tests.api.trajects.conftest import begin as begin
from tests.api.trajects.conftest import part as part
from tests.api.trajects.conftest import running as running
from tests.api.trajects.test_trajects import ROOT
from tests.reintegration.stage import COORDINATOR, DOCTOR, Part
from tnw.accounts.models import Fund


def listed(part: Part) -> str:
    return f"/dossiers/{part.dossier.public_id}/declarations"


def test_z2_drawn_up_signed_by_some_then_by_all(api: Api, running: Part) -> None:
    caller = api.as_fund("declaration:read")
    assert caller.get(listed(running)).json()["items"] == []
    subject = running.come_to("awaiting_signatures")
    (one,) = caller.get(listed(running)).json()["items"]
    at = one["href"].removeprefix(ROOT)
    assert (one["state"], one["drawnUpOn"]) == ("signedBySome", "2026-03-09")
    assert one["document"]["sha256"] == running.read(subject)
    assert "sealedDocument" not in one
    assert caller.get(at).json() == one
    given = {each["role"]: each for each in caller.get(f"{at}/signatures").json()["items"]}
    assert {role: each["state"] for role, each in given.items()} == {
        "insured": "signed", "coordinator": "awaited", "advisoryDoctor": "awaited",
    }  # fmt: skip
    assert (given["insured"]["method"], given["insured"]["on"]) == ("paper", "2026-03-09")
    assert caller.get(given["insured"]["href"].removeprefix(ROOT)).json() == given["insured"]
    running.sign(subject, COORDINATOR, DOCTOR)
    told = caller.get(at)
    assert (told.json()["state"], told.json()["completedOn"]) == ("complete", "2026-03-09")
    signatures = caller.get(f"{at}/signatures")
    assert {each["state"] for each in signatures.json()["items"]} == {"signed"}
    names = [str(actor.label).encode() for actor in running.people.values() if actor.user]
    assert not [name for name in names if name in told.content + signatures.content]


def test_z2_changed_refused_and_without_the_reason(api: Api, running: Part) -> None:
    subject = running.come_to("awaiting_signatures")
    second = running.change(subject)
    running.refuse(second, "advisory_doctor", by=DOCTOR)
    caller = api.as_fund("declaration:read")
    void, refused = caller.get(listed(running)).json()["items"]
    assert (void["state"], void["voidedOn"]) == ("void", "2026-03-09")
    assert (refused["state"], refused["refusedOn"]) == ("refused", "2026-03-09")
    answer = caller.get(refused["signatures"].removeprefix(ROOT))
    assert {each["role"]: each["state"] for each in answer.json()["items"]} == {
        "insured": "lapsed", "coordinator": "lapsed", "advisoryDoctor": "refused",
    }  # fmt: skip
    assert b"Not like this" not in answer.content
    one = refused["href"].removeprefix(ROOT)
    assert caller.get(f"{one}/signatures/insured").json()["state"] == "lapsed"
    assert caller.get(f"{one}/signatures/employer").status_code == 404


def test_no_bytes_are_read_to_tell_what_they_are(api: Api, running: Part) -> None:
    subject = running.come_to("awaiting_signatures")
    running.sign(running.change(subject), COORDINATOR, DOCTOR)
    caller = api.as_fund("declaration:read")
    with CaptureQueriesContext(connection) as asked:
        assert caller.get(listed(running)).json()["total"] == 2
    of_documents = [one["sql"] for one in asked.captured_queries if 'FROM "dossiers_document"' in one["sql"]]
    assert len(of_documents) == 1, "one for all rows"
    assert '"content"' not in of_documents[0]


@pytest.mark.parametrize("below", ["", "/signatures", "/signatures/insured"])
def test_the_other_fund_sees_none(api: Api, running: Part, below: str, new_fund) -> None:
    subject = running.come_to("awaiting_signatures")
    other: Fund = new_fund("509")
    stranger = api.as_fund("declaration:read", fund=other)
    at = f"/declarations/{running.declared(subject).public_id}"
    assert stranger.get(f"{at}{below}").status_code == 404
    assert stranger.get(listed(running)).status_code == 404
    assert api.as_fund("traject:read").get(f"{at}{below}").status_code == 403
